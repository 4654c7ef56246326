"""Headings: kramdown's ids, the table of contents, and an outline below the page's one h1."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, INLINE_PLACEHOLDER_RE

from blog.rendering.rendered import Heading

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Headings(Treeprocessor):
    """Ids as kramdown's GFM parser makes them, unique; the table of contents; an outline below the page's one h1."""

    def __init__(self, md: Markdown, embed_ids: Callable[[], set[str]], formulas: Callable[[str], str]) -> None:
        super().__init__(md)
        self.embed_ids = embed_ids
        self.formulas = formulas  # with TeX instead of tokens
        self.toc: list[Heading] = []
        self.ids: set[str] = set()

    def run(self, root: Element) -> None:
        """Give each heading the element of its depth: the title is the h1, so `#` and a first `##` are both h2."""
        headings = [element for element in root.iter() if element.tag in _HEADINGS]
        used = self.embed_ids() | {value for element in root.iter() if (value := element.get("id"))}
        open_levels: list[int] = []
        for heading in headings:
            level = int(heading.tag[1])
            text = self._text(heading)
            if not heading.get("id"):
                heading.set("id", _unique(kramdown_id(text), used))
            skipped = heading.attrib.pop("data-toc-skip", None) is not None
            if level <= 4 and text and not skipped:
                self.toc.append(Heading(level, heading.get("id", ""), text))
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
            heading.tag = f"h{min(len(open_levels) + 1, 6)}"
        self.ids = {heading.get("id", "") for heading in headings}

    def _text(self, heading: Element) -> str:
        text = "".join(heading.itertext())
        text = text.replace("\x02amp\x03", "&")
        text = re.sub(r"\x02([0-9]{1,7})\x03", lambda m: chr(int(m[1])), text)
        text = INLINE_PLACEHOLDER_RE.sub("", text)
        text = HTML_PLACEHOLDER_RE.sub(self._stashed_text, text)
        return " ".join(self.formulas(text).split())

    def _stashed_text(self, match: re.Match[str]) -> str:
        """An entity's character; nothing for a tag."""
        number = int(match[1])
        stash = self.md.htmlStash
        source = str(stash.rawHtmlBlocks[number]) if number < stash.html_counter else ""
        return html.unescape(re.sub(r"<[^>]*>", "", source))


def kramdown_id(text: str) -> str:
    """The id kramdown gives a heading: lower case, no punctuation, spaces as hyphens, Hangul kept.

    >>> kramdown_id("성능: 어디까지 생성이 가능한가?")
    '성능-어디까지-생성이-가능한가'
    """
    kept = "".join(c for c in text.lower() if re.match(r"[\w\- \t]", c) or unicodedata.category(c)[0] == "M")
    return kept.replace(" ", "-").replace("\t", "-") or "section"


def _unique(wanted: str, used: set[str]) -> str:
    candidate, count = wanted, 0
    while candidate in used:
        count += 1
        candidate = f"{wanted}-{count}"
    used.add(candidate)
    return candidate
