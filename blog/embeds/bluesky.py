"""Bluesky."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from blog.embeds import quoted
from blog.embeds.base import Identity, Player, Provider, Snapshot, UnreadableError, string

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"  # https://atproto.com/specs/tid
_DID = r"did:(?:plc:[a-z2-7]{24}|web:[a-zA-Z0-9.-]{1,200})"
_HANDLE = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]{0,61}"
_KEY = rf"[{_ALPHABET}]{{13}}"
_TAIL = r"/?(?:\?[!-~]*)?(?:#[!-~]*)?(?P<rest>[^\x00-\x7f].*)?"
_URL = re.compile(
    rf"(?ai:https?://(?:www\.)?bsky\.app)/profile/(?P<author>{_DID}|{_HANDLE})/post/(?P<key>{_KEY}){_TAIL}"
)
_FRAME = re.compile(
    rf"(?ai:https?://embed\.bsky\.app)/embed/(?P<author>{_DID})/app\.bsky\.feed\.post/(?P<key>{_KEY}){_TAIL}"
)
_RECORD = re.compile(rf"at://(?P<did>{_DID})/app\.bsky\.feed\.post/{_KEY}")
_AUTHOR = re.compile(rf"https://bsky\.app/profile/({_HANDLE})")
_BYLINE = re.compile(rf"(?:(?P<name>.*?)\s*\(@{_HANDLE}\)|@{_HANDLE})", re.DOTALL)
_LONGEST = 200  # of an author that is stored; handles may have 253 characters, and have 20


class Bluesky(Provider):
    """Posts on bsky.app."""

    name = "bluesky"
    label = "Bluesky"
    includes = ("bluesky",)
    endpoint = "https://embed.bsky.app/oembed"
    hosts = ("embed.bsky.app",)

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """An author is named by handle or by DID; the key of the post holds its date."""
        match = _URL.fullmatch(url) or _FRAME.fullmatch(url)
        if match is None or len(match["author"]) > _LONGEST:
            return None
        author = match["author"] if match["author"].startswith("did:") else match["author"].lower()
        address = f"https://bsky.app/profile/{author}/post/{match['key']}"
        handle = "" if author.startswith("did:") else author
        identity = Identity(self.name, f"{author}/{match['key']}", address, handle, posted_at(match["key"]))
        return identity, match["rest"] or ""

    def author_url(self, handle: str) -> str:
        """The profile page."""
        return f"https://bsky.app/profile/{handle}"

    def question(self, url: str) -> str:
        """See https://docs.bsky.app/docs/advanced-guides/oembed."""
        return f"{self.endpoint}?{urlencode({'url': url})}"

    def read(self, answer: Mapping[str, Any]) -> Snapshot:
        """The author's DID, which the player goes by, stands in the HTML.

        The name has the handle in it, "Ada (@ada.example)", or is the handle.
        """
        quote = quoted.read(string(answer, "html"))
        record = _RECORD.fullmatch(quote.attributes.get("data-bluesky-uri", ""))
        if record is None:
            raise UnreadableError("The answer has no post in it.")
        author, name = _AUTHOR.fullmatch(string(answer, "author_url")), string(answer, "author_name")
        byline = _BYLINE.fullmatch(name)
        handle = author[1] if author and author[1] != "handle.invalid" else ""
        return Snapshot(
            author_name=(byline["name"] or "") if byline else name,
            author_handle=handle,
            text=quote.text,
            text_lang=quote.lang,
            details={"did": record["did"]},
        )

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player | None:
        """The frame tells its own height. It wants a DID, so there is none until one is known."""
        author, _, key = provider_id.partition("/")
        author = details.get("did") or author
        if not author.startswith("did:"):
            return None
        record = f"https://embed.bsky.app/embed/{author}/app.bsky.feed.post/{key}"
        return Player(f"{record}?id={{id}}&colorMode={{theme}}", sizing="bluesky")


def posted_at(key: str) -> datetime | None:
    """When a post was made, to the second, as its key says; None if that can't be (clients may choose the key)."""
    number = 0
    for character in key:
        number = number * 32 + _ALPHABET.index(character)
    seconds = (number >> 10) // 1_000_000
    started = datetime(2022, 11, 1, tzinfo=UTC).timestamp()  # Bluesky did not exist before
    return datetime.fromtimestamp(seconds, UTC) if started < seconds < 2**32 else None
