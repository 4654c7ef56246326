"""What subscribers to prompts get."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from django.test import Client

from blog.models import Post, Prompt
from tests.conftest import EMBED

MakePost = Callable[..., Post]
FILES = ["feed.xml", "rss.xml", "feed.json"]
BODY = f"""{EMBED.rstrip()}
> Model: Sora 1.0
> Negative prompt: blur
> Seed: 42
> Failure: physics
> Notes: take 4

> Prompt: no model <b> at all"""


def read(client: Client, address: str) -> list[dict[str, Any]]:
    body = client.get(address).content
    if address.endswith(".json"):
        return [{**item, "html": item["content_html"]} for item in json.loads(body)["items"]]
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [
        {"id": e.id, "title": e.title, "html": e.content[0].value, "tags": [tag.term for tag in e.get("tags", [])]}
        for e in parsed.entries
    ]


@pytest.mark.parametrize("file", FILES)
def test_an_entry_is_a_prompt_with_its_medium_and_settings(client: Client, make_post: MakePost, file: str) -> None:
    make_post(slug="one", title="제목", body=BODY, tags=["film", "physics"])
    first, second = read(client, f"/prompts/{file}")
    ids = list(Prompt.objects.order_by("position").values_list("public_id", flat=True))
    assert [first["id"], second["id"]] == [f"http://testserver/prompts/{public_id}/" for public_id in ids]
    assert (first["title"], second["title"]) == ("tokyo walk", "no model <b> at all")
    assert (first["tags"], second["tags"]) == (["Sora", "physics", "film"], ["film", "physics"])
    html = first["html"]
    for part in ("<figure>", "A stylish woman", "Sora 1.0", "blur", "시드: 42", "take 4", "제목"):
        assert part in html
    assert f'href="http://testserver/posts/one/#prompt-{ids[0]}"' in html
    assert 'href="http://testserver/prompts/failures/physics/"' in html
    assert "no model &lt;b&gt; at all" in second["html"]
    assert not re.search(r'<[^>]+ (?:href|src)="(?!http)', html + second["html"])
    assert not re.search(r"<(?:script|iframe|button|style|form)", html)


@pytest.mark.parametrize("file", FILES)
def test_a_model_has_feeds_of_its_own(client: Client, make_post: MakePost, file: str) -> None:
    make_post(body=BODY)
    assert [entry["title"] for entry in read(client, f"/models/sora/{file}")] == ["tokyo walk"]
    assert client.get(f"/models/none/{file}").status_code == 404


def test_the_json_feed_has_the_prompt_as_data(client: Client, make_post: MakePost) -> None:
    make_post(slug="one", body=BODY)
    first, second = read(client, "/prompts/feed.json")
    assert first["_prompt"] == {
        "id": Prompt.objects.get(position=0).public_id,
        "text": "A stylish woman walks down a Tokyo street.",
        "lang": "en",
        "model": "Sora",
        "model_version": "1.0",
        "negative_prompt": "blur",
        "parameters": {"seed": "42"},
        "failure_modes": ["physics"],
        "post_url": "http://testserver/posts/one/",
        "media_url": "https://x.com/i/status/1758192965703647443",
    }
    assert (second["_prompt"]["model"], second["_prompt"]["media_url"]) == (None, None)
    assert "_prompt" not in read(client, "/feed.json")[0]


def test_pages_tell_readers_where_the_feeds_of_prompts_are(client: Client, make_post: MakePost) -> None:
    make_post(body=BODY)
    prompt = Prompt.objects.get(position=0)
    for address, base in (
        ("/prompts/", "/prompts/"),
        (f"/prompts/{prompt.public_id}/", "/prompts/"),
        ("/models/sora/", "/models/sora/"),
    ):
        html = client.get(address).content.decode()
        for kind, file in (("atom+xml", "feed.xml"), ("rss+xml", "rss.xml"), ("feed+json", "feed.json")):
            assert re.search(
                rf'<link rel="alternate" type="application/{re.escape(kind)}"[^>]* href="{base}{file}">', html
            )


def test_feeds_of_prompts_have_names_and_homes(client: Client, make_post: MakePost) -> None:
    make_post(body=BODY)
    for address, title, home in (
        ("/prompts/feed.xml", "프롬프트 — Roost", "http://testserver/prompts/"),
        ("/models/sora/feed.xml", "Sora — Roost", "http://testserver/models/sora/"),
    ):
        feed = feedparser.parse(client.get(address).content).feed
        assert (feed.title, feed.link) == (title, home)


@pytest.mark.parametrize("file", FILES)
def test_without_prompts_the_feed_is_empty(client: Client, make_post: MakePost, file: str) -> None:
    make_post()
    assert read(client, f"/prompts/{file}") == []


def test_an_unchanged_feed_of_prompts_is_not_sent_twice(client: Client, make_post: MakePost) -> None:
    make_post(body=BODY)
    first = client.get("/prompts/feed.json")
    assert client.get("/prompts/feed.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
