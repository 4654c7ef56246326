"""A feed and its entries, before they are written as Atom, RSS or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from django.urls import reverse

from blog.models import Image

ENTRIES = 20  # in a feed, and in each of its archives

Kind = Literal["atom", "rss", "json"]

# What XML 1.0 can't hold at all: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Address:
    """Where one list's feeds are: the prefix of their names in blog.urls, and the arguments of these."""

    prefix: str
    arguments: dict[str, str] = field(default_factory=dict)

    def feed(self, kind: Kind) -> str:
        """The feed of the newest."""
        return reverse(f"{self.prefix}{kind}", kwargs=self.arguments)

    def archive(self, kind: Kind, number: int) -> str:
        """One of its archives; 1 has the oldest."""
        return reverse(f"{self.prefix}{kind}_archive", kwargs={**self.arguments, "number": number})

    @property
    def home(self) -> str:
        """The page that the feeds are of: they stand below it."""
        return self.feed("atom").removesuffix("feed.xml")


@dataclass(frozen=True, slots=True)
class Topic:
    """What an entry is about; `scheme` is the page of all topics of its sort."""

    name: str
    scheme: str


def topics(named: Iterable[tuple[str, str]]) -> list[Topic]:
    """Topics of (name, scheme); a name that is a category and a tag stands once."""
    unique: dict[str, Topic] = {}
    for name, scheme in named:
        unique.setdefault(clean(name), Topic(clean(name), scheme))
    return list(unique.values())


@dataclass(frozen=True, slots=True)
class Picture:
    """The still or cover that stands for an entry."""

    url: str
    type: str
    size: int
    width: int
    height: int
    alt: str = ""

    @classmethod
    def of(cls, image: Image | None, base: str, alt: str = "") -> Picture | None:
        """An image as subscribers get it; None if its file is gone, or of no type that they know."""
        if image is None or not image.file_size or not image.type:
            return None
        url = absolute(image.file.url, base)
        return cls(url, image.type, image.file_size, image.width, image.height, clean(alt or image.alt))


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, or a prompt, as subscribers get it."""

    id: str
    url: str
    title: str
    html: str
    summary: str
    author: str
    lang: str
    published: datetime
    updated: datetime
    topics: list[Topic]
    picture: Picture | None = None
    author_url: str = ""
    extension: dict[str, Any] = field(default_factory=dict)  # for JSON Feed: names begin with "_"

    @property
    def tags(self) -> list[str]:
        """What its topics are called."""
        return [topic.name for topic in self.topics]


@dataclass(frozen=True, slots=True)
class Feed:
    """One document: what it is of, its entries, and where the others are. All addresses are absolute."""

    title: str
    description: str
    lang: str
    url: str  # the document's own address
    home: str  # the page it is the feed of
    author: str
    author_url: str
    rights: str
    entries: list[Entry]
    current: str = ""  # for an archive: the feed it is of
    older: str = ""  # the archive before
    newer: str = ""  # the archive after, or the feed itself
    hub: str = ""

    @property
    def updated(self) -> datetime:
        """The last real change of anything in it; for an empty feed a fixed date, so that it stays the same."""
        return max((entry.updated for entry in self.entries), default=datetime(2000, 1, 1, tzinfo=UTC))

    @property
    def links(self) -> list[tuple[str, str]]:
        """(rel, address) of what belongs to it. RFC 5005: sections 4 (archives) and 3 (pages)."""
        rels = [("self", self.url), ("hub", self.hub), ("current", self.current), ("prev-archive", self.older)]
        if self.newer != self.current:
            rels.append(("next-archive", self.newer))
        rels += [("next", self.older), ("previous", self.newer)]
        return [(rel, address) for rel, address in rels if address]


def absolute(url: str, base: str) -> str:
    """An address with the site's host, unless it has another already."""
    return base + url if url.startswith("/") and not url.startswith("//") else url


def clean(text: str) -> str:
    """What XML can hold of a text."""
    return _NOT_XML.sub("", text)
