"""What subscribers get."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.management import call_command
from django.test import Client

from blog.models import Embed, Post, Series, SiteSettings
from tests.conftest import EMBED, MakePosts

FEEDS = ["/feed.xml", "/rss.xml", "/feed.json"]
MakePost = Callable[..., Post]


def read(client: Client, address: str) -> list[dict[str, Any]]:
    """The entries of any of the three, with the same names."""
    body = client.get(address).content
    if address.endswith(".json"):
        return [
            {"id": item["id"], "title": item["title"], "html": item["content_html"], "tags": item["tags"]}
            for item in json.loads(body)["items"]
        ]
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [
        {"id": e.id, "title": e.title, "html": e.content[0].value, "tags": [tag.term for tag in e.get("tags", [])]}
        for e in parsed.entries
    ]


def seconds(date: str | None) -> str:
    return datetime.fromisoformat(date or "").astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize("address", FEEDS)
def test_an_entry_has_the_whole_text_with_absolute_addresses(client: Client, make_post: MakePost, address: str) -> None:
    make_post(
        title="제목 | <b> & 부제",
        body='[there](../other/) [in](#a-part) ![cat](/assets/cat.png)\n\n`href="/x"` [^1]\n\n[^1]: note\n',
        category="AI/News",
        tags=["video"],
    )
    entry = read(client, address)[0]
    assert entry["id"] == "http://testserver/posts/post-1/"
    assert entry["title"] == "제목 | <b> & 부제"
    assert entry["tags"] == ["AI", "News", "video"]
    html = entry["html"]
    assert 'href="http://testserver/posts/other/"' in html
    assert 'href="http://testserver/posts/post-1/#a-part"' in html
    assert 'src="http://testserver/media/assets/cat.png"' in html
    assert '<code>href="/x"</code>' in html
    assert not re.search(r'<[^>]+ (?:href|src)="(?!http)', html)


@pytest.mark.parametrize("address", FEEDS)
def test_embeds_and_prompts_are_readable_without_script_or_frame(
    client: Client, make_post: MakePost, address: str
) -> None:
    make_post(body=f"{EMBED}\n> Prompt: on its own")
    Embed.objects.update(text="said there", text_lang="en", author_name="OpenAI")
    html = read(client, address)[0]["html"]
    for part in ("tokyo walk", "A stylish woman walks", "said there", "OpenAI (@OpenAI)", "on its own"):
        assert part in html
    assert 'href="https://x.com/i/status/1758192965703647443"' in html
    assert not re.search(r"<(?:script|iframe|button|style|form)|\son\w+=|class=\"still", html)


@pytest.mark.parametrize("address", FEEDS)
def test_the_seed_is_right_in_every_feed(client: Client, seed: Path, db: None, address: str) -> None:
    call_command("import_jekyll", seed, verbosity=0, stdout=StringIO())
    html = read(client, address)[0]["html"]
    assert len(re.findall("<figure>", html)) == 6
    captions = list(Post.objects.get().post_embeds.values_list("caption", flat=True).order_by("position"))
    assert [html.index(f"<p>{caption}</p>") for caption in captions] == sorted(
        html.index(f"<p>{caption}</p>") for caption in captions
    )
    quotes = re.findall(r'<blockquote lang="en"><p>([^<]*)</p></blockquote>', html)
    assert [len(quote) for quote in quotes] == [382, 667, 113, 182, 38, 41]


def test_atom_says_when_something_really_changed(client: Client, make_post: MakePost) -> None:
    post = make_post(publish_at=datetime(2024, 2, 19, 8, tzinfo=UTC), updated_at=datetime(2024, 3, 1, tzinfo=UTC))
    make_post(publish_at=datetime(2024, 2, 20, tzinfo=UTC))
    root = ElementTree.fromstring(client.get("/feed.xml").content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert seconds(root.findtext(f"{atom}updated")) == "2024-03-01T00:00:00"
    old = root.findall(f"{atom}entry")[1]
    assert old.findtext(f"{atom}published") == "2024-02-19T08:00:00+00:00"
    assert seconds(old.findtext(f"{atom}updated")) == "2024-03-01T00:00:00"
    post.pinned = True
    post.save()
    assert client.get("/feed.xml").headers["Last-Modified"] == "Fri, 01 Mar 2024 00:00:00 GMT"


@pytest.mark.parametrize("address", [*FEEDS, "/categories/ai/feed.xml", "/tags/a/rss.xml", "/"])
def test_an_unchanged_answer_is_not_sent_twice(client: Client, make_post: MakePost, address: str) -> None:
    make_post(category="AI", tags=["a"])
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    if "Last-Modified" in first.headers:
        dated = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert dated.status_code == 304
    make_post(category="AI", tags=["a"])
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_empty_feed_stays_the_same(client: Client, db: None) -> None:
    for address in FEEDS:
        assert client.get(address).content == client.get(address).content
        assert read(client, address) == []


@pytest.mark.parametrize("file", ["feed.xml", "rss.xml", "feed.json"])
def test_categories_and_tags_have_feeds_of_their_own(client: Client, make_post: MakePost, file: str) -> None:
    make_post(title="inside", category="AI/News", tags=["비디오"])
    make_post(title="outside")
    for address in (f"/categories/ai/{file}", f"/categories/ai/news/{file}", f"/tags/비디오/{file}"):
        assert [entry["title"] for entry in read(client, address)] == ["inside"]
    assert client.get(f"/categories/none/{file}").status_code == 404
    assert client.get(f"/tags/none/{file}").status_code == 404


def test_pages_tell_readers_where_their_feeds_are(client: Client, make_post: MakePost) -> None:
    make_post(category="AI", tags=["a"])
    html = client.get("/").content.decode()
    for type_, address in (("atom+xml", "/feed.xml"), ("rss+xml", "/rss.xml"), ("feed+json", "/feed.json")):
        assert re.search(rf'<link rel="alternate" type="application/{re.escape(type_)}"[^>]* href="{address}">', html)
    assert 'href="/categories/ai/feed.xml"' in client.get("/categories/ai/").content.decode()
    assert 'href="/tags/a/feed.xml"' in client.get("/tags/a/").content.decode()


def test_each_feed_has_its_own_type_and_name(client: Client, make_post: MakePost) -> None:
    SiteSettings(pk=1, title="Night shift", description="Notes").save()
    make_post(category="AI")
    types = [client.get(address).headers["Content-Type"] for address in FEEDS]
    assert types == [f"application/{kind}; charset=utf-8" for kind in ("atom+xml", "rss+xml", "feed+json")]
    parsed = feedparser.parse(client.get("/categories/ai/feed.xml").content)
    assert (parsed.feed.title, parsed.feed.link) == ("AI — Night shift", "http://testserver/categories/ai/")
    data = json.loads(client.get("/feed.json").content)
    assert (data["version"], data["title"], data["description"]) == (
        "https://jsonfeed.org/version/1.1",
        "Night shift",
        "Notes",
    )


def test_characters_that_xml_can_not_hold_do_not_break_a_feed(client: Client, make_post: MakePost) -> None:
    make_post(title="a\x0bb", summary="c\x1fd", body="e\x0cf long enough to be an excerpt of the post")
    for address in FEEDS:
        entry = read(client, address)[0]
        assert entry["title"] == "ab"
        assert not re.search("[\x0b\x0c\x1f]", entry["html"])


def test_a_feed_holds_the_newest_twenty(client: Client, make_posts: MakePosts) -> None:
    make_posts(21)
    for address in FEEDS:
        titles = [entry["title"] for entry in read(client, address)]
        assert len(titles) == 20
        assert titles[0] == "Post 21"
        assert "Post 1" not in titles


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/categories/ai/news/", "AI / News"),
        ("/tags/a/", "#a"),
        ("/series/rain/", "Rain &amp; snow"),
        ("/authors/mina/", "Mina"),
        ("/models/sora/", "Sora"),
        ("/prompts/", "프롬프트"),
    ],
)
def test_each_list_announces_its_three_feeds_and_they_are_there(
    client: Client, make_post: MakePost, django_user_model: Any, address: str, title: str
) -> None:
    make_post(
        category="AI/News",
        tags=["a"],
        series=Series.objects.create(title="Rain & snow", slug="rain"),
        author=django_user_model.objects.create_user("mina", first_name="Mina"),
        body="> Prompt: a\n> Model: Sora",
    )
    head = client.get(address).content.decode().partition("</head>")[0]
    links = re.findall(r'<link rel="alternate" type="([^"]*)" title="([^"]*)" href="([^"]*)">', head)
    wanted = [("atom+xml", "Atom", "feed.xml"), ("rss+xml", "RSS", "rss.xml"), ("feed+json", "JSON", "feed.json")]
    assert links[:3] == [
        (f"application/{kind}", f"{title} — Roost ({name})", f"{address}{file}") for kind, name, file in wanted
    ]
    assert [client.get(link).status_code for _kind, _title, link in links] == [200] * 6
