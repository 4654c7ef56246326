"""Translations of a post: one original, one post a language, shown to readers and search engines."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from blog.models import Post
from blog.translations import problem
from tests.conftest import in_a_week

MakePost = Callable[..., Post]


def alternates(client: Client, slug: str) -> list[tuple[str, str]]:
    html = client.get(f"/posts/{slug}/").content.decode()
    return re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="http://testserver([^"]*)">', html)


def offered(client: Client, slug: str) -> list[tuple[str, str]]:
    html = client.get(f"/posts/{slug}/").content.decode()
    found = re.search(r'<p class="languages".*?</p>', html, re.DOTALL)
    return re.findall(r'href="([^"]*)" lang="[^"]*" hreflang="([^"]*)"', found[0]) if found else []


@pytest.fixture
def three(make_post: MakePost) -> list[Post]:
    root = make_post(slug="ko", lang="ko")
    return [root, *(make_post(slug=lang, lang=lang, translation_of=root) for lang in ("en", "ja"))]


def test_every_one_names_all_of_them_and_the_original_for_everybody_else(client: Client, three: list[Post]) -> None:
    wanted = [("ko", "/posts/ko/"), ("en", "/posts/en/"), ("ja", "/posts/ja/"), ("x-default", "/posts/ko/")]
    for post in three:
        assert alternates(client, post.slug) == wanted


def test_readers_are_offered_the_others(client: Client, three: list[Post]) -> None:
    assert offered(client, "en") == [("/posts/ko/", "ko"), ("/posts/ja/", "ja")]
    html = client.get("/posts/en/").content.decode()
    assert ">한국어</a> / <a" in html
    assert '<meta property="og:locale" content="en_US">' in html
    assert re.findall(r'og:locale:alternate" content="(\w+)"', html) == ["ko_KR", "ja_JP"]


@pytest.mark.parametrize("values", [{"status": "draft"}, {"publish_at": in_a_week()}])
def test_what_readers_can_not_see_is_not_named(client: Client, three: list[Post], values: dict[str, Any]) -> None:
    Post.objects.filter(slug="ja").update(**values)
    assert [lang for lang, _ in alternates(client, "ko")] == ["ko", "en", "x-default"]
    assert offered(client, "ko") == [("/posts/en/", "en")]
    Post.objects.filter(slug="ko").update(**values)
    assert alternates(client, "en") == offered(client, "en") == []


def test_what_is_kept_out_of_search_engines_is_offered_to_readers_alone(client: Client, three: list[Post]) -> None:
    Post.objects.filter(slug="ja").update(noindex=True)
    assert [lang for lang, _ in alternates(client, "ko")] == ["ko", "en", "x-default"]
    assert [lang for _, lang in offered(client, "ko")] == ["en", "ja"]
    assert alternates(client, "ja") == []


def test_a_post_alone_names_nothing(client: Client, make_post: MakePost) -> None:
    make_post()
    assert alternates(client, "post-1") == offered(client, "post-1") == []


def test_a_chain_is_collapsed(make_post: MakePost, three: list[Post]) -> None:
    root, english, _japanese = three
    assert make_post(lang="fr", translation_of=english).translation_of == root


def test_an_original_that_becomes_a_translation_takes_its_own_along(make_post: MakePost, three: list[Post]) -> None:
    older = make_post(lang="fr")
    three[0].translation_of = older
    three[0].save()
    assert set(Post.objects.exclude(pk=older.pk).values_list("translation_of", flat=True)) == {older.pk}


def test_a_post_is_no_translation_of_its_own_translation(three: list[Post]) -> None:
    root = three[0]
    root.translation_of = three[1]
    root.save()
    root.refresh_from_db()
    assert root.translation_of is None


def test_when_the_original_goes_the_oldest_translation_takes_its_place(client: Client, three: list[Post]) -> None:
    three[0].delete()
    assert alternates(client, "ja") == [("en", "/posts/en/"), ("ja", "/posts/ja/"), ("x-default", "/posts/en/")]


def form(post: Post, **values: Any) -> dict[str, Any]:
    data = {"title": post.title, "slug": post.slug, "body": post.body, "lang": post.lang, "status": post.status}
    at = post.publish_at
    assert at is not None
    dates = {"publish_at_0": f"{at:%Y-%m-%d}", "publish_at_1": f"{at:%H:%M:%S}"}
    return {**data, **dates, "opened_version": post.version, "translation_of": post.translation_of_id or "", **values}


def test_two_of_one_language_are_refused(admin_client: Client, make_post: MakePost, three: list[Post]) -> None:
    root, english, _japanese = three
    second = make_post(lang="en", title="Second")
    address = f"/admin/blog/post/{second.pk}/change/"
    headers = {"Accept-Language": "en"}
    refused = admin_client.post(address, form(second, translation_of=root.pk), headers=headers).content.decode()
    assert f"“{english.title}” says it in that language already (en)." in refused
    assert Post.objects.get(pk=second.pk).translation_of is None
    assert admin_client.post(address, form(second, translation_of=root.pk, lang="de")).status_code == 302
    assert Post.objects.get(pk=second.pk).translation_of == root
    again = admin_client.post(
        f"/admin/blog/post/{root.pk}/change/", form(root, lang="en"), headers=headers
    ).content.decode()
    assert "says it in that language already (en)." in again


def test_problems_are_found_on_both_sides(make_post: MakePost, three: list[Post]) -> None:
    root, english, _japanese = three
    assert problem(root) == problem(english) == ""
    other = make_post(lang="fr")
    make_post(lang="en", translation_of=other)
    other.translation_of = root
    assert problem(other)
    assert problem(Post(title="new", lang="ko", translation_of=root))
    assert not problem(Post(title="new", lang="de", translation_of=english))
    root.translation_of = english
    assert problem(root)


def test_the_form_has_both_fields(admin_client: Client, make_post: MakePost) -> None:
    post = make_post()
    html = admin_client.get(f"/admin/blog/post/{post.pk}/change/").content.decode()
    assert 'name="noindex"' in html
    assert re.search(r'<select name="translation_of"[^>]*admin-autocomplete', html)
