"""Addresses in forms: what changing one does is said after saving."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from blog import moves
from blog.models import Redirect


class AddressAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """The form of something that readers know by its address."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Say whose redirect ends by this, and that the old address leads here."""
        before = obj._meta.model._default_manager.filter(pk=obj.pk).first() if change else None
        known = set(self._old_addresses(obj)) if change else set()
        loser = moves.taken_over(obj, self._next_address(obj))
        super().save_model(request, obj, form, change)
        if loser is not None:
            ended = moves.taken_over(obj, self._next_address(obj)) is None
            text = (
                _("Until now the address %(address)s led to “%(title)s”, which had it before. It doesn't any more.")
                if ended
                else _("The address %(address)s leads to “%(title)s”, which had it before, until this is published.")
            )
            messages.warning(request, text % {"address": moves.address_of(obj), "title": loser})
        if before is not None and set(self._old_addresses(obj)) - known:
            messages.info(request, _("The old address %(address)s leads here.") % {"address": moves.address_of(before)})

    def _next_address(self, obj: Any) -> str:
        parent = getattr(obj, "parent", None)
        return f"{parent.path}/{obj.slug}" if parent else str(obj.slug)

    def _old_addresses(self, obj: Any) -> list[str]:
        kind = moves.kind_of(type(obj))
        return list(Redirect.objects.filter(kind=kind, **{kind.value: obj.pk}).values_list("old", flat=True))


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Old addresses, made by changing others. They can be given up, not written."""

    list_display = ("old", "kind", "leads_to", "created_at")
    list_filter = ("kind",)
    list_select_related = ("post", "page", "category", "tag", "series")
    search_fields = ("old", "post__title", "page__title", "category__path", "tag__name", "series__title")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        """Never."""
        return False

    @admin.display(description=gettext_lazy("leads to"))
    def leads_to(self, redirect: Redirect) -> str:
        """What has it now."""
        target: Any = redirect.target
        return format_html('<a href="{}">{}</a>', moves.address_of(target), target)
