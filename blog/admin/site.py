"""The site's settings, and the admin's own name."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from blog.models import SiteSettings

admin.site.site_header = admin.site.site_title = "Roost"
admin.site.index_title = gettext_lazy("Writing desk")


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """One row: the list leads straight to it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: the row is made when it is first opened."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Straight to the form."""
        settings, _ = SiteSettings.objects.get_or_create(pk=1)
        return redirect("admin:blog_sitesettings_change", settings.pk)
