"""The media library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from blog import library, people, uploads
from blog.admin.large import Large
from blog.library import EARLIER, NOW, WRITING, Use
from blog.models import Image, Post
from blog.pictures import PictureError
from blog.uploads import Upload


class ImageForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A picture. Its file is opened, checked and written anew; another one takes the place of the first."""

    user: Any = None  # who sends it

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        widget=forms.FileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp,image/avif,image/gif", "data-paste": ""}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("picture")
        if field and self.instance.pk:
            field.required = False
            field.label = _("Replace file")
            field.help_text = _(
                "Texts keep its address and show the new picture; whoever has seen the old one, within ten minutes."
            )

    def clean_path(self) -> str | None:
        """No path is none, so that many pictures may have none."""
        return self.cleaned_data.get("path") or None

    def clean_picture(self) -> Upload | None:
        """What was uploaded, if it is a picture."""
        uploaded = self.cleaned_data.get("picture")
        if not uploaded:
            return None
        self.uploaded_name = uploaded.name
        try:
            return uploads.receive(uploaded.read(uploads.MAX_BYTES + 1), uploads.ending_of(self.instance))
        except PictureError as error:
            raise ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> Image:
        """Store the file; a new row comes last."""
        upload: Upload | None = self.cleaned_data.get("picture")
        if upload and self.instance.pk:
            uploads.replace(self.instance, upload)
        elif upload:
            path = self.cleaned_data.get("path")
            self.instance = uploads.store(upload, self.cleaned_data["alt"], self.uploaded_name, path, by=self.user)
        saved: Image = super().save(commit)
        return saved


class WordsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a picture shows, and nothing else of it."""


class UsedFilter(admin.SimpleListFilter):
    """Whether anything shows it."""

    title = gettext_lazy("use")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Used, used once, never used."""
        return [("1", _("Used")), ("earlier", _("Only in earlier versions")), ("0", _("Unused"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """As chosen."""
        if self.value() not in ("0", "1", "earlier"):
            return queryset
        if self.value() == "1":
            return queryset.filter(library.is_used())
        before = library.was_used()
        return queryset.filter(~library.is_used(), before if self.value() == "earlier" else ~before)


class DescribedFilter(admin.SimpleListFilter):
    """Whether it says what it shows."""

    title = gettext_lazy("what it shows")
    parameter_name = "described"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Said, not said."""
        return [("1", _("Described")), ("0", _("Not described"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """As chosen."""
        if self.value() not in ("0", "1"):
            return queryset
        return queryset.exclude(alt="") if self.value() == "1" else queryset.filter(alt="")


@admin.register(Image)
class ImageAdmin(Large):
    """Pictures: a grid, each with what it shows and where it is used."""

    form = ImageForm
    list_display = ("thumbnail", "name", "alt", "size", "used_in", "copy")
    list_display_links = ("thumbnail", "name")
    list_editable = ("alt",)
    list_filter = (UsedFilter, DescribedFilter, "created_at")
    list_per_page = 48
    search_fields = ("path", "file", "alt")
    actions = ("delete_selected",)
    readonly_fields = ("thumbnail", "size", "used_in", "markdown")
    fields = ("thumbnail", "picture", "alt", "path", "size", "used_in", "markdown")

    class Media:
        js = ("js/paste-picture.js", "js/copy-markdown.js")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Where the pictures of a list are used is looked up once."""
        changelist: ChangeList = super().get_changelist_instance(request)
        uses = library.uses_of(changelist.result_list)
        own = _linkable(request, uses.values())
        for image in changelist.result_list:
            image.uses, image.linkable = uses.get(image.pk, []), own
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Image | None:
        """The picture, with where it is used."""
        image: Any = super().get_object(request, object_id, from_field)
        if image is not None:
            image.uses = library.uses_of([image]).get(image.pk, [])
            image.linkable = _linkable(request, [image.uses])
        return image  # type: ignore[no-any-return]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Who may not change a picture may still say what it shows, perhaps."""
        if obj is not None and not super().has_change_permission(request):
            kwargs["form"] = WordsForm
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Its file and path are not for everybody."""
        if obj is None or super().has_change_permission(request):
            return super().get_fields(request, obj)
        return ("thumbnail", "alt", "size", "used_in", "markdown")

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """All of them; or what an author may describe."""
        if super().has_change_permission(request, obj):
            return True
        return obj is not None and people.may_describe(request.user, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Room for a sentence about what it shows."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "alt":
            field.widget = forms.Textarea(
                attrs={"rows": 2, "aria-label": _("What it shows"), "placeholder": _("What it shows")}
            )
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """Not while something shows it."""
        if obj is not None and any(use.when != EARLIER for use in _uses(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Say what else goes: earlier versions that show it will lack it."""
        image: Any = self.get_object(request, object_id)
        if request.method == "GET" and image is not None and _uses(image):
            titles = ", ".join(f"“{use.title}”" for use in _uses(image) if use.pk in image.linkable.get(use.kind, ()))
            text = _("Earlier versions show this picture; restored, they will lack it: %(titles)s")
            messages.warning(request, text % {"titles": titles or "…"})
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    @admin.action(description=gettext_lazy("Delete those that nothing uses"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Image]) -> HttpResponse | None:
        """Django's own action, for those that may go."""
        used = set(queryset.filter(library.is_used()).values_list("pk", flat=True))
        before = set(queryset.filter(library.was_used()).values_list("pk", flat=True)) - used
        if used:
            text = ngettext("%(count)d of them is used and stays.", "%(count)d of them are used and stay.", len(used))
            messages.warning(request, text % {"count": len(used)})
        if before:
            text = ngettext(
                "%(count)d of them is in earlier versions and stays; you can delete it by itself.",
                "%(count)d of them are in earlier versions and stay; you can delete them one by one.",
                len(before),
            )
            messages.warning(request, text % {"count": len(before)})
        unused = queryset.exclude(pk__in=used | before)
        return delete_selected(self, request, unused) if unused.exists() else None

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        """Say if an animation moves no more."""
        super().save_model(request, obj, form, change)
        upload: Upload | None = form.cleaned_data.get("picture")
        if upload and upload.stilled:
            messages.warning(request, uploads.stilled())

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, image: Image) -> SafeString | str:
        """The picture, small: the smallest of its copies."""
        if not image.pk:
            return "—"
        return format_html(
            '<img class="thumbnail" src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
            *(image.thumbnail_url, image.width, image.height, image.alt or image.name),
        )

    @admin.display(description=gettext_lazy("name"), ordering="file")
    def name(self, image: Image) -> str:
        """Its file's."""
        return image.name

    @admin.display(description=gettext_lazy("size"), ordering="width")
    def size(self, image: Image) -> str:
        """In pixels."""
        return f"{image.width} × {image.height}" if image.pk else "—"

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, image: Image) -> SafeString | str:
        """What shows it, with links: now, in what is being written, in earlier versions."""
        if not image.pk:
            return "—"
        heads = {NOW: "", WRITING: _("Being written:"), EARLIER: _("In earlier versions:")}
        linkable: dict[str, set[int]] = getattr(image, "linkable", {})
        rows = [(heads[use.when], _named(use, linkable)) for use in _uses(image)]
        return format_html_join("", "<div>{} {}</div>", rows) or _("used nowhere")

    @admin.display(description="Markdown")
    def copy(self, image: Image) -> SafeString:
        """A button; it needs a script, so the script shows it."""
        return format_html(
            '<button type="button" class="button copy-markdown" data-copy="{}" data-copied="{}" hidden>{}</button>',
            *(image.markdown, _("Copied"), _("Copy Markdown")),
        )

    @admin.display(description="Markdown")
    def markdown(self, image: Image) -> SafeString | str:
        """What to write in a text to show it."""
        return format_html("<code>{}</code> {}", image.markdown, self.copy(image)) if image.pk else "—"


def _uses(image: Image) -> list[Use]:
    """Where it is used; looked up once."""
    known: list[Use] | None = getattr(image, "uses", None)
    return library.uses_of([image]).get(image.pk, []) if known is None else known


def _linkable(request: HttpRequest, uses: Iterable[list[Use]]) -> dict[str, set[int]]:
    """Which of the things that show pictures somebody may see in the admin, and so know by name."""
    keys: dict[str, set[int]] = {}
    for use in (use for found in uses for use in found):
        if request.user.has_perm(f"blog.view_{use.kind}"):
            keys.setdefault(use.kind, set()).add(use.pk)
    posts = Post.objects.filter(pk__in=keys.get("post", ()))
    return {**keys, "post": set(people.visible_posts(request.user, posts).values_list("pk", flat=True))}


def _named(use: Use, linkable: dict[str, set[int]]) -> SafeString | str:
    if use.pk not in linkable.get(use.kind, ()):
        return _("something that you may not see")
    return format_html('<a href="{}">{}</a>', reverse(f"admin:blog_{use.kind}_change", args=[use.pk]), use.title)
