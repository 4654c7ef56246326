"""Drafts and future posts appear nowhere: one walk over everything a reader can ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from blog.models import Category, Post
from tests.conftest import EMBED, in_a_week

SECRET = "Unseen"
ADDRESSES = [
    *("/", "/page/2/", "/posts/draft/", "/posts/future/", "/posts/shown/", "/posts/shown-too/"),
    *("/categories/", "/categories/open/", "/categories/hidden/", "/categories/hidden/deeper/", "/categories/deeper/"),
    *("/tags/", "/tags/open/", "/tags/hidden/", "/archives/", "/archives/2024/", "/archives/2024/6/"),
    *("/feed.xml", "/rss.xml", "/feed.json", "/sitemap.xml", "/robots.txt", "/nothing/"),
    *(f"/categories/{path}/{file}" for path in ("open", "hidden") for file in ("feed.xml", "rss.xml", "feed.json")),
    *(f"/tags/{tag}/{file}" for tag in ("open", "hidden") for file in ("feed.xml", "rss.xml", "feed.json")),
]


@pytest.fixture
def hidden(make_post: Callable[..., Post]) -> list[Post]:
    """A draft and a future post between two public ones, sharing and not sharing their categories and tags."""
    about = {"title": SECRET, "body": f"{SECRET}\n\n{EMBED}", "summary": SECRET}
    make_post(title="Shown", slug="shown", category="Open", tags=["open"])
    draft = make_post(
        slug="draft", category="Hidden/Deeper", tags=["hidden", "open"], pinned=True, status="draft", **about
    )
    dated = Post.objects.get(pk=draft.pk).publish_at
    assert dated is not None
    assert dated < timezone.now()
    future = make_post(slug="future", category="Open", tags=["hidden"], publish_at=in_a_week(), **about)
    make_post(title="Shown too", slug="shown-too", publish_at=datetime(2024, 6, 1, tzinfo=UTC))
    return [draft, future]


def test_nothing_hidden_shows_at_any_address(client: Client, hidden: list[Post]) -> None:
    for address in ADDRESSES:
        response = client.get(address, follow=True)
        text = response.content.decode()
        assert SECRET not in text, address
        assert "tokyo walk" not in text, address
        for trace in ("/posts/draft/", "/posts/future/", "/tags/hidden/", "/categories/hidden/"):
            assert f'href="{trace}"' not in text, (address, trace)
            assert f"<loc>http://testserver{trace}</loc>" not in text, (address, trace)
        absent = any(word in address for word in ("hidden", "draft", "future", "deeper", "nothing", "page/2"))
        assert response.status_code == (404 if absent else 200), address


def test_counts_leave_hidden_posts_out(client: Client, hidden: list[Post]) -> None:
    assert '>#open</a> <span class="count">1</span>' in client.get("/tags/").content.decode()
    assert '>Open</a> <span class="count">1</span>' in client.get("/categories/").content.decode()


def test_neighbours_step_over_hidden_posts(client: Client, hidden: list[Post]) -> None:
    html = client.get("/posts/shown/").content.decode()
    assert 'rel="next" class="newer" href="/posts/shown-too/"' in html


def test_the_walk_knows_every_public_address(db: None) -> None:
    walked = {"home", "home_page", "post", "categories", "category", "tags", "tag", "sitemap", "robots", "page"}
    walked |= {"archives", "archive_year", "archive_month", "atom", "rss", "json"}
    walked |= {f"{kind}_{feed}" for kind in ("category", "tag") for feed in ("atom", "rss", "json")}
    without_posts = {"healthz", "media", "moved_image", "favicon"}
    names = {name for name in get_resolver("blog.urls").reverse_dict if isinstance(name, str)}
    assert names == walked | without_posts


def test_a_scheduled_post_appears_at_its_minute(client: Client, make_post: Callable[..., Post]) -> None:
    at = timezone.now() + timedelta(hours=1)
    make_post(slug="soon", title="Soon", publish_at=at, category="Open")
    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        assert client.get("/posts/soon/").status_code == 404
    with time_machine.travel(at, tick=False):
        assert client.get("/posts/soon/").status_code == 200
        for address in ("/", "/feed.xml", "/sitemap.xml", "/categories/", "/archives/"):
            shown = "Open" if address == "/categories/" else "oon"
            assert shown in client.get(address).content.decode(), address


def test_a_category_whose_only_post_is_hidden_is_not_in_the_tree(client: Client, hidden: list[Post]) -> None:
    assert Category.objects.filter(path="hidden").exists()
    assert "/categories/hidden/" not in client.get("/categories/").content.decode()
