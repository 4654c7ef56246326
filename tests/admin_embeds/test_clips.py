"""Films and sounds of one's own, and captions for them."""

from __future__ import annotations

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from blog.models import Clip, Embed
from tests.admin_embeds.helpers import (
    errors,
    opened,
    save,
)
from tests.fake_provider import stills

pytestmark = pytest.mark.django_db


MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("a.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", True),
        ("a.vtt", b"\xef\xbb\xbfWEBVTT\n", True),
        ("a.vtt", b"<html>", False),
        ("a.vtt", b"1\n00:00:00,000 --> 00:00:01,000\n", False),
        ("a.html", b"WEBVTT\n", False),
    ],
)
def test_captions_are_webvtt(admin_client: Client, embed: Embed, name: str, content: bytes, taken: bool) -> None:
    html = save(admin_client, embed, captions=SimpleUploadedFile(name, content), captions_lang="en")
    assert bool(errors(html)) is not taken
    assert bool(embed.captions) is taken
    assert embed.keep_words is False


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.mp4", MP4),
        ("a.MP4", MP4),
        ("a.webm", b"\x1a\x45\xdf\xa3" + b"\0" * 20),
        ("a.mp3", b"ID3\x04" + b"\0" * 20),
        ("a.ogg", b"OggS" + b"\0" * 20),
        ("a.wav", b"RIFF\0\0\0\0WAVE"),
        ("a.flac", b"fLaC" + b"\0" * 20),
    ],
)
def test_a_film_or_sound_is_uploaded(admin_client: Client, name: str, content: bytes) -> None:
    admin_client.post("/admin/blog/clip/add/", {"file": SimpleUploadedFile(name, content), "path": ""})
    clip = Clip.objects.get()
    html = unescape(admin_client.get(reverse("admin:blog_clip_change", args=[clip.pk])).content.decode())
    kind = "audio" if clip.is_sound else "video"
    assert f"{{% include embed/{kind}.html src='{clip.file.url}' %}}" in html
    again = opened(admin_client, reverse("admin:blog_clip_change", args=[clip.pk]))
    admin_client.post(reverse("admin:blog_clip_change", args=[clip.pk]), {**again, "path": "/assets/a.mp4"})
    clip.refresh_from_db()
    assert clip.path == "/assets/a.mp4"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.mp4", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("a.mp4", b""),
        ("a.mp4", b"PK\x03\x04"),
        ("a.mp3", stills.jpeg("a")),
        ("a.html", MP4),
        ("a.svg", MP4),
        ("a", MP4),
    ],
)
def test_what_is_no_film_or_sound_is_refused(admin_client: Client, name: str, content: bytes) -> None:
    html = admin_client.post(
        "/admin/blog/clip/add/", {"file": SimpleUploadedFile(name, content), "path": ""}
    ).content.decode()
    assert errors(html)
    assert not Clip.objects.exists()
