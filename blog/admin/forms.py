"""Forms for texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from blog import publishing
from blog.admin.desk.conflict import Conflict, locked_version
from blog.models import Page, Post
from blog.rendering import front_matter
from blog.rendering.front_matter import FrontMatterError


class LinesField(forms.CharField):
    """Lines of text. Browsers send the end of each as two characters, which is no change."""

    def to_python(self, value: Any) -> Any:
        return str(super().to_python(value) or "").replace("\r\n", "\n")


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


class PostForm(TextForm):
    """A post. Refuses to save over what somebody else has saved since the form was opened."""

    variables = VariablesField(
        required=False,
        label=gettext_lazy("Variables"),
        help_text=gettext_lazy("Front-matter keys that the text uses: img_path, t_tokyo, …"),
    )
    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    merge_base = forms.IntegerField(widget=forms.HiddenInput, required=False)  # what a refused form was opened with
    copy = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the working copy that it is kept in

    conflict: Conflict | None = None

    class Meta:
        model = Post
        widgets = {"status": forms.HiddenInput}
        field_classes = {"body": LinesField, "summary": LinesField}
        fields = (
            *("title", "slug", "body", "summary", "status", "publish_at", "category", "tags", "lang", "author"),
            *("image", "pinned", "generator", "variables", "updated_at"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_version"].initial = self.instance.version
        self.fields["status"].required = False
        for name in ("status", "opened_version", "merge_base", "copy"):  # browsers fill forms in again after a reload
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_status(self) -> str:
        """A button says it; else it stays."""
        if "_to_draft" in self.data:
            return Post.Status.DRAFT
        return str(self.cleaned_data.get("status") or self.instance.status)

    def clean(self) -> dict[str, Any] | None:
        """A stale form is refused; its text stays in the form, and a merge is offered."""
        cleaned = super().clean()
        opened = self.cleaned_data.get("opened_version")
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
        data.pop("pinned", None)  # a box without a tick sends nothing
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
