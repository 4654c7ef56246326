"""Stills that providers give become posters of our own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image as Pillow

from blog import snapshots
from blog.models import Embed, Image
from tests.fake_provider import FakeProvider, stills
from tests.snapshots.helpers import Commit, MakePost, check, some, statuses, youtube

pytestmark = pytest.mark.django_db

FILM = "https://www.youtube.com/watch?v=RoostDemo01"
TOOT = "https://mastodon.social/@midnight_reel/117387244339200000"
STILL_HOST = "i.ytimg.com"


def files(settings: LazySettings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_still_of_a_film_becomes_its_poster(fake: FakeProvider) -> None:
    embed = check(youtube())
    assert embed.poster is not None
    assert (embed.poster.width, embed.poster.height) == (1280, 720)
    with Pillow.open(embed.poster.file.path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1280, 720))
    assert {(kind, width) for kind, width, _ in embed.poster.renditions} == {
        (kind, width) for kind in ("image/avif", "image/webp") for width in (480, 960, 1280)
    }
    assert embed.details["still"] == "https://i.ytimg.com/vi/RoostDemo01/hqdefault.jpg"


def test_a_poster_is_shown_from_our_own_site(
    fake: FakeProvider, make_post: MakePost, commit: Commit, client: Client
) -> None:
    with commit():
        make_post(body=f"{FILM}\na lecture")
    html = client.get("/posts/post-1/").content.decode()
    assert 'src="/media/stills/' in html
    assert STILL_HOST not in html


def test_a_still_keeps_the_words_that_describe_it(fake: FakeProvider, make_post: MakePost, commit: Commit) -> None:
    with commit():
        make_post(body=TOOT)
    embed = Embed.objects.get()
    assert embed.poster is not None
    assert embed.poster_alt == embed.poster.alt == "A low sun over hills."


def test_a_still_is_fetched_once(fake: FakeProvider) -> None:
    embed = check(youtube())
    poster = embed.poster
    assert check(embed).poster == poster
    assert [host for host, _ in fake.requests].count(STILL_HOST) == 1


def test_a_poster_that_somebody_chose_stays(fake: FakeProvider) -> None:
    chosen = Image.objects.create(file="mine.png", width=4, height=3, alt="Mine.")
    assert check(youtube(poster=chosen, poster_alt="Mine.")).poster == chosen
    assert STILL_HOST not in [host for host, _ in fake.requests]


def test_a_poster_that_somebody_chose_meanwhile_stays(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    embed = youtube()
    chosen = Image.objects.create(file="mine.png", width=4, height=3)
    keep = snapshots._keep_still
    monkeypatch.setattr(
        snapshots,
        "_keep_still",
        lambda *arguments: (Embed.objects.update(poster=chosen), keep(*arguments)),
    )
    assert check(embed).poster == chosen
    assert Image.objects.count() == 1


def test_words_for_another_still_do_not_describe_a_poster_that_somebody_chose(
    fake: FakeProvider, make_post: MakePost
) -> None:
    make_post(body=TOOT)
    chosen = Image.objects.create(file="mine.png", width=4, height=3, alt="A cat.")
    Embed.objects.update(poster=chosen)
    assert check(Embed.objects.get()).poster_alt == ""


@pytest.mark.parametrize("scenario", ["deleted", "error", "redirect", "wrong_type", "broken_json", "oversized"])
def test_a_film_whose_still_can_not_be_had_is_live_without_one(
    fake: FakeProvider, scenario: str, settings: LazySettings
) -> None:
    fake.set(STILL_HOST, scenario)
    embed = check(youtube())
    assert (embed.status, embed.poster) == ("live", None)
    assert files(settings) == []
    fake.set(STILL_HOST, "live")
    assert check(embed).poster is not None


@pytest.mark.parametrize(
    "answer",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"",
        b"\xff\xd8\xff\xe0 no more of it",
    ],
)
def test_a_still_that_is_no_picture_is_not_kept(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch, answer: bytes, settings: LazySettings
) -> None:
    monkeypatch.setattr("tests.fake_provider.server.find_still", lambda host, path: answer)
    embed = check(youtube())
    assert (embed.status, embed.poster) == ("live", None)
    assert files(settings) == []


def test_a_still_of_absurd_height_stops_nobody(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = BytesIO()
    Pillow.new("RGB", (4, 66_000)).save(buffer, "PNG")
    monkeypatch.setattr("tests.fake_provider.server.find_still", lambda host, path: buffer.getvalue())
    youtube()
    some(6)
    snapshots.refresh(snapshots.due())
    assert statuses() == ["live"] * 7


def test_who_was_taken_down_shows_no_poster(
    fake: FakeProvider, make_post: MakePost, commit: Commit, client: Client
) -> None:
    with commit():
        make_post(body=f"{FILM}\na lecture")
    Embed.objects.update(takedown=True)
    for address in ("/", "/posts/post-1/", "/feed.xml", "/rss.xml", "/feed.json"):
        assert "/media/stills/" not in client.get(address).content.decode()


def test_nothing_of_the_file_that_came_is_kept_but_the_picture(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    hostile = stills.jpeg("a") + b"<script>alert(1)</script>"
    monkeypatch.setattr("tests.fake_provider.server.find_still", lambda host, path: hostile)
    assert check(youtube()).poster is not None
    assert files(settings)
    assert not any(b"alert" in path.read_bytes() for path in files(settings))
