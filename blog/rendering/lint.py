"""What an author may not have meant, with the line where it stands. Pure; words for it are the desk's business.

Markdown itself decides what is bold or code: where this file guesses, it looks at the rendered text first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from blog.embeds import identify
from blog.rendering.rendered import EmbedRef, Rendered
from blog.rendering.sanitize import ID_PREFIX, safe_id
from blog.rendering.text import shorten

_FENCE = re.compile(r"^[ >]*(?:(?:[-*+]|\d+[.)])[ ]+)?(`{3,}|~{3,})(?![^\n]*`)")
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_PICTURE = re.compile(r"!\[[ \t]*\](?=[\[(])|<img\b(?![^>]*\balt=[\"'][^\"'])[^>]*>", re.IGNORECASE)
# A picture without words for it, as the sanitiser writes one: the only rule for "no alt text", in databases too.
SILENT_PICTURE = r'<img( [a-z-]+="[^"]*")* alt=" *"'
_NO_PICTURE = re.compile(r"!\[[^\]\n]*\]\(\s*(?:data:[^)\n]*)?\)")
_NO_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(\s*<?(?:https?://|mailto:|javascript:[^)\n]*)?>?\s*\)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://)?(?P<host>[\w.-]+\.\w+)(?:/[!-~]*)?", re.ASCII)
_POSTS = re.compile(
    r"(?:[\w-]+\.)*(?:(?:fx|vx|fixup)?(?:x|twitter)\.com|youtu\.be|youtube(?:-nocookie)?\.com|vimeo\.com|bsky\.app"
    r"|open\.spotify\.com|twitch\.tv|bilibili\.com)",
    re.IGNORECASE,
)
_OPEN_TAG = re.compile(r"\{%-?\s*(?:embed|include|tweet)\b(?!.*%\}).*")
_HEADING = re.compile(r"^(?:> ?|[-*+] +|\d+[.)] +)*(#{1,6})\s*[^#\s]")
_HTML_HEADING = re.compile(r"<h([1-6])\b", re.IGNORECASE)
_ASTERISKS = re.compile(r"(?<![0-9a-z])\*\*|\*\*(?![0-9])")  # 2**10 is a power
_UNDERSCORES = re.compile(r"(?<!\w)__(?=\S)[^_\n]+__|__[^_\n]+(?<=\S)__(?!\w)")
_UNDERLINE = re.compile(r"^(=+|-+)[ ]*$")
_EXCERPT = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `line` counts from 1; 0 is nowhere in particular. `about` is what it is about, as it is written."""

    line: int
    kind: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link or file that the text names."""

    line: int
    address: str


def problems(source: str, result: Rendered, *, generator: bool = False) -> list[Problem]:
    """All that can be said without a database, in the order of the text. `generator`: the post names a model."""
    lines = _lines(source)
    prose, unclosed = masked(lines)
    found = [
        *(Problem(number, "fence", about) for number, about in unclosed if about not in _code(result.html)),
        *_without_alt(prose, result.html),
        *_heading_jumps(prose),
        *_not_bold(prose, result.html),
        *(Problem(number, "picture", found[0][:_EXCERPT]) for number, found in _matches(_NO_PICTURE, prose)),
        *(Problem(number, "empty", found[0][:_EXCERPT]) for number, found in _matches(_NO_LINK, prose)),
        *_not_embedded(prose, result),
        *_dead_anchors(prose, result),
        *([] if generator else _without_model(lines, result)),
        *(Problem(_line_of_warning(lines, warning), "renderer", warning) for warning in result.warnings),
    ]
    return sorted(found, key=lambda problem: (problem.line == 0, problem.line))


def masked(lines: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """(the lines with code made blank, the fences that nothing closes)."""
    prose, unclosed = list(lines), list[tuple[int, str]]()
    closing: dict[str, list[int]] = {}
    for number in range(len(lines) - 1, -1, -1):
        if re.fullmatch(r"[ >]*(`{3,}|~{3,})[ \t]*", lines[number]):
            closing.setdefault(lines[number].strip(" >\t"), []).append(number)
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        if fence is None:
            prose[number] = _CODE.sub(lambda code: " " * len(code[0]), prose[number])
            number += 1
            continue
        ends = closing.get(fence[1], [])
        while ends and ends[-1] <= number:
            ends.pop()
        if not ends:
            unclosed.append((number + 1, lines[number].strip()[:_EXCERPT]))
            number += 1
            continue
        prose[number : ends[-1] + 1] = [""] * (ends[-1] + 1 - number)
        number = ends[-1] + 1
    return prose, unclosed


def _matches(pattern: re.Pattern[str], prose: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    return ((number, found) for number, line in enumerate(prose, start=1) for found in pattern.finditer(line))


def _not_embedded(prose: list[str], result: Rendered) -> Iterator[Problem]:
    """Addresses of posts that stay links though they stand on a line of their own, and tags that don't end."""
    embedded = set(_embed_lines(prose, result.embeds))
    warned = "\n".join(result.warnings)
    for number, line in enumerate(prose, start=1):
        address = _ADDRESS.fullmatch(line.strip())
        if address and _POSTS.fullmatch(address["host"]) and number not in embedded and address[0] not in warned:
            whole = address[0] if address[0].startswith("http") else f"https://{address[0]}"
            yield Problem(number, "blank" if identify(whole) and whole == address[0] else "address", address[0])
        elif (tag := _OPEN_TAG.search(line)) and "{%" in _shown(result.html):
            yield Problem(number, "tag", tag[0][:_EXCERPT])


def _shown(html: str) -> str:
    """What readers see as text, without code."""
    return unescape(re.sub(r"<[^>]*>", "\n", re.sub(r"<(pre|code)\b.*?</\1>", "", html, flags=re.DOTALL)))


def _code(html: str) -> str:
    """What readers see as blocks of code."""
    return unescape(re.sub(r"<[^>]*>", "", "\n".join(re.findall(r"<pre\b.*?</pre>", html, flags=re.DOTALL))))


def links(source: str, result: Rendered) -> list[Link]:
    """The site's own addresses that the text links to, once each."""
    prose, _ = masked(_lines(source))
    addresses = dict.fromkeys(unescape(href) for href in re.findall(r'<a\b[^>]*? href="([^"]+)"', result.html))
    return [Link(_line_with(prose, _spellings(address)), address) for address in addresses if address[0] != "#"]


def files(source: str, result: Rendered) -> list[Link]:
    """The pictures, films and sounds of the site that the text shows."""
    lines = _lines(source)
    shown = [unescape(path) for path in re.findall(r'<img\b[^>]*? src="(/[^"]*)"', result.html)]
    media = [embed.provider_id for embed in result.embeds if embed.provider in ("audio", "video")]
    found = [path for path in (*shown, *media) if path.startswith("/") and not path.endswith(result.files)]
    addresses = dict.fromkeys([*result.files, *found])
    return [Link(_line_with(lines, _spellings(path.rsplit("/", 1)[-1])), path) for path in addresses]


def embed_lines(source: str, embeds: Iterable[EmbedRef]) -> list[int]:
    """The line of each embed, 0 where it isn't found; embeds stand in the order of the text."""
    prose, _ = masked(_lines(source))
    return _embed_lines(prose, embeds)


def _embed_lines(prose: list[str], embeds: Iterable[EmbedRef]) -> list[int]:
    found, start = [], 0
    for embed in embeds:
        names = (embed.provider_id.rsplit("/", 1)[-1], embed.key)
        line = _line_with(prose, names, start)
        found.append(line)
        start = line or start
    return found


def places(source: str, result: Rendered) -> list[tuple[int, str]]:
    """(line, id on the page) of headings and embeds, to keep text and preview in step."""
    prose, _ = masked(_lines(source))
    embeds = zip(embed_lines(source, result.embeds), (safe_id(e.key) or "" for e in result.embeds), strict=True)
    ids = re.findall(r'<h[1-6]\b[^>]*? id="([^"]*)"', result.html)
    numbers = [number for number, _level in _headings(prose)]
    titles = zip(numbers, map(unescape, ids), strict=True) if len(ids) == len(numbers) else ()
    return sorted((line, name) for line, name in [*embeds, *titles] if line and name)


def _lines(source: str) -> list[str]:
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def silent_pictures(html: str) -> list[str]:
    """The addresses of the pictures without words for those who can't see them."""
    tags = (match[0] for match in re.finditer(SILENT_PICTURE + r'[^<>"]*(?:"[^"]*"[^<>"]*)*>', html))
    return [unescape(src[1]) if (src := re.search(r' src="([^"]*)"', tag)) else "" for tag in tags]


def _without_alt(prose: list[str], html: str) -> Iterator[Problem]:
    """One for each such picture, where it is written: as a picture without words, else where its file is named."""
    written = [
        match[0] if (match := re.search(rf"(?:{_PICTURE.pattern}).*", line, re.IGNORECASE)) else "" for line in prose
    ]
    start = 0
    for address in silent_pictures(html):
        names = _spellings(address.rsplit("/", 1)[-1])
        line = _line_with(written, names, start) or _line_with(written, names)
        about = written[line - 1] if line else unquote(address)
        start = line or start
        yield Problem(line or _line_with(prose, names), "alt", about.strip()[:_EXCERPT])


def _headings(prose: list[str]) -> Iterator[tuple[int, int]]:
    """(line, level) of each heading as it is written."""
    for number, line in enumerate(prose):
        if match := _HEADING.match(line):
            yield number + 1, len(match[1])
        elif match := _HTML_HEADING.search(line):
            yield number + 1, int(match[1])
        elif (
            number
            and _UNDERLINE.match(line)
            and prose[number - 1].strip()
            and not (number > 1 and prose[number - 2].strip())
            and not re.match(r"\s*(?:[-*+>#]|\d+\.)", prose[number - 1])
        ):
            yield number, 1 if line[0] == "=" else 2


def _heading_jumps(prose: list[str]) -> Iterator[Problem]:
    before = 0
    for number, level in _headings(prose):
        if before and level > before + 1:
            yield Problem(number, "heading", f"{'#' * before} → {'#' * level}")
        before = level


def _not_bold(prose: list[str], html: str) -> Iterator[Problem]:
    """Asterisks that readers would see, and underscores around words."""
    if "**" not in html and "__" not in html:
        return
    shown = _shown(html)
    for number, line in enumerate(prose, start=1):
        left = re.sub(r"\\[*_]", "  ", line)
        if (match := _UNDERSCORES.search(left)) and match[0] in shown:
            yield Problem(number, "underscores", match[0])
        for match in _ASTERISKS.finditer(left):
            around = left[max(0, match.start() - 4) : match.end() + 4].strip()
            if around in shown:
                yield Problem(number, "bold", line[max(0, match.start() - 10) : match.end() + 20].strip())
                break


def _dead_anchors(prose: list[str], result: Rendered) -> Iterator[Problem]:
    there = {unescape(name) for name in re.findall(r' id="([^"]*)"', result.html)}
    there |= {safe_id(embed.key) or "" for embed in result.embeds}
    for address in dict.fromkeys(unescape(href) for href in re.findall(r'<a\b[^>]*? href="(#[^"]+)"', result.html)):
        if unquote(address[1:]) not in there and not address.startswith("#prompt-"):
            written = (
                f"#{address.removeprefix(f'#{ID_PREFIX}').removeprefix('#')}"  # the sanitiser's prefix is none of it
            )
            yield Problem(_line_with(prose, (*_spellings(address), *_spellings(written))), "anchor", written)


def _without_model(lines: list[str], result: Rendered) -> Iterator[Problem]:
    start = 0
    for prompt in result.prompts:
        first = next((line.strip() for line in prompt.text.split("\n") if line.strip()), "")
        line = _line_with(lines, (first[:60],), start)
        start = line or start
        if not prompt.settings.get("model"):
            yield Problem(line, "model", shorten(first, _EXCERPT))


def _line_of_warning(lines: list[str], warning: str) -> int:
    """The line that holds what a warning of the renderer names."""
    tag = re.search(r"\{%.*?%\}|https?://\S+|/\S+\.\w+|<\w+", warning)
    return _line_with(lines, (tag[0].rstrip(".,;"),)) if tag else 0


def _spellings(address: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((address, unquote(address))))


def _line_with(lines: list[str], names: Iterable[str], start: int = 0) -> int:
    """The first line from `start` (from 0) that holds one of the names, counted from 1; 0 if none does."""
    wanted = [name for name in names if name]
    for number in range(start, len(lines)):
        if any(name in lines[number] for name in wanted):
            return number + 1
    return 0
