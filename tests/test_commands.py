"""`manage.py setup`, `serve` and `rerender`."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from blog.management.commands import setup
from blog.models import Generator, Page, Post, Prompt, SiteSettings
from blog.rendering import RENDERER_VERSION
from tests.conftest import EMBED
from tests.importers.helpers import everything, run as run_import, write

THEN = datetime(2024, 1, 1, tzinfo=UTC)


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


# --- setup ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def new(db: None, settings: LazySettings, tmp_path: Path) -> Path:
    """An empty database and no static files."""
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path / "static"


def credentials(output: str) -> tuple[str, str]:
    name, password = re.search(r"^ +name +(\S+)\n +password +(\S+)$", output, re.MULTILINE).groups()  # type: ignore[union-attr]
    return name, password


def test_setup_makes_an_administrator_whose_password_works(new: Path, client: Client) -> None:
    name, password = credentials(run("setup"))
    assert name == "admin"
    assert len(password) >= 16
    client.post("/admin/login/", {"username": name, "password": password})
    assert client.get("/admin/").status_code == 200
    assert get_user_model().objects.get().is_superuser


def test_setup_collects_static_files(new: Path) -> None:
    run("setup")
    assert (new / "icon.svg").is_file()


def test_setup_adds_demo_posts_that_readers_see(new: Path, client: Client) -> None:
    output = run("setup")
    assert "Adding demo posts" in output
    assert Post.objects.published().count() + Post.objects.filter(status="published").count() >= 5
    assert Post.objects.filter(status="draft").count() == 1
    assert Page.objects.get().slug == "about"
    assert SiteSettings.load().title == "한밤의 시사실"
    assert SiteSettings.load().menu[-1] == ["소개", "/about/"]
    html = client.get("/").content.decode()
    assert "한밤의 시사실" in html
    assert "초안" not in html


def test_the_demo_names_its_generator(new: Path) -> None:
    run("setup")
    sora = Generator.objects.get()
    assert Prompt.objects.exists()
    assert not Prompt.objects.exclude(generator=sora).exists()
    assert not Post.objects.filter(post_embeds__isnull=False).exclude(generator=sora).exists()


def test_a_second_setup_changes_nothing(new: Path) -> None:
    run("setup")
    before = everything()
    output = run("setup")
    assert "password" not in output
    assert "demo" not in output
    assert everything() == before


def test_deleted_demo_posts_do_not_come_back(new: Path) -> None:
    run("setup")
    Post.objects.all().delete()
    Page.objects.all().delete()
    run("setup")
    assert not Post.objects.exists()
    assert not Page.objects.exists()
    assert get_user_model().objects.count() == 1


def test_setup_adds_no_demo_to_a_blog(new: Path, make_post: Callable[..., Post]) -> None:
    make_post()
    output = run("setup")
    assert credentials(output)
    assert "demo" not in output
    assert Post.objects.count() == 1


def test_setup_leaves_a_user_called_admin_alone(new: Path) -> None:
    get_user_model().objects.create_user("admin", password="mine")
    name, password = credentials(run("setup"))
    assert re.fullmatch(r"admin-[0-9a-f]{4}", name)
    users = get_user_model().objects
    assert users.get(username=name).check_password(password)
    assert users.get(username="admin").check_password("mine")
    assert not users.get(username="admin").is_superuser


def test_a_setup_that_fails_can_be_repeated(new: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(tmp_path / "demo/_posts/2024-01-01-bad.md", "date: soon")
    with monkeypatch.context() as patched:
        patched.setattr(setup, "DEMO", tmp_path / "demo")
        with pytest.raises(CommandError):
            run("setup")
    assert not get_user_model().objects.exists()
    assert not SiteSettings.objects.exists()
    credentials(run("setup"))
    assert Post.objects.filter(status="published").count() == 5


# --- serve ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that took the place of this process."""
    programs: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: programs.append([path, *arguments]))
    return programs


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free() -> int:
    """A port that nobody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return int(other.getsockname()[1])


def test_serve_becomes_granian(started: list[list[str]], free: int) -> None:
    output = run("serve", "--port", str(free))
    ((path, *arguments),) = started
    assert path == sys.executable
    assert arguments[:5] == [sys.executable, "-m", "granian", "--interface", "wsgi"]
    assert arguments[-1] == "config.wsgi:application"
    options = dict(pairwise(arguments[3:-1]))
    assert (options["--host"], options["--port"], options["--workers"]) == ("127.0.0.1", str(free), "1")
    assert f"The blog:  http://127.0.0.1:{free}/\n" in output
    assert f"The admin: http://127.0.0.1:{free}/admin/\n" in output
    assert "Ctrl+C stops it." in output


def test_serve_names_the_blogs_own_address(started: list[list[str]], free: int, settings: LazySettings) -> None:
    settings.ROOST_URL = "https://blog.example.com"
    output = run("serve", "--port", str(free), "--workers", "3")
    assert "The blog:  https://blog.example.com/\n" in output
    assert started[0][started[0].index("--workers") + 1] == "3"


def test_serve_writes_an_ipv6_address_so_that_it_can_be_opened(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket.socket, "bind", lambda *_: None, raising=False)
    output = run("serve", "--host", "::1", "--port", "8123")
    assert "The blog:  http://[::1]:8123/\n" in output
    assert started[0][started[0].index("--host") + 1] == "::1"


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "80a", "8000 ", "8.0", "８０００", "http"])
def test_serve_refuses_what_is_no_port(started: list[list[str]], port: str) -> None:
    with pytest.raises(CommandError, match=re.escape(f"PORT={port} is no port: write a number from 1 to 65535.")):
        run("serve", f"--port={port}")
    assert started == []


def test_serve_refuses_a_taken_port_and_names_another(started: list[list[str]], taken: int) -> None:
    with pytest.raises(CommandError) as refusal:
        run("serve", "--port", str(taken))
    assert f"Can't listen on 127.0.0.1:{taken} (" in str(refusal.value)
    assert f"or choose another: make run PORT={taken + 1 if taken < 65535 else 8001}" in str(refusal.value)
    assert started == []


@pytest.mark.parametrize(
    ("port", "error", "says"),
    [
        ("80", PermissionError(13, "Permission denied"), "Port 80 needs more rights. Choose one above 1023"),
        ("65535", OSError(98, "Address already in use"), "or choose another: make run PORT=8001"),
    ],
)
def test_serve_explains_what_the_system_refuses(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch, port: str, error: OSError, says: str
) -> None:
    def refuse(*_: Any) -> None:
        raise error

    monkeypatch.setattr(socket.socket, "bind", refuse, raising=False)
    with pytest.raises(CommandError, match=re.escape(says)):
        run("serve", "--port", port)
    assert started == []


# --- rerender -------------------------------------------------------------------------------------------------------


def test_rerender_brings_only_older_posts_up_to_date(make_post: Callable[..., Post]) -> None:
    old, new = make_post(body="It **rains**."), make_post(body="It **snows**.")
    Post.objects.filter(pk=old.pk).update(body_html="old", rendered_by=RENDERER_VERSION - 1, updated_at=THEN)
    Post.objects.filter(pk=new.pk).update(body_html="of today")
    assert run("rerender") == "1 rendered.\n"
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.body_html, old.rendered_by) == ("<p>It <strong>rains</strong>.</p>", RENDERER_VERSION)
    assert (old.updated_at, old.version) == (THEN, 1)
    assert (new.body_html, new.updated_at) == ("of today", None)


def test_rerender_keeps_prompts_and_embeds(make_post: Callable[..., Post]) -> None:
    post = make_post(body=EMBED)
    Prompt.objects.update(notes="take 4")
    Post.objects.update(rendered_by=0)
    before = post.prompts.values().get(), post.post_embeds.values().get()
    run("rerender")
    assert (post.prompts.values().get(), post.post_embeds.values().get()) == before


def test_rerender_brings_pages_up_to_date_and_keeps_their_dates(db: None) -> None:
    Page(title="About", slug="about", body="**We**").save()
    Page.objects.update(body_html="old", updated_at=THEN)
    assert run("rerender") == "1 rendered.\n"
    page = Page.objects.get()
    assert page.body_html == "<p><strong>We</strong></p>"
    assert page.updated_at == THEN


def test_rerender_names_the_texts_that_fail_and_does_the_others(make_post: Callable[..., Post]) -> None:
    bad, good = make_post(), make_post(body="It **rains**.")
    Post.objects.update(rendered_by=0, body_html="old")
    Post.objects.filter(pk=bad.pk).update(body="> " * 5000 + "deep")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match=r"^1 could not be rendered and stay as they were\.$"):
        call_command("rerender", stdout=out, stderr=err)
    assert out.getvalue() == "1 rendered.\n"
    assert err.getvalue().startswith(f"/posts/{bad.slug}/: ")
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.body_html, bad.rendered_by) == ("old", 0)
    assert good.body_html == "<p>It <strong>rains</strong>.</p>"


def test_rerender_is_no_edit_for_the_importer(db: None, tmp_path: Path) -> None:
    file = write(tmp_path / "2024-01-01-a.md", "title: One")
    run_import(file)
    Post.objects.update(rendered_by=0)
    run("rerender")
    write(file, "title: Two")
    assert run_import(file).error == ""
    assert Post.objects.get().title == "Two"


def test_rerender_of_nothing_is_quick_to_say_so(db: None) -> None:
    assert run("rerender") == "0 rendered.\n"
