"""An entry, a feed, and how each is written: Atom, RSS, JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse
from django.utils import feedgenerator
from django.utils.http import http_date

from blog.models import SiteSettings
from blog.views.common import site_url

ENTRIES = 20

Kind = Literal["atom", "rss", "json"]

# What XML 1.0 can't hold at all: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, or a prompt, as subscribers get it."""

    url: str  # also its id: what Chirpy's feed gave, so that nobody sees a moved post twice
    title: str
    html: str
    summary: str
    author: str
    lang: str
    published: datetime
    updated: datetime
    tags: list[str]
    image: str = ""
    author_url: str = ""
    extension: dict[str, Any] = field(default_factory=dict)  # for JSON Feed: names begin with "_"


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


def feed_of(request: HttpRequest, title: str, home: str, entries: list[Entry]) -> FeedOf:
    """A feed of the site, at the request's address; `title` is "" for that of everything."""
    site: SiteSettings = request.site_settings  # type: ignore[attr-defined]
    base = site_url(request)
    return FeedOf(
        title=clean(f"{title} — {site.title}" if title else site.title),
        description=clean(site.description or site.tagline or site.title),
        lang=site.language,
        url=base + request.path,
        home=base + home,
        author=clean(site.author_name or site.title),
        entries=entries,
    )


def answer(kind: Kind, data: FeedOf) -> HttpResponse:
    """A feed as it is sent."""
    body, content_type = _WRITERS[kind](data)
    return HttpResponse(body, content_type=content_type, headers={"Last-Modified": http_date(data.updated.timestamp())})


def clean(text: str) -> str:
    """What XML can hold of a text."""
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
            author_link=entry.author_url or None,
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
                "authors": [{"name": entry.author, **({"url": entry.author_url} if entry.author_url else {})}],
                "tags": entry.tags,
                "language": entry.lang,
                **({"image": entry.image} if entry.image else {}),
                **entry.extension,
            }
            for entry in data.entries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1), "application/feed+json; charset=utf-8"


_WRITERS = {"atom": _write_atom, "rss": _write_rss, "json": _write_json}
