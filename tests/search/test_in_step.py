"""The index says what the posts say, after every kind of edit and after none that was rolled back."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from taggit.models import Tag

from blog import moves
from blog.lists import prompts_of
from blog.models import Category, Generator, Post, PostEntry, Prompt, PromptEntry, PromptTranslation
from blog.search import index
from blog.search.find import find, prompts_with
from blog.search.query import parse


def found(typed: str) -> list[str]:
    keys = find(parse(typed), Post.objects.published(), start=0, size=100).keys
    return sorted(Post.objects.filter(pk__in=keys).values_list("slug", flat=True))


def found_prompts(typed: str) -> list[str]:
    found, _more = prompts_with(parse(typed))
    return [prompt.text for prompt in prompts_of(found, Prompt.objects.published())[0:100]]


def run(*options: str) -> str:
    out = StringIO()
    call_command("reindex", *options, stdout=out)
    return out.getvalue()


def test_a_saved_post_is_found_by_its_new_words_and_no_longer_by_the_old(make_post: Any) -> None:
    post = make_post(slug="a", title="고래", body="바다")
    assert found("고래") == found("바다") == ["a"]
    post.title, post.body = "사슴", "숲길"
    post.save()
    assert found("고래") == found("바다") == []
    assert found("사슴") == found("숲길") == ["a"]
    post.title = "여우"
    post.save(update_fields=["title"])
    assert (found("사슴"), found("여우")) == ([], ["a"])
    post.body = "들판"
    post.save(update_fields=["body"])
    assert (found("숲길"), found("들판")) == ([], ["a"])


def test_a_draft_is_found_once_it_is_published_and_not_when_it_is_taken_back(make_post: Any) -> None:
    post = make_post(slug="a", title="고래", status="draft")
    assert found("고래") == []
    post.status = "published"
    post.save(update_fields=["status"])
    assert found("고래") == ["a"]
    post.status = "draft"
    post.save()
    assert found("고래") == []


def test_a_deleted_post_leaves_nothing(make_post: Any) -> None:
    make_post(slug="a", body="> Prompt: whale", tags=["고래"]).delete()
    make_post(slug="b", title="고래")
    Post.objects.filter(slug="b").delete()
    assert found("고래") == found_prompts("whale") == []
    assert not PostEntry.objects.exists()
    assert not PromptEntry.objects.exists()


def test_another_post_with_a_deleted_ones_key_has_its_own_words_only(make_post: Any) -> None:
    make_post(pk=77, title="고래").delete()
    make_post(pk=77, slug="b", title="사슴")
    assert (found("고래"), found("사슴")) == ([], ["b"])


def test_tags_that_are_set_renamed_merged_and_deleted(make_post: Any) -> None:
    post = make_post(slug="a", tags=["고래"])
    post.tags.set(["바다"])
    assert (found("고래"), found("바다")) == ([], ["a"])
    tag = Tag.objects.get(name="바다")
    tag.name = "대양"
    tag.save()
    assert (found("바다"), found("대양")) == ([], ["a"])
    into = Tag.objects.create(name="물결")
    moves.merge_tags([tag], into)
    assert (found("대양"), found("물결")) == ([], ["a"])
    into.delete()
    assert found("물결") == []
    post.tags.add("새", "달")
    post.tags.remove("새")
    assert (found("새"), found("달")) == ([], ["a"])
    post.tags.clear()
    assert found("달") == []


def test_a_renamed_category_renames_those_below(make_post: Any) -> None:
    make_post(slug="a", category="Whales/Deep")
    above = Category.objects.get(name="Whales")
    assert found("whales deep") == ["a"]
    above.name = "고래"
    above.save()
    assert (found("whales"), found("고래 deep")) == ([], ["a"])


def test_a_renamed_model(make_post: Any) -> None:
    make_post(slug="a", body="> Prompt: one\n> Model: Kling")
    model = Generator.objects.get()
    model.name = "Hailuo"
    model.save()
    assert (found("kling"), found("hailuo")) == ([], ["a"])


def test_prompts_and_captions_that_change_with_the_text(make_post: Any) -> None:
    post = make_post(slug="a", body="https://x.com/a/status/1\n고래\n> Prompt: a whale")
    assert found("고래") == found("whale") == ["a"]
    assert found_prompts("고래 whale") == ["a whale"]
    post.body = "https://x.com/a/status/1\n사슴\n> Prompt: a deer"
    post.save()
    assert found("고래") == found("whale") == found_prompts("고래") == found_prompts("whale") == []
    assert found_prompts("사슴 deer") == ["a deer"]
    post.body = "Nothing."
    post.save()
    assert found("deer") == found_prompts("deer") == []


def test_what_the_admin_says_of_a_prompt(make_post: Any) -> None:
    make_post(slug="a", body="> Prompt: a whale")
    prompt = Prompt.objects.get()
    prompt.negative_prompt = "blur"
    prompt.generator = Generator.objects.create(name="Kling", slug="kling")
    prompt.save()
    assert found("blur") == found("kling") == ["a"]
    assert found_prompts("blur") == ["a whale"]
    translation = PromptTranslation.objects.create(prompt=prompt, lang="ko", text="고래 한 마리")
    assert (found("고래"), found_prompts("고래")) == (["a"], ["a whale"])
    translation.delete()
    assert found("고래") == found_prompts("고래") == []
    prompt.delete()
    assert found("blur") == found("kling") == []


def test_a_rolled_back_edit_leaves_the_index_as_it_was(make_post: Any) -> None:
    post = make_post(slug="a", title="고래", tags=["바다"])
    with pytest.raises(RuntimeError), transaction.atomic():
        post.title = "사슴"
        post.save()
        post.tags.set(["숲"])
        make_post(slug="b", title="여우")
        assert found("사슴") == found("숲") == ["a"]
        raise RuntimeError
    assert found("사슴") == found("숲") == found("여우") == []
    assert found("고래") == found("바다") == ["a"]


def test_a_save_that_changes_no_words_writes_no_entry(make_post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    post = make_post(body="> Prompt: a whale", tags=["film"])
    assert index.posts([post.pk]) == 0
    assert index.prompts(post.prompts.values_list("pk", flat=True)) == 0
    assert index.labels(Post.objects.all()) == 0


def test_reindexing_finds_again_what_was_lost_and_the_second_time_nothing(make_post: Any) -> None:
    make_post(slug="a", title="고래", body="> Prompt: a whale", tags=["바다"])
    make_post(slug="b", title="사슴")
    PostEntry.objects.filter(post__slug="a").delete()
    PostEntry.objects.filter(post__slug="b").update(title="wrong")
    PromptEntry.objects.all().delete()
    assert found("고래") == found("사슴") == found_prompts("whale") == []
    assert run() == "2 posts and 1 prompts looked at, 3 entries written.\n"
    assert (found("고래"), found("사슴"), found("wrong"), found_prompts("whale")) == (["a"], ["b"], [], ["a whale"])
    assert run() == "2 posts and 1 prompts looked at, 0 entries written.\n"
    assert (found("고래"), found_prompts("whale")) == (["a"], ["a whale"])


def test_only_what_is_stale_can_be_indexed(make_post: Any) -> None:
    make_post(slug="a", title="고래")
    make_post(slug="b", title="사슴")
    make_post(slug="c", title="여우")
    PostEntry.objects.filter(post__slug="a").delete()
    PostEntry.objects.filter(post__slug="b").update(indexed_by=0)
    assert run("--stale") == "2 posts and 0 prompts looked at, 2 entries written.\n"
    assert run("--stale") == "0 posts and 0 prompts looked at, 0 entries written.\n"
    assert found("고래") == ["a"]


def test_an_interrupted_run_keeps_what_it_has_done(make_post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in "abc":
        make_post(slug=slug, title="고래")
    PostEntry.objects.all().delete()
    monkeypatch.setattr(index, "BATCH", 2)
    write, calls = index.posts, 0

    def interrupted(*args: Any, **options: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return write(*args, **options)

    monkeypatch.setattr(index, "posts", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run("--stale")
    assert found("고래") == ["a", "b"]
    monkeypatch.setattr(index, "posts", write)
    run("--stale")
    assert found("고래") == ["a", "b", "c"]
