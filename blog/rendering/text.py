"""Plain text from HTML, and what is measured on it: reading time, language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_BLOCKS = frozenset(
    (
        "address article aside blockquote dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol "
        "p pre section summary table tr ul"
    ).split()
)
# People read about 500 Hangul syllables, kana or Chinese characters a minute, or 230 words set in letters.
# https://doi.org/10.1016/j.jml.2019.104047 (Brysbaert 2019); for Korean the usual figure of reading tests.
_SYLLABLE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_WORD = re.compile(r"[^\W\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]+")
SYLLABLES_A_MINUTE = 500
WORDS_A_MINUTE = 230
_SEPARATOR = re.compile(r" ([|·:/—–-]) ")
_EMPHASIS = frozenset(("b", "em", "i", "strong", "u"))
_ASIDE = frozenset("aside blockquote details dl figure li table".split())  # beside the running text


class _TextExtractor(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[tuple[str, str]] = []  # (nearest block element, its text)
        self._open: list[str] = ["p"]
        self._pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.flush()
            if tag != "hr":
                self._open.append(tag)
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "img":
            self._pieces.append(dict(attrs).get("alt") or "")
        elif tag in ("td", "th"):
            self._pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
            if tag in self._open[1:]:
                while self._open.pop() != tag:
                    pass

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)

    def flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if self._open[-1] != "pre":
            text = re.sub(r"[ \t\r\n]+", " ", text)
        if text.strip():
            self.blocks.append((self._open[-1], text.strip()))


def blocks(html: str) -> list[tuple[str, str]]:
    """The text of each block of well-formed HTML, with the name of the element it stands in."""
    extractor = _TextExtractor()
    extractor.feed(html)
    extractor.close()
    extractor.flush()
    return extractor.blocks


def plain_text(html: str) -> str:
    """The text of well-formed HTML, a line a block; pictures give their alternative text."""
    return "\n".join(text for _, text in blocks(html))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the running text."""

    text: str
    has_picture: bool
    is_set_off: bool  # all of it is emphasised: a caption, or a title by other means


def paragraphs(html: str) -> list[Paragraph]:
    """The paragraphs of well-formed HTML that stand in no quote, list, table or figure; notes are no part of them."""
    reader = _ParagraphReader()
    reader.feed(html)
    reader.close()
    return reader.paragraphs


class _ParagraphReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[Paragraph] = []
        self._aside = 0
        self._emphasis = 0
        self._inside = self._reference = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ASIDE:
            self._aside += 1
        elif tag == "p" and not self._aside:
            self._inside = True
            self._pieces: list[str] = []
            self._plain = self._picture = False
        elif tag in _EMPHASIS:
            self._emphasis += 1
        elif tag == "img":
            self._picture = True
        elif tag == "br":
            self.handle_data(" ")
        elif tag == "a":
            self._reference = "footnote-ref" in (dict(attrs).get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag in _ASIDE:
            self._aside -= 1
        elif tag == "a":
            self._reference = False
        elif tag in _EMPHASIS:
            self._emphasis -= 1
        elif tag == "p" and self._inside:
            self._inside = False
            if text := " ".join("".join(self._pieces).split()):
                self.paragraphs.append(Paragraph(text, self._picture, not self._plain))

    def handle_data(self, data: str) -> None:
        if self._inside and not self._aside and not self._reference:
            self._pieces.append(data)
            self._plain = self._plain or (not self._emphasis and any(c.isalnum() for c in data))


def shorten(text: str, length: int) -> str:
    """At most `length` characters of `text` on one line, ending between words, with "…" where it was cut."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > length // 2 else cut).rstrip(" ,.;:") + "…"


def reading_minutes(text: str) -> int:
    """Whole minutes to read `text`, at least 1: Hangul, kana and Chinese by characters, the rest by words."""
    minutes = len(_SYLLABLE.findall(text)) / SYLLABLES_A_MINUTE + len(_WORD.findall(text)) / WORDS_A_MINUTE
    return max(1, round(minutes))


def guess_lang(text: str) -> str:
    """The language a short text is probably in, by its script: ko, ja, zh or en."""
    hangul = len(re.findall(r"[\uac00-\ud7a3]", text))
    kana = len(re.findall(r"[\u3040-\u30ff]", text))
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-z]", text)) / 3  # a syllable or character says about as much as three letters
    scripts = {"ko": hangul, "ja": (kana + chinese) if kana else 0, "zh": 0 if kana else chinese, "en": latin}
    best = max(scripts, key=lambda lang: scripts[lang])
    return best if scripts[best] else "en"


def bound(title: str) -> str:
    """A title whose signs between its parts stay with the words before them when it is broken into lines."""
    return _SEPARATOR.sub("\u00a0\\1 ", title)
