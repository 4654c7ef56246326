"""The list of embeds, and what can be done to those in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import Embed, Post
from tests.admin_embeds.helpers import (
    ENGLISH,
    LIST,
    WORDS,
    MakePost,
    act,
    change,
    person,
)
from tests.conftest import EMBED
from tests.fake_provider import FakeProvider
from tests.snapshots.helpers import texts

pytestmark = pytest.mark.django_db

OTHER = "1758397696745054665"


def test_the_list_says_how_embeds_are_and_who_shows_them(
    admin_client: Client, embed: Embed, make_post: MakePost
) -> None:
    make_post(body=EMBED.replace("tokyo walk", "again"))
    Embed.objects.update(checked_at=datetime(2026, 3, 2, 9, 5, tzinfo=UTC), status="gone")
    html = admin_client.get(LIST, headers=ENGLISH).content.decode()
    row = " ".join(texts(html[html.index('id="result_list"') :].partition("</table>")[0]).split())
    for words in ("again, tokyo walk", "X", "Ada (@OpenAI)", "gone", "03/02/2026 6:05 p.m."):
        assert words in row
    assert '<td class="field-used_count">2</td>' in html


def test_a_post_that_shows_an_embed_twice_is_one_post(admin_client: Client, make_post: MakePost) -> None:
    make_post(body=f"{EMBED}\n\n{EMBED}")
    assert '<td class="field-used_count">1</td>' in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?status__exact=gone", 1),
        ("?takedown__exact=1", 1),
        ("?provider=youtube", 1),
        ("?q=walk", 1),
        ("?q=RoostDemo01", 1),
        ("?q=Ada", 1),
        ("?q=nothing-like-it", 0),
    ],
)
def test_the_list_can_be_narrowed(admin_client: Client, embed: Embed, query: str, found: int) -> None:
    Embed.objects.create(provider="youtube", provider_id="RoostDemo01", url="https://youtu.be/x", status="gone")
    Embed.objects.create(provider="x", provider_id=OTHER, url="https://x.com/i/status/1", takedown=True)
    html = admin_client.get(f"{LIST}{query}").content.decode()
    assert html.count('class="action-select"') == found


def test_who_tells_nothing_is_said_to_be_unchecked(admin_client: Client, make_post: MakePost) -> None:
    make_post(body="https://www.twitch.tv/videos/1000000001")
    html = admin_client.get(LIST, headers=ENGLISH).content.decode()
    assert '<span class="embed-state unasked">not checked' in html
    assert "not fetched yet" not in texts(html[html.index('id="result_list"') :].partition("</table>")[0])


def test_what_was_taken_down_says_so(admin_client: Client, embed: Embed) -> None:
    Embed.objects.update(takedown=True)
    assert (
        '<span class="embed-state takedown">taken down</span>'
        in admin_client.get(LIST, headers=ENGLISH).content.decode()
    )


def test_the_list_asks_the_database_equally_often_however_long(
    admin_client: Client, make_post: MakePost, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_post(body=f"https://x.com/i/status/{1800000000000000000 + number}\na caption")
    with django_assert_max_num_queries(12):
        admin_client.get(LIST)


# --- Actions ---------------------------------------------------------------------------------------------------------


def test_embeds_are_asked_about_on_demand(admin_client: Client, embed: Embed, fake: FakeProvider) -> None:
    Embed.objects.update(next_check=timezone.now() + timedelta(days=60))
    html = act(admin_client, "refresh_now", embed)
    assert "1 embed was asked about." in html
    assert Embed.objects.get().text.startswith("One woman")


def test_who_gave_no_answer_is_counted(
    admin_client: Client, embed: Embed, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blog.admin.embeds.TOTAL_SECONDS", 0.3)
    fake.all("silent")
    down = Embed.objects.create(provider="x", provider_id=OTHER, url=f"https://x.com/i/status/{OTHER}", takedown=True)
    html = act(admin_client, "refresh_now", embed, down)
    assert "0 embeds were asked about." in html
    assert "2 gave no answer in time" in html
    assert Embed.objects.get(pk=embed.pk).text == WORDS


def test_embeds_are_taken_down_and_restored(admin_client: Client, embed: Embed, client: Client) -> None:
    assert "1 embed was taken down." in act(admin_client, "take_down", embed)
    embed.refresh_from_db()
    assert embed.takedown
    assert embed.takedown_note.startswith("Taken down by admin on ")
    page = client.get("/posts/post-1/").content.decode()
    assert "and a third" not in page
    assert "tokyo walk" in page
    assert "1 embed was restored." in act(admin_client, "restore", embed)
    embed.refresh_from_db()
    assert (embed.takedown, embed.takedown_note, embed.text) == (False, "", WORDS)
    assert "and a third" in client.get("/posts/post-1/").content.decode()


def test_a_note_that_somebody_wrote_is_not_replaced(admin_client: Client, embed: Embed) -> None:
    Embed.objects.update(takedown_note="Their lawyer wrote.")
    act(admin_client, "take_down", embed)
    assert Embed.objects.values_list("takedown", "takedown_note").get() == (True, "Their lawyer wrote.")
    assert "0 embeds were taken down." in act(admin_client, "take_down", embed)


ACTIONS = ["refresh_now", "take_down", "restore"]


@pytest.mark.parametrize("action", [*ACTIONS, "delete_selected"])
def test_who_may_only_look_gets_no_actions(
    client: Client, django_user_model: Any, embed: Embed, action: str, fake: FakeProvider
) -> None:
    client.force_login(person(django_user_model, "view_embed"))
    html = client.get(LIST).content.decode()
    assert "tokyo walk" in html
    assert 'name="action"' not in html
    before = Embed.objects.values().get()
    act(client, action, embed)
    assert Embed.objects.values().get() == before
    assert fake.requests == []


def test_who_may_change_gets_the_actions_but_no_deleting(client: Client, django_user_model: Any, embed: Embed) -> None:
    client.force_login(person(django_user_model, "change_embed"))
    html = client.get(LIST).content.decode()
    assert re.findall(r'<option value="(\w+)">', html) == ACTIONS


def test_who_may_do_nothing_is_sent_away(client: Client, django_user_model: Any, embed: Embed) -> None:
    client.force_login(person(django_user_model, "view_post"))
    for address in (LIST, change(embed)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"action": "take_down", "_selected_action": [embed.pk]}).status_code == 403
    assert not Embed.objects.get().takedown


def test_an_embed_that_a_post_shows_can_not_be_deleted(admin_client: Client, embed: Embed) -> None:
    assert admin_client.post(reverse("admin:blog_embed_delete", args=[embed.pk]), {"post": "yes"}).status_code == 403
    act(admin_client, "delete_selected", embed)
    assert Embed.objects.exists()
    Post.objects.all().delete()
    admin_client.post(reverse("admin:blog_embed_delete", args=[embed.pk]), {"post": "yes"})
    assert not Embed.objects.exists()


def test_nobody_adds_an_embed_by_hand(admin_client: Client) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 403
