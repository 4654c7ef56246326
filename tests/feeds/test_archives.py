"""Archives and pages of feeds: RFC 5005."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from blog.models import Post, Series
from tests.conftest import MakePosts, in_a_week
from tests.feeds.helpers import ATOM, HISTORY, MakePost, data, ids, links, path, tree

FEEDS = ["/feed.xml", "/rss.xml", "/feed.json"]


def walk(client: Client, address: str) -> list[list[str]]:
    """The ids of a feed's documents, from the newest to the oldest, as a reader finds them."""
    documents = []
    while address:
        documents.append(ids(client, address))
        address = path(links(client, address).get("next", ""))
    return documents


def test_a_feed_and_its_archives_together_have_every_post(client: Client, make_posts: MakePosts) -> None:
    make_posts(45)
    wanted = {f"http://testserver/posts/post-{n}/" for n in range(1, 46)}
    for address in FEEDS:
        documents = walk(client, address)
        assert [len(document) for document in documents] == [20, 20, 20], address
        assert {entry for document in documents for entry in document} == wanted, address


def test_new_posts_never_change_an_archive(client: Client, make_posts: MakePosts) -> None:
    make_posts(21)
    first = client.get("/feed/archive/1.json").content
    make_posts(30)
    for address in ("/feed/archive/1.xml", "/rss/archive/1.xml", "/feed/archive/1.json"):
        assert ids(client, address) == [f"http://testserver/posts/post-{n}/" for n in range(20, 0, -1)], address
    assert client.get("/feed/archive/2.json").status_code == 200
    assert client.get("/feed/archive/1.json").content == first  # it names no newer document: not even that changes


@pytest.mark.parametrize(("feed", "archive"), [("/feed.xml", "/feed/archive"), ("/rss.xml", "/rss/archive")])
def test_an_archive_says_what_it_is_and_where_the_others_are(
    client: Client, make_posts: MakePosts, feed: str, archive: str
) -> None:
    make_posts(61)
    base = "http://testserver"
    current, (one, two, three) = f"{base}{feed}", (f"{base}{archive}/{n}.xml" for n in (1, 2, 3))
    assert links(client, feed).items() >= {"self": current, "prev-archive": three, "next": three}.items()
    assert "current" not in links(client, feed)
    inner = {name: target for name, target in links(client, path(two)).items() if name != "alternate"}
    assert inner == {
        "self": two,
        "current": current,
        "prev-archive": one,
        "next-archive": three,
        "next": one,
        "previous": three,
    }
    assert "prev-archive" not in links(client, path(one))
    newest = links(client, path(three))
    assert "next-archive" not in newest
    assert newest["previous"] == current
    assert tree(client, path(two)).find(f".//{HISTORY}archive") is not None
    assert tree(client, feed).find(f".//{HISTORY}archive") is None


def test_an_archive_is_dated_by_its_own_last_change(client: Client, make_post: MakePost, make_posts: MakePosts) -> None:
    make_posts(20)
    make_post(publish_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert (tree(client, "/feed/archive/1.xml").findtext(f"{ATOM}updated") or "").startswith("2024-01-21T12:00:00")
    assert client.get("/feed/archive/1.xml").headers["Last-Modified"] == "Sun, 21 Jan 2024 12:00:00 GMT"


def test_there_are_no_archives_but_full_ones(client: Client, make_posts: MakePosts) -> None:
    make_posts(39)
    for number in ("0", "2", "999999999999"):
        assert client.get(f"/feed/archive/{number}.xml").status_code == 404, number


def test_a_blog_of_nineteen_posts_has_no_archive(client: Client, make_posts: MakePosts) -> None:
    make_posts(19)
    assert client.get("/feed/archive/1.xml").status_code == 404
    assert set(links(client, "/feed.xml")) == {"alternate", "self"}
    assert "next_url" not in data(client, "/feed.json")


def test_archives_hold_nothing_that_readers_may_not_see(
    client: Client, make_post: MakePost, make_posts: MakePosts
) -> None:
    make_posts(19)
    make_post(slug="secret", status=Post.Status.DRAFT, publish_at=datetime(2020, 1, 1, tzinfo=UTC))
    make_post(slug="later", publish_at=in_a_week())
    assert client.get("/feed/archive/1.xml").status_code == 404
    make_post()
    assert "secret" not in str(ids(client, "/feed/archive/1.xml"))


def test_every_list_has_archives(client: Client, make_post: MakePost, django_user_model: Any) -> None:
    series = Series.objects.create(title="Nights", slug="nights")
    ada = django_user_model.objects.create_user("ada")
    for number in range(21):
        make_post(
            body=f"> Prompt: p {number}\n> Model: Sora", category="AI/뉴스", tags=["밤"], author=ada, series=series
        )
    prefixes = ("categories/ai", "categories/ai/뉴스", "tags/밤", "authors/ada", "series/nights", "prompts")
    for prefix in (*prefixes, "models/sora"):
        for file, ending in (("feed", "xml"), ("rss", "xml"), ("feed", "json")):
            address = f"/{prefix}/{file}/archive/1.{ending}"
            assert len(ids(client, address)) == 20, address
            assert client.get(path(links(client, address)["self"])).status_code == 200
    archive = links(client, "/tags/밤/feed.xml")["prev-archive"]
    assert archive == "http://testserver/tags/%EB%B0%A4/feed/archive/1.xml"


def test_an_archive_of_a_category_that_moved_leads_to_the_new_one(client: Client, make_post: MakePost) -> None:
    for _ in range(20):
        post = make_post(category="AI")
    assert post.category is not None
    post.category.slug = "machines"
    post.category.save()
    response = client.get("/categories/ai/feed/archive/1.xml")
    assert response.status_code == 301
    assert response.headers["Location"] == "/categories/machines/feed/archive/1.xml"
