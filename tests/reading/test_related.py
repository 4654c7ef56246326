"""Related posts: what is like a post, by what is rare."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog import related
from blog.models import Category, Generator, Post, Series
from tests.browser.stage import MakePost
from tests.conftest import MakePosts, in_a_week

pytestmark = pytest.mark.django_db


def names(post: Post) -> list[str]:
    related.derive(post)
    return [other.title for other in related.shown(post)]


def embed(number: int) -> str:
    return f"https://x.com/a/status/{1758192965703647443 + number}\nc\n"


def test_a_rare_tag_says_more_than_one_that_every_post_has(make_post: MakePost) -> None:
    post = make_post(tags=["ai", "tokyo"])
    make_post(title="common 1", tags=["ai"])
    make_post(title="rare", tags=["ai", "tokyo"])
    make_post(title="common 2", tags=["ai"])
    assert names(post) == ["rare", "common 2", "common 1"]  # of equals the newest


def test_what_every_post_of_many_has_is_no_likeness(make_post: MakePost, make_posts: MakePosts) -> None:
    post = make_post(tags=["ai"])
    make_posts(40, tags=["ai"])
    assert names(post) == []


def test_the_same_category_is_closer_than_a_sibling_and_that_than_none(make_post: MakePost) -> None:
    post = make_post(category="AI/News")
    make_post(title="same", category="AI/News")
    make_post(title="sibling", category="AI/Tools")
    make_post(title="stranger", category="Film/Old")
    assert names(post) == ["same", "sibling"]


def test_the_same_embed_and_the_same_model_bring_posts_together(make_post: MakePost) -> None:
    sora, veo = (Generator.objects.create(name=name, slug=name) for name in ("sora", "veo"))
    post = make_post(body=embed(1), generator=sora)
    make_post(title="embed", body=embed(1), generator=veo)
    make_post(title="model", body=embed(2), generator=sora)
    make_post(title="neither", body=embed(3), generator=veo)
    assert names(post) == ["embed", "model"]


def test_prompts_for_the_same_model_count(make_post: MakePost) -> None:
    post = make_post(body="> Prompt: one\n> Model: Sora")
    make_post(title="sora", body="> Prompt: two\n> Model: Sora")
    make_post(title="veo", body="> Prompt: three\n> Model: Veo")
    assert names(post) == ["sora"]


def test_what_the_page_leads_to_anyway_is_left_out(make_post: MakePost) -> None:
    series = Series.objects.create(title="S", slug="s")
    post = make_post(tags=["rain"], series=series)
    make_post(title="part", tags=["rain"], series=series)
    english = make_post(title="in English", tags=["rain"], translation_of=post, lang="en")
    make_post(title="other", tags=["rain"])
    assert names(post) == ["other"]
    assert "Post 1" not in names(english)


def test_posts_in_the_same_language_come_first(make_post: MakePost) -> None:
    post = make_post(tags=["rain"], lang="ko")
    make_post(title="ko", tags=["rain"], lang="ko")
    make_post(title="en", tags=["rain"], lang="en")
    assert names(post) == ["ko", "en"]


def test_readers_are_shown_what_they_may_see_and_no_more_than_four(make_post: MakePost, client: Client) -> None:
    post = make_post(slug="a", tags=["rain"])
    for number in range(6):
        make_post(title=f"open {number}", tags=["rain"])
    make_post(title="scheduled", tags=["rain"], publish_at=in_a_week())
    hidden = make_post(title="draft", tags=["rain"], status="draft")
    related.derive(post)
    assert hidden.pk not in {key for key, _score in post.related}
    assert names(post) == [f"open {number}" for number in (5, 4, 3, 2)]
    Post.objects.filter(title="open 5").update(status="draft")
    html = client.get("/posts/a/").content.decode()
    assert "open 1" in html
    assert "open 5" not in html
    assert "scheduled" not in html


def test_a_post_shows_its_list_by_one_query(make_post: MakePost) -> None:
    for _ in range(8):
        post = make_post(tags=["rain"])
    with CaptureQueriesContext(connection) as captured:
        assert len(related.shown(post)) == 4
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        assert related.shown(Post()) == []
    assert len(captured) == 0


def test_older_posts_name_a_new_one_as_soon_as_it_is_published(
    make_post: MakePost, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        old = make_post(title="old", tags=["rain"])
    with django_capture_on_commit_callbacks(execute=True):
        draft = make_post(title="new", tags=["rain"], status="draft", publish_at=None)
    old.refresh_from_db()
    assert related.shown(old) == []
    with django_capture_on_commit_callbacks(execute=True):
        draft.status = Post.Status.PUBLISHED
        draft.save()
    old.refresh_from_db()
    assert related.shown(old) == [draft]
    assert old.version == Post.objects.get(pk=old.pk).version  # an open form isn't stale by it
    with django_capture_on_commit_callbacks(execute=True):
        draft.tags.set(["snow"])
    old.refresh_from_db()
    assert related.shown(old) == []


def test_a_draft_shows_in_its_preview_what_it_will_lead_to(admin_client: Client, make_post: MakePost) -> None:
    make_post(title="like it", tags=["rain"])
    draft = make_post(tags=["rain"], status="draft")
    assert "like it" in admin_client.get(f"/admin/blog/post/{draft.pk}/preview/").content.decode()


def test_saving_again_changes_nothing(make_post: MakePost) -> None:
    posts = [make_post(tags=["rain", f"t{n % 3}"], category="AI/News") for n in range(6)]
    call_command("relate", stdout=StringIO())
    before = list(Post.objects.order_by("pk").values_list("related", flat=True))
    for post in reversed(posts):
        Post.objects.get(pk=post.pk).save()
    out = StringIO()
    call_command("relate", stdout=out)
    assert out.getvalue() == "0 of 6 lists changed.\n"
    assert list(Post.objects.order_by("pk").values_list("related", flat=True)) == before


def test_many_saves_derive_each_list_once_when_all_are_there(make_post: MakePost) -> None:
    with related.postponed():
        first = make_post(title="first", tags=["rain"])
        make_post(title="second", tags=["rain"])
        make_post(title="deleted", tags=["rain"]).delete()
    first.refresh_from_db()
    assert [other.title for other in related.shown(first)] == ["second"]


def test_the_work_is_bounded_however_many_posts_share_a_tag(
    make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "MOST_POSTS", 3)
    monkeypatch.setattr(related, "MOST_CANDIDATES", 5)
    category = Category.objects.create(name="A", slug="a")
    post = make_post(title="post", tags=["rain"], category=category)
    for number in range(30):
        make_post(title=f"{number}", tags=["rain"] if number % 2 else ["snow"], category=category)
    with CaptureQueriesContext(connection) as captured:
        assert names(post) == ["29", "27", "25"]  # the newest few with the rarest thing they have in common
    assert len(captured) <= 12
