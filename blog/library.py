"""Where pictures are used: in texts, as covers, as posters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from django.conf import settings

from blog.models import Embed, Image, Page, Post, PostEmbed

_ATTRIBUTE = re.compile(r'="([^"]+)"')
_WORD = re.compile(r"[^\s\"'<>()\[\]{}?#]+")


class Use(NamedTuple):
    """What shows a picture: "post", "page" or "embed", with its key and what it is called."""

    kind: str
    pk: int
    title: str


def uses() -> dict[int, list[Use]]:
    """For each picture that is used, where. Reads all texts once: for lists and filters, not for readers' pages."""
    names: dict[str, int] = {}
    for pk, file, path in Image.objects.values_list("pk", "file", "path"):
        names |= {name: pk for name in (file, (path or "").lstrip("/")) if name}
    found: defaultdict[int, dict[Use, None]] = defaultdict(dict)  # each use once, in order
    for use, text in _texts():
        for name in media_named(text):
            if name in names:
                found[names[name]][use] = None
    for pk, title, image in Post.objects.filter(image__isnull=False).values_list("pk", "title", "image"):
        found[image or 0][Use("post", pk, title)] = None
    for embed in Embed.objects.filter(poster__isnull=False).defer("details"):
        found[embed.poster_id or 0][Use("embed", embed.pk, str(embed))] = None
    return {pk: list(rows) for pk, rows in found.items()}


def _texts() -> Iterator[tuple[Use, str]]:
    for pk, title, body, html in Post.objects.values_list("pk", "title", "body", "body_html").iterator():
        yield Use("post", pk, title), f"{body}\n{html}"
    for pk, title, body, html in Page.objects.values_list("pk", "title", "body", "body_html").iterator():
        yield Use("page", pk, title), f"{body}\n{html}"
    placed = PostEmbed.objects.exclude(options={})
    for post, title, options in placed.values_list("post", "post__title", "options").iterator():
        yield Use("post", post, title), " ".join(f'="{value}"' for value in options.values())


def media_named(text: str) -> set[str]:
    """The files of the media folder that a text names, as Markdown or as HTML, each as the storage calls it."""
    root = settings.MEDIA_URL
    if root not in text:
        return set()
    parts = {*_ATTRIBUTE.findall(text), *_WORD.findall(text)}
    return {unquote(unescape(part)).partition(root)[2] for part in parts if root in part}
