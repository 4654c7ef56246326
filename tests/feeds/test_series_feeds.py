"""Feeds of series."""

from __future__ import annotations

import pytest
from django.test import Client

from blog.models import Post, Series
from tests.feeds.helpers import ATOM, MakePost, ids, links, tree


@pytest.mark.parametrize("file", ["feed.xml", "rss.xml", "feed.json"])
def test_a_series_has_feeds_of_its_parts_the_newest_first(client: Client, make_post: MakePost, file: str) -> None:
    series = Series.objects.create(title="밤의 기록", slug="밤의-기록")
    make_post(series=series, series_part=1)
    make_post()
    make_post(series=series, series_part=2)
    assert ids(client, f"/series/밤의-기록/{file}") == [
        "http://testserver/posts/post-3/",
        "http://testserver/posts/post-1/",
    ]


def test_its_feed_is_called_as_the_series_and_leads_to_it(client: Client, make_post: MakePost) -> None:
    make_post(series=Series.objects.create(title="밤의 기록", slug="밤의-기록"))
    assert tree(client, "/series/밤의-기록/feed.xml").findtext(f"{ATOM}title") == "밤의 기록 — Roost"
    home = "http://testserver/series/%EB%B0%A4%EC%9D%98-%EA%B8%B0%EB%A1%9D/"
    assert links(client, "/series/밤의-기록/feed.xml")["alternate"] == home


def test_a_series_that_nobody_can_read_has_no_feed(client: Client, make_post: MakePost) -> None:
    series = Series.objects.create(title="Nights", slug="nights")
    make_post(series=series, status=Post.Status.DRAFT)
    assert client.get("/series/nights/feed.xml").status_code == 404
    assert client.get("/series/none/feed.xml").status_code == 404
