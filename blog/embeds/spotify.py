"""Spotify."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from blog.embeds.base import Identity, Player, Provider, Snapshot, UnreadableError, https, string

_PATH = r"(?P<kind>track|album|playlist|artist|episode|show)/(?P<id>[A-Za-z0-9]{22})"
_URL = re.compile(
    rf"(?ai:https?://open\.spotify\.com)/(?:intl-[a-z]{{2}}/)?(?:embed/)?{_PATH}/?(?:\?[!-~]*)?(?:#[!-~]*)?"
    r"(?P<rest>[^\x00-\x7f].*)?"
)


class Spotify(Provider):
    """Songs, albums, lists, artists, podcasts and their episodes."""

    name = "spotify"
    label = "Spotify"
    includes = ("spotify",)
    arguments = ("compact", "dark")
    endpoint = "https://open.spotify.com/oembed"
    hosts = ("open.spotify.com", "i.scdn.co", "image-cdn-ak.spotifycdn.com", "image-cdn-fa.spotifycdn.com")

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """`intl-ko/` in an address is the language of the page, not of the song."""
        match = _URL.fullmatch(url)
        return (_identity(match["kind"], match["id"]), match["rest"] or "") if match else None

    def from_id(self, value: str) -> Identity | None:
        """The id of a song, `album/…`, or an address."""
        if re.fullmatch(r"[A-Za-z0-9]{22}", value):
            return _identity("track", value)
        if match := re.fullmatch(_PATH, value):
            return _identity(match["kind"], match["id"])
        return super().from_id(value)

    def question(self, url: str) -> str:
        """See https://developer.spotify.com/documentation/embeds/reference/oembed."""
        return f"{self.endpoint}?{urlencode({'url': url})}"

    def read(self, answer: Mapping[str, Any]) -> Snapshot:
        """A title and a square still; the artist isn't told."""
        title = string(answer, "title")
        if not title:
            raise UnreadableError("The answer has no title.")
        return Snapshot(text=title, aspect="1:1", still=https(string(answer, "thumbnail_url")))

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player:
        """`compact` is a bar without a list; `dark` drops the colours of the cover."""
        query = "?theme=0" if options.get("dark") else ""
        height = 152 if options.get("compact") else 352  # what Spotify's own player offers
        return Player(f"https://open.spotify.com/embed/{provider_id}{query}", height=height)


def _identity(kind: str, number: str) -> Identity:
    return Identity("spotify", f"{kind}/{number}", f"https://open.spotify.com/{kind}/{number}")
