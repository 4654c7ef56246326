"""Series: all of them, one with its parts, and where a post stands in its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog.models import Post, Series
from blog.models.post import is_published
from blog.views import heads
from blog.views.common import UNUSED_IN_LISTS, normalized, render
from blog.views.moved import moved


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands among the parts of its series that readers can see, and itself."""

    series: Series
    parts: list[Post]
    number: int

    @property
    def previous(self) -> Post | None:
        """The part before it."""
        return self.parts[self.number - 2] if self.number > 1 else None

    @property
    def next(self) -> Post | None:
        """The part after it."""
        return self.parts[self.number] if self.number < len(self.parts) else None


def place_of(post: Post) -> Place | None:
    """Its place, if it is in a series; a draft stands where it would."""
    if post.series_id is None or post.series is None:
        return None
    others = Post.objects.published().filter(series=post.series_id).exclude(pk=post.pk)
    columns = ("title", "slug", "lang", "series_part", "publish_at", "status")
    parts = sorted([*others.only(*columns).order_by(), post], key=_order)
    return Place(post.series, parts, parts.index(post) + 1)


def _order(post: Post) -> tuple[bool, int, bool, float, int]:
    """As `PostQuerySet.in_parts()`; what has no date yet comes last."""
    at = post.publish_at.timestamp() if post.publish_at else 0
    return post.series_part is None, post.series_part or 0, post.publish_at is None, at, post.pk


def public_series() -> QuerySet[Series]:
    """Series in which there is something to read: the number of parts, and when the last one came."""
    seen = is_published("posts__")
    counted = Series.objects.annotate(count=Count("posts", filter=seen), newest=Max("posts__publish_at", filter=seen))
    return counted.filter(count__gt=0)


@require_safe
def all_series(request: HttpRequest) -> HttpResponse:
    """All of them, the one with the newest part first."""
    found: Any = public_series()
    shown = found.order_by("-newest", "title", "pk")
    head = heads.posts(request, _("Series"), [], " · ".join(one.title for one in shown))
    return render(request, "blog/all_series.html", {"section": "series", "all_series": shown, "head": head})


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """One, with its parts in order."""
    found = public_series().filter(slug=normalized(slug)).first()
    if found is None:
        return moved(request, "series", normalized(slug))
    parts = Post.objects.published().filter(series=found).in_parts()
    parts = parts.select_related("image").defer(*UNUSED_IN_LISTS)
    context = {"section": "series", "series": found, "parts": parts, "head": heads.series(request, found, parts)}
    return render(request, "blog/series.html", context)
