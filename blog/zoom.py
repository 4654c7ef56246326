"""Pictures in a text lead to their files, which a script shows over the page."""

from __future__ import annotations

import re
from html import escape

SMALLEST = 160  # of a picture's given width: what is smaller is a sign in a line of text

# HTML as the sanitiser writes it: values always in double quotes, in which ">" may stand. Links stay links, and the
# stills of embeds have one of their own.
_ATTRIBUTES = r'[^<>"]*(?:"[^"]*"[^<>"]*)*'
_PLACES = re.compile(
    rf'<a\b{_ATTRIBUTES}>.*?</a>|<figure class="embed\b.*?</figure>'
    rf"|(?P<picture>(?:<picture\b{_ATTRIBUTES}>(?:<source\b{_ATTRIBUTES}>\s*)*)?<img\b(?P<img>{_ATTRIBUTES})>(?:\s*</picture>)?)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'(src|width|alt)="([^"]*)"')


def linked(html: str, label: str) -> str:
    """A text whose pictures are links to their files; `label` names those that have no words of their own."""
    return _PLACES.sub(lambda place: _linked(place, escape(label)), html) if "<img" in html else html


def _linked(place: re.Match[str], label: str) -> str:
    if place["picture"] is None:
        return place[0]
    about = dict(_ATTRIBUTE.findall(place["img"]))
    if not about.get("src") or int(about.get("width") or SMALLEST) < SMALLEST:
        return place[0]
    name = "" if about.get("alt") else f' aria-label="{label}"'
    return f'<a class="zoom" href="{about["src"]}"{name}>{place[0]}</a>'
