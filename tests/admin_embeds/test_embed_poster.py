"""Posters are uploaded, and described."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from blog.models import Embed, Image
from tests.admin_embeds.helpers import (
    WORDS,
    change,
    errors,
    picture,
    save,
)
from tests.fake_provider import stills

pytestmark = pytest.mark.django_db


def test_a_poster_is_uploaded_with_words_for_it(admin_client: Client, embed: Embed, client: Client) -> None:
    save(admin_client, embed, poster_file=picture(), poster_alt="A wet street.")
    assert embed.poster is not None
    assert (embed.poster_alt, embed.poster.alt, embed.poster.width) == ("A wet street.", "A wet street.", 1280)
    assert len(embed.poster.renditions) == 6
    assert (embed.text, embed.keep_words, embed.status) == (WORDS, False, "live")
    page = client.get("/posts/post-1/").content.decode()
    assert f'src="{embed.poster.file.url}" width="1280" height="720" alt="A wet street."' in page
    assert f'<img class="thumbnail" src="{embed.poster.file.url}"' in admin_client.get(change(embed)).content.decode()


def test_a_poster_without_words_is_asked_about_and_nothing_typed_is_lost(admin_client: Client, embed: Embed) -> None:
    html = save(admin_client, embed, poster_file=picture(), text="Mine & <yours>", takedown_note="A note.")
    assert "Say in a few words what the poster shows" in errors(html)
    assert "Mine &amp; &lt;yours&gt;</textarea>" in html
    assert "A note.</textarea>" in html
    assert (embed.poster, embed.text) == (None, WORDS)
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!DOCTYPE html><p>words",
        b"GIF89a",
        b"no picture",
        stills.jpeg("a")[:500],
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(
    admin_client: Client, embed: Embed, content: bytes
) -> None:
    html = save(admin_client, embed, poster_file=picture("still.jpg", content), poster_alt="A wet street.")
    assert "no picture that browsers show" in errors(html)
    assert " at 0x" not in html
    assert 'value="A wet street."' in html
    assert embed.poster is None
    assert not Image.objects.exists()


def test_a_picture_that_is_too_large_is_refused(
    admin_client: Client, embed: Embed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blog.pictures.MAX_BYTES", 1000)
    assert "larger than" in errors(save(admin_client, embed, poster_file=picture(), poster_alt="A wet street."))
    assert embed.poster is None


def test_a_picture_that_is_here_already_can_be_the_poster(admin_client: Client, embed: Embed) -> None:
    admin_client.post("/admin/blog/image/add/", {"picture": picture(), "alt": "A wet street.", "path": ""})
    image = Image.objects.get()
    save(admin_client, embed, poster=image.pk)
    assert (embed.poster, embed.poster_alt) == (image, "")  # the picture's own words will do
    image.refresh_from_db()
    assert len(image.renditions) == 6
    save(admin_client, embed, poster="")
    assert embed.poster is None


def test_the_form_takes_a_pasted_picture(admin_client: Client, embed: Embed) -> None:
    html = admin_client.get(change(embed)).content.decode()
    assert re.search(r'<input type="file" name="poster_file" [^>]*data-paste', html)
    assert "js/paste-picture.js" in html
