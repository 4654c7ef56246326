"""Old addresses lead to new ones."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from blog import moves
from blog.models import Category, Page, Post, Redirect
from tests.browser.stage import MakePost
from tests.conftest import EMBED, in_a_week, make_category

pytestmark = pytest.mark.django_db


def to(response: HttpResponse) -> str:
    """Where an answer leads; its status if nowhere."""
    return unquote(response.headers["Location"]) if response.status_code == 301 else str(response.status_code)


def rename(post: Post, slug: str) -> None:
    post.slug = slug
    post.save()


def test_the_old_address_of_a_post_leads_to_the_new_one(client: Client, make_post: MakePost) -> None:
    post = make_post(slug="비-오는-날", body=f"{EMBED}\n{EMBED}")
    rename(post, "눈-오는-날")
    assert to(client.get("/posts/비-오는-날/")) == "/posts/눈-오는-날/"
    assert to(client.get("/posts/비-오는-날/?ref=x&a=%20")) == "/posts/눈-오는-날/?ref=x&a= "
    assert to(client.get("/posts/비-오는-날/prompts.txt")) == "/posts/눈-오는-날/prompts.txt"
    assert to(client.head("/posts/비-오는-날/")) == "/posts/눈-오는-날/"
    decomposed = unicodedata.normalize("NFD", "비-오는-날")
    assert client.get(f"/posts/{decomposed}/", follow=True).redirect_chain[-1] == (post.get_absolute_url(), 301)
    assert client.get("/posts/nothing/").status_code == 404


def test_every_address_a_post_has_had_leads_straight_to_the_last(client: Client, make_post: MakePost) -> None:
    post = make_post(slug="a")
    for slug in ("b", "c", "d"):
        rename(post, slug)
    assert [to(client.get(f"/posts/{slug}/")) for slug in "abc"] == ["/posts/d/"] * 3


def test_a_post_that_gets_its_address_back_does_not_go_in_circles(client: Client, make_post: MakePost) -> None:
    post = make_post(slug="a")
    rename(post, "b")
    gone = client.get("/posts/a/")
    assert gone.headers["Cache-Control"] == "no-cache"  # a browser that kept it would go back and forth
    rename(post, "a")
    assert client.get("/posts/a/").status_code == 200
    assert to(client.get("/posts/b/")) == "/posts/a/"


def test_two_posts_may_swap_their_addresses(client: Client, make_post: MakePost) -> None:
    first, second = make_post(slug="a"), make_post(slug="b")
    rename(first, "c")
    rename(second, "a")
    rename(first, "b")
    assert client.get("/posts/a/").context["post"] == second
    assert client.get("/posts/b/").context["post"] == first
    assert to(client.get("/posts/c/")) == "/posts/b/"


def test_a_new_post_may_take_an_old_address(client: Client, make_post: MakePost) -> None:
    old = make_post(slug="a")
    rename(old, "b")
    new = make_post(slug="a")
    assert client.get("/posts/a/").context["post"] == new
    new.delete()
    assert client.get("/posts/a/").status_code == 404


def test_a_draft_takes_an_address_when_it_is_published(client: Client, make_post: MakePost) -> None:
    rename(make_post(slug="a"), "b")
    waiting = [make_post(slug="a", status="draft"), make_post(slug="c", publish_at=in_a_week())]
    assert to(client.get("/posts/a/")) == "/posts/b/"
    waiting[0].status = Post.Status.PUBLISHED
    waiting[0].save()
    assert client.get("/posts/a/").context["post"] == waiting[0]
    rename(waiting[0], "d")
    assert to(client.get("/posts/a/")) == "/posts/d/"


def test_an_address_that_was_taken_by_the_clock_follows_its_last_owner(client: Client, make_post: MakePost) -> None:
    rename(make_post(slug="a"), "b")
    scheduled = make_post(slug="a", publish_at=in_a_week())
    Post.objects.filter(pk=scheduled.pk).update(publish_at="2024-01-01T00:00:00Z")  # a week later
    scheduled.refresh_from_db()
    assert client.get("/posts/a/").context["post"] == scheduled
    rename(scheduled, "e")
    assert to(client.get("/posts/a/")) == "/posts/e/"


def test_only_addresses_that_readers_knew_are_kept(client: Client, make_post: MakePost) -> None:
    for post in (make_post(slug="a", status="draft", publish_at=None), make_post(slug="b", publish_at=in_a_week())):
        rename(post, f"{post.slug}-2")
    assert not Redirect.objects.exists()
    once_public = make_post(slug="c")
    once_public.status = Post.Status.DRAFT
    once_public.save()
    rename(once_public, "c-2")
    assert client.get("/posts/c/").status_code == 404  # nor does anybody learn what a draft is called now
    once_public.status = Post.Status.PUBLISHED
    once_public.save()
    assert to(client.get("/posts/c/")) == "/posts/c-2/"


def test_saving_other_columns_moves_nothing(make_post: MakePost) -> None:
    post = make_post(slug="a")
    post.slug, post.title = "b", "Other"
    post.save(update_fields=["title"])
    assert not Redirect.objects.exists()


def test_a_redirect_goes_with_what_it_leads_to(client: Client, make_post: MakePost) -> None:
    post = make_post(slug="a")
    rename(post, "b")
    post.delete()
    assert not Redirect.objects.exists()
    assert client.get("/posts/a/").status_code == 404


def test_a_page_leaves_a_redirect_too(client: Client) -> None:
    page = Page(title="About", slug="about", body="Us.")
    page.save()
    page.slug = "소개"
    page.save()
    assert to(client.get("/about/")) == "/소개/"
    page.published = False
    page.save()
    assert client.get("/about/").status_code == 404


def test_a_category_takes_the_addresses_of_all_below_along(client: Client, make_post: MakePost) -> None:
    make_post(category="AI/News/Today")
    top = Category.objects.get(path="ai")
    top.slug = "인공지능"
    top.save()
    for below in ("", "news/", "news/today/"):
        assert to(client.get(f"/categories/ai/{below}")) == f"/categories/인공지능/{below}"
        for feed in ("feed.xml", "rss.xml", "feed.json"):
            assert to(client.get(f"/categories/ai/{below}{feed}")) == f"/categories/인공지능/{below}{feed}"
    assert client.get("/categories/ai/other/").status_code == 404


def test_a_category_that_moves_twice_is_found_from_everywhere(client: Client, make_post: MakePost) -> None:
    make_post(category="AI/News")
    film, news = make_category("Film"), Category.objects.get(path="ai/news")
    for parent in (film, None):
        news.parent = parent
        news.save()
    assert to(client.get("/categories/ai/news/")) == "/categories/news/"
    assert to(client.get("/categories/film/news/page/2/?a=b")) == "/categories/news/page/2/?a=b"
    news.parent = Category.objects.get(path="ai")
    news.save()
    assert client.get("/categories/ai/news/").status_code == 200
    assert to(client.get("/categories/news/")) == "/categories/ai/news/"


def test_chirpys_flat_address_survives_a_new_slug(client: Client, make_post: MakePost) -> None:
    make_post(category="AI/News")
    news = Category.objects.get(path="ai/news")
    news.slug = "소식"
    news.save()
    assert to(client.get("/categories/news/")) == "/categories/ai/소식/"


def test_a_category_without_readers_leads_nowhere(client: Client, make_post: MakePost) -> None:
    make_post(category="AI", status="draft")
    category = Category.objects.get()
    category.slug = "secret"
    category.save()
    assert client.get("/categories/ai/").status_code == 404


def test_a_tag_with_another_slug_is_found_with_its_feeds(client: Client, make_post: MakePost) -> None:
    make_post(tags=["video"])
    tag = Tag.objects.get()
    tag.name, tag.slug = "영상", "영상"
    tag.save()
    for rest in ("", "feed.xml", "rss.xml", "feed.json"):
        assert to(client.get(f"/tags/video/{rest}")) == f"/tags/영상/{rest}"
    assert client.get("/tags/nothing/").status_code == 404


def test_merged_tags_are_one_and_each_post_has_it_once(client: Client, make_post: MakePost) -> None:
    both, one = make_post(tags=["video", "영상", "x"]), make_post(tags=["video"])
    other = make_post(tags=["x"])
    versions = {post.pk: Post.objects.get(pk=post.pk).version for post in (both, one, other)}
    into = Tag.objects.get(name="영상")
    older = Tag.objects.get(name="video")
    older.slug = "film"
    older.save()
    assert len(moves.merge_tags([older, into], into)) == 2
    assert sorted(both.tags.names()) == ["x", "영상"]
    assert list(one.tags.names()) == ["영상"]
    assert [to(client.get(f"/tags/{slug}/")) for slug in ("video", "film")] == ["/tags/영상/"] * 2
    newer = {pk: Post.objects.get(pk=pk).version - version for pk, version in versions.items()}
    assert newer == {both.pk: 1, one.pk: 1, other.pk: 0}  # open forms hold the old tags


def test_a_tag_that_was_merged_twice_is_found_from_everywhere(client: Client, make_post: MakePost) -> None:
    make_post(tags=["a", "b", "c"])
    a, b, c = Tag.objects.order_by("name")
    moves.merge_tags([a], b)
    moves.merge_tags([b], c)
    assert [to(client.get(f"/tags/{slug}/")) for slug in "ab"] == ["/tags/c/"] * 2
    c.slug = "a"
    c.save()
    assert client.get("/tags/a/").status_code == 200
    assert [to(client.get(f"/tags/{slug}/")) for slug in "bc"] == ["/tags/a/"] * 2


def test_a_tag_that_gets_its_address_back_does_not_go_in_circles(client: Client, make_post: MakePost) -> None:
    make_post(tags=["video"])
    tag = Tag.objects.get()
    for slug in ("film", "video"):
        tag.slug = slug
        tag.save()
    assert client.get("/tags/video/").status_code == 200
    assert to(client.get("/tags/film/page/2/?a=%20")) == "/tags/video/page/2/?a= "


def test_a_new_tag_may_take_an_old_address(client: Client, make_post: MakePost) -> None:
    make_post(tags=["video"])
    old = Tag.objects.get()
    old.name, old.slug = "film", "film"
    old.save()
    make_post(tags=["video"])
    assert client.get("/tags/video/").context["tag"].name == "video"
    assert client.get("/tags/video/feed.xml").status_code == 200


def test_two_categories_may_swap_their_places(client: Client, make_post: MakePost) -> None:
    make_post(category="AI/News")
    make_post(category="Film/Reviews")
    ai, film = Category.objects.get(path="ai"), Category.objects.get(path="film")
    for category, slug in ((ai, "x"), (film, "ai"), (ai, "film")):
        category = Category.objects.get(pk=category.pk)
        category.slug = slug
        category.save()
    assert client.get("/categories/ai/reviews/").status_code == 200
    assert client.get("/categories/film/news/").status_code == 200
    assert to(client.get("/categories/ai/news/feed.xml")) == "/categories/film/news/feed.xml"
    assert to(client.get("/categories/film/reviews/")) == "/categories/ai/reviews/"
    assert to(client.get("/categories/x/news/")) == "/categories/film/news/"


def test_a_page_that_gets_its_address_back_does_not_go_in_circles(client: Client) -> None:
    page = Page(title="About", slug="about", body="Us.")
    for slug in ("about", "us", "about"):
        page.slug = slug
        page.save()
    assert client.get("/about/").status_code == 200
    assert to(client.get("/us/?a=1")) == "/about/?a=1"
    page.slug = "we"
    page.save()
    Page(title="Others", slug="about", body="They.").save()
    assert client.get("/about/").context["page"].title == "Others"


def test_prompts_of_an_old_tag_are_those_of_the_new_one(client: Client, make_post: MakePost) -> None:
    make_post(tags=["video"], body=EMBED)
    tag = Tag.objects.get()
    tag.slug = "영상"
    tag.save()
    assert to(client.get("/prompts/?tag=video")) == "/prompts/?tag=영상"
    assert to(
        client.get("/prompts/?q=tokyo+walk&tag=video&lang=en")
    ) == "/prompts/?q=tokyo walk&tag=영상&lang=en".replace(" ", "+")
    assert client.get("/prompts/?tag=video", follow=True).status_code == 200
    for query in ("tag=nothing", "tag=", "lang=xx", "tag=영상&lang=xx"):
        assert client.get(f"/prompts/?{query}").status_code == (200 if query == "tag=" else 404)


def test_prompts_of_a_tag_that_was_merged_into_one_without_prompts_are_not_there(
    client: Client, make_post: MakePost
) -> None:
    make_post(tags=["video"])
    tag = Tag.objects.get()
    tag.slug = "film"
    tag.save()
    response = client.get("/prompts/?tag=video", follow=True)
    assert (response.status_code, len(response.redirect_chain)) == (404, 1)


def test_the_database_holds_one_redirect_an_address_and_one_target_each(make_post: MakePost) -> None:
    post, category = make_post(), make_category("AI")
    Redirect.objects.create(kind="post", old="a", post=post)
    for wrong in ({"kind": "post", "old": "a", "post": post}, {"kind": "tag", "old": "b", "post": post}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Redirect.objects.create(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Redirect.objects.create(kind="post", old="b", post=post, category=category)
    Redirect.objects.create(kind="category", old="a", category=category)


def test_pages_that_exist_ask_for_no_redirects(client: Client, make_post: MakePost) -> None:
    make_post(slug="a", category="AI", tags=["x"], body=f"{EMBED}\n{EMBED}")
    Page(title="About", slug="about", body="Us.").save()
    for address in ("/posts/a/", "/posts/a/prompts.txt", "/categories/ai/", "/tags/x/", "/about/", "/tags/x/feed.xml"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert "blog_redirect" not in " ".join(query["sql"] for query in queries)
