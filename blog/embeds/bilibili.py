"""Bilibili."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode

from blog.embeds.base import Identity, Player, Provider

_ID = r"BV[1-9A-HJ-NP-Za-km-z]{10}"
_URL = re.compile(
    rf"(?ai:https?://(?:(?:www|m)\.)?bilibili\.com)/video/(?P<id>{_ID})/?"
    r"(?:\?(?P<query>[!-\"$-~]*))?(?:#[!-~]*)?(?P<rest>[^\x00-\x7f].*)?"
)
_PART = re.compile(r"[1-9][0-9]{0,3}")


class Bilibili(Provider):
    """Videos by their BV number. Bilibili has no oEmbed: no snapshot."""

    name = "bilibili"
    label = "Bilibili"
    includes = ("bilibili",)

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """`video/BV…`, with `?p=2` for the second part of a video that has several."""
        match = _URL.fullmatch(url)
        if match is None:
            return None
        part = parse_qs(match["query"] or "").get("p", [""])[0]
        return _identity(match["id"], part), match["rest"] or ""

    def from_id(self, value: str) -> Identity | None:
        """A BV number, or an address."""
        return _identity(value) if re.fullmatch(_ID, value) else super().from_id(value)

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player:
        """The player for other sites."""
        query = {"isOutside": "true", "bvid": provider_id, "autoplay": "0"}
        if _PART.fullmatch(options.get("part", "")):
            query["p"] = options["part"]
        return Player(f"https://player.bilibili.com/player.html?{urlencode(query)}", autoplay="autoplay=1")


def _identity(number: str, part: str = "") -> Identity:
    options = {"part": part} if _PART.fullmatch(part) and part != "1" else {}
    return Identity("bilibili", number, f"https://www.bilibili.com/video/{number}", options=options)
