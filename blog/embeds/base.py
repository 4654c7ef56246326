"""What every provider of embeds knows, and the plain data it deals in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # and halves of characters, which JSON can hold


@dataclass(frozen=True, slots=True)
class Identity:
    """One post, clip or song on another site, as far as its address alone tells."""

    provider: str
    id: str
    url: str  # canonical: two spellings of one address give one Identity.url
    author_handle: str = ""
    posted_at: datetime | None = None  # aware, UTC; only if the id itself holds the date
    options: Mapping[str, str] = field(default_factory=dict)  # how to show it here: {"start": "90"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a provider says about a post. Plain text throughout: no provider's HTML is kept."""

    author_name: str = ""
    author_handle: str = ""
    text: str = ""
    text_lang: str = ""
    posted_at: datetime | None = None  # aware, UTC
    aspect: str = ""  # "16:9"
    duration: timedelta | None = None
    still: str = ""  # address of a picture of it
    still_alt: str = ""
    details: Mapping[str, str] = field(default_factory=dict)  # what only this provider's player or links need


class UnreadableError(ValueError):
    """A provider's answer isn't what its documentation says."""


@dataclass(frozen=True, slots=True)
class Player:
    """How to play an embed: in a frame of its provider's, or by the browser itself.

    `src` may hold {theme}, {lang}, {host} and {id} (any number): the script fills them in when a reader asks for the
    player.
    """

    src: str
    kind: Literal["frame", "video", "audio"] = "frame"
    sizing: str = ""  # who says how high the frame is: "x", "bluesky", "mastodon"; "" is the aspect ratio
    height: int = 0  # CSS pixels, of a frame that has always the same; 0: see above
    autoplay: str = ""  # a query parameter that a click adds, so that one click plays
    referrer_policy: str = "no-referrer"
    allow: str = "autoplay; encrypted-media; fullscreen; picture-in-picture"

    @property
    def origin(self) -> str:
        """Whom the player loads from: https://platform.twitter.com."""
        return "/".join(self.src.split("/", 3)[:3])

    @property
    def host(self) -> str:
        """The same for people: platform.twitter.com."""
        return self.origin.partition("://")[2]


class Provider:
    """A site whose posts can be embedded. One file per provider, listed in `registry`; docs/providers.md is a recipe.

    The defaults are those of a site that tells nothing about its posts and has no player.
    """

    name: str  # stored in the database and used in template names: never rename
    label: str  # what readers see, in "View on …"
    includes: tuple[str, ...] = ()  # names of Chirpy's `embed/<name>.html` includes
    arguments: tuple[str, ...] = ()  # of these includes, besides the id
    endpoint: str = ""  # where `question` leads; "" if nobody answers there
    hosts: tuple[str, ...] = ()  # which the server may ask: the endpoint's and those of stills
    missing: tuple[int, ...] = (404, 410)  # what it answers about a post that isn't there
    known_public: str = ""  # address of a post that is sure to be public; tells "protected" from "answers nobody"

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """Identify an https address; also return what follows it (a Korean particle), or None."""
        return None

    def from_id(self, value: str) -> Identity | None:
        """Identify what an include's `id=` holds: an id, a path or a URL."""
        found = self.from_url(value)
        return found[0] if found else None

    def author_url(self, handle: str) -> str:
        """Where the author of `handle` lives on the provider's site, or ""."""
        return ""

    def site(self, url: str) -> str:
        """What readers call the site of the post at `url`: whom they trust when they load a player."""
        return self.label

    def question(self, url: str) -> str:
        """The address that answers what is known about the post at `url`, or ""."""
        return ""

    def hosts_of(self, url: str) -> tuple[str, ...]:
        """The hosts that may be asked about the post at `url`."""
        return self.hosts

    def read(self, answer: Mapping[str, Any]) -> Snapshot:
        """Make a snapshot of a JSON answer. Raises UnreadableError."""
        raise UnreadableError("This provider gives no answers.")

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player | None:
        """The player for a post, or None."""
        return None


def string(answer: Mapping[str, Any], key: str) -> str:
    """A string of an answer; "" for anything else."""
    value = answer.get(key)
    return _CONTROLS.sub("", value).strip() if isinstance(value, str) else ""


def positive(answer: Mapping[str, Any], key: str) -> int:
    """A whole number above 0 of an answer, also one written as a string; 0 for anything else."""
    value = answer.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9 else 0


def https(address: str) -> str:
    """`address` if it is an https one, else "": what a provider says may be anything."""
    clean = address.isprintable() and not any(c in address for c in " <>\"'\\`")
    return address if clean and address.startswith("https://") else ""
