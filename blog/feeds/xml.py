"""Atom and RSS, by Django's generators, with what these don't know."""

from __future__ import annotations

from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.templatetags.static import static
from django.utils import feedgenerator
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from blog.feeds.document import Entry, Feed

_MEDIA = {"xmlns:media": "http://search.yahoo.com/mrss/"}
_HISTORY = {"xmlns:fh": "http://purl.org/syndication/history/1.0"}


class _Atom(feedgenerator.Atom1Feed):
    def write(self, outfile: Any, encoding: str) -> None:
        """As Django's, with a style sheet."""
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        for sheet in self.feed["stylesheets"]:
            handler.processingInstruction("xml-stylesheet", str(sheet))
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), **_MEDIA, **(_HISTORY if self.feed["document"].current else {})}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        _add_links(handler, self.feed["document"], "link")

    def item_attributes(self, item: dict[str, Any]) -> dict[str, Any]:
        return {"xml:lang": item["entry"].lang}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for topic in entry.topics:
            attributes = {"term": topic.name, "scheme": topic.scheme, "label": topic.name}
            handler.addQuickElement("category", "", attributes)
        if picture := entry.picture:
            size = {"href": picture.url, "length": str(picture.size), "type": picture.type}
            handler.addQuickElement("link", "", {"rel": "enclosure", **size})
        _add_picture(handler, entry)
        handler.addQuickElement("summary", entry.summary)
        handler.addQuickElement("content", entry.html, {"type": "html"})


class _Rss(feedgenerator.Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            **_MEDIA,
            **(_HISTORY if self.feed["document"].current else {}),
            "xml:lang": self.feed["document"].lang,  # <language> says it to readers; this to the style sheet
        }

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        _add_links(handler, self.feed["document"], "atom:link")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for topic in entry.topics:
            handler.addQuickElement("category", topic.name, {"domain": topic.scheme})
        if picture := entry.picture:
            size = {"url": picture.url, "length": str(picture.size), "type": picture.type}
            handler.addQuickElement("enclosure", "", size)
        _add_picture(handler, entry)
        handler.addQuickElement("content:encoded", entry.html)


def _add_links(handler: Any, feed: Feed, name: str) -> None:
    if feed.current:
        handler.addQuickElement("fh:archive", "")
    for rel, address in feed.links:
        handler.addQuickElement(name, "", {"rel": rel, "href": address})


def _add_picture(handler: Any, entry: Entry) -> None:
    picture = entry.picture
    if picture is None:
        return
    size = {"width": str(picture.width), "height": str(picture.height)}
    content = {"url": picture.url, "type": picture.type, "medium": "image", "fileSize": str(picture.size), **size}
    handler.startElement("media:content", AttributesImpl(content))
    if picture.alt:
        handler.addQuickElement("media:description", picture.alt, {"type": "plain"})
    handler.endElement("media:content")
    handler.addQuickElement("media:thumbnail", "", {"url": picture.url, **size})


def _write(generator_class: type[_Atom] | type[_Rss], feed: Feed) -> str:
    is_atom = generator_class is _Atom
    generator = generator_class(
        title=feed.title,
        link=feed.home,
        description=feed.description,
        subtitle=feed.description,
        language=feed.lang,
        author_name=feed.author,
        author_link=feed.author_url,
        feed_copyright=feed.rights or None,
        stylesheets=[feedgenerator.Stylesheet(static("css/feed.css"), mimetype="text/css", media="all")],
        document=feed,
    )
    for entry in feed.entries:
        generator.add_item(
            title=entry.title,
            link=entry.url,
            unique_id=entry.id,
            unique_id_is_permalink=entry.id == entry.url,
            # In RSS it is HTML; Django would say so of Atom's, too, which writes its own.
            description=None if is_atom else escape(entry.summary),  # type: ignore[arg-type]
            author_name=entry.author,
            author_link=entry.author_url or None,
            pubdate=entry.published,
            updateddate=entry.updated,
            entry=entry,
        )
    # The generator would date an empty feed "now".
    generator.latest_post_date = lambda: feed.updated  # type: ignore[method-assign]
    return generator.writeString("utf-8")


def atom(feed: Feed) -> str:
    """RFC 4287."""
    return _write(_Atom, feed)


def rss(feed: Feed) -> str:
    """RSS 2.0 after the best practices of the RSS Advisory Board."""
    return _write(_Rss, feed)
