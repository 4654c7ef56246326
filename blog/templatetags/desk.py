"""What the admin's front page tells its reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from blog import people
from blog.models import DeskVisit, Embed, Post, PostEmbed
from blog.version import remembered

register = template.Library()

SHOWN = 5  # lines of a list


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of the posts in one state, and how many there are."""

    name: str
    title: str
    empty: str
    where: str  # the list's filter
    total: int
    posts: list[Post]


@register.simple_tag
def lost_embeds(user: Any) -> QuerySet[Embed]:
    """Embeds that readers can no longer see at their provider's, lost since `user` last read about them."""
    if not user.has_perm("blog.view_embed"):
        return Embed.objects.none()
    since = DeskVisit.of(user) or user.date_joined
    return _lost().filter(status_since__gt=since).order_by("-status_since").prefetch_related("post_embeds__post")


@register.simple_tag
def dead_embeds(user: Any) -> int:
    """How many embeds in posts are gone or protected, seen or not."""
    if not user.has_perm("blog.view_embed"):
        return 0
    shown = _lost().filter(Exists(PostEmbed.objects.filter(embed=OuterRef("pk"))))
    return remembered("dead embeds", shown.count)


@register.simple_tag
def shelves(user: Any) -> list[Shelf]:
    """The posts that somebody may see, by what is to be done with them. They are counted once for a content version."""
    if not user.has_perm("blog.view_post"):
        return []
    posts = people.visible_posts(user, Post.objects.all())
    conditions = people.conditions()
    seen_by = None if people.may_publish(user) else user.pk
    totals = remembered(
        ("shelves", seen_by), lambda: {name: posts.filter(rule).count() for name, rule in conditions.items()}
    )
    made = []
    for name, title, empty, where, order in _plans():
        total = totals[name]
        if total or empty:
            chosen = posts.filter(conditions[name]).order_by(order, "-pk").select_related("author").only(*_COLUMNS)
            made.append(Shelf(name, title, empty, f"{where}={name}", total, list(chosen[:SHOWN]) if total else []))
    return made


def _plans() -> list[tuple[str, str, str, str, str]]:
    """(condition, title, what is said if there is none, filter of the list, order)."""
    return [
        ("submitted", _("Submitted"), "", "state", "submitted_at"),
        ("draft", _("Drafts"), _("No drafts."), "state", "-pk"),
        ("scheduled", _("Scheduled"), _("Nothing is scheduled."), "state", "publish_at"),
        ("published", _("Recently published"), _("Nothing has been published yet."), "state", "-publish_at"),
        ("alt", _("With a picture without alt text"), "", "lacks", "-publish_at"),
        ("summary", _("Without a summary"), "", "lacks", "-publish_at"),
    ]


_COLUMNS = (
    *("title", "status", "publish_at", "submitted_at", "lang"),
    *("author__username", "author__first_name", "author__last_name"),
)


def _lost() -> QuerySet[Embed]:
    return Embed.objects.filter(status__in=[Embed.Status.GONE, Embed.Status.PROTECTED], takedown=False)
