"""Mastodon, on the instances that a site allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from blog.embeds import quoted
from blog.embeds.base import Identity, Player, Provider, Snapshot, UnreadableError, https, positive, string
from blog.embeds.shape import ratio

_URL = re.compile(
    r"(?ai:https?://(?P<host>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}))"
    r"/@(?P<user>[A-Za-z0-9_]{1,60})/(?P<id>[1-9][0-9]{4,19})/?(?:\?[!-~]*)?(?:#[!-~]*)?(?P<rest>[^\x00-\x7f].*)?"
)
_LONGEST = 200  # of an author that is stored


class Mastodon(Provider):
    """Posts of an instance's own members. Its address tells an instance from any other site only if it is listed."""

    name = "mastodon"
    label = "Mastodon"
    includes = ("mastodon",)

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """Any address of the shape `https://host/@member/123`; `registry` asks whether the host is allowed."""
        match = _URL.fullmatch(url)
        if match is None:
            return None
        host, user = match["host"].lower(), match["user"]
        if len(f"{user}@{host}") > _LONGEST:
            return None
        post = f"{host}/@{user.lower()}/{match['id']}"  # an instance doesn't tell @Gargron from @gargron
        return Identity(self.name, post, f"https://{post}", f"{user}@{host}"), match["rest"] or ""

    def author_url(self, handle: str) -> str:
        """The member's page at home."""
        user, _, host = handle.partition("@")
        return f"https://{host}/@{user}"

    def site(self, url: str) -> str:
        """The instance: each is somebody else's."""
        return urlsplit(url).netloc

    def question(self, url: str) -> str:
        """The post itself, https://docs.joinmastodon.org/methods/statuses/#get: oEmbed has neither text nor date."""
        parts = urlsplit(url)
        return f"https://{parts.netloc}/api/v1/statuses/{parts.path.rpartition('/')[2]}"

    def hosts_of(self, url: str) -> tuple[str, ...]:
        """The instance, and where instances usually keep their pictures."""
        host = urlsplit(url).netloc
        return (host, *(f"{name}.{host}" for name in ("files", "media", "cdn")))

    def read(self, answer: Mapping[str, Any]) -> Snapshot:
        """https://docs.joinmastodon.org/entities/Status/; what stands behind a content warning stays there."""
        account, posted_at = answer.get("account"), _moment(string(answer, "created_at"))
        if not isinstance(account, dict) or posted_at is None:
            raise UnreadableError("The answer has no post in it.")
        warning = string(answer, "spoiler_text")
        attachments = answer.get("media_attachments")
        first = attachments[0] if isinstance(attachments, list) and attachments else None
        media: Mapping[str, Any] = first if isinstance(first, dict) else {}
        if warning or answer.get("sensitive") is True:
            media = {}
        width, height = _size(media)
        return Snapshot(
            author_name=string(account, "display_name") or string(account, "username"),
            text=warning or quoted.read(string(answer, "content"), whole=True).text,
            text_lang=quoted.language(string(answer, "language")),
            posted_at=posted_at,
            aspect=ratio(width, height),
            still=https(string(media, "preview_url")),
            still_alt=string(media, "description"),
        )

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player:
        """The frame tells its height when it is asked."""
        return Player(f"https://{provider_id}/embed", sizing="mastodon")


def _size(media: Mapping[str, Any]) -> tuple[int, int]:
    meta = media.get("meta")
    original = meta.get("original") if isinstance(meta, dict) else None
    return (positive(original, "width"), positive(original, "height")) if isinstance(original, dict) else (0, 0)


def _moment(text: str) -> datetime | None:
    """A date and time in UTC; None for anything else, and for years that can't be."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 2000 <= moment.year < 2100 else None
