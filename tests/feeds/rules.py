"""What the W3C's feed validator would say, as far as it can say anything about these feeds.

It is on no package index, so its rules are written down here, from the documents that it checks:
https://validator.w3.org/feed/docs/, RFC 4287, RFC 5005, https://www.rssboard.org/rss-profile and …/media-rss.
HTML is parsed by html5lib in its strict mode, which the validator uses too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from bleach._vendor.html5lib.html5parser import HTMLParser, ParseError
from bleach._vendor.html5lib.treebuilders import getTreeBuilder

_ATOM, _MEDIA = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"
_HISTORY, _XML = "{http://purl.org/syndication/history/1.0}", "{http://www.w3.org/XML/1998/namespace}"
_DC, _CONTENT = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/rss/1.0/modules/content/}"
_RELS = ["alternate", "current", "enclosure", "hub", "next", "next-archive", "prev-archive", "previous", "self"]
_URI = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/(?:[A-Za-z0-9;/?:@&=+$.\-_!~*'(),#]|%[0-9A-F]{2})*")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_MARKUP = re.compile(r"<[a-z!/?]|&(?:#\d+|[a-z]+);", re.IGNORECASE)
_ELEMENTS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 "
    "h4 h5 h6 hr i img input ins kbd label li mark ol p pre q s samp small span strong sub summary sup table tbody td "
    "tfoot th thead time tr u ul var".split()
)
_ATTRIBUTES = frozenset(
    "alt checked cite colspan datetime dir disabled height href hreflang lang open rel reversed rowspan scope span "
    "src start style title type value width".split()
)
_STYLE = re.compile(r"(?:\s*(?:color|font-size|font-style|font-weight|text-align|text-decoration)\s*:\s*[^:;()]+;?)*")


def problems(document: bytes, url: str) -> list[str]:
    """Errors and warnings about a feed at `url`."""
    if not document.startswith(b'<?xml version="1.0" encoding="utf-8"?>'):
        return ["says no encoding"]
    if b"<feed" not in document[:512] and b"<rss" not in document[:512]:
        return ["can't be told to be a feed"]
    root = ElementTree.fromstring(document)
    return list(_atom(root, url) if root.tag == f"{_ATOM}feed" else _rss(root, url))


def _atom(feed: ElementTree.Element, url: str) -> Iterator[str]:
    yield from _once(feed, _ATOM, ["title", "id", "updated"])
    yield from _links(feed, url)
    if not feed.get(f"{_XML}lang"):
        yield "the feed has no language"
    entries = feed.findall(f"{_ATOM}entry")
    if any(child.tag != f"{_ATOM}entry" for child in list(feed)[len(feed) - len(entries) :]):
        yield "metadata after entries"
    for name in ("id", "updated"):
        values = Counter(entry.findtext(f"{_ATOM}{name}") for entry in entries)
        yield from (f"two entries with the {name} {value}" for value, count in values.items() if count > 1)
    for node in (feed, *entries):
        for author in node.findall(f"{_ATOM}author"):
            yield from _once(author, _ATOM, ["name"])
            yield from _uri("author", author.findtext(f"{_ATOM}uri") or f"{url}")
        yield from _uri("id", node.findtext(f"{_ATOM}id") or "")
        for name in ("updated", "published"):
            for date in node.findall(f"{_ATOM}{name}"):
                yield from _atom_date(date.text or "")
    if feed.find(f"{_ATOM}author") is None:
        yield "the feed has no author"
    for entry in entries:
        yield from _atom_entry(entry)


def _atom_entry(entry: ElementTree.Element) -> Iterator[str]:
    yield from _once(entry, _ATOM, ["title", "id", "updated", "published", "summary", "content"])
    for name in ("title", "summary"):
        if entry.find(f"{_ATOM}{name}").get("type", "text") != "text":  # type: ignore[union-attr]
            yield f"{name} isn't text"
    if not (entry.findtext(f"{_ATOM}title") or "").strip():
        yield "an empty title"
    alternates = [link for link in entry.findall(f"{_ATOM}link") if link.get("rel") == "alternate"]
    if len(alternates) != 1:
        yield "not one alternate link"
    for link in entry.findall(f"{_ATOM}link"):
        if link.get("rel") not in ("alternate", "enclosure"):
            yield f"rel={link.get('rel')} in an entry"
        yield from _uri("link", link.get("href", ""))
        if link.get("rel") == "enclosure":
            yield from _enclosure(link.get("length", ""), link.get("type", ""))
    yield from _atom_topics(entry)
    content = entry.find(f"{_ATOM}content")
    if content is None or content.get("type") != "html":
        yield "content isn't html"
    yield from _html(entry.findtext(f"{_ATOM}content") or "")
    yield from _media(entry)


def _atom_topics(entry: ElementTree.Element) -> Iterator[str]:
    for category in entry.findall(f"{_ATOM}category"):
        if not category.get("term") or list(category) or category.text:
            yield "a category without a term"
        yield from _uri("scheme", category.get("scheme", ""))


def _rss(rss: ElementTree.Element, url: str) -> Iterator[str]:
    if rss.get("version") != "2.0" or len(rss) != 1:
        return (yield "isn't RSS 2.0")
    channel = rss[0]
    yield from _once(channel, "", ["title", "link", "description", "language", "lastBuildDate"])
    yield from _links(channel, url)
    yield from _uri("link", channel.findtext("link") or "")
    yield from _rss_date(channel.findtext("lastBuildDate") or "")
    if _MARKUP.search((channel.findtext("description") or "") + (channel.findtext("title") or "")):
        yield "markup in the channel"
    items = channel.findall("item")
    if any(child.tag != "item" for child in list(channel)[len(channel) - len(items) :]):
        yield "metadata after items"
    guids = Counter(item.findtext("guid") for item in items)
    yield from (f"two items with the guid {guid}" for guid, count in guids.items() if count > 1)
    for item in items:
        yield from _rss_item(item)


def _rss_item(item: ElementTree.Element) -> Iterator[str]:
    yield from _once(item, "", ["title", "link", "guid", "pubDate", "description"])
    yield from _once(item, _DC, ["creator"])
    yield from _once(item, _CONTENT, ["encoded"])
    tags = [child.tag for child in item]
    if tags.index("description") > tags.index(f"{_CONTENT}encoded"):
        yield "content:encoded before description"
    yield from _uri("link", item.findtext("link") or "")
    yield from _rss_date(item.findtext("pubDate") or "")
    guid = item.find("guid")
    assert guid is not None
    yield from _uri("guid", guid.text or "")
    if (guid.get("isPermaLink") == "true") != (guid.text == item.findtext("link")):
        yield "the guid isn't what it says"
    enclosures = item.findall("enclosure")
    if len(enclosures) > 1:
        yield "several enclosures"
    for enclosure in enclosures:
        yield from _uri("enclosure", enclosure.get("url", ""))
        yield from _enclosure(enclosure.get("length", ""), enclosure.get("type", ""))
    for category in item.findall("category"):
        if not category.text:
            yield "an empty category"
        yield from _uri("domain", category.get("domain", ""))
    for html in (item.findtext("description") or "", item.findtext(f"{_CONTENT}encoded") or ""):
        yield from _html(html)
    yield from _media(item)


def _once(node: ElementTree.Element, space: str, names: list[str]) -> Iterator[str]:
    for name in names:
        found = node.findall(f"{space}{name}")
        if len(found) != 1 or not (found[0].text or "").strip():
            yield f"{len(found)} × {name} in {node.tag.rpartition('}')[2]}"


def _links(node: ElementTree.Element, url: str) -> Iterator[str]:
    links = node.findall(f"{_ATOM}link")
    rels = Counter(link.get("rel") for link in links)
    yield from (f"two links {rel}" for rel, count in rels.items() if count > 1)
    yield from (f"unregistered rel={rel}" for rel in rels if rel not in _RELS)
    for link in links:
        yield from _uri("link", link.get("href", ""))
        if set(link.attrib) - {"rel", "href"} or link.text:
            yield "a link with more than that"
    if [link.get("href") for link in links if link.get("rel") == "self"] != [url]:
        yield "self isn't where it is"
    if (node.find(f"{_HISTORY}archive") is not None) != ("current" in rels):
        yield "an archive without current, or the reverse"


def _uri(what: str, uri: str) -> Iterator[str]:
    if not _URI.fullmatch(uri):
        yield f"{what}: no absolute address: {uri}"


def _atom_date(date: str) -> Iterator[str]:
    if not _RFC3339.fullmatch(date):
        yield f"no RFC 3339 date: {date}"
    else:
        yield from _plausible(datetime.fromisoformat(date))


def _rss_date(date: str) -> Iterator[str]:
    parsed = parsedate_to_datetime(date)
    if format_datetime(parsed) != date:  # also a wrong day of the week
        yield f"no RFC 822 date: {date}"
    yield from _plausible(parsed)


def _plausible(date: datetime) -> Iterator[str]:
    if date.year < 1990 or date > datetime.now(UTC) + timedelta(minutes=10):
        yield f"implausible date: {date}"


def _enclosure(length: str, kind: str) -> Iterator[str]:
    if not length.isdigit() or int(length) == 0:
        yield f"an enclosure of {length or 'unknown'} bytes"
    if not re.fullmatch(r"image/[a-z]+", kind):
        yield f"an enclosure of the type {kind}"


def _media(node: ElementTree.Element) -> Iterator[str]:
    expected = {"url", "type", "medium", "fileSize", "width", "height"}
    for content in node.findall(f"{_MEDIA}content"):
        yield from _uri("media", content.get("url", ""))
        if set(content.attrib) != expected or content.get("medium") != "image":
            yield "media:content is incomplete"
        for description in content.findall(f"{_MEDIA}description"):
            if description.get("type") != "plain" or _MARKUP.search(description.text or ""):
                yield "media:description isn't plain"
    for thumbnail in node.findall(f"{_MEDIA}thumbnail"):
        yield from _uri("thumbnail", thumbnail.get("url", ""))
        if set(thumbnail.attrib) != {"url", "width", "height"}:
            yield "media:thumbnail is incomplete"


def _html(html: str) -> Iterator[str]:
    parser = HTMLParser(tree=getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    try:
        fragment = parser.parseFragment(html)
    except ParseError as error:
        yield f"invalid HTML: {error}: {html[:200]}"
        return
    for element in fragment.iter():
        if not isinstance(element.tag, str) or element.tag == "DOCUMENT_FRAGMENT":
            continue
        if element.tag not in _ELEMENTS:
            yield f"<{element.tag}>"
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES:
                yield f"<{element.tag} {name}>"
            if name in ("href", "src", "cite") and urlsplit(value).scheme not in ("http", "https", "mailto", "tel"):
                yield f"relative address: {value}"
            if name == "style" and not _STYLE.fullmatch(value):
                yield f"style: {value}"
