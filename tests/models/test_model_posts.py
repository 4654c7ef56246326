"""What a post knows about itself, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from blog.models import Post
from tests.conftest import in_a_week

pytestmark = pytest.mark.django_db

JANUARY = datetime(2024, 1, 1, tzinfo=UTC)
MARCH = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "in_days", "public", "scheduled"),
    [("published", -1, True, False), ("published", 1, False, True), ("draft", -1, False, False)],
)
def test_published_means_the_same_for_a_query_and_a_post(
    make_post: Callable[..., Post], status: str, in_days: int, public: bool, scheduled: bool
) -> None:
    post = make_post(status=status, publish_at=timezone.now() + timedelta(days=in_days))
    assert Post.objects.published().exists() is public
    assert (post.is_public, post.is_scheduled) == (public, scheduled)


def test_published_can_be_asked_for_another_moment(make_post: Callable[..., Post]) -> None:
    make_post(publish_at=in_a_week())
    make_post(publish_at=JANUARY)
    assert Post.objects.published(in_a_week() + timedelta(hours=1)).count() == 2
    assert Post.objects.published(JANUARY).count() == 1
    assert Post.objects.published(JANUARY - timedelta(seconds=1)).count() == 0


def test_newest_first_is_a_total_order(make_post: Callable[..., Post]) -> None:
    posts = [make_post(publish_at=at) for at in (MARCH, JANUARY, MARCH)]
    assert list(Post.objects.newest_first()) == [posts[2], posts[0], posts[1]]


def test_a_line_about_a_post_needs_one_query(
    make_post: Callable[..., Post], admin_user: Any, django_assert_num_queries: Any
) -> None:
    make_post(author=admin_user, category="AI")
    with django_assert_num_queries(1):
        (post,) = Post.objects.with_byline()
        assert (post.byline, post.category.name, post.image) == ("admin", "AI", None)


@pytest.mark.parametrize(
    ("publish_at", "updated_at", "modified_at"),
    [
        (JANUARY, MARCH, MARCH),
        (MARCH, JANUARY, MARCH),
        (JANUARY, None, JANUARY),
        (None, MARCH, MARCH),
        (None, None, None),
    ],
)
def test_modified_is_the_later_of_publication_and_update(
    publish_at: datetime | None, updated_at: datetime | None, modified_at: datetime | None
) -> None:
    assert Post(publish_at=publish_at, updated_at=updated_at).modified_at == modified_at


def test_the_summary_describes_a_post_else_its_beginning(make_post: Callable[..., Post]) -> None:
    post = make_post(body="It rains upwards.", summary="A film.")
    assert post.description == "A film."
    post.summary = ""
    assert post.description == "It rains upwards."


def test_a_byline_is_the_authors_full_name_else_their_login(make_post: Callable[..., Post], admin_user: Any) -> None:
    assert make_post().byline == ""
    assert make_post(author=admin_user).byline == "admin"
    admin_user.first_name = "하늘"
    assert make_post(author=admin_user).byline == "하늘"


def test_a_post_is_called_by_its_title_and_has_an_address() -> None:
    post = Post(title="비", slug="비-오는-날")
    assert str(post) == "비"
    assert post.get_absolute_url() == "/posts/%EB%B9%84-%EC%98%A4%EB%8A%94-%EB%82%A0/"


def test_publishing_without_a_date_means_now(db: None) -> None:
    before = timezone.now()
    post = Post(title="A", slug="a", status="published")
    post.clean()
    assert post.publish_at is not None
    assert before <= post.publish_at <= timezone.now()
    draft = Post(title="B", slug="b")
    draft.clean()
    assert draft.publish_at is None


@pytest.mark.parametrize("value", [["a"], "a", 1])
def test_variables_are_names_with_values(make_post: Callable[..., Post], value: object) -> None:
    post = make_post(variables={"t_walk": "i/status/1", "n": {"a": [1]}})
    post.full_clean()
    post.variables = value
    with pytest.raises(ValidationError) as refusal:
        post.full_clean()
    assert set(refusal.value.message_dict) == {"variables"}
