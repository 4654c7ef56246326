"""From rows to an answer: which entries a document has, and how it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers, set_response_etag
from django.utils.http import http_date

from blog import websub
from blog.feeds import jsonfeed, xml
from blog.feeds.document import ENTRIES, Address, Entry, Feed, Kind, clean
from blog.lists import Rows
from blog.models import SiteSettings
from blog.views.common import site_url

_Row = TypeVar("_Row", bound=Model)

_WRITERS: dict[Kind, tuple[Callable[[Feed], str], str]] = {
    "atom": (xml.atom, "application/atom+xml; charset=utf-8"),
    "rss": (xml.rss, "application/rss+xml; charset=utf-8"),
    "json": (jsonfeed.write, "application/feed+json; charset=utf-8"),
}
# Of the feeds' own types browsers show the source, or offer a download; of this they show the text by its style sheet.
_FOR_BROWSERS = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for: a list's feed of one kind, or one of its archives."""

    request: HttpRequest
    kind: Kind
    address: Address
    number: int | None = None  # of the archive
    title: str = ""  # what the list is called; "" for that of everything
    may_be_empty: bool = False

    @property
    def site(self) -> SiteSettings:
        """The site's settings."""
        site: SiteSettings = self.request.site_settings  # type: ignore[attr-defined]
        return site

    @property
    def base(self) -> str:
        """The site's address."""
        return site_url(self.request)


def answer(wanted: Wanted, rows: Rows[_Row], entry_of: Callable[[_Row, str, SiteSettings], Entry]) -> HttpResponse:
    """The feed of `rows`, which are in order, the newest first.

    An archive is a block of ENTRIES rows counted from the oldest. So new posts never change one, the feed and its
    archives together miss nothing, and each document is small.
    """
    total = rows.count()
    if not total and not wanted.may_be_empty:
        raise Http404  # as the page of such a list
    number, archives = wanted.number, total // ENTRIES
    if number is not None and not 1 <= number <= archives:
        raise Http404
    first = 0 if number is None else total - number * ENTRIES
    entries = [entry_of(row, wanted.base, wanted.site) for row in rows[first : first + ENTRIES]]
    feed = _feed(wanted, entries, archives)
    write, content_type = _WRITERS[wanted.kind]
    response = HttpResponse(write(feed), content_type=content_type)
    if wanted.kind != "json":
        patch_vary_headers(response, ["Accept"])
        if "text/html" in wanted.request.headers.get("Accept", ""):
            response["Content-Type"] = _FOR_BROWSERS
    set_response_etag(response)  # the middleware would, but not for HEAD
    response["Last-Modified"] = http_date(feed.updated.timestamp())
    if feed.hub:
        response["Link"] = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in feed.links if rel in _DISCOVERY)
    return response


_DISCOVERY = ("self", "hub")  # https://www.w3.org/TR/websub/#discovery


def _feed(wanted: Wanted, entries: list[Entry], archives: int) -> Feed:
    site, base, number, kind = wanted.site, wanted.base, wanted.number, wanted.kind
    current = base + wanted.address.feed(kind)

    def archive(n: int) -> str:
        return base + wanted.address.archive(kind, n) if 1 <= n <= archives else ""

    links = (
        {"url": current, "older": archive(archives), "hub": websub.hub(site)}
        if number is None
        else {
            "url": archive(number),
            "current": current,
            "older": archive(number - 1),
            "newer": archive(number + 1) or current,
        }
    )
    return Feed(
        title=clean(f"{wanted.title} — {site.title}" if wanted.title else site.title),
        description=clean(site.description or site.tagline or site.title),
        lang=site.language,
        home=base + wanted.address.home,
        author=clean(site.author_name or site.title),
        author_url=f"{base}/",
        rights=clean(site.licence),
        entries=entries,
        **links,
    )


FeedView = Callable[..., Any]
