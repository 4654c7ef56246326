"""Hubs are named, and told of what is new: https://www.w3.org/TR/websub/."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from blog import announce
from blog.models import Embed, Post, Series, SiteSettings
from tests.conftest import EMBED, MakePosts, in_a_week
from tests.feeds.conftest import HUB, SITE
from tests.feeds.helpers import MakePost, data, links
from tests.feeds.hub import FakeHub
from tests.importers.helpers import write

Commit = Callable[[], Any]


def told(hub: FakeHub) -> list[list[str]]:
    announce.finish(10)
    return hub.topics()


def feeds(prefix: str = "") -> list[str]:
    return [f"{SITE}/{prefix}{file}" for file in ("feed.xml", "rss.xml", "feed.json")]


# --- Discovery ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/feed.xml", "/rss.xml", "/tags/a/feed.xml", "/prompts/rss.xml"])
def test_a_feed_names_hub_and_itself_inside_and_in_its_header(
    client: Client, make_post: MakePost, hub: FakeHub, address: str
) -> None:
    make_post(body="> Prompt: p", tags=["a"])
    found = links(client, address)
    assert (found["hub"], found["self"]) == (HUB, f"{SITE}{address}")
    header = client.get(address, secure=True).headers["Link"]
    assert header == f'<{SITE}{address}>; rel="self", <{HUB}>; rel="hub"'


def test_json_feed_names_the_hub_in_its_own_words(client: Client, make_post: MakePost, hub: FakeHub) -> None:
    make_post()
    assert data(client, "/feed.json")["hubs"] == [{"type": "WebSub", "url": HUB}]
    assert "Link" in client.get("/feed.json").headers


def test_an_archive_never_changes_and_needs_no_hub(client: Client, make_posts: MakePosts, hub: FakeHub) -> None:
    make_posts(20)
    assert "hub" not in links(client, "/feed/archive/1.xml")
    assert "Link" not in client.get("/feed/archive/1.xml").headers


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://blog.example.com",
        "https://localhost",
        "https://blog.local",
        "https://blog.home.arpa",
        "https://10.0.0.1",
        "https://8.8.8.8",
        "https://blog.example.com:8443",
        "https://127.0.0.1",
        "https://[::1]",
    ],
)
def test_a_site_that_nobody_can_reach_names_and_tells_no_hub(
    client: Client, make_post: MakePost, hub: FakeHub, commit: Commit, settings: LazySettings, url: str
) -> None:
    settings.ROOST_URL = url
    with commit():
        make_post()
    assert told(hub) == []
    assert "hub" not in links(client, "/feed.xml")
    assert "Link" not in client.get("/feed.xml").headers


def test_a_site_without_a_hub_tells_nobody(client: Client, make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    SiteSettings.objects.update(websub_hub="")
    with commit():
        make_post()
    assert told(hub) == []
    assert "Link" not in client.get("/feed.xml").headers


@pytest.mark.parametrize("url", ["http://hub.example.com/", "https://hub.example.com:8443/", "https://a@b.example/"])
def test_a_hub_that_is_never_asked_is_refused(db: None, url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SiteSettings(websub_hub=url).full_clean()
    assert list(caught.value.message_dict) == ["websub_hub"]


# --- Publishing -----------------------------------------------------------------------------------------------------


def test_a_hub_is_told_of_every_feed_that_a_new_post_is_in(
    make_post: MakePost, hub: FakeHub, commit: Commit, django_user_model: Any
) -> None:
    with commit():
        make_post(
            body="> Prompt: a\n> Model: Sora\n\ntext\n\n> Prompt: b\n> Model: Sora",
            category="AI/News",
            tags=["밤"],
            series=Series.objects.create(title="Nights", slug="nights"),
            author=django_user_model.objects.create_user("ada"),
        )
    prefixes = ["", "categories/ai/", "categories/ai/news/", "tags/%EB%B0%A4/", "series/nights/", "authors/ada/"]
    assert told(hub) == [[topic for prefix in [*prefixes, "prompts/", "models/sora/"] for topic in feeds(prefix)]]
    place, kind, body = hub.told[0]
    assert (place, kind) == ("hub.example.com/publish", "application/x-www-form-urlencoded")
    assert body.startswith(b"hub.mode=publish&hub.url=https%3A%2F%2Fblog.example.com%2Ffeed.xml&")


def test_a_hub_is_told_of_every_change(make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    post = make_post()
    with commit():
        post.body += " More."
        post.save()
    assert told(hub) == [feeds()]


def test_a_draft_is_nobodys_business(make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    with commit():
        make_post(status=Post.Status.DRAFT)
        make_post(publish_at=in_a_week())
    assert told(hub) == []


def test_a_draft_that_is_published_is_news(make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    post = make_post(status=Post.Status.DRAFT)
    with commit():
        post.status = Post.Status.PUBLISHED
        post.save(update_fields=["status", "publish_at"])
    assert told(hub) == [feeds()]


def test_saving_without_a_change_is_no_news(make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    post = make_post(body=EMBED)
    with commit():
        post.save()
        Embed.objects.get().save()
    assert told(hub) == []


def test_what_is_rolled_back_is_told_to_nobody(make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    with commit():
        post = make_post()
        post.delete()
    assert told(hub) == []


def test_old_posts_that_move_in_are_no_news(hub: FakeHub, commit: Commit, tmp_path: Path) -> None:
    write(tmp_path / "_posts" / "2024-02-19-a.md")
    with commit():
        call_command("import_jekyll", tmp_path, verbosity=0, stdout=StringIO(), fetch_seconds=0)
    assert Post.objects.count() == 1
    assert told(hub) == []


def test_the_timer_tells_of_a_post_whose_time_has_come(make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    now = timezone.now()
    make_post(publish_at=now - timedelta(minutes=5))
    make_post(publish_at=now - timedelta(hours=5))
    make_post(publish_at=now + timedelta(minutes=5))
    with commit():
        call_command("announce", verbosity=0)
    assert told(hub) == [feeds()]


# --- Trouble --------------------------------------------------------------------------------------------------------


def test_a_save_does_not_wait_for_a_hub(make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    hub.let_go.clear()
    with commit():
        make_post()
    assert Post.objects.count() == 1  # here already, while the hub is still thinking
    hub.let_go.set()
    assert told(hub) == [feeds()]


@pytest.mark.parametrize("status", [400, 301, 500])
def test_a_hub_that_does_not_want_it_disturbs_nobody(
    make_post: MakePost, hub: FakeHub, commit: Commit, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    hub.status = status
    with commit():
        make_post()
    assert told(hub) == [feeds()]
    assert str(status) in caplog.text
    hub.status = 204
    with commit():
        make_post()
    assert len(told(hub)) == 2


def test_a_hub_that_is_not_there_disturbs_nobody(
    make_post: MakePost, hub: FakeHub, commit: Commit, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMBED_GATEWAY = "127.0.0.1:9"
    with commit():
        make_post()
    announce.finish(10)
    assert "hub.example.com" in caplog.text


def test_what_waits_already_is_not_said_twice(make_post: MakePost, hub: FakeHub, commit: Commit) -> None:
    hub.let_go.clear()
    for _ in range(4):
        with commit():
            make_post()
    hub.let_go.set()
    assert told(hub) == [feeds(), feeds()]  # one was on its way; the others were the same


def test_there_is_a_limit_to_what_waits(
    hub: FakeHub, commit: Commit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(announce, "MOST_WAITING", 2)
    hub.let_go.clear()
    with commit():
        for number in range(6):
            announce.post_json("https://index.example.com/", {"number": number})
    hub.let_go.set()
    announce.finish(10)
    assert 2 <= len(hub.told) <= 3
    assert hub.told[0] == ("index.example.com/", "application/json; charset=utf-8", b'{"number": 0}')
    assert "Too much" in caplog.text
