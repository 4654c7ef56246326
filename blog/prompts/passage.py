"""The passage of a post that a prompt belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from blog.models import Prompt
from blog.rendering.rendered import placeholder
from blog.rendering.text import plain_text

# Elements as the sanitiser writes them: well formed, paragraphs and headings never nested.
_PARAGRAPH = r"<p(?: [^>]*)?>(?:(?!</p>).)*</p>"
_BEFORE = re.compile(rf"({_PARAGRAPH})\s*\Z", re.DOTALL)
_AFTER = re.compile(rf"\s*({_PARAGRAPH})", re.DOTALL)
_HEADING = re.compile(r"<(h[1-6])(?: [^>]*)?>(.*?)</\1>", re.DOTALL)
_NOTE = re.compile(r"<sup\b.*?</sup>", re.DOTALL)  # numbers of footnotes


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands around a prompt: the heading above it, the paragraphs that touch it."""

    heading: str = ""
    before: str = ""
    after: str = ""


def passage_of(prompt: Prompt) -> Passage:
    """From the post's stored HTML, as plain text. Nothing is taken from beyond a heading or another embed."""
    kind, number = ("embed", prompt.post_embed.position) if prompt.post_embed else ("prompt", prompt.position or 0)
    before, found, after = prompt.post.body_html.partition(placeholder(kind, number))
    if not found:
        return Passage()
    headings = _HEADING.findall(before)
    above, below = _BEFORE.search(_last_paragraph(before)), _AFTER.match(after)
    return Passage(
        heading=_text(headings[-1][1]) if headings else "",
        before=_text(above[1]) if above else "",
        after=_text(below[1]) if below else "",
    )


def _last_paragraph(html: str) -> str:
    """Only the end is searched: from each "<p" of a long text the expression would read to its end."""
    return html[max(html.rfind("<p>"), html.rfind("<p ")) :] if "<p" in html else ""


def _text(html: str) -> str:
    return plain_text(_NOTE.sub("", html))
