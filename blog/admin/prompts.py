"""Prompts and failure modes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from blog.admin.labels import Labelled
from blog.admin.large import KnownFilter, Large, counts, number_of
from blog.models import FailureMode, Prompt, PromptTranslation
from blog.prompts.settings import has_written
from blog.rendering.prompt_settings import parameter_key
from blog.search.find import embedding, hidden_too
from blog.search.query import parse

MOST_FOUND = 500  # prompts that a search shows
_FAILING = Prompt.failure_modes.through


class ParametersField(forms.CharField):
    """Parameters as lines: `seed: 42`."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """From data to lines; what somebody typed stays as it is."""
        return "\n".join(f"{name}: {text}" for name, text in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """From lines to data."""
        if isinstance(value, dict):
            return value
        found: dict[str, str] = {}
        for number, line in enumerate(str(value or "").splitlines(), start=1):
            name, colon, text = line.replace("：", ":").partition(":")
            if line.strip() and not (colon and name.strip() and text.strip()):
                raise ValidationError(_("Line %(line)d: write it as “seed: 42”."), params={"line": number})
            if line.strip():
                found[parameter_key(name)] = text.strip()
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare data, not its spelling."""
        try:
            return bool((initial or {}) != self.to_python(data))
        except ValidationError:
            return True


class PromptForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What the text doesn't say. What it does say can't be changed here: the next save of the post would undo it."""

    parameters = ParametersField(
        required=False,
        label=gettext_lazy("Parameters"),
        help_text=gettext_lazy("A line each: seed, aspect, duration, resolution, steps, cfg, sampler, or your own."),
    )

    class Meta:
        model = Prompt
        fields = ("generator", "model_version", "negative_prompt", "parameters", "failure_modes", "variant_of", "notes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if has_written(self.instance, name):
                field.help_text = _("Written in the text; change it there.")
                field.disabled = name not in ("parameters", "failure_modes")
        self._say_what_is_written()

    def _say_what_is_written(self) -> None:
        """Parameters and failure modes may come from both: the form edits those that aren't written."""
        written = self.instance.written
        if parameters := written.get("parameters"):
            own = {key: value for key, value in self.instance.ordered_parameters.items() if key not in parameters}
            self.initial["parameters"] = own
            lines = ", ".join(f"{key}: {value}" for key, value in parameters.items())
            self.fields["parameters"].help_text = _("Written in the text; change it there: %(lines)s") % {
                "lines": lines
            }
        if modes := written.get("failure_modes"):
            names = ", ".join(FailureMode.objects.filter(pk__in=modes).values_list("name", flat=True))
            text = _("Written in the text; change it there: %(lines)s") % {"lines": names}
            self.fields["failure_modes"].help_text = text

    def clean_parameters(self) -> dict[str, str]:
        """Those of the text and those of the form."""
        own, written = self.cleaned_data["parameters"], self.instance.written.get("parameters", {})
        if both := [key for key in own if key in written]:
            raise ValidationError(
                _("Written in the text; change it there: %(lines)s"), params={"lines": ", ".join(both)}
            )
        return {**own, **written}

    def clean_failure_modes(self) -> QuerySet[FailureMode]:
        """Those of the text stay."""
        chosen = [mode.pk for mode in self.cleaned_data["failure_modes"]]
        return FailureMode.objects.filter(pk__in=[*chosen, *self.instance.written.get("failure_modes", [])])


class TranslationInline(admin.StackedInline):  # type: ignore[type-arg]  # not generic at run time
    """The prompt in other languages."""

    model = PromptTranslation
    extra = 0


class InTextFilter(admin.SimpleListFilter):
    """Whether readers can find it."""

    title = gettext_lazy("in the text")
    parameter_name = "in_text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Yes and no."""
        return [("1", _("Yes")), ("0", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Prompt]) -> QuerySet[Prompt]:
        """As chosen."""
        return queryset.filter(position__isnull=self.value() == "0") if self.value() in ("0", "1") else queryset


@admin.register(Prompt)
class PromptAdmin(Large, Labelled):
    """What a text doesn't say about its prompts. Their words are edited where they stand."""

    form = PromptForm
    list_display = ("__str__", "post", "generator", "lang", "in_text")
    list_filter = ("generator", "failure_modes", ("lang", KnownFilter), InTextFilter)
    list_select_related = ("post", "generator")
    ordering = ("-post_id", "position")  # by its own columns: an index has them, for each way to narrow the list
    search_fields = ("text", "post__title", "public_id")  # by the search's own index: get_search_results
    autocomplete_fields = ("generator", "failure_modes", "variant_of")
    readonly_fields = ("words", "where", "public_id")
    inlines = (TranslationInline,)
    fieldsets = (
        (None, {"fields": ("words", "where", "public_id")}),
        (gettext_lazy("How it was run"), {"fields": ("generator", "model_version", "negative_prompt", "parameters")}),
        (gettext_lazy("What came of it"), {"fields": ("failure_modes", "notes", "variant_of")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Prompt], search_term: str
    ) -> tuple[QuerySet[Prompt], bool]:
        """By words, captions and translations; by titles of posts; by the name in an address."""
        query = parse(search_term)
        if not query:
            return queryset, False
        found = Q(public_id=query.text) | Q(pk__in=hidden_too(query, MOST_FOUND))
        return queryset.filter(found | Q(post__in=embedding(query, MOST_FOUND // 10))), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: prompts come from texts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Prompt | None = None) -> bool:
        """Not while it stands in a text: it would come back."""
        if obj is None or obj.position is not None:
            return False
        return super().has_delete_permission(request, obj)

    def get_view_on_site_url(self, obj: Prompt | None = None) -> str | None:
        """Only if readers can see it."""
        return obj.get_absolute_url() if obj and obj.position is not None and obj.post.is_public else None

    @admin.display(description=gettext_lazy("text"))
    def words(self, prompt: Prompt) -> SafeString:
        """The whole prompt."""
        return format_html('<div class="prompt-words" lang="{}">{}</div>', prompt.lang, prompt.text)

    @admin.display(description=gettext_lazy("stands in"))
    def where(self, prompt: Prompt) -> SafeString:
        """The post, to edit the prompt's words there."""
        return format_html(
            '<a href="{}">{}</a> — {}',
            reverse("admin:blog_post_change", args=[prompt.post_id]),
            prompt.post.title,
            _("edit the words there") if prompt.position is not None else _("it was taken out of the text"),
        )

    @admin.display(description=gettext_lazy("in the text"), boolean=True)
    def in_text(self, prompt: Prompt) -> bool:
        """Whether readers see it."""
        return prompt.position is not None


@admin.register(FailureMode)
class FailureModeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Ways in which results go wrong."""

    list_display = ("name", "slug", "prompts_here")
    search_fields = ("name", "description")
    prepopulated_fields = {"slug": ("name",)}

    @admin.display(description=gettext_lazy("prompts"), ordering=number_of(_FAILING, "failuremode"))
    def prompts_here(self, mode: Any) -> int:
        """Prompts that name it, hidden ones too."""
        return counts(_FAILING, "failuremode").get(mode.pk, 0)
