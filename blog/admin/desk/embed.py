"""An address that was pasted into a text: whose post it is, fetched at once so that the preview shows its card."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from blog import snapshots
from blog.models import Embed
from blog.presentation import PlacedEmbed, find_embed
from blog.rendering.text import shorten

if TYPE_CHECKING:
    from blog.admin.posts import PostAdmin

SECONDS = 3.0  # that somebody who writes may wait for a card


def urls(admin: PostAdmin) -> list[URLPattern]:
    """One address, for every post."""
    view = admin.admin_site.admin_view(require_POST(partial(card, admin)))
    return [path("embed/", view, name="blog_post_embed")]


def card(admin: PostAdmin, request: HttpRequest) -> JsonResponse:
    """What is known of a post on another site. It is stored, as saving the text would do."""
    if not (admin.has_add_permission(request) or admin.has_change_permission(request)):
        return JsonResponse({"error": _("You may not write here.")}, status=403)
    found = find_embed(request.POST.get("url", "").strip())
    if not isinstance(found, Embed):
        return JsonResponse({"error": _("This address can't be embedded; readers will get a link.")}, status=422)
    if found._state.adding:
        Embed.objects.bulk_create([found], ignore_conflicts=True)  # somebody else may be storing it just now
    embed = Embed.objects.get(provider=found.provider, provider_id=found.provider_id)
    if embed.status == Embed.Status.PENDING:
        snapshots.refresh([embed], seconds=SECONDS)
        embed = Embed.objects.select_related("poster").get(pk=embed.pk)
    return JsonResponse({"status": embed.status, "text": _said(embed)})


def _said(embed: Embed) -> str:
    placed = PlacedEmbed(embed)
    words = shorten(placed.words, 80)
    who = embed.author or placed.site
    if embed.status == Embed.Status.LIVE:
        return f"{placed.site} · {who}: {words}" if words else f"{placed.site} · {who}"
    state = embed.get_status_display()
    return f"{placed.site} · {who} ({state})" if embed.author else f"{placed.site} ({state})"
