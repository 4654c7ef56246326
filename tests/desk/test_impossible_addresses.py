"""What can't be an address is refused, and nothing breaks while it stands in the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import Post, Revision
from tests.conftest import in_a_week
from tests.desk.helpers import rendered
from tests.desk.test_working_copies import keep, page
from tests.test_admin import ADD, errors, form

IMPOSSIBLE = ["a/b", "../x"]
STATES: dict[str, dict[str, Any]] = {
    "draft": {"status": "draft", "publish_at": None},
    "scheduled": {"publish_at": in_a_week()},
    "published": {},
}

pytestmark = pytest.mark.parametrize("slug", IMPOSSIBLE)


@pytest.mark.parametrize("state", STATES)
def test_a_post_keeps_its_address_while_something_else_is_typed(
    admin_client: Client, make_post: Callable[..., Post], slug: str, state: str
) -> None:
    post = make_post(body="words", **STATES[state])
    assert "words" in rendered(admin_client, "words", post, slug=slug)["html"]
    assert keep(admin_client, post, slug=slug, body="more words").status_code == 200
    assert Revision.objects.copies().get().data["slug"] == slug
    html = page(admin_client, post)
    assert f'value="{slug}"' in html
    assert "Use letters" in errors(html)
    saved = admin_client.post(
        reverse("admin:blog_post_change", args=[post.pk]),
        form(title=post.title, slug=slug, opened_version=str(post.version)),
        headers={"Accept-Language": "en"},
    )
    assert saved.status_code == 200
    assert "Use letters" in errors(saved.content.decode())
    assert Post.objects.get().slug == post.slug


def test_a_new_post_needs_another_one(admin_client: Client, slug: str) -> None:
    assert "words" in rendered(admin_client, "words", slug=slug)["html"]
    assert admin_client.post("/admin/blog/post/autosave/", form(slug=slug)).status_code == 200
    kept = Post.objects.get()
    assert "/" not in kept.slug
    assert "Use letters" in errors(page(admin_client, kept))
    assert "Use letters" in errors(
        admin_client.post(ADD, form(slug=slug), headers={"Accept-Language": "en"}).content.decode()
    )
    assert Post.objects.count() == 1


def test_it_is_said_while_it_is_typed(admin_client: Client, slug: str) -> None:
    answer = admin_client.get("/admin/blog/post/slug/", {"slug": slug}, headers={"Accept-Language": "en"})
    assert answer.json()["note"].startswith("Use letters")
