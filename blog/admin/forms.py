"""Forms for texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from blog import publishing
from blog.models import Page, Post
from blog.rendering import front_matter
from blog.rendering.front_matter import FrontMatterError


class VariablesField(forms.CharField):
    """Front-matter variables, written as in a Jekyll post: `t_tokyo: i/status/1758…`, a line each."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """From data to lines; what somebody typed stays as it is."""
        return front_matter.dump(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """From lines to data."""
        if isinstance(value, dict):
            return value
        try:
            return front_matter.load(str(value or "").replace("\r\n", "\n"))[0]
        except FrontMatterError as error:
            raise ValidationError(
                _("Line %(line)d: %(problem)s."), params={"line": error.line, "problem": str(error)}
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare data, not its spelling."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


class TextForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A form with a Markdown body. A text that can't be rendered is refused; nothing typed is lost."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # fills the instance; validates the model
        if not self.errors.keys() & {"body", "variables"}:
            try:
                publishing.rendered_or_invalid(self.instance)
            except ValidationError as error:
                self.add_error(None, error)


class _Hidden(forms.HiddenInput):
    """Nothing to point a label at, which the admin makes all the same."""

    def id_for_label(self, id_: str) -> str:
        return ""


class PostForm(TextForm):
    """A post. Refuses to save over what somebody else has saved since the form was opened."""

    variables = VariablesField(
        required=False,
        label=gettext_lazy("Variables"),
        help_text=gettext_lazy("Front-matter keys that the text uses: img_path, t_tokyo, …"),
    )
    opened_version = forms.IntegerField(widget=_Hidden, required=False)
    may_publish = True  # set for each request by the admin

    class Meta:
        model = Post
        fields = (
            *("title", "slug", "body", "summary", "status", "publish_at", "category", "tags", "lang", "author"),
            *("image", "pinned", "generator", "variables", "updated_at"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        """A stale form is refused, and publishing by an author; the text stays in the form."""
        cleaned = super().clean()
        if not self.may_publish and self.data.get("status") == Post.Status.PUBLISHED:
            raise ValidationError(_("Only an editor publishes. Save the draft, and submit it to the editors."))
        opened = self.cleaned_data.get("opened_version")
        if self.instance.pk and opened is not None:
            current = Post.objects.filter(pk=self.instance.pk).values_list("version", flat=True).first()
            if current is not None and current != opened:
                data: Any = self.data
                self.data = data = data.copy()  # what was sent is immutable
                data["opened_version"] = str(current)
                raise ValidationError(
                    _(
                        "Somebody saved this post while you were writing. Your text is still here: open the post in "
                        "another tab, compare, and save again to replace theirs."
                    )
                )
        return cleaned


class PageForm(TextForm):
    """A page."""

    class Meta:
        model = Page
        fields = ("title", "slug", "body", "lang", "published", "in_menu", "menu_order")
