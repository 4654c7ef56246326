"""Uploaded files: whole, in parts, and at their addresses on an old site."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from blog.models import Clip, Image

pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def film(settings: LazySettings) -> str:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    (root / "film.mp4").write_bytes(CONTENT)
    return "/media/film.mp4"


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-1", 0, 1),
        ("bytes=100000-199999", 100000, 199999),
        ("bytes=255999-", 255999, 255999),
        ("bytes=0-", 0, 255999),
        ("bytes=-500", 255500, 255999),
        ("bytes=-999999", 0, 255999),
        ("bytes=255000-999999999", 255000, 255999),
    ],
)
def test_a_part_of_a_file_can_be_had(client: Client, film: str, asked: str, start: int, end: int) -> None:
    response = client.get(film, headers={"range": asked})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end}/256000"
    assert response["Content-Length"] == str(end - start + 1)
    assert (response["Content-Type"], response["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert body(response) == CONTENT[start : end + 1]
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=-", "bytes=a-b", "bytes=5-2-", "items=0-1", "bytes=0-1,5-6", "bytes= 0-1", f"bytes={'9' * 30}-"],
)
def test_a_range_that_is_not_understood_gives_the_whole(client: Client, film: str, asked: str) -> None:
    response = client.get(film, headers={"range": asked})
    assert (response.status_code, response["Accept-Ranges"]) == (200, "bytes")
    assert body(response) == CONTENT


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=999999-1000000", "bytes=5-2", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(client: Client, film: str, asked: str) -> None:
    response = client.get(film, headers={"range": asked})
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */256000")


def test_a_part_of_a_file_that_has_changed_since_is_the_whole(client: Client, film: str) -> None:
    first = client.get(film, headers={"range": "bytes=0-0"})
    assert body(first) == CONTENT[:1]
    since = first["Last-Modified"]
    same = client.get(film, headers={"range": "bytes=0-9", "if-range": since})
    other = client.get(film, headers={"range": "bytes=0-9", "if-range": "Mon, 01 Jan 2001 00:00:00 GMT"})
    assert (same.status_code, body(same)) == (206, CONTENT[:10])
    assert (other.status_code, body(other)) == (200, CONTENT)


def test_films_are_not_compressed_again(client: Client, film: str) -> None:
    response = client.get(film, headers={"accept-encoding": "gzip"})
    assert not response.has_header("Content-Encoding")
    assert response["Content-Length"] == "256000"
    assert body(response) == CONTENT
    assert client.get("/robots.txt", headers={"accept-encoding": "gzip"}).status_code == 200


def test_old_addresses_of_pictures_and_films_lead_to_them(client: Client) -> None:
    Image.objects.create(path="/assets/img/a.png", file="assets/img/a.png", width=1, height=1)
    Clip.objects.create(path="/assets/영상/a.mp4", file="assets/영상/a.mp4")
    for old, new in (
        ("/assets/img/a.png", "/media/assets/img/a.png"),
        ("/assets/영상/a.mp4", "/media/assets/%EC%98%81%EC%83%81/a.mp4"),
    ):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)
    assert client.get("/assets/other.mp4").status_code == 404
    assert client.get("/assets/other.png").status_code == 404
