"""The sitemap, by django.contrib.sitemaps (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from taggit.models import Tag

from blog.models import Category, FailureMode, Generator, Page, Post, Profile, Prompt, Series
from blog.views.models import public_models
from blog.views.series import public_series


class _SiteSitemap(Sitemap):  # type: ignore[type-arg]  # not generic at run time
    """Addresses start with ROOST_URL if it is set."""

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.ROOST_URL).netloc or super().get_domain(site)

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.ROOST_URL).scheme or super().get_protocol(protocol)


class Posts(_SiteSitemap):
    """Published posts."""

    def items(self) -> QuerySet[Post]:
        return Post.objects.published().newest_first().only("slug", "publish_at", "updated_at", "status")

    def lastmod(self, item: Post) -> datetime | None:
        return item.modified_at


class Pages(_SiteSitemap):
    """Published pages."""

    def items(self) -> QuerySet[Page]:
        return Page.objects.filter(published=True)

    def lastmod(self, item: Page) -> datetime:
        return item.updated_at


class Categories(_SiteSitemap):
    """Categories in which there is something to read."""

    def items(self) -> list[Category]:
        used = set(Post.objects.published().exclude(category=None).order_by().values_list("category__path", flat=True))
        return [c for c in Category.objects.all() if any(f"{path}/".startswith(f"{c.path}/") for path in used)]


class Tags(_SiteSitemap):
    """Tags with which there is something to read."""

    def items(self) -> QuerySet[Tag]:
        tags: QuerySet[Tag] = Tag.objects.filter(blog_posttag_items__content_object__in=Post.objects.published())
        return tags.distinct().order_by("slug")

    def location(self, item: Tag) -> str:
        return reverse("tag", args=[item.slug])


class Authors(_SiteSitemap):
    """People with something to read."""

    def items(self) -> QuerySet[Profile]:
        return Profile.objects.public().only("slug")


class Prompts(_SiteSitemap):
    """Published prompts."""

    def items(self) -> QuerySet[Prompt]:
        columns = ("public_id", "post__publish_at", "post__updated_at")
        return Prompt.objects.published().newest_first().select_related("post").only(*columns)

    def lastmod(self, item: Prompt) -> datetime | None:
        return item.post.modified_at


class Models(_SiteSitemap):
    """Models that something can be read about."""

    def items(self) -> QuerySet[Generator]:
        return public_models().order_by("slug")


class Failures(_SiteSitemap):
    """Failure modes with published prompts."""

    def items(self) -> QuerySet[FailureMode]:
        return FailureMode.objects.filter(prompts__in=Prompt.objects.published()).distinct().order_by("slug")


class AllSeries(_SiteSitemap):
    """Series in which there is something to read."""

    def items(self) -> QuerySet[Series]:
        return public_series().order_by("slug")


class Lists(_SiteSitemap):
    """The pages that are always there."""

    def items(self) -> list[str]:
        return ["home", "categories", "tags", "archives", "prompts", "failures", "models"]

    def location(self, item: str) -> str:
        return reverse(item)


_SITEMAPS: dict[str, Any] = {
    "lists": Lists,
    "posts": Posts,
    "pages": Pages,
    "categories": Categories,
    "tags": Tags,
    "authors": Authors,
    "series": AllSeries,
    "prompts": Prompts,
    "models": Models,
    "failures": Failures,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemap."""
    return sitemap_view(request, sitemaps=_SITEMAPS)
