"""X, formerly Twitter."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from blog.embeds.base import Identity

# A snowflake's upper bits count milliseconds since this moment; ids below FIRST_SNOWFLAKE were a plain counter.
# https://docs.x.com/resources/fundamentals/x-ids
EPOCH_MS = 1288834974657
FIRST_SNOWFLAKE = 29700859247
LARGEST_ID = 2**63 - 1

_HANDLE = r"(?P<handle>[A-Za-z0-9_]{1,20})"
_STATUS = rf"(?:i/(?:web/)?|{_HANDLE}/)status(?:es)?/(?P<id>[0-9]{{1,19}})"
_TAIL = r"(?P<tail>(?:/(?:photo|video)/[0-9])?/?(?:\?[!-~]*)?(?:#[!-~]*)?)"
_URL = re.compile(
    rf"https?://(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com/{_STATUS}{_TAIL}(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_PATH = re.compile(rf"/?{_STATUS}/?", re.IGNORECASE)


class X:
    """Posts on x.com and twitter.com, by address, by path (`i/status/…`) or by number."""

    name = "x"
    label = "X"
    includes = ("twitter", "x")

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """The id ends where the digits end, so `…/status/1758…447입니다` is understood."""
        match = _URL.fullmatch(url)
        if match is None or _continues(match["rest"]):
            return None
        identity = _identity(match["id"], match["handle"])
        return (identity, match["rest"]) if identity else None

    def from_id(self, value: str) -> Identity | None:
        """Accept `1758…`, `i/status/1758…`, `OpenAI/status/1758…` and a whole URL."""
        if re.fullmatch(r"[0-9]{1,19}", value):
            return _identity(value, None)
        if match := _PATH.fullmatch(value):
            return _identity(match["id"], match["handle"])
        found = self.from_url(value)
        return found[0] if found else None

    def author_url(self, handle: str) -> str:
        """The profile page."""
        return f"https://x.com/{handle}"


def posted_at(status_id: int) -> datetime | None:
    """When a post was made, to the second, read out of its id; None for ids older than snowflakes (November 2010)."""
    if status_id < FIRST_SNOWFLAKE:
        return None
    return datetime.fromtimestamp(((status_id >> 22) + EPOCH_MS) // 1000, UTC)


def _identity(digits: str, handle: str | None) -> Identity | None:
    number = int(digits)
    if not 0 < number <= LARGEST_ID:
        return None
    return Identity("x", str(number), f"https://x.com/i/status/{number}", handle or "", posted_at(number))


def _continues(rest: str) -> bool:
    """Whether what follows the id makes it another address (`…/likes`, `…447abc`), not a particle."""
    return bool(rest) and (rest[0].isascii() and (rest[0].isalnum() or rest[0] in "/_-%@:"))
