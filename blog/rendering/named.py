"""Which files of the site a text names, whether or not readers see them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

from blog.rendering.pipeline import site_path
from blog.rendering.sanitize import is_remote

# Where an address may stand: in an attribute, in Markdown's brackets, between anything that no plain address holds.
_PLACES = (
    re.compile(r'="([^"]+)"'),
    re.compile(r"\]\(\s*<([^<>\n]+)>"),
    re.compile(r"\]\(\s*((?:[^\s()<>]|\([^\s()]*\))+)"),
    re.compile(r"[^\s\"'<>()\[\]{}?#]+"),
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif)$", re.IGNORECASE)
MAX_LENGTH = 500


def files_named(text: str, media_url: str, variables: Mapping[str, object] | None = None) -> set[str]:
    """The files that a text names, as Markdown or as HTML, each by its path below the media root.

    A name that might be one counts: nothing is shown by this, but nothing that is named is thrown away either.
    """
    variables = variables or {}
    prefix = str(variables.get("media_subpath") or variables.get("img_path") or "")
    found = set()
    for address in {address for place in _PLACES for address in place.findall(text)}:
        if media_url in address:
            found.add(unquote(unescape(address)).partition(media_url)[2])
        elif _PICTURE.search(address) and not is_remote(address):
            found.add(site_path(unescape(address), "" if is_remote(prefix) else prefix)[1:])
    return {name for name in found if 0 < len(name) <= MAX_LENGTH and "\x00" not in name}
