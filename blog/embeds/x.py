"""X, formerly Twitter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from blog.embeds import quoted
from blog.embeds.base import Identity, Player, Provider, Snapshot, UnreadableError, string

# A snowflake's upper bits count milliseconds since this moment; ids below FIRST_SNOWFLAKE were a plain counter.
# https://docs.x.com/resources/fundamentals/x-ids
EPOCH_MS = 1288834974657
FIRST_SNOWFLAKE = 29700859247
LARGEST_ID = 2**63 - 1

_HANDLE = r"(?P<handle>[A-Za-z0-9_]{1,20})"
_STATUS = rf"(?:i/(?:web/)?|{_HANDLE}/)status(?:es)?/(?P<id>[0-9]{{1,19}})"
_TAIL = r"(?P<tail>(?:/(?:photo|video)/[0-9])?/?(?:\?[!-~]*)?(?:#[!-~]*)?)"
_URL = re.compile(
    rf"https?://(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com/{_STATUS}{_TAIL}(?P<rest>.*)",
    re.ASCII | re.IGNORECASE | re.DOTALL,  # ASCII: otherwise a dotless ı is an i
)
_PATH = re.compile(rf"/?{_STATUS}/?", re.ASCII | re.IGNORECASE)
_AUTHOR = re.compile(rf"https://(?:x|twitter)\.com/{_HANDLE}")


class X(Provider):
    """Posts on x.com and twitter.com, by address, by path (`i/status/…`) or by number."""

    name = "x"
    label = "X"
    includes = ("twitter", "x")
    # https://docs.x.com/x-for-websites/oembed-api; the endpoint on twitter.com redirects here.
    endpoint = "https://publish.x.com/oembed"
    hosts = ("publish.x.com",)
    known_public = "https://x.com/i/status/20"  # the first post of all

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

    def question(self, url: str) -> str:
        """`hide_thread`: a reply without the post it answers. The rest is about HTML, which isn't kept."""
        query = {"url": url, "omit_script": "1", "dnt": "true", "hide_thread": "true"}
        return f"{self.endpoint}?{urlencode(query)}"

    def read(self, answer: Mapping[str, Any]) -> Snapshot:
        """The words are in the HTML alone. `cache_age` (a string: 100 years) and the sizes tell nothing."""
        quote = quoted.read(string(answer, "html"))
        if not quote.attributes or not (quote.text or quote.links):
            raise UnreadableError("The answer has no post in it.")
        address, day = quote.links[-1] if quote.links else ("", "")
        found = self.from_url(address)
        author = _AUTHOR.fullmatch(string(answer, "author_url"))
        return Snapshot(
            author_name=string(answer, "author_name"),
            author_handle=author["handle"] if author else "",
            text=quote.text,
            text_lang=quote.lang,
            posted_at=(found[0].posted_at if found else None) or _day(day),
        )

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player:
        """The page that widgets.js would put into its frame; the frame tells its own height."""
        src = f"https://platform.twitter.com/embed/Tweet.html?id={provider_id}&dnt=true&theme={{theme}}&lang={{lang}}"
        return Player(src, sizing="x")


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


def _day(text: str) -> datetime | None:
    """The date at the foot of a post: "March 21, 2006". Posts older than snowflakes have no other."""
    try:
        day = datetime.strptime(text, "%B %d, %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
    return day if 2006 <= day.year <= 2010 else None
