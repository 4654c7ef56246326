"""JSON Feed."""

from __future__ import annotations

import json
from typing import Any

from blog.feeds.document import Entry, Feed


def write(feed: Feed) -> str:
    """JSON Feed 1.1."""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        **({"next_url": feed.older} if feed.older else {}),
        **({"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {}),
        "language": feed.lang,
        "authors": [{"name": feed.author, "url": feed.author_url}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.author, **({"url": entry.author_url} if entry.author_url else {})}],
        "tags": entry.tags,
        "language": entry.lang,
        **({"image": entry.picture.url} if entry.picture else {}),
        **entry.extension,
    }
