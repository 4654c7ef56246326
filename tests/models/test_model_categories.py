"""The tree of categories."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from blog.models import Category, Post
from tests.conftest import make_category

pytestmark = pytest.mark.django_db


def tree() -> dict[str, list[str]]:
    return dict(Category.objects.order_by("path").values_list("path", "names"))


def test_path_and_names_come_from_the_ancestors() -> None:
    leaf = make_category("AI/News/Today")
    assert tree() == {"ai": ["AI"], "ai/news": ["AI", "News"], "ai/news/today": ["AI", "News", "Today"]}
    assert str(leaf) == "AI / News / Today"
    assert leaf.get_absolute_url() == "/categories/ai/news/today/"
    assert leaf.trail == [("AI", "ai"), ("News", "ai/news"), ("Today", "ai/news/today")]


def test_a_new_name_is_a_new_name_for_all_below() -> None:
    make_category("AI/News/Today")
    top = Category.objects.get(path="ai")
    top.name = "인공지능"
    top.slug = "인공지능"
    top.save()
    assert tree() == {
        "인공지능": ["인공지능"],
        "인공지능/news": ["인공지능", "News"],
        "인공지능/news/today": ["인공지능", "News", "Today"],
    }


def test_a_move_takes_all_below_along() -> None:
    make_category("AI/News/Today")
    film = make_category("Film")
    news = Category.objects.get(path="ai/news")
    news.parent = film
    news.save()
    assert tree() == {
        "ai": ["AI"],
        "film": ["Film"],
        "film/news": ["Film", "News"],
        "film/news/today": ["Film", "News", "Today"],
    }


def test_a_move_to_the_top() -> None:
    make_category("AI/News/Today")
    news = Category.objects.get(path="ai/news")
    news.parent = None
    news.save()
    assert tree() == {"ai": ["AI"], "news": ["News"], "news/today": ["News", "Today"]}


def test_a_move_onto_a_sibling_of_that_name_changes_nothing() -> None:
    make_category("AI/News/Today")
    make_category("Film/News")
    before = tree()
    news = Category.objects.get(path="ai/news")
    news.parent = Category.objects.get(path="film")
    with pytest.raises(IntegrityError), transaction.atomic():
        news.save()
    assert tree() == before
    news = Category.objects.get(path="ai/news")
    news.parent = Category.objects.get(path="film")
    with pytest.raises(ValidationError) as refusal:
        news.full_clean()
    assert set(refusal.value.message_dict) == {"slug"}


def test_saving_a_few_columns_derives_too() -> None:
    make_category("AI/News")
    top = Category.objects.get(path="ai")
    top.name, top.slug = "Film", "film"
    top.save(update_fields=["name", "slug"])
    assert tree() == {"film": ["Film"], "film/news": ["Film", "News"]}


@pytest.mark.parametrize("below", ["ai", "ai/news", "ai/news/today"])
def test_a_category_cannot_stand_below_itself(below: str) -> None:
    make_category("AI/News/Today")
    top = Category.objects.get(path="ai")
    top.parent = Category.objects.get(path=below)
    with pytest.raises(ValidationError) as refusal:
        top.full_clean()
    assert "parent" in refusal.value.message_dict


@pytest.mark.parametrize("below", ["ai", "ai/news", "ai/news/today"])
def test_a_circle_is_not_stored_even_without_a_form(below: str) -> None:
    make_category("AI/News/Today")
    before = tree()
    top = Category.objects.get(path="ai")
    top.parent = Category.objects.get(path=below)
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        top.save()
    assert tree() == before
    assert Category.objects.get(path="ai").parent is None


def test_a_good_category_is_not_refused() -> None:
    news = make_category("AI/News")
    news.full_clean()
    Category(name="Today", slug="today", parent=news).full_clean()
    Category(name="News", slug="news").full_clean()


def test_a_category_of_a_slug_that_is_taken_is_refused() -> None:
    make_category("AI/News")
    with pytest.raises(ValidationError) as refusal:
        Category(name="Other", slug="news", parent=Category.objects.get(path="ai")).full_clean()
    assert set(refusal.value.message_dict) == {"slug"}


def test_a_category_that_is_not_saved_goes_by_its_name() -> None:
    assert str(Category(name="AI")) == "AI"


def test_posts_of_a_category_are_those_of_all_below_and_of_no_namesake(make_post: Callable[..., Post]) -> None:
    inside = {make_post(category=path).title for path in ("AI", "AI/News", "AI/News/Today")}
    for path in ("AIR", "Film/AI", "Film"):
        make_post(category=path)
    make_post()
    assert set(Post.objects.in_category("ai").values_list("title", flat=True)) == inside
    assert Post.objects.in_category("ai/news").count() == 2
    assert not Post.objects.in_category("news").exists()
