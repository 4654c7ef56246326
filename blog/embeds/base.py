"""What every provider of embeds knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Identity:
    """One post, clip or song on another site, as far as its address alone tells."""

    provider: str
    id: str
    url: str  # canonical: two spellings of one address give one Identity.url
    author_handle: str = ""
    posted_at: datetime | None = None  # aware, UTC; only if the id itself holds the date


class Provider(Protocol):
    """A site whose posts can be embedded. One file per provider, listed in `registry`."""

    @property
    def name(self) -> str:
        """Stored in the database and used in template names: never rename."""

    @property
    def label(self) -> str:
        """What readers see, in "View on …"."""

    @property
    def includes(self) -> tuple[str, ...]:
        """Names of Chirpy's `embed/<name>.html` includes."""

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """Identify an https address; also return what follows it (a Korean particle), or None."""

    def from_id(self, value: str) -> Identity | None:
        """Identify what an include's `id=` holds: an id, a path or a URL."""

    def author_url(self, handle: str) -> str:
        """Where the author of `handle` lives on the provider's site."""
