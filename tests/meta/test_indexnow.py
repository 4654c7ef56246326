"""Search engines are told of what is new, changed or gone, once, and never at a save's cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from blog.meta import indexnow
from blog.models import Announced, Post, SiteSettings
from tests.conftest import in_a_week
from tests.meta.conftest import Engine

MakePost = Callable[..., Post]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a thread would do is done before the save returns: there is one connection in these tests."""
    monkeypatch.setattr(indexnow, "in_background", lambda task: task())


def announce(**options: Any) -> str:
    out = StringIO()
    call_command("announce", stdout=out, **options)
    return out.getvalue()


def test_a_new_post_is_told_after_its_commit(
    announcing: Engine, make_post: MakePost, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make_post(slug="한글")
        assert announcing.told == []
    key = SiteSettings.load().indexnow_key
    assert announcing.told == [
        {
            "host": "blog.example.com",
            "key": key,
            "keyLocation": f"https://blog.example.com/{key}.txt",
            "urlList": ["https://blog.example.com/posts/%ED%95%9C%EA%B8%80/"],
        }
    ]
    assert announcing.paths == ["api.indexnow.org/indexnow application/json; charset=utf-8"]


def test_each_change_is_told_once(
    announcing: Engine, make_post: MakePost, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post = make_post()
    with django_capture_on_commit_callbacks(execute=True):
        post.save()
    assert announcing.addresses == ["/posts/post-1/"]
    with django_capture_on_commit_callbacks(execute=True):
        post.body = "Other words."
        post.save()
    assert announcing.addresses == ["/posts/post-1/"] * 2
    announce()
    assert len(announcing.told) == 2


@pytest.mark.parametrize("values", [{"status": "draft"}, {"publish_at": in_a_week()}, {"noindex": True}])
def test_what_is_taken_back_is_told_and_what_was_never_shown_is_not(
    announcing: Engine, make_post: MakePost, django_capture_on_commit_callbacks: Any, values: dict[str, Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make_post(slug="never", **values)
    assert announcing.told == []
    with django_capture_on_commit_callbacks(execute=True):
        post = make_post(slug="shown")
    with django_capture_on_commit_callbacks(execute=True):
        for name, value in values.items():
            setattr(post, name, value)
        post.save()
    assert announcing.addresses == ["/posts/shown/"] * 2
    assert not Announced.objects.exists()


def test_a_deleted_post_and_an_old_address_are_told(
    announcing: Engine, make_post: MakePost, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post = make_post(slug="old")
    with django_capture_on_commit_callbacks(execute=True):
        post.slug = "new"
        post.save()
    assert announcing.addresses == ["/posts/old/", "/posts/new/", "/posts/old/"]
    with django_capture_on_commit_callbacks(execute=True):
        post.delete()
    assert announcing.addresses[3:] == ["/posts/new/"]
    assert not Announced.objects.exists()


def test_a_scheduled_post_is_told_at_its_minute_by_the_timer(announcing: Engine, make_post: MakePost) -> None:
    at = timezone.now() + timedelta(hours=1)
    make_post(slug="soon", publish_at=at)
    announce()
    assert announcing.told == []
    with time_machine.travel(at, tick=False):
        announce()
        announce()
    assert announcing.addresses == ["/posts/soon/"]


@pytest.mark.parametrize("status", [302, 400, 403, 422, 429, 500])
def test_what_was_refused_is_told_again_later(announcing: Engine, make_post: MakePost, status: int) -> None:
    make_post()
    announcing.status = status
    assert announce() == "0 of 1 addresses told.\n"
    announcing.status = 202
    assert announce() == ""
    assert announcing.addresses == ["/posts/post-1/"] * 2


def test_a_silent_engine_is_no_trouble_for_a_save(
    announcing: Engine, make_post: MakePost, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMBED_GATEWAY = "127.0.0.1:9"
    with django_capture_on_commit_callbacks(execute=True):
        post = make_post()
    assert Post.objects.filter(pk=post.pk).exists()
    assert not Announced.objects.exists()


def test_many_are_told_at_once(announcing: Engine, make_post: MakePost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexnow, "_A_TIME", 2)
    for _ in range(5):
        make_post()
    assert announce(verbosity=2) == "5 of 5 addresses told.\n"
    assert [len(body["urlList"]) for body in announcing.told] == [2, 2, 1]


def test_turning_it_on_tells_nothing_of_what_was_there(engine: Engine, make_post: MakePost) -> None:
    make_post()
    SiteSettings(pk=1, indexnow=True).save()
    announce()
    assert engine.told == []


@pytest.mark.parametrize(
    ("origin", "public"),
    [
        ("https://blog.example.com", True),
        ("https://블로그.example.com", True),
        ("http://blog.example.com", False),
        ("https://blog.example.com:8443", False),
        ("https://localhost", False),
        ("https://blog.localhost", False),
        ("https://nas.local", False),
        ("https://192.168.0.5", False),
        ("https://8.8.8.8", False),
        ("https://[::1]", False),
        ("", False),
    ],
)
def test_only_a_public_site_tells(
    announcing: Engine, make_post: MakePost, settings: LazySettings, origin: str, public: bool
) -> None:
    settings.ROOST_URL = origin
    make_post()
    announce()
    assert bool(announcing.told) == public


def test_it_is_off_unless_somebody_wants_it(engine: Engine, make_post: MakePost) -> None:
    make_post()
    assert announce() == ""
    assert "Off" in announce(verbosity=2)
    assert engine.told == []


def test_the_key_is_shown_where_engines_look_for_it(announcing: Engine, client: Client) -> None:
    key = SiteSettings.load().indexnow_key
    response = client.get(f"/{key}.txt")
    assert (response.status_code, response.content.decode()) == (200, key)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert client.get("/0123456789abcdef.txt").status_code == 404
    SiteSettings.objects.update(indexnow=False)
    assert client.get(f"/{key}.txt").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_thread_tells_and_remembers(engine: Engine, make_post: MakePost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    SiteSettings(pk=1, indexnow=True).save()
    threads: list[Thread] = []
    real = indexnow.Thread
    monkeypatch.setattr(indexnow, "Thread", lambda **kwargs: threads.append(real(**kwargs)) or threads[-1])
    make_post()
    for thread in threads:
        thread.join()
    assert engine.addresses == ["/posts/post-1/"]
    assert [row.address for row in Announced.objects.all()] == ["/posts/post-1/"]
