"""Feeds of posts: of all, of a category, a tag, an author, a series."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe
from taggit.models import Tag

from blog import feed_ids, lists, presentation
from blog.feeds.answer import Wanted, answer
from blog.feeds.document import Address, Entry, Kind, Picture, clean, topics
from blog.feeds.plain import content
from blog.lists import Listed, Rows, rows_of
from blog.models import Category, Post, Profile, Series, SiteSettings
from blog.views.common import embeds_with_posters, normalized, prompts_with_models
from blog.views.moved import moved


@require_safe
def feed(request: HttpRequest, kind: Kind, number: int | None = None) -> HttpResponse:
    """All posts."""
    wanted = Wanted(request, kind, Address(""), number, may_be_empty=True)
    return answer(wanted, _whole(lists.posts()), entry_of)


@require_safe
def category_feed(request: HttpRequest, kind: Kind, category: str, number: int | None = None) -> HttpResponse:
    """Those of a category and everything below it."""
    found = Category.objects.filter(path=normalized(category)).first()
    if found is None:
        return moved(request, "category", normalized(category))
    wanted = Wanted(request, kind, Address("category_", {"category": found.path}), number, str(found))
    return answer(wanted, _whole(lists.listed(lists.Kind.CATEGORY, found.pk)), entry_of)


@require_safe
def tag_feed(request: HttpRequest, kind: Kind, tag: str, number: int | None = None) -> HttpResponse:
    """Those with a tag."""
    found = Tag.objects.filter(slug=normalized(tag)).first()
    if found is None:
        return moved(request, "tag", normalized(tag))
    wanted = Wanted(request, kind, Address("tag_", {"tag": found.slug}), number, f"#{found.name}")
    return answer(wanted, _whole(lists.listed(lists.Kind.TAG, found.pk)), entry_of)


@require_safe
def author_feed(request: HttpRequest, kind: Kind, author: str, number: int | None = None) -> HttpResponse:
    """Those of one author."""
    found = get_object_or_404(Profile.objects.select_related("user"), slug=normalized(author))
    wanted = Wanted(request, kind, Address("author_", {"author": found.slug}), number, found.name)
    return answer(wanted, _whole(lists.by(found.user_id)), entry_of)


@require_safe
def series_feed(request: HttpRequest, kind: Kind, series: str, number: int | None = None) -> HttpResponse:
    """The parts of a series, the newest first: who subscribes knows the others."""
    found = Series.objects.filter(slug=normalized(series)).first()
    if found is None:
        return moved(request, "series", normalized(series))
    wanted = Wanted(request, kind, Address("series_", {"series": found.slug}), number, found.title)
    return answer(wanted, _whole(lists.of_series(found.pk)), entry_of)


def _whole(keys: Listed) -> Rows[Post]:
    """With all that an entry names, by a constant number of queries."""
    return rows_of(
        keys,
        Post.objects.published()
        .select_related("category", "author__profile", "image")
        .prefetch_related(prompts_with_models(), embeds_with_posters())
        .prefetch_related("tags"),  # type: ignore[misc]  # taggit is untyped
    )


def entry_of(post: Post, base: str, site: SiteSettings) -> Entry:
    """A published post as subscribers get it."""
    url = base + post.get_absolute_url()
    assert post.publish_at is not None
    categories, tags = (base + reverse(name) for name in ("categories", "tags"))
    named = [
        *((name, categories) for name in (post.category.names if post.category else [])),
        *((name, tags) for name in sorted(tag.name for tag in post.tags.all())),
    ]
    return Entry(
        id=feed_ids.of_post(post, base),
        url=url,
        title=clean(post.title),
        html=content(site, lambda: presentation.body(post, "feed", url), post.description, url, post.lang),
        summary=clean(post.description),
        author=clean(post.byline or site.author_name or site.title),
        author_url=base + post.author_url if post.author_url else "",
        lang=post.lang,
        published=post.publish_at,
        updated=told_apart(post),
        topics=topics(named),
        picture=_picture(post, base),
    )


def told_apart(post: Post) -> datetime:
    """When it really changed, and in microseconds who it is.

    Imported posts are often of the same midnight; entries with the same date make readers, and validators, suspicious.
    """
    changed = post.modified_at
    assert changed is not None
    return changed if changed.microsecond else changed.replace(microsecond=post.pk % 1_000_000)


def _picture(post: Post, base: str) -> Picture | None:
    """The cover, else the first still."""
    if cover := Picture.of(post.image, base):
        return cover
    still = presentation.still_of(post)
    return Picture.of(still.poster, base, still.poster_alt or still.caption) if still else None
