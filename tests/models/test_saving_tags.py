"""Tags that are saved along with a post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from taggit.models import Tag

from blog.models import Post
from blog.publishing import StaleSave
from blog.search.find import find
from blog.search.query import parse

MakePost = Callable[..., Post]
pytestmark = pytest.mark.django_db


def names(post: Post) -> list[str]:
    return sorted(Post.objects.get(pk=post.pk).tags.names())


def test_all_tags_of_a_post_are_those_that_were_saved_with_it(make_post: MakePost) -> None:
    post = make_post(tags=["film", "old"])
    post.save(tags=["film", "new", "new"])
    assert names(post) == ["film", "new"]
    post.save(tags=[])
    assert names(post) == []


def test_a_save_without_tags_leaves_them(make_post: MakePost) -> None:
    post = make_post(tags=["film"])
    post.title = "Other"
    post.save()
    assert names(post) == ["film"]


def test_letter_case_makes_no_other_tag(make_post: MakePost) -> None:
    Tag.objects.create(name="AI")
    post = make_post()
    post.save(tags=["ai", "Film"])
    assert names(post) == ["AI", "Film"]


def test_other_tags_are_one_revision_with_the_words_that_came_with_them(make_post: MakePost) -> None:
    post = Post.objects.get(pk=make_post(tags=["old"]).pk)
    before, kept = post.version, post.revisions.count()
    post.title = "Words"
    post.save(tags=["new"])
    assert post.version == before + 1
    assert post.revisions.count() == kept + 1
    assert post.revisions.order_by("number").last().data["tags"] == ["new"]
    post.save(tags=["new"])
    assert post.version == before + 1
    assert post.revisions.count() == kept + 1


def test_a_post_is_found_by_tags_that_came_with_it(make_post: MakePost) -> None:
    post = make_post()
    post.save(tags=["동영상"])
    assert find(parse("영상"), Post.objects.published(), start=0, size=9) == ([post.pk], 1, False)


def test_tags_of_a_refused_save_are_not_set_by_the_next(make_post: MakePost) -> None:
    post = make_post(tags=["film"])
    stale: Any = Post.objects.get(pk=post.pk)
    post.title = "Newer"
    post.save()
    with pytest.raises(StaleSave):
        stale.save(tags=["lost"])
    stale.refresh_from_db()
    stale.save()
    assert names(post) == ["film"]
