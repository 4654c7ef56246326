"""What the admin's front page tells its reader."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import QuerySet

from blog.models import DeskVisit, Embed

register = template.Library()


@register.simple_tag
def lost_embeds(user: Any) -> QuerySet[Embed]:
    """Embeds that readers can no longer see at their provider's, lost since `user` last read about them."""
    if not user.has_perm("blog.view_embed"):
        return Embed.objects.none()
    since = DeskVisit.of(user) or user.date_joined
    lost = Embed.objects.filter(
        status__in=[Embed.Status.GONE, Embed.Status.PROTECTED], status_since__gt=since, takedown=False
    )
    return lost.order_by("-status_since").prefetch_related("post_embeds__post")
