"""The rows of lists say what the posts say, after every kind of edit and after none that was rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from blog import moves
from blog.lists import Kind, listed, prompts_of, rows_of
from blog.lists.listings import refresh
from blog.models import Category, FailureMode, Generator, Listing, Post, Prompt
from tests.conftest import in_a_week

MakePost = Callable[..., Post]
BODY = "> Prompt: a night\n> Model: Sora\n> Failure: physics\n\nText.\n\n> Prompt: a day"


@pytest.fixture(autouse=True)
def _all_in_step(db: None) -> Iterator[None]:
    """Whatever a test does: deriving all rows anew changes none."""
    yield
    assert refresh(Post.objects.values_list("pk", flat=True)) == 0


def posts(kind: Kind, key: object = "") -> list[str]:
    return [post.slug for post in rows_of(listed(kind, key), Post.objects.published())[0:100]]


def prompts(kind: Kind, key: object = "") -> list[str]:
    return [prompt.text for prompt in prompts_of(listed(kind, key), Prompt.objects.published())[0:100]]


def key_of(model: Any, **values: Any) -> int:
    key: int = model.objects.get(**values).pk
    return key


def test_a_post_stands_in_all_its_lists(make_post: MakePost) -> None:
    make_post(slug="a", body=BODY, category="AI/News", tags=["film"])
    sora, physics = key_of(Generator, name="Sora"), key_of(FailureMode, slug="physics")
    film = key_of(Tag, name="film")
    for path in ("ai", "ai/news"):
        assert posts(Kind.CATEGORY, key_of(Category, path=path)) == ["a"]
    assert posts(Kind.TAG, film) == posts(Kind.MODEL, sora) == posts(Kind.PROMPTED) == ["a"]
    assert prompts(Kind.PROMPTS) == prompts(Kind.PROMPTS_TAGGED, film) == ["a night", "a day"]
    assert prompts(Kind.PROMPTS_FOR, sora) == prompts(Kind.PROMPTS_FAILING, physics) == ["a night"]
    assert prompts(Kind.PROMPTS_IN, "en") == ["a night", "a day"]


def test_a_list_is_in_the_order_of_time_and_prompts_in_that_of_their_text(make_post: MakePost) -> None:
    for slug in ("old", "new"):
        make_post(slug=slug, body=f"> Prompt: {slug} 1\n\nText.\n\n> Prompt: {slug} 2", tags=["film"])
    assert posts(Kind.TAG, key_of(Tag, name="film")) == ["new", "old"]
    assert prompts(Kind.PROMPTS) == ["new 1", "new 2", "old 1", "old 2"]


def test_drafts_are_in_no_list_and_scheduled_posts_only_with_their_moment(make_post: MakePost) -> None:
    post = make_post(slug="a", status="draft", body=BODY, category="AI", tags=["film"])
    assert not Listing.objects.exists()
    post.status, post.publish_at = "published", in_a_week()
    post.save()
    assert Listing.objects.filter(at=post.publish_at).exists()
    film = key_of(Tag, name="film")
    assert posts(Kind.TAG, film) == prompts(Kind.PROMPTS) == []
    post.publish_at = make_post().publish_at
    post.save(update_fields=["publish_at"])
    assert posts(Kind.TAG, film) == ["a"]
    post.status = "draft"
    post.save()
    assert not Listing.objects.filter(post=post).exists()


def test_tags_are_added_removed_merged_and_deleted(make_post: MakePost) -> None:
    post = make_post(slug="a", body=BODY)
    post.tags.add("film", "photo")
    film, photo = Tag.objects.get(name="film"), Tag.objects.get(name="photo")
    assert posts(Kind.TAG, film.pk) == posts(Kind.TAG, photo.pk) == ["a"]
    post.tags.remove("photo")
    assert posts(Kind.TAG, photo.pk) == prompts(Kind.PROMPTS_TAGGED, photo.pk) == []
    movie = Tag.objects.create(name="movie")
    moves.merge_tags([film], movie)
    assert posts(Kind.TAG, movie.pk) == ["a"]
    assert prompts(Kind.PROMPTS_TAGGED, movie.pk) == ["a night", "a day"]
    movie.delete()
    assert not Listing.objects.filter(kind__in=[Kind.TAG, Kind.PROMPTS_TAGGED]).exists()


def test_a_category_takes_its_posts_and_those_below_along(make_post: MakePost) -> None:
    make_post(slug="a", category="AI/News/Video")
    other, news = Category(name="Old", slug="old"), Category.objects.get(path="ai/news")
    other.save()
    news.parent = other
    news.save()
    assert posts(Kind.CATEGORY, other.pk) == posts(Kind.CATEGORY, news.pk) == ["a"]
    assert posts(Kind.CATEGORY, key_of(Category, path="ai")) == []


def test_a_post_changes_its_category_and_model(make_post: MakePost) -> None:
    post = make_post(slug="a", category="AI")
    post.category, post.generator = None, Generator.objects.create(name="Veo", slug="veo")
    post.save(update_fields=["category", "generator"])
    assert posts(Kind.CATEGORY, key_of(Category, path="ai")) == []
    assert posts(Kind.MODEL, post.generator.pk) == ["a"]


def test_a_prompt_that_is_edited_changes_its_lists(make_post: MakePost) -> None:
    post = make_post(slug="a", body=BODY)
    prompt = Prompt.objects.get(text="a night")
    veo, physics = Generator.objects.create(name="Veo", slug="veo"), FailureMode.objects.get(slug="physics")
    prompt.generator = veo
    prompt.save()
    assert prompts(Kind.PROMPTS_FOR, veo.pk) == ["a night"]
    assert posts(Kind.MODEL, key_of(Generator, name="Sora")) == []
    prompt.failure_modes.clear()
    assert prompts(Kind.PROMPTS_FAILING, physics.pk) == []
    physics.prompts.add(prompt)
    assert prompts(Kind.PROMPTS_FAILING, physics.pk) == ["a night"]
    post.body = "Nothing."
    post.save()
    assert prompts(Kind.PROMPTS) == posts(Kind.PROMPTED) == []
    assert posts(Kind.MODEL, veo.pk) == []


def test_a_deleted_post_stands_nowhere(make_post: MakePost) -> None:
    make_post(body=BODY, category="AI", tags=["film"]).delete()
    assert not Listing.objects.exists()


def test_posts_of_an_action_in_the_admin_and_of_an_import_are_listed(
    admin_client: Client, make_post: MakePost, tmp_path: Any
) -> None:
    post = make_post(slug="a", status="draft", tags=["film"])
    admin_client.post("/admin/blog/post/", {"action": "publish", "_selected_action": [post.pk]})
    assert posts(Kind.TAG, key_of(Tag, name="film")) == ["a"]
    (tmp_path / "2024-01-02-b.md").write_text("---\ntitle: B\ntags: [film]\n---\nText.\n")
    call_command("import_jekyll", tmp_path, fetch_seconds=0, verbosity=0, stdout=StringIO())
    assert set(posts(Kind.TAG, key_of(Tag, name="film"))) == {"a", "b"}


def test_what_is_rolled_back_leaves_no_row(make_post: MakePost) -> None:
    post = make_post(slug="a", tags=["film"])
    before = set(Listing.objects.values_list("kind", "key", "at"))
    with pytest.raises(RuntimeError), transaction.atomic():
        post.body, post.status = BODY, "draft"
        post.save()
        post.tags.set(["other"])
        raise RuntimeError
    assert set(Listing.objects.values_list("kind", "key", "at")) == before


def test_a_save_that_changes_no_list_writes_none(make_post: MakePost) -> None:
    post = make_post(body=BODY, category="AI", tags=["film"])
    post.title = "Another"
    with CaptureQueriesContext(
        connection,
    ) as captured:
        post.save()
    about = [query["sql"] for query in captured if "blog_listing" in query["sql"]]
    assert len(about) == 1
    assert about[0].startswith("SELECT")


def test_the_rows_can_be_derived_anew(make_post: MakePost) -> None:
    make_post(body=BODY, category="AI", tags=["film"])
    total = Listing.objects.count()
    Listing.objects.filter(kind=Kind.TAG).delete()
    out = StringIO()
    call_command("reindex", stdout=out)
    assert Listing.objects.count() == total
