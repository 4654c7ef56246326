"""Feeds of everything, of a category, of a tag, with the full text.

Atom: RFC 4287. RSS 2.0: https://www.rssboard.org/rss-specification. JSON Feed: https://www.jsonfeed.org/version/1.1/
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urljoin
from xml.sax.xmlreader import AttributesImpl

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from taggit.models import Tag

from blog import presentation
from blog.models import Category, Post, PostEmbed, SiteSettings
from blog.views import site_url

ENTRIES = 20

Kind = Literal["atom", "rss", "json"]

# What XML 1.0 can't hold at all: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as subscribers get it."""

    url: str  # also its id: what Chirpy's feed gave, so that nobody sees a moved post twice
    title: str
    html: str
    summary: str
    author: str
    lang: str
    published: datetime
    updated: datetime
    tags: list[str]
    image: str


@dataclass(frozen=True, slots=True)
class FeedOf:
    """What one feed is about."""

    title: str
    description: str
    lang: str
    url: str  # the feed's own address
    home: str  # the page it is the feed of
    author: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def updated(self) -> datetime:
        """The last real change of anything in it; for an empty feed a fixed date, so that it stays the same."""
        return max((entry.updated for entry in self.entries), default=datetime(2000, 1, 1, tzinfo=UTC))


@require_safe
def feed(request: HttpRequest, kind: Kind, category: str | None = None, tag: str | None = None) -> HttpResponse:
    """A feed of the newest posts."""
    posts, title, home = Post.objects.published(), "", reverse("home")
    if category is not None:
        found = get_object_or_404(Category, path=unicodedata.normalize("NFC", category))
        posts, title, home = posts.in_category(found.path), str(found), found.get_absolute_url()
    if tag is not None:
        found_tag = get_object_or_404(Tag, slug=unicodedata.normalize("NFC", tag))
        posts, title, home = (
            posts.filter(post_tags__tag=found_tag),
            f"#{found_tag.name}",
            reverse("tag", args=[found_tag.slug]),
        )
    data = _collect(request, posts, title, home)
    if title and not data.entries:
        raise Http404  # as the page of such a category or tag
    body, content_type = _WRITERS[kind](data)
    return HttpResponse(body, content_type=content_type, headers={"Last-Modified": http_date(data.updated.timestamp())})


def _collect(request: HttpRequest, posts: QuerySet[Post], title: str, home: str) -> FeedOf:
    site: SiteSettings = request.site_settings  # type: ignore[attr-defined]
    base = site_url(request)
    newest = (
        posts.order_by("-publish_at", "-pk")
        .select_related("category", "author", "image")
        .prefetch_related(
            "prompts__generator", Prefetch("post_embeds", PostEmbed.objects.select_related("embed__poster"))
        )
        .prefetch_related("tags")  # type: ignore[misc]  # taggit is untyped
    )
    return FeedOf(
        title=_clean(f"{title} — {site.title}" if title else site.title),
        description=_clean(site.description or site.tagline or site.title),
        lang=site.language,
        url=base + request.path,
        home=base + home,
        author=_clean(site.author_name or site.title),
        entries=[_entry(post, base, site) for post in newest[:ENTRIES]],
    )


def _entry(post: Post, base: str, site: SiteSettings) -> Entry:
    url = base + post.get_absolute_url()
    assert post.publish_at is not None
    return Entry(
        url=url,
        title=_clean(post.title),
        html=_clean(presentation.body(post, "feed", url)),
        summary=_clean(post.description),
        author=_clean(post.byline or site.author_name or site.title),
        lang=post.lang,
        published=post.publish_at,
        updated=post.modified_at or post.publish_at,
        tags=[
            _clean(name)
            for name in [*(post.category.names if post.category else []), *sorted(t.name for t in post.tags.all())]
        ],
        image=urljoin(base, post.image.file.url) if post.image else "",
    )


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


class _Atom(feedgenerator.Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def item_attributes(self, item: dict[str, Any]) -> dict[str, Any]:
        return {**super().item_attributes(item), "xml:lang": item["lang"]}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


class _Rss(feedgenerator.Rss201rev2Feed):
    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.startElement("content:encoded", AttributesImpl({}))
        handler.characters(item["html"])
        handler.endElement("content:encoded")


def _write_xml(kind: type[_Atom] | type[_Rss], data: FeedOf) -> tuple[str, str]:
    generator = kind(
        title=data.title,
        link=data.home,
        description=data.description,
        subtitle=data.description if kind is _Atom else None,
        language=data.lang,
        author_name=data.author,
        feed_url=data.url,
    )
    for entry in data.entries:
        generator.add_item(
            title=entry.title,
            link=entry.url,
            unique_id=entry.url,
            unique_id_is_permalink=True,
            description=entry.summary,
            author_name=entry.author,
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=entry.tags,
            html=entry.html,
            lang=entry.lang,
        )
    # The generator would date an empty feed "now".
    generator.latest_post_date = lambda: data.updated  # type: ignore[method-assign]
    return generator.writeString("utf-8"), generator.content_type


def _write_atom(data: FeedOf) -> tuple[str, str]:
    return _write_xml(_Atom, data)


def _write_rss(data: FeedOf) -> tuple[str, str]:
    return _write_xml(_Rss, data)


def _write_json(data: FeedOf) -> tuple[str, str]:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": data.title,
        "description": data.description,
        "home_page_url": data.home,
        "feed_url": data.url,
        "language": data.lang,
        "authors": [{"name": data.author}],
        "items": [
            {
                "id": entry.url,
                "url": entry.url,
                "title": entry.title,
                "content_html": entry.html,
                "summary": entry.summary,
                "date_published": entry.published.isoformat(),
                "date_modified": entry.updated.isoformat(),
                "authors": [{"name": entry.author}],
                "tags": entry.tags,
                "language": entry.lang,
                **({"image": entry.image} if entry.image else {}),
            }
            for entry in data.entries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1), "application/feed+json; charset=utf-8"


_WRITERS = {"atom": _write_atom, "rss": _write_rss, "json": _write_json}
