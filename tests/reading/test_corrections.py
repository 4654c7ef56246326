"""The public history of what was corrected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog import revisions
from blog.corrections import corrections_of
from blog.models import Post
from tests.browser.stage import MakePost

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
ADDRESS = "/posts/a/corrections/"


def change(post: Post, minutes: float, by: Any = None, **values: Any) -> Post:
    """Save it so many minutes after noon."""
    post = Post.objects.get(pk=post.pk)
    for name, value in values.items():
        setattr(post, name, value)
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False), revisions.signed(by):
        post.save()
    return post


@pytest.fixture
def post(make_post: MakePost) -> Post:
    """Published at noon, with a history that readers may see."""
    with time_machine.travel(NOON, tick=False):
        return make_post(slug="a", title="Rain", body="It rains in Tokyo.", publish_at=NOON, show_corrections=True)


def page(client: Client, query: str = "") -> str:
    response = client.get(ADDRESS + query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_correction_shows_which_words_changed(client: Client, post: Post) -> None:
    change(post, 60, body="It snows in Tokyo.", title="Snow")
    html = page(client)
    assert "It <del>rains</del><ins>snows</ins> in Tokyo." in html
    assert "<del>Rain</del><ins>Snow</ins>" in html
    assert '<meta name="robots" content="noindex">' in html
    assert ">2025년 6월 1일 오후 10:00</time>" in html
    foot = client.get("/posts/a/").content.decode()
    assert f'href="{ADDRESS}"' in foot
    assert "2025년 6월 1일에 고침" in foot


def test_the_newest_correction_comes_first_and_the_foot_counts_them(client: Client, post: Post) -> None:
    for number in (1, 2, 3):
        change(post, 60 * number, body=f"It rains in Tokyo, {number} times.")
    assert [one.at.hour for one in corrections_of(post)] == [15, 14, 13]
    assert "3번 고침" in client.get("/posts/a/").content.decode()


def test_only_words_are_corrections(client: Client, post: Post) -> None:
    change(post, 60, pinned=True)
    post.tags.set(["rain"])
    change(post, 120, slug="a", lang="en")
    assert corrections_of(post) == []
    assert ADDRESS not in client.get("/posts/a/").content.decode()
    assert "고친 곳이 없습니다" in page(client)


def test_what_one_person_changes_within_minutes_is_one_correction(post: Post, django_user_model: Any) -> None:
    ada, max_ = (django_user_model.objects.create_user(name) for name in ("ada", "max"))
    change(post, 60, ada, body="One.")
    change(post, 65, ada, body="Two.")
    change(post, 70, max_, body="Three.")
    change(post, 90, max_, body="Four.")
    found = corrections_of(post)
    assert [(one.before, one.after) for one in found] == [(4, 5), (3, 4), (1, 3)]


def test_what_was_taken_back_at_once_is_none(post: Post) -> None:
    change(post, 60, body="Oops.")
    change(post, 62, body="It rains in Tokyo.")
    assert corrections_of(post) == []


def test_nothing_from_before_publication_is_told(client: Client, make_post: MakePost) -> None:
    with time_machine.travel(NOON, tick=False):
        draft = make_post(slug="a", body="A secret.", status="draft", publish_at=None, show_corrections=True)
    draft = change(draft, 60, body="No secret.", status=Post.Status.PUBLISHED, publish_at=NOON + timedelta(minutes=60))
    change(draft, 120, body="No secret at all.")
    assert [(one.before, one.after) for one in corrections_of(draft)] == [(2, 3)]
    assert "A secret" not in page(client)


def test_what_was_written_while_it_was_a_draft_again_is_not_told(client: Client, post: Post) -> None:
    change(post, 60, status=Post.Status.DRAFT, body="A secret.")
    assert client.get(ADDRESS).status_code == 404
    change(post, 120, status=Post.Status.PUBLISHED, body="It rains in Kyoto.")
    assert [(one.before, one.after, one.at.hour) for one in corrections_of(post)] == [(1, 3, 14)]
    html = page(client)
    assert "secret" not in html
    assert "<del>Tokyo</del><ins>Kyoto</ins>" in html


def test_a_scheduled_version_that_was_replaced_before_its_time_is_not_told(make_post: MakePost) -> None:
    later = NOON + timedelta(hours=5)
    with time_machine.travel(NOON, tick=False):
        post = make_post(slug="a", body="One.", publish_at=later, show_corrections=True)
    post = change(post, 60, body="Two.")
    post = change(post, 600, body="Three.")
    assert [(one.before, one.after) for one in corrections_of(post)] == [(2, 3)]


def test_what_an_author_notes_for_themselves_stays_hidden(client: Client, post: Post) -> None:
    change(post, 60, body="It rains in Tokyo. <!-- ask Kim -->")
    change(post, 120, body="It rains in Tokyo. <!-- Kim says\n\nno -->\n\n{::comment}never{:/comment}")
    change(post, 180, body="It pours in Tokyo. <!-- Kim says")
    html = page(client)
    assert "Kim" not in html
    assert "never" not in html
    assert "<ins>pours</ins>" in html
    assert "읽는 화면에서 달라진 것은 없습니다" in html


def test_markup_in_a_text_is_shown_not_obeyed(client: Client, post: Post) -> None:
    change(post, 60, body="It rains <script>alert(1)</script> in Tokyo.")
    assert "<script>alert" not in page(client)


def test_only_where_the_author_asks(client: Client, post: Post) -> None:
    change(post, 60, body="Other.", show_corrections=False)
    assert client.get(ADDRESS).status_code == 404
    assert ADDRESS not in client.get("/posts/a/").content.decode()
    assert client.get("/posts/nothing/corrections/").status_code == 404


def test_an_old_address_leads_to_the_new_one(client: Client, post: Post) -> None:
    change(post, 60, slug="b")
    assert client.get(ADDRESS).headers["Location"] == "/posts/b/corrections/"


def test_the_list_has_pages(client: Client, post: Post) -> None:
    for number in range(12):
        change(post, 60 * (number + 1), body=f"Version {number}.")
    assert page(client).count("<section") == 10
    assert page(client, "page/2/").count("<section") == 2
    for wrong in ("3", "0", "x"):
        assert client.get(f"{ADDRESS}?page={wrong}", follow=True).status_code == 404


def test_the_number_of_queries_does_not_grow(client: Client, post: Post, settings: LazySettings) -> None:
    settings.TRACE_BYTES = 0  # the page is made each time
    counts = []
    for number in range(8):
        change(post, 60 * (number + 1), body=f"Version {number}.")
        with CaptureQueriesContext(connection) as captured:
            page(client)
        counts.append(len(captured))
    assert set(counts) == {counts[0]}
    assert counts[0] <= 5
