"""An embed's form: words, takedown, and what happens while it is open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog import snapshots
from blog.models import Embed, Image, Post, StatusChange
from tests.admin_embeds.helpers import (
    ENGLISH,
    WORDS,
    act,
    change,
    errors,
    opened,
    save,
)
from tests.conftest import TOKYO
from tests.fake_provider import FakeProvider

pytestmark = pytest.mark.django_db


def test_words_that_were_edited_are_kept_by_checks(admin_client: Client, embed: Embed, fake: FakeProvider) -> None:
    save(admin_client, embed, text="Mine.\r\n\r\nAll of it.")
    assert (embed.text, embed.keep_words) == ("Mine.\n\nAll of it.", True)
    act(admin_client, "refresh_now", embed)
    embed.refresh_from_db()
    assert (embed.text, embed.author_name) == ("Mine.\n\nAll of it.", "Ada")


@pytest.mark.parametrize("values", [{"author_name": "Me"}, {"author_handle": "me"}, {"text_lang": "ko"}])
def test_an_author_or_a_language_that_was_edited_is_kept(
    admin_client: Client, embed: Embed, values: dict[str, str]
) -> None:
    save(admin_client, embed, **values)
    assert embed.keep_words


def test_a_date_that_was_edited_is_the_authors(admin_client: Client, embed: Embed) -> None:
    save(admin_client, embed, posted_at_0="2020-01-02", posted_at_1="03:04:05")
    assert (embed.posted_at_source, embed.keep_words) == ("author", True)
    assert embed.posted_at is not None
    assert timezone.localtime(embed.posted_at).strftime("%Y-%m-%d %H:%M:%S") == "2020-01-02 03:04:05"


@pytest.mark.parametrize("values", [{}, {"aspect": "1:1"}, {"takedown": "on"}, {"takedown_note": "a\r\nb"}])
def test_saving_something_else_does_not_hold_on_to_the_words(
    admin_client: Client, embed: Embed, values: dict[str, str]
) -> None:
    save(admin_client, embed, **values)
    assert (embed.keep_words, embed.text, embed.posted_at_source) == (False, WORDS, "snowflake")


def test_words_can_be_let_go_again(admin_client: Client, embed: Embed) -> None:
    Embed.objects.update(keep_words=True)
    data = opened(admin_client, change(embed))
    del data["keep_words"]
    admin_client.post(change(embed), data)
    assert not Embed.objects.get().keep_words


def test_what_a_check_found_while_the_form_was_open_survives_it(
    admin_client: Client, embed: Embed, fake: FakeProvider
) -> None:
    Embed.objects.update(text="", author_name="", status="pending", text_lang="")
    data = opened(admin_client, change(embed))
    snapshots.refresh(Embed.objects.all())
    poster = Image.objects.create(file="images/a.png", width=4, height=3, alt="A cat.")
    Embed.objects.update(poster=poster)
    admin_client.post(change(embed), {**data, "aspect": "4:3"})
    embed.refresh_from_db()
    assert (embed.author_name, embed.text_lang, embed.status) == ("OpenAI", "en", "live")
    assert embed.text.startswith("One woman")
    assert (embed.aspect, embed.keep_words, embed.poster) == ("4:3", False, poster)


def test_a_takedown_while_the_form_was_open_survives_it(admin_client: Client, embed: Embed) -> None:
    data = opened(admin_client, change(embed))
    act(admin_client, "take_down", embed)
    admin_client.post(change(embed), {**data, "aspect": "4:3"})
    embed.refresh_from_db()
    assert (embed.takedown, embed.aspect) == (True, "4:3")
    assert embed.takedown_note.startswith("Taken down by admin")


def test_a_takedown_is_written_with_its_note(admin_client: Client, embed: Embed) -> None:
    save(admin_client, embed, takedown="on", takedown_note="Asked for by mail.")
    assert (embed.takedown, embed.takedown_note) == (True, "Asked for by mail.")
    data = opened(admin_client, change(embed))
    assert data["takedown"] == "on"
    del data["takedown"]
    admin_client.post(change(embed), data)
    assert not Embed.objects.get().takedown


@pytest.mark.parametrize("aspect", ["wide", "0:9", "16:9:1", "16/9", "99999:1"])
def test_a_shape_that_is_none_is_refused(admin_client: Client, embed: Embed, aspect: str) -> None:
    assert errors(save(admin_client, embed, aspect=aspect))
    assert embed.aspect == ""


def test_nobody_sets_a_state_by_hand(admin_client: Client, embed: Embed) -> None:
    save(admin_client, embed, status="gone", failures="7", next_check_0="2030-01-01", url="https://evil.example/")
    assert (embed.status, embed.failures, embed.next_check) == ("live", 0, None)
    assert embed.url == f"https://x.com/i/status/{TOKYO}"


def test_the_form_shows_history_posts_and_address(admin_client: Client, embed: Embed) -> None:
    for day, status, reason in ((1, "live", ""), (2, "gone", "X says 404. <b>")):
        StatusChange.objects.create(
            embed=embed, status=status, at=datetime(2026, 3, day, 12, tzinfo=UTC), reason=reason
        )
    html = admin_client.get(change(embed), headers=ENGLISH).content.decode()
    assert html.index("03/02/2026 9 p.m. <b>gone</b> X says 404. &lt;b&gt;") < html.index("<b>live</b>")
    assert f'<a href="{reverse("admin:blog_post_change", args=[Post.objects.get().pk])}">A walk</a>' in html
    assert f'<a href="https://x.com/i/status/{TOKYO}" rel="noopener noreferrer">' in html
