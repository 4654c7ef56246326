"""What the tests of the writing desk share."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from blog.models import Post

NEW = "/admin/blog/post/render/"


def rendered(client: Client, body: str, post: Post | None = None, **values: Any) -> dict[str, Any]:
    """The preview's answer."""
    address = f"/admin/blog/post/{post.pk}/render/" if post else NEW
    stored = {"title": post.title, "slug": post.slug, "lang": post.lang} if post else {"title": "제목", "lang": "ko"}
    response = client.post(address, {**stored, "body": body, **values}, headers={"Accept-Language": "en"})
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def problems(answer: dict[str, Any]) -> list[tuple[int, str]]:
    return [(problem["line"], problem["kind"]) for problem in answer["problems"]]


def press(client: Client, post: Post, button: str, **values: str) -> Any:
    """Press a button of the check before publishing; the page that follows."""
    sent = {button: "1", "version": str(post.version), **values}
    address = reverse("admin:blog_post_publish", args=[post.pk])
    return client.post(address, sent, headers={"Accept-Language": "en"}, follow=True)
