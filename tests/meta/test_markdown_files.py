"""A post can be had as its author wrote it, and imported again as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from blog.models import Image, Page, Post
from blog.revisions import data_of
from tests.conftest import CHIRPY, in_a_week

MakePost = Callable[..., Post]


def again(client: Client, tmp_path: Path, post: Post) -> Post:
    """The post, taken out as a file, deleted, and imported."""
    text = client.get(f"/posts/{post.slug}.md").content
    (tmp_path / "_posts").mkdir(exist_ok=True)
    (tmp_path / "_posts" / f"2024-01-01-{post.pk}.md").write_bytes(text)
    post.delete()
    call_command("import_jekyll", tmp_path, fetch_seconds=0, verbosity=0)
    return Post.objects.get(slug=post.slug)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"title": "yes: 제목 | “부제” #1", "slug": "Sora-AI.1", "summary": 'A "summary": with - signs'},
        {"body": "  indented\n\n---\n\ntitle: no\n\n```\ncode\n```", "tags": ["a b", "한글", "c,d"]},
        {"category": "AI/News", "pinned": True, "lang": "en", "updated_at": datetime(2025, 5, 5, 1, 2, 3, tzinfo=UTC)},
        {"variables": {"img_path": "/a/", "t_tokyo": "i/status/1", "math": True, "n": 1.5, "none": None, "l": [1]}},
        {"tags": ["2024", "true"], "title": "2024-02-19"},
    ],
)
def test_a_post_comes_back_as_it_was(
    client: Client, tmp_path: Path, make_post: MakePost, values: dict[str, Any]
) -> None:
    post = make_post(**values)
    before = data_of(post)
    found = again(client, tmp_path, post)
    assert data_of(found) == before


def test_its_author_and_its_cover_come_back(
    client: Client, tmp_path: Path, make_post: MakePost, django_user_model: Any
) -> None:
    mina = django_user_model.objects.create_user("login-name", first_name="미나")
    cover = Image.objects.create(path="/assets/a.png", file="assets/a.png", width=4, height=3, alt="A lake")
    upload = Image.objects.create(file="images/2026/11/b.png", width=4, height=3)
    for image in (cover, upload):
        post = make_post(author=mina, image=image)
        text = client.get(f"/posts/{post.slug}.md").content.decode()
        assert "author: 미나\n" in text
        assert "login-name" not in text
        found = again(client, tmp_path, post)
        assert (found.author, found.image) == (mina, image)


@pytest.mark.parametrize("name", ["2019-08-08-text-and-typography.md", "2019-08-09-getting-started.md"])
def test_real_posts_come_back_as_they_were(client: Client, tmp_path: Path, db: None, name: str) -> None:
    if not (CHIRPY / "_posts" / name).is_file():
        pytest.skip("the theme's demo posts are not on this machine")
    call_command("import_jekyll", CHIRPY / "_posts" / name, fetch_seconds=0, verbosity=0)
    post = Post.objects.get()
    before = data_of(post)
    assert data_of(again(client, tmp_path, post)) | {"author_id": None} == before | {"author_id": None}


def test_it_is_markdown_and_names_its_page(client: Client, make_post: MakePost) -> None:
    post = make_post(slug="한글")
    response = client.get("/posts/한글.md")
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["Link"] == '<http://testserver/posts/%ED%95%9C%EA%B8%80/>; rel="canonical"'
    assert response.content.decode().endswith(f"---\n\n{post.body}")
    page = client.get("/posts/한글/").content.decode()
    assert '<link rel="alternate" type="text/markdown" href="/posts/%ED%95%9C%EA%B8%80.md">' in page


@pytest.mark.parametrize("values", [{"status": "draft"}, {"publish_at": in_a_week()}])
def test_what_readers_can_not_see_has_no_file(client: Client, make_post: MakePost, values: dict[str, Any]) -> None:
    make_post(slug="hidden", **values)
    assert client.get("/posts/hidden.md").status_code == 404
    assert client.get("/posts/nothing.md").status_code == 404


def test_an_old_address_leads_to_the_file(client: Client, make_post: MakePost) -> None:
    post = make_post(slug="old")
    post.slug = "new"
    post.save()
    response = client.get("/posts/old.md")
    assert (response.status_code, response["Location"]) == (301, "/posts/new.md")


def test_search_engines_leave_the_file_of_a_post_that_is_kept_out(client: Client, make_post: MakePost) -> None:
    make_post(noindex=True)
    assert client.get("/posts/post-1.md").headers["X-Robots-Tag"] == "noindex"


def test_llms_txt_says_what_there_is(client: Client, make_post: MakePost) -> None:
    make_post(title="A [title]", slug="한글", summary="What it\nis about.", category="AI/News")
    make_post(title="Kept out", noindex=True)
    make_post(title="Unseen", status="draft")
    Page(title="About", slug="about", body="Somebody who watches films that nobody shot.").save()
    response = client.get("/llms.txt")
    text = response.content.decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.startswith("# Roost\n\n> Roost\n\n## ")
    assert r"- [A \[title\]](http://testserver/posts/%ED%95%9C%EA%B8%80.md): What it is about." in text
    assert "- [About](http://testserver/about/): Somebody who watches" in text
    assert "(http://testserver/categories/ai/news/)" in text
    assert "## Optional" in text
    assert "Kept out" not in text
    assert "Unseen" not in text


def test_llms_txt_is_bounded(client: Client, make_post: MakePost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blog.views.machines._MOST_POSTS", 2)
    for _ in range(4):
        make_post()
    text = client.get("/llms.txt").content.decode()
    assert text.count(".md)") == 2
    assert "post-4.md" in text
