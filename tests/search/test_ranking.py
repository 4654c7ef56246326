"""Which post comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from blog.models import Post
from blog.search import find as find_module
from blog.search.find import find
from blog.search.query import parse

OLD = datetime(2010, 1, 1, tzinfo=UTC)
NEW = datetime(2024, 1, 1, tzinfo=UTC)


def order(typed: str, start: int = 0, size: int = 100) -> list[str]:
    keys = find(parse(typed), Post.objects.published(), start=start, size=size).keys
    slugs = dict(Post.objects.values_list("pk", "slug"))
    return [slugs[key] for key in keys]


def test_a_title_counts_most_then_tags_then_prompts_then_the_text_whatever_the_dates(make_post: Any) -> None:
    make_post(slug="text", body="고래가 나옵니다.", publish_at=NEW + timedelta(days=3))
    make_post(slug="prompt", body="> 프롬프트: 고래가 난다", publish_at=NEW + timedelta(days=2))
    make_post(slug="tag", tags=["고래"], publish_at=NEW + timedelta(days=1))
    make_post(slug="title", title="고래", publish_at=OLD)
    assert order("고래") == ["title", "tag", "prompt", "text"]


def test_a_category_and_a_model_count_as_tags_do(make_post: Any) -> None:
    make_post(slug="text", body="Kling and whales")
    make_post(slug="category", category="Whales", publish_at=OLD)
    make_post(slug="model", body="> Prompt: a fish\n> Model: Kling", publish_at=OLD)
    assert order("whale") == ["category", "text"]
    assert order("kling") == ["model", "text"]


def test_a_word_that_only_looks_like_another_counts_for_nothing(make_post: Any) -> None:
    make_post(slug="title", title="New York, new music", publish_at=NEW)
    make_post(slug="tag", tags=["News"], publish_at=OLD)
    make_post(slug="embed", title="How to embed", publish_at=OLD)
    assert order("news") == ["tag"]
    assert order("news york") == []
    assert order("embedded") == ["embed"]


def test_where_fields_are_equal_the_newer_comes_first_and_then_the_later_one(make_post: Any) -> None:
    for slug, moment in (("a", OLD), ("b", NEW), ("c", NEW)):
        make_post(slug=slug, body="고래", publish_at=moment)
    assert order("고래") == ["c", "b", "a"]


def test_more_terms_in_better_places_come_first(make_post: Any) -> None:
    make_post(slug="one", title="고래", body="바다", publish_at=NEW)
    make_post(slug="both", title="고래와 바다", publish_at=OLD)
    assert order("고래 바다") == ["both", "one"]


def test_pages_continue_each_other(make_post: Any) -> None:
    for number in range(7):
        make_post(slug=f"p{number}", body="고래")
    assert order("고래", 0, 3) + order("고래", 3, 3) + order("고래", 6, 3) == order("고래")
    assert find(parse("고래"), Post.objects.published(), start=3, size=3).total == 7


def test_without_words_it_is_everything_and_with_nothing_but_signs_nothing(make_post: Any) -> None:
    make_post(slug="a")
    make_post(slug="b")
    assert order("") == ["b", "a"]
    assert order("?!") == []


def test_hidden_posts_are_never_found_and_scheduled_ones_at_their_minute(make_post: Any) -> None:
    at = timezone.now() + timedelta(hours=1)
    make_post(slug="draft", title="고래", status="draft")
    make_post(slug="soon", title="고래", publish_at=at)
    for moment, wanted in ((at - timedelta(seconds=1), []), (at, ["soon"])):
        with time_machine.travel(moment, tick=False):
            assert order("고래") == wanted


@pytest.mark.parametrize("typed", ["고래", "고래 바다"])
def test_two_queries_do_it(make_post: Any, django_assert_num_queries: Any, typed: str) -> None:
    make_post(title="고래 바다")
    looks = 4 if connection.vendor == "postgresql" else 0  # at how frequent it is, in a transaction with settings
    with django_assert_num_queries(2 + looks):
        find(parse(typed), Post.objects.published(), start=0, size=10)


def test_of_a_frequent_word_the_newest_of_each_field_are_put_in_order(
    make_post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_module, "MOST", 2)
    for number in range(4):
        make_post(slug=f"title-{number}", title="고래", publish_at=OLD + timedelta(days=number))
    for number in range(4):
        make_post(slug=f"text-{number}", body="고래", publish_at=NEW + timedelta(days=number))
    found = find(parse("고래"), Post.objects.published(), start=0, size=100)
    assert found.more
    assert order("고래") == ["title-3", "title-2", "title-1", "text-3", "text-2", "text-1"]
    assert found.total == 6
    assert not find(parse("고래"), Post.objects.filter(slug="title-0"), start=0, size=100).keys
    monkeypatch.setattr(find_module, "MOST", 8)
    assert len(order("고래")) == 8
    assert not find(parse("고래"), Post.objects.published(), start=0, size=100).more
