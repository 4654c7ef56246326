"""Addresses in the admin: proposed, changed, merged."""

from __future__ import annotations

import unicodedata
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from taggit.models import Tag

from blog.models import Category, Post, Redirect
from blog.models.slug import title_slug, validate_slug
from tests.browser.stage import MakePost
from tests.conftest import make_category
from tests.test_admin import ADD, form

SLUG = "/admin/blog/post/slug/"


def saved(client: Client, address: str, values: dict[str, Any]) -> str:
    response = client.post(address, values, follow=True, headers={"Accept-Language": "en"})
    return unescape(response.content.decode())


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("비 오는 날, 도쿄", "비-오는-날-도쿄"),
        ("Sora로 만든 첫 영상!", "sora로-만든-첫-영상"),
        ("Veo 3.1 vs. Sora 2", "veo-3.1-vs-sora-2"),
        (unicodedata.normalize("NFD", "한글 제목"), "한글-제목"),
        ("हिन्दी में", "हिन्दी-में"),
        ("  --  ", ""),
        ("...", ""),
        ("🎬", ""),
    ],
)
def test_a_title_gives_an_address_in_its_own_script(title: str, slug: str) -> None:
    assert title_slug(title) == slug
    if slug:
        validate_slug(slug)


def test_a_post_without_an_address_gets_one_of_its_title(admin_client: Client) -> None:
    for _ in range(3):
        assert admin_client.post(ADD, form(title="비 오는 날", slug="")).status_code == 302
    admin_client.post(ADD, form(title="🎬", slug=""))
    assert set(Post.objects.values_list("slug", flat=True)) == {"비-오는-날", "비-오는-날-2", "비-오는-날-3", "post"}


def test_an_address_typed_in_pieces_is_put_together(admin_client: Client) -> None:
    admin_client.post(ADD, form(slug=unicodedata.normalize("NFD", "한글")))
    assert Post.objects.get().slug == "한글"


def test_the_desk_says_what_an_address_would_mean(admin_client: Client, make_post: MakePost) -> None:
    def note(slug: str, post: Post | None = None) -> str:
        query = {"slug": slug, "post": post.pk if post else ""}
        return str(admin_client.get(SLUG, query, headers={"Accept-Language": "en"}).json()["note"])

    post = make_post(title="Rain", slug="rain")
    assert admin_client.get(SLUG, {"title": "Rain"}).json() == {"slug": "rain-2"}
    assert admin_client.get(SLUG, {"title": "Rain", "post": post.pk}).json() == {"slug": "rain"}
    assert note("rain") == "“Rain” has this address."
    assert note("rain", post) == ""
    assert note("snow") == ""
    assert "will be led to this one" in note("snow", post)
    post.slug = "snow"
    post.save()
    assert note("rain") == "This address leads to “Rain”, which had it before. Publishing this ends that."
    assert "will be led" in note("rain", post)
    assert admin_client.get(SLUG, {"slug": "x", "post": "9" * 30}).json() == {"note": ""}
    assert admin_client.post(SLUG).status_code == 405


def test_only_those_who_write_posts_may_ask(client: Client, django_user_model: Any, make_post: MakePost) -> None:
    assert client.get(SLUG, {"slug": "a"}).headers["Location"].startswith("/admin/login/")
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    assert client.get(SLUG, {"slug": "a"}).status_code == 403


def test_an_author_learns_no_title_of_a_post_they_may_not_see(
    client: Client, django_user_model: Any, make_post: MakePost
) -> None:
    secret = make_post(title="Secret", slug="secret", status="draft")
    make_post(title="Known", slug="known")
    moved = make_post(title="Hidden", slug="hidden")
    moved.slug = "elsewhere"
    moved.save()
    moved.status = "draft"
    moved.save()
    ada = django_user_model.objects.create_user("ada", is_staff=True)
    ada.groups.add(Group.objects.get(name="authors"))
    client.force_login(ada)

    def note(slug: str) -> str:
        return str(client.get(SLUG, {"slug": slug}, headers={"Accept-Language": "en"}).json()["note"])

    assert note(secret.slug) == "Another post has this address."
    assert note("known") == "“Known” has this address."
    assert note("hidden") == "This address leads to another post, which had it before. Publishing this ends that."
    assert client.get(SLUG, {"slug": "x", "post": secret.pk}).status_code == 403


def test_saving_says_what_became_of_addresses(admin_client: Client, make_post: MakePost) -> None:
    post = make_post(title="Rain", slug="rain")
    changed = form(title="Rain", slug="snow", publish_at_0="2024-01-02", publish_at_1="21:00:00")
    html = saved(admin_client, f"/admin/blog/post/{post.pk}/change/", changed)
    assert "The old address /posts/rain/ leads here." in html
    html = saved(admin_client, ADD, form(slug="rain"))
    assert "leads to “Rain”, which had it before, until this is published." in html
    assert admin_client.get("/posts/rain/").headers["Location"] == "/posts/snow/"
    Post.objects.get(slug="rain").delete()
    other = make_post(title="Other")
    html = saved(admin_client, f"/admin/blog/post/{other.pk}/change/", form(title="Other", slug="rain"))
    assert "Until now the address /posts/rain/ led to “Rain”" in html
    assert "The old address /posts/post-2/ leads here." in html


def test_a_category_that_moves_says_so(admin_client: Client, make_post: MakePost) -> None:
    make_post(category="AI/News")
    film, news = make_category("Film"), Category.objects.get(path="ai/news")
    values = {"name": "News", "slug": "news", "parent": str(film.pk), "description": ""}
    html = saved(admin_client, f"/admin/blog/category/{news.pk}/change/", values)
    assert "The old address /categories/ai/news/ leads here." in html
    html = saved(
        admin_client, "/admin/blog/category/add/", {**values, "parent": str(Category.objects.get(path="ai").pk)}
    )
    assert "Until now the address /categories/ai/news/ led to “Film / News”" in html


def test_tags_are_merged_after_a_question(admin_client: Client, client: Client, make_post: MakePost) -> None:
    make_post(tags=["video", "영상"])
    make_post(tags=["영상"])
    video, korean = Tag.objects.get(name="video"), Tag.objects.get(name="영상")
    chosen = {"action": "merge", "_selected_action": [video.pk, korean.pk]}
    html = saved(admin_client, "/admin/taggit/tag/", chosen)
    assert f'<option value="{korean.pk}" selected>' in html  # the most used
    assert Tag.objects.count() == 2
    assert "“영상”: 1 post was changed." in saved(admin_client, "/admin/taggit/tag/", {**chosen, "into": korean.pk})
    assert list(Tag.objects.all()) == [korean]
    assert "Select a valid choice" in saved(
        admin_client, "/admin/taggit/tag/", {"action": "merge", "_selected_action": [korean.pk], "into": "99"}
    )


def test_redirects_are_listed_and_can_be_given_up(admin_client: Client, make_post: MakePost) -> None:
    post = make_post(title="Rain", slug="rain", tags=["video"], category="AI")
    post.slug = "snow"
    post.save()
    for row, slug in ((Tag.objects.get(), "film"), (Category.objects.get(), "film")):
        row.slug = slug
        row.save()
    html = saved(admin_client, "/admin/blog/redirect/", {})
    for address in ("/posts/snow/", "/tags/film/", "/categories/film/"):
        assert f'<a href="{address}">' in html
    assert admin_client.get("/admin/blog/redirect/add/").status_code == 403
    gone = Redirect.objects.get(kind="post")
    admin_client.post(f"/admin/blog/redirect/{gone.pk}/delete/", {"post": "yes"})
    assert admin_client.get("/posts/rain/").status_code == 404
