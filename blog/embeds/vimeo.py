"""Vimeo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

from blog.embeds.base import Identity, Player, Provider, Snapshot, UnreadableError, https, positive, string
from blog.embeds.shape import ratio

_HASH = r"[0-9a-f]{6,16}"
_VIDEO = rf"(?P<id>[1-9][0-9]{{2,11}})(?:/(?P<hash>{_HASH}))?/?(?:\?(?P<query>[!-\"$-~]*))?(?:#[!-~]*)?"
_COLLECTION = r"(?:channels/[\w-]+|groups/[\w-]+/videos|(?:album|showcase)/[0-9]+/video)"
_URL = re.compile(
    rf"(?ai:https?://(?:(?:www\.)?vimeo\.com/(?:{_COLLECTION}/)?|player\.vimeo\.com/video/))"
    rf"{_VIDEO}(?P<rest>[^\x00-\x7f].*)?"
)
_MEMBER = re.compile(r"https?://vimeo\.com/([\w-]{1,100})", re.ASCII)


class Vimeo(Provider):
    """Videos, also unlisted ones, whose address ends in a hash."""

    name = "vimeo"
    label = "Vimeo"
    includes = ("vimeo",)
    endpoint = "https://vimeo.com/api/oembed.json"
    hosts = ("vimeo.com", "i.vimeocdn.com")
    known_public = "https://vimeo.com/76979871"  # Vimeo's own example in its documentation

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """An id is of digits; the hash of an unlisted video belongs to its identity."""
        match = _URL.fullmatch(url)
        if match is None:
            return None
        secret = match["hash"] or parse_qs(match["query"] or "").get("h", [""])[0]
        video = f"{match['id']}/{secret}" if re.fullmatch(_HASH, secret) else match["id"]
        return Identity(self.name, video, f"https://vimeo.com/{video}"), match["rest"] or ""

    def from_id(self, value: str) -> Identity | None:
        """`76979871`, `76979871/8272103f6e` or an address."""
        return super().from_id(f"https://vimeo.com/{value}" if re.fullmatch(r"[0-9]+(?:/[0-9a-f]+)?", value) else value)

    def author_url(self, handle: str) -> str:
        """The member's page."""
        return f"https://vimeo.com/{handle}"

    def question(self, url: str) -> str:
        """See https://developer.vimeo.com/api/oembed/videos. A still is as wide as the player that is asked for."""
        return f"{self.endpoint}?{urlencode({'url': url, 'dnt': '1', 'width': '1280'})}"

    def read(self, answer: Mapping[str, Any]) -> Snapshot:
        """Title, member, length, still; `upload_date` is in UTC, written without a zone."""
        title = string(answer, "title")
        if not title:
            raise UnreadableError("The answer has no title.")
        seconds = positive(answer, "duration")
        member = _MEMBER.fullmatch(string(answer, "author_url"))
        return Snapshot(
            author_name=string(answer, "author_name"),
            author_handle=member[1] if member else "",
            text=title,
            posted_at=_moment(string(answer, "upload_date")),
            aspect=ratio(positive(answer, "width"), positive(answer, "height")),
            duration=timedelta(seconds=seconds) if seconds else None,
            still=https(string(answer, "thumbnail_url")),
        )

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player:
        """`dnt=1`: no cookies, no statistics. Videos that play on certain sites alone look at the referrer."""
        video, _, secret = provider_id.partition("/")
        query = {"dnt": "1"} | ({"h": secret} if secret else {})
        return Player(
            f"https://player.vimeo.com/video/{video}?{urlencode(query)}",
            autoplay="autoplay=1",
            referrer_policy="strict-origin-when-cross-origin",
        )


def _moment(text: str) -> datetime | None:
    """A date and time as Vimeo writes them; None for anything else, and for years that can't be."""
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if 2004 <= moment.year < 2100 else None
