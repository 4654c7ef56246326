"""Forms for texts."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from blog import publishing, translations
from blog.admin.desk.conflict import BOXES, FIRST, TEXTS, Conflict, locked_version, undecided
from blog.admin.fields import BodyField, LinesField, VariablesField
from blog.models import Page, Post
from blog.models.slug import free_post_slug


class TextForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A form with a Markdown body. A text that can't be rendered is refused; nothing typed is lost."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # fills the instance; validates the model
        if not self.errors.keys() & {"body", "variables"}:
            try:
                publishing.rendered_or_invalid(self.instance)
            except ValidationError as error:
                self.add_error(None, error)


class _Held(forms.TextInput):
    """Hidden, and left alone by browsers that fill forms in again after a reload: the hidden type can't say that."""

    is_hidden = True

    def __init__(self) -> None:
        super().__init__({"hidden": True, "autocomplete": "off"})


class PostForm(TextForm):
    """A post. Refuses to save over what somebody else has saved since the form was opened."""

    variables = VariablesField(
        required=False,
        label=gettext_lazy("Variables"),
        help_text=gettext_lazy("Front-matter keys that the text uses: img_path, t_tokyo, …"),
    )
    opened_version = forms.IntegerField(widget=_Held, required=False)
    merge_base = forms.IntegerField(widget=_Held, required=False)  # what a refused form was opened with
    copy = forms.CharField(widget=_Held, required=False)  # the working copy that it is kept in

    conflict: Conflict | None = None

    class Meta:
        model = Post
        field_classes = {"body": BodyField, "summary": LinesField}
        fields = (
            *("title", "slug", "body", "summary", "publish_at", "category", "tags", "lang", "author"),
            *("image", "pinned", "generator", "variables", "updated_at", "series", "series_part", "show_corrections"),
            *("translation_of", "noindex"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_version"].initial = self.instance.version
        slug = self.fields.get("slug")
        if slug is None:  # the form can only be read
            return
        if not self.instance.pk:
            self.fields["title"].widget.attrs["autofocus"] = True
        slug.required = False
        slug.help_text = _("Without one, the title gives it. An old address that readers know leads to the new one.")
        slug.widget.attrs.update({"data-propose": reverse("admin:blog_post_slug"), "data-post": self.instance.pk or ""})

    def _post_clean(self) -> None:
        super()._post_clean()
        if "slug" in self.errors:  # what can't be an address must not be taken for the post's
            self.instance.slug = self.initial.get("slug", "")
        asked = "translation_of" in self.fields and not self.errors.keys() & {"translation_of", "lang"}
        if asked and (refused := translations.problem(self.instance)):
            self.add_error("translation_of", refused)

    def clean_publish_at(self) -> datetime | None:
        """A date publishes nothing and hides nothing: the buttons do."""
        at: datetime | None = self.cleaned_data["publish_at"]
        post, stored = self.instance, self.instance.publish_at
        if post.status == Post.Status.DRAFT or "_to_draft" in self.data:
            return at
        if at is None or at == stored.replace(microsecond=0):  # the field holds whole seconds
            return stored  # type: ignore[no-any-return]  # a date: a published post has one
        if post.is_scheduled and at <= timezone.now():
            raise ValidationError(_("This date would publish the post. Press “Check and publish…” for that."))
        if post.is_public and at > timezone.now():
            raise ValidationError(_("This date would hide the post from readers. Press “Back to draft” for that."))
        return at

    def clean_slug(self) -> str:
        """Composed Hangul, whatever system it was typed on; the title's, if there is none."""
        given = unicodedata.normalize("NFC", self.cleaned_data.get("slug") or "").strip()
        return given or free_post_slug(self.cleaned_data.get("title", ""), self.instance.pk)

    def clean(self) -> dict[str, Any] | None:
        """A stale form is refused; its text stays in it, and a merge is offered. So is a merge that isn't decided."""
        cleaned = super().clean()
        for name in () if "_merge" in self.data else TEXTS:
            if line := undecided(self.cleaned_data.get(name) or ""):
                text = _("Line %(line)d still has both versions, between <<<<<<< and >>>>>>>. Choose one of them.")
                self.add_error(name, ValidationError(text, params={"line": line}))
        opened = self.cleaned_data.get("opened_version")
        if opened is not None and self.instance.pk:
            opened = max(FIRST, opened)  # a form that was empty has become a post by itself
        current = locked_version(self.instance) if opened is not None else None
        if current is None or opened is None:
            return cleaned
        base = self.cleaned_data.get("merge_base") if "_merge" in self.data else None
        if current == opened == self.instance.version and base is None:
            return cleaned
        data: Any = self.data
        self.data = data = data.copy()  # what was sent is immutable
        data["opened_version"] = str(current)
        data["merge_base"] = str(opened if base is None else base)
        conflict = Conflict.between(self.instance, int(data["merge_base"]), current, data)
        if base is None:
            self.conflict = conflict
            raise ValidationError(
                _("Somebody saved this post while you were writing. Nothing was overwritten; your text is still here.")
            )
        for name in BOXES:
            data.pop(name, None)  # a box without a tick sends nothing
        for name, value in {**conflict.merged, "merge_base": ""}.items():
            data[name] = value
        raise ValidationError(
            ngettext(
                "This is the merge, not saved yet. Look for the %(count)d place between %(mark)s and choose.",
                "This is the merge, not saved yet. Look for the %(count)d places between %(mark)s and choose.",
                conflict.clashes,
            )
            % {"count": conflict.clashes, "mark": "<<<<<<< >>>>>>>"}
            if conflict.clashes
            else _("This is the merge, not saved yet. Look it over and save.")
        )


class PageForm(TextForm):
    """A page."""

    class Meta:
        model = Page
        fields = ("title", "slug", "body", "lang", "published", "in_menu", "menu_order")
