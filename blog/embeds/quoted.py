"""The words in a provider's HTML. The HTML itself is thrown away."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_ATTACHMENT = re.compile(r"pic\.(?:twitter|x)\.com/\w+|\[image or embed\]", re.IGNORECASE)
_LINES = frozenset(["li", "div"])  # begin a line
_BLOCKS = frozenset(["ul", "ol", "pre", "blockquote"])  # and end one, too
_HIDDEN = frozenset(["script", "style"])
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
# Codes that X still uses for those that took their place in the registry of languages.
_RENAMED = {"in": "id", "iw": "he", "ji": "yi", "msa": "ms"}


@dataclass
class Quoted:
    """A `<blockquote>` as oEmbed gives it: the words of its first paragraph, and what comes after."""

    text: str = ""
    lang: str = ""
    attributes: dict[str, str] = field(default_factory=dict)  # of the blockquote
    links: list[tuple[str, str]] = field(default_factory=list)  # (address, text) below the first paragraph


class _Reader(HTMLParser):
    """Collects text; links give their own words, or their title if these were shortened."""

    def __init__(self, *, whole: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.quoted = Quoted()
        self.whole = whole  # every paragraph is the text, not the first alone
        self.pieces: list[str] = []
        self.paragraphs = 0  # that have ended
        self.in_paragraph = False
        self.hidden = 0
        self.link: tuple[str, str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "blockquote" and not self.quoted.attributes:
            self.quoted.attributes = attributes
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "p":
            self._end_paragraph()  # not every `<p>` is closed
            self.in_paragraph = True
            if not self.paragraphs:
                self.quoted.lang = language(attributes.get("lang", ""))
            self._add("\n\n")
        elif tag == "br" or (self.whole and tag in _LINES | _BLOCKS):
            self._add("\n")
        elif tag == "a":
            self._end_link()
            self.link = (attributes.get("href", ""), attributes.get("title", ""), [])

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag == "p":
            self._end_paragraph()
        elif tag == "a":
            self._end_link()
        elif self.whole and tag in _BLOCKS:
            self._add("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self._add(data)

    def close(self) -> None:
        super().close()
        self._end_paragraph()
        self._end_link()

    def _add(self, words: str) -> None:
        if self.link:
            self.link[2].append(words)
        elif self.whole or not self.paragraphs:
            self.pieces.append(words)

    def _end_paragraph(self) -> None:
        if self.in_paragraph:
            self._end_link()
            self.in_paragraph = False
            self.paragraphs += 1

    def _end_link(self) -> None:
        if self.link is None:
            return
        address, title, words = self.link
        self.link = None
        text = "".join(words)
        if self.paragraphs and not self.whole:
            self.quoted.links.append((address, text.strip()))
        elif not _ATTACHMENT.fullmatch(text.strip()):
            self.pieces.append(title if title.startswith("https://") and "…" in text else text)


def read(html: str, *, whole: bool = False) -> Quoted:
    """The words of an HTML fragment, with its line breaks. `whole`: of every paragraph, not the first alone."""
    reader = _Reader(whole=whole)
    reader.feed(html.replace("<![", "<! ["))  # a comment in HTML; to the parser SGML, which it may stop at
    reader.close()
    lines = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", "".join(reader.pieces)).split("\n")
    text = "\n".join(re.sub(r"[ \t\xa0]+", " ", line).strip() for line in lines)
    reader.quoted.text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return reader.quoted


def language(code: str) -> str:
    """`code` if a page may call it a language (BCP 47), else "": X says "qme" of a post that is a picture alone."""
    match = _LANGUAGE.fullmatch(code)
    if match is None or len(code) > 20:
        return ""
    main = match[1].lower()
    if main in ("und", "zxx", "mul", "mis") or re.fullmatch("q[a-t][a-z]", main):
        return ""
    return _RENAMED.get(main, main) + match[2]
