"""Feeds of posts: of all, of a category, of a tag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe
from taggit.models import Tag

from blog import presentation
from blog.feeds.writers import ENTRIES, Entry, Kind, answer, clean, feed_of
from blog.models import Category, Post, Profile, SiteSettings
from blog.views.common import embeds_with_posters, normalized, prompts_with_models, site_url
from blog.views.moved import moved

FeedView = Callable[..., Any]


@require_safe
def feed(
    request: HttpRequest, kind: Kind, category: str | None = None, tag: str | None = None, author: str | None = None
) -> HttpResponse:
    """A feed of the newest posts."""
    posts, title, home = Post.objects.published(), "", reverse("home")
    if category is not None:
        found = Category.objects.filter(path=normalized(category)).first()
        if found is None:
            return moved(request, "category", normalized(category))
        posts, title, home = posts.in_category(found.path), str(found), found.get_absolute_url()
    if tag is not None:
        found_tag = Tag.objects.filter(slug=normalized(tag)).first()
        if found_tag is None:
            return moved(request, "tag", normalized(tag))
        posts, title, home = (
            posts.filter(post_tags__tag=found_tag),
            f"#{found_tag.name}",
            reverse("tag", args=[found_tag.slug]),
        )
    if author is not None:
        profile = get_object_or_404(Profile.objects.select_related("user"), slug=normalized(author))
        posts, title, home = posts.filter(author=profile.user), profile.name, profile.get_absolute_url()
    entries = _entries(request, posts)
    if title and not entries:
        raise Http404  # as the page of such a category, tag or author
    return answer(kind, feed_of(request, title, home, entries))


def _entries(request: HttpRequest, posts: QuerySet[Post]) -> list[Entry]:
    site: SiteSettings = request.site_settings  # type: ignore[attr-defined]
    newest = (
        posts.order_by("-publish_at", "-pk")
        .select_related("category", "author__profile", "image")
        .prefetch_related(prompts_with_models(), embeds_with_posters())
        .prefetch_related("tags")  # type: ignore[misc]  # taggit is untyped
    )
    return [entry_of(post, site_url(request), site) for post in newest[:ENTRIES]]


def entry_of(post: Post, base: str, site: SiteSettings) -> Entry:
    """A published post as subscribers get it."""
    url = base + post.get_absolute_url()
    assert post.publish_at is not None
    return Entry(
        url=url,
        title=clean(post.title),
        html=clean(presentation.body(post, "feed", url)),
        summary=clean(post.description),
        author=clean(post.byline or site.author_name or site.title),
        author_url=base + post.author_url if post.author_url else "",
        lang=post.lang,
        published=post.publish_at,
        updated=post.modified_at or post.publish_at,
        tags=[
            clean(name)
            for name in [*(post.category.names if post.category else []), *sorted(t.name for t in post.tags.all())]
        ],
        image=urljoin(base, post.image.file.url) if post.image else "",
    )
