"""Which addresses of the site a document names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

_NAMING = frozenset({"href", "src", "poster", "action"})
_IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)""")


@dataclass
class Links:
    """Addresses as they stand there, and what an address with a fragment may lead to."""

    addresses: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links = Links()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not value:
                continue
            if name == "id":
                self.links.ids.add(value)
            elif name in _NAMING:
                self.links.addresses.add(value)
            elif name == "srcset":
                self.links.addresses |= {part.split()[0] for part in value.split(",") if part.strip()}


def in_page(html: str) -> Links:
    """What a page names in its elements."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.links


def in_sheet(css: str) -> Links:
    """What a style sheet names."""
    return Links(set(_IN_CSS.findall(css)))


def in_text(text: str, base: str) -> Links:
    """Whole addresses of the site in anything else: feeds, sitemaps, lists for machines."""
    found = re.findall(rf"{re.escape(base)}/[^\s<>\"'&\\)\]]*", unescape(text))
    return Links({address.rstrip(".,:;") for address in found})
