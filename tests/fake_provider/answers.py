"""What each site answers when all is well: the shapes of their documentation, filled with our recordings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from tests.fake_provider import stills
from tests.fake_provider.recordings import Recording, recording

KNOWN_PUBLIC = frozenset(["20", "jNQXAC9IVRw", "76979871"])  # what a blog asks about to see whether anybody is served
_DID = "did:plc:roostfake222222222222222"


@dataclass(frozen=True, slots=True)
class Post:
    """The post that a request asks about."""

    site: str
    id: str  # the number or key in its address
    author: str  # as far as the address names it
    host: str

    def answer(self, *, long: bool = False) -> dict[str, Any]:
        """What the site says about it."""
        return _ANSWERS[self.site](self, recording(self.id, long=long))


# (host, path) of the endpoints, and how the addresses look that they are asked about.
_ENDPOINTS = {
    ("publish.x.com", "/oembed"): ("x", r"https?://(?:x|twitter)\.com/(?P<author>\w+)/status/(?P<id>[0-9]+)"),
    ("www.youtube.com", "/oembed"): (
        "youtube",
        r"https?://www\.youtube\.com/(?:watch\?v=|shorts/)(?P<id>[\w-]{11})(?P<author>)",
    ),
    ("vimeo.com", "/api/oembed.json"): ("vimeo", r"https?://vimeo\.com/(?P<id>[0-9]+)(?:/[0-9a-f]+)?(?P<author>)"),
    ("embed.bsky.app", "/oembed"): (
        "bluesky",
        r"https?://bsky\.app/profile/(?P<author>[\w.:-]+)/post/(?P<id>[a-z2-7]{13})",
    ),
    ("open.spotify.com", "/oembed"): ("spotify", r"https?://open\.spotify\.com/(?P<author>\w+)/(?P<id>\w{22})"),
}


def find_post(host: str, target: str) -> Post | None:
    """The post that a request to `host` asks about; None if the site has nothing at this address."""
    parts = urlsplit(target)
    if endpoint := _ENDPOINTS.get((host, parts.path)):
        site, pattern = endpoint
        match = re.fullmatch(pattern, parse_qs(parts.query).get("url", [""])[0])
        return Post(site, match["id"], match["author"], host) if match else None
    match = re.fullmatch(r"/api/v1/statuses/([0-9]+)", parts.path)
    return Post("mastodon", match[1], "", host) if match else None


def find_still(host: str, target: str) -> bytes | None:
    """The picture at an address; None if there is none."""
    path = urlsplit(target).path
    if match := re.fullmatch(r"/vi/([\w-]{11})/\w+\.jpg", path) if host == "i.ytimg.com" else None:
        return stills.jpeg(match[1], stills.UPRIGHT if recording(match[1]).upright else stills.WIDE)
    if host == "i.vimeocdn.com" and path.startswith("/video/"):
        return stills.jpeg(path)
    if re.fullmatch(r"(i\.scdn\.co|image-cdn-\w+\.spotifycdn\.com)", host) and path.startswith("/image/"):
        return stills.jpeg(path, stills.SQUARE)
    if path.startswith("/media_attachments/"):
        return stills.jpeg(path)
    return None


def _x(post: Post, said: Recording) -> dict[str, Any]:
    address = f"https://twitter.com/{said.author_handle}/status/{post.id}"
    words = escape(said.text, quote=False).replace("\n", "<br>")
    if said.link:
        words += ' <a href="https://t.co/RoostDemo1">https://t.co/RoostDemo1</a>'
    if said.picture:
        words += ' <a href="https://t.co/RoostDemo2">pic.twitter.com/RoostDemo2</a>'
    moment = _snowflake(int(post.id))
    author = f"{escape(said.author_name)} (@{said.author_handle})"
    html = (
        f'<blockquote class="twitter-tweet" data-dnt="true"><p lang="en" dir="ltr">{words}</p>&mdash; {author} '
        f'<a href="{address}?ref_src=twsrc%5Etfw">{moment:%B} {moment.day}, {moment.year}</a></blockquote>\n\n'
    )
    return {
        "url": address,
        "author_name": said.author_name,
        "author_url": f"https://twitter.com/{said.author_handle}",
        "html": html,
        "width": 550,
        "height": None,
        "type": "rich",
        "cache_age": "3153600000",
        "provider_name": "Twitter",
        "provider_url": "https://twitter.com",
        "version": "1.0",
    }


def _snowflake(number: int) -> datetime:
    """When a post was made; the first post of all has a number that doesn't tell."""
    if number < 29700859247:
        return datetime(2006, 3, 21, tzinfo=UTC)
    return datetime.fromtimestamp(((number >> 22) + 1288834974657) / 1000, UTC)


def _youtube(post: Post, said: Recording) -> dict[str, Any]:
    width, height = (113, 200) if said.upright else (200, 113)
    return {
        "title": said.text,
        "author_name": said.author_name,
        "author_url": f"https://www.youtube.com/@{said.author_handle}",
        "type": "video",
        "height": height,
        "width": width,
        "version": "1.0",
        "provider_name": "YouTube",
        "provider_url": "https://www.youtube.com/",
        "thumbnail_height": 360,
        "thumbnail_width": 480,
        "thumbnail_url": f"https://i.ytimg.com/vi/{post.id}/hqdefault.jpg",
        "html": _frame(f"https://www.youtube.com/embed/{post.id}?feature=oembed", width, height, said.text),
    }


def _vimeo(post: Post, said: Recording) -> dict[str, Any]:
    still = f"https://i.vimeocdn.com/video/{crc32(post.id.encode())}-d"
    return {
        "type": "video",
        "version": "1.0",
        "provider_name": "Vimeo",
        "provider_url": "https://vimeo.com/",
        "title": said.text,
        "author_name": said.author_name,
        "author_url": f"https://vimeo.com/{said.author_handle}",
        "is_plus": "0",
        "account_type": "basic",
        "html": _frame(f"https://player.vimeo.com/video/{post.id}?dnt=1&app_id=122963", 426, 240, said.text),
        "width": 426,
        "height": 240,
        "duration": said.seconds,
        "description": "",
        "thumbnail_url": f"{still}_295x166?region=us",
        "thumbnail_width": 295,
        "thumbnail_height": 166,
        "thumbnail_url_with_play_button": f"{still}_play?region=us",
        "upload_date": "2026-05-04 09:30:12",
        "video_id": int(post.id),
        "uri": f"/videos/{post.id}",
    }


def _bluesky(post: Post, said: Recording) -> dict[str, Any]:
    did = post.author if post.author.startswith("did:") else _DID
    handle = said.author_handle.replace("_", "-") + ".example" if post.author.startswith("did:") else post.author
    address = f"https://bsky.app/profile/{did}"
    words = escape(said.text, quote=False)  # its line breaks are just that
    if said.picture:
        words += f'<br><br><a href="{address}/post/{post.id}?ref_src=embed">[image or embed]</a>'
    html = (
        f'<blockquote class="bluesky-embed" data-bluesky-uri="at://{did}/app.bsky.feed.post/{post.id}" '
        f'data-bluesky-cid="bafyreiroostfake"><p lang="en">{words}</p>&mdash; {escape(said.author_name)} '
        f'(<a href="{address}?ref_src=embed">@{handle}</a>) '
        f'<a href="{address}/post/{post.id}?ref_src=embed">2026-05-04T09:30:12.345Z</a></blockquote>'
        '<script async src="https://embed.bsky.app/static/embed.js" charset="utf-8"></script>'
    )
    return {
        "type": "rich",
        "version": "1.0",
        "author_name": f"{said.author_name} (@{handle})",
        "author_url": f"https://bsky.app/profile/{handle}",
        "provider_name": "Bluesky Social",
        "provider_url": "https://bsky.app",
        "cache_age": 86400,
        "width": 600,
        "height": None,
        "html": html,
    }


def _spotify(post: Post, said: Recording) -> dict[str, Any]:
    frame = f"https://open.spotify.com/embed/{post.author}/{post.id}?utm_source=oembed"
    return {
        "html": _frame(frame, 456, 352, said.text),
        "iframe_url": frame,
        "width": 456,
        "height": 352,
        "version": "1.0",
        "provider_name": "Spotify",
        "provider_url": "https://spotify.com",
        "type": "rich",
        "title": said.text,
        "thumbnail_url": f"https://image-cdn-ak.spotifycdn.com/image/ab67616d00001e02{crc32(post.id.encode()):024x}",
        "thumbnail_width": 300,
        "thumbnail_height": 300,
    }


def _mastodon(post: Post, said: Recording) -> dict[str, Any]:
    profile = f"https://{post.host}/@{said.author_handle}"
    paragraphs = escape(said.text, quote=False).split("\n\n")
    return {
        "id": post.id,
        "created_at": "2026-05-04T09:30:12.345Z",
        "in_reply_to_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://{post.host}/users/{said.author_handle}/statuses/{post.id}",
        "url": f"{profile}/{post.id}",
        "replies_count": 3,
        "reblogs_count": 5,
        "favourites_count": 8,
        "edited_at": None,
        "content": "".join(f"<p>{words}</p>" for words in paragraphs).replace("\n", "<br />"),
        "reblog": None,
        "account": {
            "id": "109",
            "username": said.author_handle,
            "acct": said.author_handle,
            "display_name": said.author_name,
            "locked": False,
            "url": profile,
        },
        "media_attachments": [_attachment(post)] if said.picture else [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def _attachment(post: Post) -> dict[str, Any]:
    address = f"https://files.{post.host}/media_attachments/files/{post.id}"
    return {
        "id": post.id,
        "type": "image",
        "url": f"{address}/original/still.jpg",
        "preview_url": f"{address}/small/still.jpg",
        "remote_url": None,
        "meta": {"original": {"width": 1280, "height": 720, "size": "1280x720", "aspect": 1.7777777777777777}},
        "description": "A low sun over hills.",
        "blurhash": None,
    }


def _frame(address: str, width: int, height: int, title: str) -> str:
    return (
        f'<iframe width="{width}" height="{height}" src="{escape(address)}" title="{escape(title)}" '
        'frameborder="0" allowfullscreen></iframe>'
    )


_ANSWERS: dict[str, Callable[[Post, Recording], dict[str, Any]]] = {
    "x": _x,
    "youtube": _youtube,
    "vimeo": _vimeo,
    "bluesky": _bluesky,
    "spotify": _spotify,
    "mastodon": _mastodon,
}
