"""Twitch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from blog.embeds.base import Identity, Player, Provider

_TAIL = r"/?(?:\?[!-~]*)?(?:#[!-~]*)?(?P<rest>[^\x00-\x7f].*)?"
_HOST = r"https?://(?:(?:www|m)\.)?twitch\.tv"
_NUMBER = r"[1-9][0-9]{5,11}"
_NAME = r"[A-Z][A-Za-z0-9_-]{3,99}"  # a capital: `clips.twitch.tv/embed` is no clip
_VIDEO = re.compile(rf"(?ai:{_HOST}/(?:videos|\w+/v(?:ideo)?)/)(?P<id>{_NUMBER}){_TAIL}")
_CLIP = re.compile(rf"(?ai:https?://clips\.twitch\.tv/|{_HOST}/(?:\w+/)?clip/)(?P<id>{_NAME}){_TAIL}")


class Twitch(Provider):
    """Recorded streams and clips. Twitch tells nothing about them without a key: no snapshot."""

    name = "twitch"
    label = "Twitch"
    includes = ("twitch",)

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """A recording by its number, a clip by its name."""
        if match := _VIDEO.fullmatch(url):
            return _video(match["id"]), match["rest"] or ""
        if match := _CLIP.fullmatch(url):
            clip = match["id"]
            return Identity("twitch", f"clip/{clip}", f"https://clips.twitch.tv/{clip}"), match["rest"] or ""
        return None

    def from_id(self, value: str) -> Identity | None:
        """The number of a recording, or an address."""
        return _video(value) if re.fullmatch(_NUMBER, value) else super().from_id(value)

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player:
        """`parent` must name the page's host: https://dev.twitch.tv/docs/embed/video-and-clips/."""
        kind, _, name = provider_id.partition("/")
        query = urlencode({kind: name, "autoplay": "false"})
        address = "https://clips.twitch.tv/embed" if kind == "clip" else "https://player.twitch.tv/"
        return Player(f"{address}?{query}&parent={{host}}", autoplay="autoplay=true")


def _video(number: str) -> Identity:
    return Identity("twitch", f"video/{number}", f"https://www.twitch.tv/videos/{number}")
