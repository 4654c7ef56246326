"""Sitemaps: an index of parts, whose dates move only when something has changed, with pictures and films."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from blog import sitemaps
from blog.models import Embed, Image, Page, Post, Prompt
from tests.conftest import EMBED, TOKYO, make_category

MakePost = Callable[..., Post]
BASE = "http://testserver"
NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
}


def read(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.headers["Content-Type"] == "application/xml"
    return ElementTree.fromstring(response.content)


def parts(client: Client) -> dict[str, str | None]:
    """The parts of the index, each with its date."""
    found = read(client, "/sitemap.xml").findall("s:sitemap", NAMES)
    return {
        str(one.findtext("s:loc", "", NAMES)).removeprefix(BASE): one.findtext("s:lastmod", None, NAMES)
        for one in found
    }


def entries(client: Client, address: str) -> dict[str, str | None]:
    """The pages of a part, each with its date."""
    found = read(client, address).findall("s:url", NAMES)
    return {
        str(one.findtext("s:loc", "", NAMES)).removeprefix(BASE): one.findtext("s:lastmod", None, NAMES)
        for one in found
    }


def texts(client: Client, path: str) -> list[str]:
    return [str(one.text) for one in read(client, "/sitemap-posts.xml").iterfind(f".//{path}", NAMES)]


def test_the_index_leads_to_everything_readers_can_open(
    client: Client, make_post: MakePost, django_user_model: Any
) -> None:
    mina = django_user_model.objects.create_user("mina")
    make_post(
        slug="한글", category="AI/News", tags=["비디오"], author=mina, body="> Prompt: a\n> Model: Sora\n> Failure: 손"
    )
    Page(title="About", slug="about").save()
    Page(title="Hidden", slug="hidden", published=False).save()
    make_category("Empty")
    found = [address for part in parts(client) for address in entries(client, part)]
    assert found == [
        *("/", "/categories/", "/tags/", "/archives/", "/prompts/", "/prompts/failures/", "/models/", "/series/"),
        *("/posts/%ED%95%9C%EA%B8%80/", "/about/"),
        *("/categories/ai/", "/categories/ai/news/", "/tags/%EB%B9%84%EB%94%94%EC%98%A4/", "/authors/mina/"),
        *(f"/prompts/{Prompt.objects.get().public_id}/", "/models/sora/", "/prompts/failures/%EC%86%90/"),
    ]
    for address in found:
        assert client.get(address).status_code == 200


def test_a_kind_of_page_that_there_is_none_of_has_no_part(client: Client, make_post: MakePost) -> None:
    make_post()
    assert list(parts(client)) == ["/sitemap-lists.xml", "/sitemap-posts.xml"]
    assert client.get("/sitemap-tags.xml").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404
    assert client.get("/sitemap-posts-1.xml").status_code == 404
    assert client.get("/sitemap-posts-0.xml").status_code == 404
    assert client.get("/sitemap-posts-2.xml").status_code == 404


def test_an_empty_blog_has_an_index_all_the_same(client: Client, db: None) -> None:
    assert parts(client) == {"/sitemap-lists.xml": None}


def test_dates_move_only_with_real_changes(client: Client, make_post: MakePost) -> None:
    post = make_post(category="AI/News", tags=["a"], body=f"{EMBED}\n> Model: Sora")
    other = make_post(category="AI", tags=["b"])
    before = {part: entries(client, part) for part in parts(client)}
    assert before["/sitemap-posts.xml"]["/posts/post-1/"] == "2024-01-02T12:00:00Z"
    assert before["/sitemap-categories.xml"] == {
        "/categories/ai/": "2024-01-03T12:00:00Z",
        "/categories/ai/news/": "2024-01-02T12:00:00Z",
    }
    post.pinned = True
    post.save()
    Embed.objects.get().save()
    assert {part: entries(client, part) for part in parts(client)} == before
    Post.objects.filter(pk=post.pk).update(updated_at=datetime(2025, 5, 5, tzinfo=UTC))
    changed = {
        address
        for part in parts(client)
        for address, at in entries(client, part).items()
        if at == "2025-05-05T00:00:00Z"
    }
    assert {"/posts/post-1/", "/categories/ai/", "/categories/ai/news/", "/tags/a/", "/"} <= changed
    assert changed.isdisjoint({"/tags/b/", other.get_absolute_url()})
    assert parts(client)["/sitemap-tags.xml"] == "2025-05-05T00:00:00Z"


def test_a_date_before_publication_does_not_count(client: Client, make_post: MakePost) -> None:
    make_post(updated_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert entries(client, "/sitemap-posts.xml") == {"/posts/post-1/": "2024-01-02T12:00:00Z"}


def test_what_is_kept_out_of_search_engines_stands_in_no_part(client: Client, make_post: MakePost) -> None:
    make_post(title="Shown")
    make_post(
        noindex=True, category="Hidden", tags=["hidden"], body="> Prompt: hidden\n> Model: Hidden\n> Failure: hidden"
    )
    assert list(parts(client)) == ["/sitemap-lists.xml", "/sitemap-posts.xml"]
    assert list(entries(client, "/sitemap-posts.xml")) == ["/posts/post-1/"]


def test_new_posts_leave_the_other_parts_as_they_are(
    client: Client, make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "PAGE", 2)
    for _ in range(3):
        make_post()
    first = entries(client, "/sitemap-posts.xml")
    assert list(first) == ["/posts/post-1/", "/posts/post-2/"]
    make_post()
    make_post()
    assert entries(client, "/sitemap-posts.xml") == first
    dates = parts(client)
    assert dates["/sitemap-posts.xml"] == "2024-01-03T12:00:00Z"
    assert dates["/sitemap-posts-3.xml"] == "2024-01-06T12:00:00Z"
    assert list(entries(client, "/sitemap-posts-3.xml")) == ["/posts/post-5/"]


def test_pictures_of_a_post_that_are_stored_are_listed_once(client: Client, make_post: MakePost) -> None:
    cover = Image.objects.create(file="a b.png", width=4, height=3)
    Image.objects.create(file="한 c.png", width=4, height=3)
    stored = "![x](/media/한%20c.png)"
    make_post(image=cover, body=f"{stored}\n\n{stored}\n\n![x](/media/gone.png)\n\n![x](/gone.png)\n\n{EMBED}")
    poster = Image.objects.create(file="stills/p.jpg", width=4, height=3)
    Embed.objects.update(poster=poster)
    assert texts(client, "image:loc") == [
        f"{BASE}/media/a%20b.png",
        f"{BASE}/media/%ED%95%9C%20c.png",
        f"{BASE}/media/stills/p.jpg",
    ]
    Embed.objects.update(takedown=True)
    assert f"{BASE}/media/stills/p.jpg" not in texts(client, "image:loc")


def test_a_film_is_listed_when_enough_is_known_of_it(client: Client, make_post: MakePost) -> None:
    make_post(body=f"https://x.com/OpenAI/status/{TOKYO}\ntokyo walk & <more>")
    assert texts(client, "video:video") == []
    poster = Image.objects.create(file="p.jpg", width=4, height=3)
    Embed.objects.update(poster=poster, text="Introducing\x0b Sora", duration=timedelta(seconds=59.6))
    film = read(client, "/sitemap-posts.xml").find(".//video:video", NAMES)
    assert film is not None
    assert {re.sub("{.*}", "", part.tag): part.text for part in film} == {
        "thumbnail_loc": f"{BASE}/media/p.jpg",
        "title": "tokyo walk & <more>",
        "description": "Introducing Sora",
        "player_loc": f"https://platform.twitter.com/embed/Tweet.html?id={TOKYO}&dnt=true&theme=light&lang=ko",
        "duration": "60",
        "publication_date": "2024-02-15T18:14:03Z",
    }
    Embed.objects.update(status="gone")
    assert texts(client, "video:video") == []


def test_robots_are_told_of_the_index_alone(client: Client, db: None) -> None:
    assert client.get("/robots.txt").content.decode().count("Sitemap:") == 1
    assert client.get("/sitemap.xml").headers["X-Robots-Tag"] == "noindex"
