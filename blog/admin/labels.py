"""What Django's widgets lack: names for those who listen, and HTML that validators pass."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.http import HttpRequest
from django.utils.translation import gettext as _


class Chooser(AutocompleteSelect):
    """A searchable select. Its empty option must say something in HTML; nobody sees it."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """An option, with a label if it has no text."""
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if not option["label"]:
            option["attrs"]["label"] = "—"
        return option


class SilentInput(forms.HiddenInput):
    """A hidden field of which there is nothing to say."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        """Without the descriptions that belong to the visible field."""
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs)
        return {name: value for name, value in attrs.items() if not name.startswith("aria-")}


class Labelled(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Date and time are two fields with one label: each says which it is. Selects have no empty options."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Django's field, with names."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, AdminSplitDateTime):
            for part, name in zip(widget.widgets, (_("date"), _("time")), strict=True):
                part.attrs["aria-label"] = f"{field.label}: {name}"
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Django's searchable select, mended."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Chooser(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
