"""Feeds as a subscriber's program reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from django.test import Client

from blog import pictures
from blog.models import Embed, Image, Post
from tests.fake_provider import stills

MakePost = Callable[..., Post]
ATOM, RSS = "{http://www.w3.org/2005/Atom}", ""
MEDIA = "{http://search.yahoo.com/mrss/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def body(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return bytes(response.content)


def tree(client: Client, address: str) -> ElementTree.Element:
    return ElementTree.fromstring(body(client, address))


def data(client: Client, address: str) -> dict[str, Any]:
    return dict(json.loads(body(client, address)))


def links(client: Client, address: str) -> dict[str, str]:
    """The feed's own links, by rel; JSON Feed's under the names of the others."""
    if ".json" in address:
        document = data(client, address)
        return {"self": document["feed_url"], "next": document.get("next_url", "")}
    root = tree(client, address)
    channel = root if root.tag == f"{ATOM}feed" else root[0]
    return {link.get("rel", ""): link.get("href", "") for link in channel.findall(f"{ATOM}link")}


def ids(client: Client, address: str) -> list[str]:
    if ".json" in address:
        return [item["id"] for item in data(client, address)["items"]]
    root = tree(client, address)
    if root.tag == f"{ATOM}feed":
        return [entry.findtext(f"{ATOM}id", "") for entry in root.findall(f"{ATOM}entry")]
    return [guid.text or "" for guid in root.iter("guid")]


def path(url: str) -> str:
    return url.removeprefix("http://testserver")


def still(alt: str = "") -> Image:
    """A picture in the media folder."""
    return pictures.store(pictures.prepare(stills.jpeg("a")), alt)


def with_poster(post: Post, alt: str = "") -> Image:
    """Give the embeds of a post a poster."""
    image = still(alt)
    Embed.objects.filter(post_embeds__post=post).update(poster=image)
    return image
