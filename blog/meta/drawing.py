"""The picture that stands for a post's link: its still, dimmed, with the title below as a subtitle. Knows no Django.

1200 × 630, as https://ogp.me/ users ask for. KakaoTalk cuts it to 2:1 and X to 1.91:1, both around the centre:
what matters keeps clear of the edges.
"""

from __future__ import annotations

import io
import math
import unicodedata
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont, ImageOps
from pylopdf_fonts_ko import sans_path, serif_path

from blog.rendering.text import bound

SIZE = (1200, 630)
DESIGN = 1  # another number draws all cards anew
_MARGIN = 72  # KakaoTalk takes 15 pixels above and below
_TITLE_SIZES = (92, 84, 76, 68, 60, 54, 48)
_TITLE_LINES = 3
_LEADING = 1.28
_SITE_SIZE = 30
_PAPER, _INK, _SOFT, _LINE, _ACCENT = (
    "#faf7f1",
    "#1f1a15",
    "#574d43",
    "#ddd4c6",
    "#8f2415",
)  # static/css/site.css by day
_HALL, _LIGHT, _DIM, _GLOW = "#161310", "#faf7f1", "#d8cfc2", "#f2a78f"  # … and in the dark


def draw(title: str, site: str, still: Image.Image | None = None) -> bytes:
    """A JPEG. Titles in letters that the typeface lacks are left to the words beside the picture."""
    if still:
        card = _dimmed(still)
        _write(card, _shown(title), SIZE[1] - _MARGIN - _SITE_SIZE - 34, _LIGHT, _GLOW)
        _sign(card, site, SIZE[1] - _MARGIN, _DIM)
    else:
        card = Image.new("RGB", SIZE, _PAPER)
        _sign(card, site, _MARGIN + _SITE_SIZE, _SOFT)
        ImageDraw.Draw(card).line([(_MARGIN, 134), (SIZE[0] - _MARGIN, 134)], _LINE, 2)
        _write(card, _shown(title), SIZE[1] - _MARGIN - 16, _INK, _ACCENT)
    return _jpeg(card)


def _sign(card: Image.Image, site: str, baseline: int, colour: str) -> None:
    font = _typeface(sans_path().as_posix(), _SITE_SIZE)
    name = _fitted(_shown(site), font, SIZE[0] - 2 * _MARGIN)
    ImageDraw.Draw(card).text((_MARGIN, baseline), name, colour, font, anchor="ls")


def _write(card: Image.Image, title: str, baseline: int, colour: str, accent: str) -> None:
    """The title, its last line on `baseline`, and a short rule above it."""
    if not title:
        return
    pen = ImageDraw.Draw(card)
    lines, font, leading = _set(title)
    for line in reversed(lines):
        pen.text((_MARGIN, baseline), line, colour, font, anchor="ls", stroke_width=0.6, stroke_fill=colour)
        baseline -= leading
    top = baseline + leading - round(font.size) - 34
    pen.line([(_MARGIN, top), (_MARGIN + 88, top)], accent, 4)


def _dimmed(still: Image.Image) -> Image.Image:
    """The still, filling the card; the light goes out towards the words."""
    picture = ImageOps.fit(still.convert("RGB"), SIZE, Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    shade = Image.linear_gradient("L").resize(SIZE).point([_shade(level) for level in range(256)])
    return Image.composite(Image.new("RGB", SIZE, _HALL), picture, shade)


def _shade(level: int) -> int:
    """How dark it is at a height (0 is the top, 255 the bottom): words read well (4.5:1) on a white still, too."""
    return round(10 + 226 / (1 + math.exp((103 - level) / 16)))


def _set(title: str) -> tuple[list[str], ImageFont.FreeTypeFont, int]:
    """(lines, typeface, distance of lines): as large as it fits; a title that never does is cut."""
    width = SIZE[0] - 2 * _MARGIN
    for size in _TITLE_SIZES:
        font = _typeface(serif_path().as_posix(), size)
        lines = wrapped(title, font, width)
        if len(lines) <= _TITLE_LINES and (len(lines) < _TITLE_LINES or size <= 60):
            break
    if len(lines) > _TITLE_LINES:
        last = _fitted(f"{lines[_TITLE_LINES - 1]} {lines[_TITLE_LINES]}", font, width)
        lines = [*lines[: _TITLE_LINES - 1], last]
    else:
        lines = _balanced(title, font, width, len(lines))
    return lines, font, round(size * _LEADING)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Lines that break between words, as Korean is set; a word wider than a line breaks where it must."""
    lines: list[str] = []
    used = 0.0  # of the last line
    for word in bound(text).split(" "):
        longer = used + _length(font, " ") + _length(font, word)
        if lines and longer <= width:
            lines[-1] += f" {word}"
            used = longer
            continue
        while _length(font, word) > width:
            end = next(end for end in range(len(word), 0, -1) if end == 1 or _length(font, word[:end]) <= width)
            lines.append(word[:end])
            word = word[end:]
        used = _length(font, word)
        if word:
            lines.append(word)
    return lines


@lru_cache(maxsize=4096)
def _length(font: ImageFont.FreeTypeFont, text: str) -> float:
    return font.getlength(text)


def _balanced(text: str, font: ImageFont.FreeTypeFont, width: int, count: int) -> list[str]:
    """The same number of lines, none much shorter than the others."""
    narrow, wide = 0, width
    while wide - narrow > 8:
        middle = (narrow + wide) // 2
        fits = len(wrapped(text, font, middle)) <= count
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return wrapped(text, font, wide)


def _fitted(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """One line, cut with "…" if it is too long."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _shown(text: str) -> str:
    """The text without signs that the typeface lacks, such as emoji; "" if it lacks letters."""
    kept = []
    for character in " ".join(unicodedata.normalize("NFC", text).split()):
        if _is_selector(character):
            continue
        if character == " " or _has(character):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LMN":
            return ""
    return " ".join("".join(kept).split())


def _is_selector(character: str) -> bool:
    """Of those that choose how the sign before them looks: they are marks, and never seen."""
    return "\ufe00" <= character <= "\ufe0f" or character == "\u20e3"


@cache
def _missing() -> tuple[tuple[int, int], bytes]:
    mask = _typeface(serif_path().as_posix(), 32).getmask("\U0010ffff")
    return mask.size, bytes(mask)


@lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    mask = _typeface(serif_path().as_posix(), 32).getmask(character)
    return character.isprintable() and (mask.size, bytes(mask)) != _missing()


@cache
def _typeface(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _jpeg(card: Image.Image) -> bytes:
    """With half the blur that JPEG gives to coloured edges: without any, it takes half as long again.

    Progressive: 6 % smaller, for twice the time.
    """
    buffer = io.BytesIO()
    card.save(buffer, "JPEG", quality=86, subsampling="4:2:2", optimize=True)
    return buffer.getvalue()
