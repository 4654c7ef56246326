"""The desk says what was lost since its reader last looked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import DeskVisit, Embed, Post
from tests.admin_embeds.helpers import (
    ENGLISH,
    LIST,
    MakePost,
    change,
    person,
)
from tests.conftest import EMBED
from tests.snapshots.helpers import texts

pytestmark = pytest.mark.django_db


SEEN = "/admin/blog/embed/seen/"


def lose(status: str = "gone", **values: Any) -> Embed:
    Embed.objects.update(status=status, status_since=timezone.now(), **values)
    return Embed.objects.get()


def note(client: Client) -> str:
    html = client.get("/admin/", headers=ENGLISH).content.decode()
    found = re.search(r'<section class="desk-note".*?</section>', html, re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize("status", ["gone", "protected"])
def test_a_lost_embed_is_noted_with_the_posts_that_show_it(admin_client: Client, embed: Embed, status: str) -> None:
    lose(status)
    said = note(admin_client)
    assert "1 embed was lost since you last looked" in said
    assert f'<a href="{change(embed)}">tokyo walk</a>' in said
    assert status in texts(said)
    assert f'<a href="{reverse("admin:blog_post_change", args=[Post.objects.get().pk])}">A walk</a>' in said


@pytest.mark.parametrize("status", ["pending", "live", "unreachable"])
def test_what_is_not_lost_is_not_noted(admin_client: Client, embed: Embed, status: str) -> None:
    lose(status)
    assert note(admin_client) == ""


def test_what_was_taken_down_is_not_noted(admin_client: Client, embed: Embed) -> None:
    lose(takedown=True)
    assert note(admin_client) == ""


def test_what_was_lost_before_somebody_came_is_not_noted(admin_client: Client, embed: Embed) -> None:
    lose()
    Embed.objects.update(status_since=timezone.now() - timedelta(days=1))
    assert note(admin_client) == ""


def test_the_note_stays_until_it_is_put_away(admin_client: Client, embed: Embed) -> None:
    lose()
    for _ in range(2):
        assert "1 embed was lost" in note(admin_client)
    response = admin_client.post(SEEN)
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert note(admin_client) == ""
    lose()  # another one, later
    assert note(admin_client)


def test_a_link_does_not_put_the_note_away(admin_client: Client, embed: Embed) -> None:
    lose()
    assert admin_client.get(SEEN).status_code == 405
    assert admin_client.head(SEEN).status_code == 405
    assert note(admin_client)


def test_another_site_can_not_put_the_note_away(embed: Embed, admin_user: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    lose()
    assert strict.post(SEEN).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', note(strict))
    assert token
    assert strict.post(SEEN, {"csrfmiddlewaretoken": token[1]}).status_code == 302
    assert note(strict) == ""


def test_everybody_has_a_note_of_their_own(
    admin_client: Client, client: Client, embed: Embed, django_user_model: Any
) -> None:
    client.force_login(person(django_user_model, "view_embed"))
    lose()
    admin_client.post(SEEN)
    admin_client.post(SEEN)
    assert note(admin_client) == ""
    assert note(client)
    assert DeskVisit.objects.count() == 1


def test_who_may_not_see_embeds_gets_no_note(client: Client, embed: Embed, django_user_model: Any) -> None:
    client.force_login(person(django_user_model, "view_post"))
    lose()
    assert note(client) == ""


def test_a_stranger_puts_no_note_away(client: Client, db: None, django_user_model: Any) -> None:
    assert client.post(SEEN).headers["Location"].startswith("/admin/login/")
    reader = django_user_model.objects.create_user("reader")
    client.force_login(reader)
    client.post(SEEN)
    assert not DeskVisit.objects.exists()


def test_a_note_of_many_names_ten(admin_client: Client, make_post: MakePost) -> None:
    for number in range(12):
        make_post(body=f"https://x.com/i/status/{1800000000000000000 + number}")
    Embed.objects.update(status="gone", status_since=timezone.now())
    said = note(admin_client)
    assert "12 embeds were lost" in said
    assert said.count("<li>") == 10
    assert f'<a href="{LIST}">All embeds</a>' in said


def test_a_title_is_text_in_the_note(admin_client: Client, make_post: MakePost) -> None:
    make_post(title="<script>alert(1)</script>", body=EMBED)
    lose()
    assert "&lt;script&gt;alert(1)" in note(admin_client)


def test_the_note_speaks_its_readers_language(admin_client: Client, embed: Embed) -> None:
    lose()
    html = admin_client.get("/admin/", headers={"Accept-Language": "ko"}).content.decode()
    said = html[html.index('<section class="desk-note"') :].partition("</section>")[0]
    assert not re.search(r"\b(lost|looked|Your|seen|All)\b", re.sub(r"<[^>]*>", "", said))


def test_a_post_that_shows_a_lost_embed_twice_is_named_once(admin_client: Client, make_post: MakePost) -> None:
    make_post(title="A walk", body=f"{EMBED}\n\n{EMBED}")
    lose()
    assert note(admin_client).count("A walk") == 1
