"""Findings that take the database, in the author's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from taggit.models import Tag

from blog.models import Category, Embed, Generator, Image, Page, Post
from tests.conftest import EMBED, TOKYO, in_a_week
from tests.desk.helpers import NEW, problems, rendered


def test_links_to_what_is_there_are_no_findings(admin_client: Client, make_post: Callable[..., Post]) -> None:
    make_post(slug="여기", tags=["video"], category="AI")
    Page.objects.create(title="소개", slug="about", body="x")
    Generator.objects.create(name="Sora", slug="sora")
    default_storage.save("a.png", ContentFile(b"x"))
    addresses = (
        "/posts/여기/ /posts/%EC%97%AC%EA%B8%B0/ /tags/video/ /categories/ai/ /about/ /about /models/sora/ / /prompts/"
    )
    body = "\n\n".join(
        f"[a]({address})" for address in [*addresses.split(), "/media/a.png", "http://testserver/tags/video/"]
    )
    assert problems(rendered(admin_client, body)) == []


@pytest.mark.parametrize(
    "address",
    [
        *("/posts/none/", "/tags/none/", "/categories/none/", "/prompts/abcdefghjk/", "/models/none/", "/none/"),
        *("/media/none.png", "/assets/none.png", "http://testserver/posts/none/"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(admin_client: Client, address: str) -> None:
    assert problems(rendered(admin_client, f"a\n\n[b]({address})")) == [(3, "link")]


@pytest.mark.parametrize("address", ["none/", "../none/", "//testserver/posts/none/", "https://testserver/posts/none/"])
def test_a_dead_link_is_found_however_it_is_written(admin_client: Client, address: str) -> None:
    assert problems(rendered(admin_client, f"[b]({address})", slug="mine")) == [(1, "link")]


@pytest.mark.parametrize(
    "address", ["?page=2", ".", "../there/", "http://[", "../there/#여기", f"../there/#x-{TOKYO}", "/posts/there.md#a"]
)
def test_a_link_that_is_read_from_the_posts_own_page_is_no_finding(
    admin_client: Client, make_post: Callable[..., Post], address: str
) -> None:
    make_post(slug="there", body=f"## 여기\n\n{EMBED}")
    assert problems(rendered(admin_client, f"[b](<{address}>)", slug="mine")) == []


def test_a_link_to_a_section_that_another_post_has_not_is_found(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    make_post(slug="there", body="## 여기")
    assert problems(rendered(admin_client, "a\n\n[b](/posts/there/#none)")) == [(3, "section")]


@pytest.mark.parametrize(
    "source",
    [
        "![밤](/media/none.png)",
        '<img src="/media/none.png" alt="밤">',
        "{% include embed/video.html src='/media/none.mp4' %}",
    ],
)
def test_media_that_are_not_there_are_found(admin_client: Client, source: str) -> None:
    assert problems(rendered(admin_client, f"a\n\n{source}")) == [(3, "file")]


def test_a_link_to_a_post_that_is_not_published_yet_is_found(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    make_post(slug="later", publish_at=in_a_week())
    assert problems(rendered(admin_client, "[b](/posts/later/)")) == [(1, "hidden")]


def test_a_link_to_an_old_address_is_told_the_new_one(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(slug="old", tags=["video"], category="AI/News", body=f"{EMBED}\n{EMBED}")
    post.slug = "새-글"
    post.save()
    Page.objects.create(title="소개", slug="about", body="x")
    for row, slug in (
        *((Tag.objects.get(), "film"), (Category.objects.get(path="ai"), "media")),
        (Page.objects.get(), "us"),
    ):
        row.slug = slug
        row.save()
    old = {
        "/posts/old/": "/posts/새-글/",
        "/posts/old/prompts.txt": "/posts/새-글/",
        "/tags/video/": "/tags/film/",
        "/tags/video/feed.xml": "/tags/film/",
        "/categories/ai/news/": "/categories/media/news/",
        "/categories/news/": "/categories/media/news/",
        "/about/": "/us/",
    }
    answer = rendered(admin_client, "\n".join(f"[a]({address})" for address in old))
    assert problems(answer) == [(line, "moved") for line in range(1, len(old) + 1)]
    for problem, new in zip(answer["problems"], old.values(), strict=True):
        assert problem["text"] == f"This works, but its address is now {new}"


def test_a_link_to_the_old_address_of_a_draft_is_dead(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(slug="old")
    post.slug = "new"
    post.save()
    post.status = "draft"
    post.save()
    answer = rendered(admin_client, "[a](/posts/old/)")
    assert problems(answer) == [(1, "link")]
    assert "new" not in answer["problems"][0]["text"]


@pytest.mark.parametrize(
    "address", ["/tags/video/feed.xml", "/categories/ai/rss.xml", "/models/sora/feed.json", "/feed.xml"]
)
def test_a_feed_is_there_if_its_page_is(admin_client: Client, make_post: Callable[..., Post], address: str) -> None:
    make_post(tags=["video"], category="AI")
    Generator.objects.create(name="Sora", slug="sora")
    assert problems(rendered(admin_client, f"[a]({address})")) == []
    wrong = address.replace("video", "none").replace("ai", "none").replace("sora", "none")
    assert problems(rendered(admin_client, f"[a]({wrong})")) == ([] if wrong == address else [(1, "link")])


def test_a_cover_without_words_is_found(admin_client: Client) -> None:
    cover = Image.objects.create(file="a.png", width=1, height=1)
    assert problems(rendered(admin_client, "Words.", image=cover.pk)) == [(0, "cover")]
    Image.objects.update(alt="A lake.")
    assert problems(rendered(admin_client, "Words.", image=cover.pk)) == []


def test_a_new_post_may_link_to_itself(admin_client: Client) -> None:
    assert problems(rendered(admin_client, "[b](/posts/mine/)", slug="mine")) == []


def test_a_link_to_another_site_is_nobodys_business(admin_client: Client) -> None:
    assert problems(rendered(admin_client, "[b](https://example.com/posts/none/) [c](//example.com/posts/none/)")) == []


def test_a_picture_that_was_never_uploaded_is_found(admin_client: Client) -> None:
    assert problems(rendered(admin_client, "![밤](none.png)\n\n![밤](/media/../../x.png)"))[0] == (1, "file")


@pytest.mark.parametrize(("status", "says"), [("gone", "any more"), ("protected", "to all"), ("unreachable", "asked")])
def test_an_embed_that_is_broken_is_found(
    admin_client: Client, make_post: Callable[..., Post], status: str, says: str
) -> None:
    make_post(body=EMBED)
    Embed.objects.update(status=status)
    Generator.objects.create(name="Sora", slug="sora")
    answer = rendered(admin_client, f"words\n\n{EMBED}", generator=Generator.objects.get().pk)
    assert problems(answer) == [(3, "embed")]
    assert says in answer["problems"][0]["text"]


def test_findings_are_in_the_authors_language(admin_client: Client) -> None:
    response = admin_client.post(NEW, {"body": "![](/media/a.png)"}, headers={"Accept-Language": "ko"})
    assert "설명이 없습니다" in response.json()["problems"][0]["text"]
