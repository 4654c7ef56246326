"""The preview is what readers will get."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from taggit.models import Tag

from blog.models import Embed, Generator, Post, Prompt, SiteSettings
from blog.rendering import front_matter
from tests.conftest import EMBED, in_a_week
from tests.desk.helpers import NEW, rendered

COLOURS = '\n\n<span style="color: #123456">푸른 글자</span>\n\n[글](/posts/post-1/)\n'
RICH = f"# 하나\n\n{EMBED.rstrip()}\n>Model: Sora 1.0\n>Seed: 42\n\n## 둘\n\n![밤](/media/a.png)\n{COLOURS}"


def page(client: Client, post: Post) -> str:
    """The article that readers get."""
    html = client.get(post.get_absolute_url()).content.decode()
    match = re.search(r'<article class="post">.*?</article>', html, re.DOTALL)
    assert match
    return match[0]


def same(html: str) -> str:
    """Ids of prompts that aren't stored yet are drawn by lot."""
    return re.sub(r"(prompt-|/prompts/)[0-9a-z]{10}", r"\1id", html.strip())


def test_the_preview_of_a_saved_text_is_its_page(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body=RICH, tags=["video", "밤"], category="AI/News", summary="짧게")
    values = {"summary": "짧게", "tags": "video, 밤", "category": post.category_id}
    assert rendered(admin_client, RICH, post, **values)["html"].strip() == page(admin_client, post)


def test_the_preview_before_a_save_is_the_page_after_it(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body="전에는 이랬다")
    shown = rendered(admin_client, RICH, post, title="새 제목", tags="새태그")
    assert page(admin_client, post).count("전에는") == 1
    assert not (Generator.objects.exists() or Embed.objects.exists() or Prompt.objects.exists() or Tag.objects.exists())
    post.body, post.title = RICH, "새 제목"
    post.save()
    post.tags.set(["새태그"])
    updated = r"\n<span>[^<]*<time[^>]*>[^<]*</time></span>"  # the save's own date
    saved = re.sub(updated, "", page(admin_client, post))
    assert same(shown["html"]) == same(saved)


def test_a_prompt_that_is_edited_keeps_its_permalink_in_the_preview(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(body=EMBED)
    public_id = Prompt.objects.get().public_id
    shown = rendered(admin_client, EMBED.replace("stylish", "tired"), post)["html"]
    assert f'id="prompt-{public_id}"' in shown
    assert "tired" in shown
    assert Prompt.objects.get().text == "A stylish woman walks down a Tokyo street."


def test_the_seeds_post_is_previewed_as_it_is_published(
    admin_client: Client, make_post: Callable[..., Post], seed: Path
) -> None:
    front, body = (seed / "2024-02-19-SoraAI.md").read_text(encoding="utf-8").split("---\n", 2)[1:]
    variables = front_matter.load(front)[0]
    body = body.strip()
    post = make_post(body=body, variables=variables)
    answer = rendered(admin_client, body, post, variables=front_matter.dump(variables))
    assert answer["html"].strip() == page(admin_client, post)
    assert answer["html"].count("<figure") >= 6


def test_colours_of_the_author_come_as_a_sheet(admin_client: Client) -> None:
    answer = rendered(admin_client, COLOURS)
    assert "#123456" in answer["sheet"]
    assert "style=" not in answer["html"]


def test_the_preview_speaks_the_sites_language(admin_client: Client) -> None:
    SiteSettings(language="en").save()
    assert "Draft: readers" in rendered(admin_client, "words")["html"]
    SiteSettings.objects.update(language="ko")
    assert "Draft" not in rendered(admin_client, "words")["html"]


def test_a_new_post_has_a_preview_before_it_has_a_title(admin_client: Client) -> None:
    answer = rendered(admin_client, "**굵게**", title="", lang="")
    assert "<strong>굵게</strong>" in answer["html"]
    assert not Post.objects.exists()


def test_nothing_that_is_dangerous_reaches_the_preview(admin_client: Client) -> None:
    shown = rendered(admin_client, '<script>alert(1)</script><a href="javascript:x">a</a>', title="<b>t</b>")["html"]
    assert "<script" not in shown
    assert "javascript:" not in shown
    assert "<h1>&lt;b&gt;t" in shown


def test_a_text_that_can_not_be_rendered_says_why(admin_client: Client) -> None:
    response = admin_client.post(NEW, {"body": ">" * 50 + " deep"})
    assert response.status_code == 422
    assert "20단계보다 깊습니다" in response.json()["error"]


def test_variables_that_can_not_be_read_are_named_and_the_rest_is_shown(admin_client: Client) -> None:
    answer = rendered(admin_client, "words", variables="a: [")
    assert answer["problems"][0]["kind"] == "variables"
    assert "words" in answer["html"]


def test_who_may_not_write_has_no_preview(
    client: Client, make_post: Callable[..., Post], django_user_model: Any
) -> None:
    post = make_post(publish_at=in_a_week())
    addresses = (NEW, f"/admin/blog/post/{post.pk}/render/")
    for address in addresses:
        assert client.post(address, {"body": "x"}).status_code == 302
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    for address in addresses:
        response = client.post(address, {"body": "x"})
        assert response.status_code == 403
        assert response.json()["error"]


def test_the_preview_changes_nothing_and_is_asked_by_post_alone(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    assert admin_client.get(NEW).status_code == 405
    assert admin_client.post("/admin/blog/post/99/render/", {"body": "x"}).status_code == 404
    post = make_post(body=EMBED)
    before = Post.objects.values().get()
    response = admin_client.post(f"/admin/blog/post/{post.pk}/render/", {"body": "x", "title": "y"})
    assert "no-store" in response.headers["Cache-Control"]
    assert Post.objects.values().get() == before
    assert Prompt.objects.get().position == 0


def test_forged_requests_are_refused(django_user_model: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("writer"))
    assert client.post(NEW, {"body": "x"}).status_code == 403


def test_the_frame_may_stand_on_this_site_and_nowhere_else(admin_client: Client, client: Client) -> None:
    response = admin_client.get("/admin/blog/post/frame/")
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert "script-src 'self' 'sha256-" in response.headers["Content-Security-Policy"]
    form = admin_client.get("/admin/blog/post/add/")
    assert "frame-src 'self'" in form.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in form.headers["Content-Security-Policy"]
    assert Client().get("/admin/blog/post/frame/").status_code == 302


@pytest.mark.parametrize("permission", ["view_post", "change_post"])
def test_the_form_has_all_its_fields_without_scripts(
    client: Client, make_post: Callable[..., Post], django_user_model: Any, permission: str
) -> None:
    user = django_user_model.objects.create_user("writer", is_staff=True)
    given = [permission] if permission == "view_post" else [permission, "publish_post"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=given))
    client.force_login(user)
    html = client.get(f"/admin/blog/post/{make_post(body='둘', author=user).pk}/change/").content.decode()
    names = set(re.findall(r'name="(\w+)"', html))
    wanted = {"title", "slug", "body", "variables", "summary", "tags", "lang", "opened_version", "pinned"}
    assert wanted <= names if permission == "change_post" else not wanted & names
    assert "둘" in html
