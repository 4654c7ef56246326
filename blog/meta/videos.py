"""The films in a post, as far as search engines can list them: with a name, a still, a date and something to play.

https://developers.google.com/search/docs/appearance/structured-data/video
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from blog.embeds.media import Video
from blog.models import Post
from blog.presentation import PlacedEmbed

# Of what is on other sites, only there it is known that it is a film. On X nobody but the authors here adds stills, and
# they add them to clips. Elsewhere it may be a picture or a song: it counts if somebody knows how long it lasts.
_FILMS = frozenset(("video", "youtube", "vimeo", "bilibili", "twitch", "x"))


@dataclass(frozen=True, slots=True)
class Film:
    """A film with all that must be known of it. Addresses are absolute."""

    name: str
    description: str
    still: str
    uploaded: datetime
    file: str = ""  # the film itself, or …
    player: str = ""  # … a page that plays it
    duration: timedelta | None = None
    anchor: str = ""

    @property
    def seconds(self) -> int:
        """How long it lasts; 0 if that isn't known, or more than a sitemap may say."""
        seconds = round(self.duration.total_seconds()) if self.duration else 0
        return seconds if seconds <= 28_800 else 0


def films_of(post: Post, placed: Iterable[PlacedEmbed], base: str) -> list[Film]:
    """Those films of a post of which enough is known."""
    return [film for one in placed if (film := _film(post, one, base))]


def _film(post: Post, placed: PlacedEmbed, base: str) -> Film | None:
    embed = placed.embed
    is_film = embed.provider in _FILMS or (embed.duration is not None and embed.provider not in ("audio", "spotify"))
    if not is_film or embed.takedown or embed.is_lost:
        return None
    own = embed.provider == Video.name and "://" not in embed.url
    uploaded = embed.posted_at or (post.publish_at if own else None)  # it came with the post
    name = _plain(placed.caption or placed.opening)
    file, player = _sources(post, placed, base)
    still = placed.poster_url
    if not (uploaded and name and still and (file or player)):
        return None
    return Film(
        name=name[:100],
        description=_plain(placed.words or placed.caption)[:2000],
        still=urljoin(f"{base}/", still),
        uploaded=uploaded,
        file=file,
        player=player,
        duration=embed.duration,
        anchor=placed.anchor,
    )


def _plain(text: str) -> str:
    """On one line, without what XML can't hold."""
    return " ".join(re.sub("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", " ", text).split())


def _sources(post: Post, placed: PlacedEmbed, base: str) -> tuple[str, str]:
    """(address of the film, address of its player); one of them is "", or both."""
    if placed.embed.provider == Video.name:
        return urljoin(f"{base}/", placed.embed.url), ""
    player = placed.player
    if player is None or player.kind != "frame":
        return "", ""
    host = base.partition("://")[2].partition(":")[0]
    values = {"{theme}": "light", "{lang}": post.lang, "{host}": host, "{id}": "1"}
    src = player.src
    for name, value in values.items():
        src = src.replace(name, value)
    return "", src
