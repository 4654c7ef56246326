"""YouTube."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from blog.embeds.base import Identity, Player, Provider, Snapshot, UnreadableError, https, positive, string
from blog.embeds.shape import ratio

_ID = r"[A-Za-z0-9_-]{11}"
_HOST = re.compile(r"(?ai:https?://(?:(?:www|m|music)\.)?(youtube\.com|youtu\.be|youtube-nocookie\.com))(?=/)")
_PATH = re.compile(rf"/(shorts|live|embed|v)/({_ID})/?")
_NO_VIDEOS = frozenset(["videoseries", "live_stream"])  # of 11 characters: `embed/` with these is a list, a channel
_CHANNEL = re.compile(r"https?://www\.youtube\.com/(@[^\s/?#<>\"'\\]{1,100}|(?:channel|user|c)/[\w%.-]{1,100})")
_TIME = re.compile(r"(?:([0-9]{1,3})h)?(?:([0-9]{1,4})m)?(?:([0-9]{1,6})s?)?")


class YouTube(Provider):
    """Videos, shorts and live streams. The address of a short says that it stands upright."""

    name = "youtube"
    label = "YouTube"
    includes = ("youtube",)
    arguments = ("start",)
    endpoint = "https://www.youtube.com/oembed"
    hosts = ("www.youtube.com", "i.ytimg.com")
    missing = (400, 404, 410)  # 400: an id that was never given out
    known_public = "https://www.youtube.com/watch?v=jNQXAC9IVRw"  # the first video of all

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """`watch?v=`, `youtu.be/`, `shorts/`, `live/` and `embed/`, with a start time or without."""
        match = _HOST.match(url)
        if match is None:
            return None
        found = re.match(r"[!-~]*", url)  # a particle may be glued to the end
        assert found is not None
        parts = urlsplit(found[0])
        query = parse_qs(parts.query)
        path = _PATH.fullmatch(parts.path)
        if match[1].lower() == "youtu.be":
            video = parts.path[1:].removesuffix("/")
        elif path:
            video = path[2]
        else:
            video = query.get("v", [""])[0] if parts.path in ("/watch", "/watch/") else ""
        if not re.fullmatch(_ID, video) or video in _NO_VIDEOS:
            return None
        options = {"start": start} if (start := _seconds((query.get("t") or query.get("start") or [""])[0])) else {}
        if path and path[1] == "shorts":
            options["aspect"] = "9:16"
        identity = Identity(self.name, video, f"https://www.youtube.com/watch?v={video}", options=options)
        return identity, url[found.end() :]

    def from_id(self, value: str) -> Identity | None:
        """A video's id, or an address."""
        if re.fullmatch(_ID, value):
            return Identity(self.name, value, f"https://www.youtube.com/watch?v={value}")
        return super().from_id(value)

    def author_url(self, handle: str) -> str:
        """The channel's page."""
        return f"https://www.youtube.com/{handle}"

    def question(self, url: str) -> str:
        """See https://oembed.com/providers.json."""
        return f"{self.endpoint}?{urlencode({'url': url, 'format': 'json'})}"

    def read(self, answer: Mapping[str, Any]) -> Snapshot:
        """Title, channel and still. The size is that of a player, 200 pixels wide or high: it gives the shape alone."""
        title = string(answer, "title")
        if not title:
            raise UnreadableError("The answer has no title.")
        channel = _CHANNEL.fullmatch(string(answer, "author_url"))
        return Snapshot(
            author_name=string(answer, "author_name"),
            author_handle=channel[1] if channel else "",
            text=title,
            aspect=ratio(positive(answer, "width"), positive(answer, "height")),
            still=https(string(answer, "thumbnail_url")),
        )

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player:
        """Without a referrer the player stops with error 153.

        https://developers.google.com/youtube/terms/required-minimum-functionality
        """
        start = _seconds(options.get("start", ""))
        query = {"rel": "0"} | ({"start": start} if start else {})
        return Player(
            f"https://www.youtube-nocookie.com/embed/{provider_id}?{urlencode(query)}",
            autoplay="autoplay=1",
            referrer_policy="strict-origin-when-cross-origin",
        )


def _seconds(value: str) -> str:
    """The start time in seconds: "1m30s", "90s" and "90" are "90"; "" for anything else, and for 0."""
    match = _TIME.fullmatch(value)
    if match is None:
        return ""
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return str(hours * 3600 + minutes * 60 + seconds or "")
