"""What a page needs around the author's text: links to sections, titles of callouts, names for what scrolls.

Added to HTML that is safe already, so that none of it need be allowed to authors. The sanitiser writes it: well formed,
values in double quotes, "<" nowhere but where a tag begins. Regular expressions can read that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from blog.rendering.rendered import TAG
from blog.rendering.text import shorten

_MORE = r'(?: [a-z-]+(?:="[^"]*")?)*'  # attributes
_HEADING = re.compile(rf'(<h([2-6]){_MORE}? id="([^"]*)"{_MORE})>(.*?)</h\2>', re.DOTALL)
_OF_NO_PICTURES = re.compile(r'<p class="image">((?:(?!<img|</p>).)*)</p>', re.DOTALL)  # links in their stead
_QUOTE = re.compile(rf'<blockquote class="([^"]*)"({_MORE})>')
_CODE = re.compile(
    rf'<figure class="(code\b[^"]*)"({_MORE})>(<figcaption>([^<]*)</figcaption>)?'
    r'<pre tabindex="0"><code(?: class="language-([^"]*)")?>(.*?)</code>',
    re.DOTALL,
)
_PRE = re.compile(rf"<pre({_MORE})>")
_TABLE = re.compile(rf'<div class="scroll" tabindex="0">(<table{_MORE}>(?:\s*<thead>.*?</thead>)?)', re.DOTALL)
_HEAD_CELL = re.compile(rf"<th{_MORE}>(.*?)</th>", re.DOTALL)
_FORMULA = re.compile(rf'<math alttext="([^"]*)"{_MORE}>.*?</math>', re.DOTALL)
_BACK = re.compile(
    r'<a class="footnote-backref" href="(#fnref([0-9]*):[^"]*)" title="↩ ([0-9]+)">↩</a>',
)
_TITLES = ("note", "important", "caution", "tip", "info", "warning", "danger")
_UNNUMBERED = frozenset(("", "text", "plaintext", "console", "terminal"))  # as Chirpy has it


def finish(html: str, words: Mapping[str, str]) -> str:
    """The body of a text as it is stored."""
    html = _OF_NO_PICTURES.sub(r"<p>\1</p>", html)
    html = _HEADING.sub(lambda match: _heading(match, words), html)
    html = _QUOTE.sub(lambda match: _callout(match, words), html)
    html = _CODE.sub(lambda match: _code(match, words), html)
    html = _PRE.sub(lambda match: _pre(match, words), html)
    html = _TABLE.sub(lambda match: _table(match, words), html)
    html = _BACK.sub(lambda match: _back(match, words), html)
    html = html.replace('<a class="footnote-ref" ', '<a class="footnote-ref" role="doc-noteref" ')
    name = escape(words["footnotes"])
    return html.replace('<div class="footnote">', f'<div class="footnote" role="doc-endnotes" aria-label="{name}">')


def without_backlinks(html: str) -> str:
    """The way back from a footnote isn't part of what it says."""
    return _BACK.sub("", html)


def _heading(match: re.Match[str], words: Mapping[str, str]) -> str:
    """A link at its end; the heading's own name stays its text."""
    start, level, name, inner = match.groups()
    if not (text := _plain(inner)):
        return match[0]
    label = escape(words["section"].format(text))
    link = f'<a class="anchor" href="#{name}" aria-label="{label}"></a>'
    return f'{start} aria-labelledby="h:{name}"><span id="h:{name}">{inner}</span>{link}</h{level}>'


def _callout(match: re.Match[str], words: Mapping[str, str]) -> str:
    classes = re.findall(r"(?:callout|prompt)-(\w+)", match[1])
    kind = next((kind for kind in _TITLES if kind in classes), None)
    if kind is None:
        return match[0]
    lang = f' lang="{words["lang"]}"' if words["lang"] else ""
    title = f'<p class="callout-title"{lang}><strong>{escape(words[kind])}</strong></p>'
    return f'<blockquote class="{match[1]}"{match[2]} role="note">{title}'


def _code(match: re.Match[str], words: Mapping[str, str]) -> str:
    """Lines are numbered in an attribute, which only the style sheet shows: copies and feeds are without."""
    classes, rest, caption, label, language, code = match.groups()
    lines = code.rstrip("\n").count("\n") + 1
    numbered = lines > 1 and "nolineno" not in classes.split() and (language or "") not in _UNNUMBERED
    numbers = f' data-lines="{"&#10;".join(map(str, range(1, lines + 1)))}"' if numbered else ""
    name = escape(words["code"]) + (f": {label}" if label else "")
    language_class = f' class="language-{language}"' if language else ""
    return (
        f'<figure class="code"{rest}>{caption or ""}<pre tabindex="0"{numbers} role="group" aria-label="{name}">'
        f"<code{language_class}>{code}</code>"
    )


def _pre(match: re.Match[str], words: Mapping[str, str]) -> str:
    """Code without a figure: indented, or the author's own element."""
    return match[0] if " role=" in match[1] else f'<pre{match[1]} role="group" aria-label="{escape(words["code"])}">'


def _table(match: re.Match[str], words: Mapping[str, str]) -> str:
    columns = shorten(", ".join(filter(None, map(_plain, _HEAD_CELL.findall(match[1])))), 100)
    name = escape(words["table"] + (f": {columns}" if columns else ""))
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{name}">{match[1]}'


def _back(match: re.Match[str], words: Mapping[str, str]) -> str:
    address, again, note = match.groups()
    label = words["back_again"].format(note, again) if again else words["back"].format(note)
    shown = f"↩\ufe0e<sup>{again}</sup>" if again else "↩\ufe0e"
    return f'<a class="footnote-backref" href="{address}" role="doc-backlink" aria-label="{escape(label)}">{shown}</a>'


def _plain(html: str) -> str:
    html = _FORMULA.sub(r"\1", html)
    return " ".join(unescape(TAG.sub("", re.sub(r"</[a-z0-9]+>", "", html))).split())
