"""Every save is a revision, and every revision can come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from taggit.models import Tag

from blog.models import Post, Revision
from blog.revisions import is_kept
from tests.test_admin import ADD, form


def address(post: Post, number: int | None = None, what: str = "revision") -> str:
    return reverse(f"admin:blog_post_{what}", args=[post.pk] if number is None else [post.pk, number])


@pytest.fixture
def edited(make_post: Callable[..., Post]) -> Post:
    """A public post whose text was changed once."""
    make_post(body="A first text.", tags=["old"])
    post = Post.objects.get()  # another object: what one does in a transaction is one revision
    post.body = "A second text."
    post.save()
    return post


def test_a_save_in_the_admin_is_one_revision_with_its_tags_and_its_author(admin_client: Client) -> None:
    admin_client.post(ADD, form(tags="film, night"))
    revision = Revision.objects.get()
    assert revision.number == 1
    assert revision.author == "admin"
    assert revision.data["tags"] == ["film", "night"]
    assert is_kept(Post.objects.get())


def test_a_save_without_a_change_makes_no_revision(make_post: Callable[..., Post]) -> None:
    post = make_post()
    post.save()
    assert Revision.objects.count() == 1


def test_a_script_makes_revisions_that_nobody_signed(edited: Post) -> None:
    last = edited.revisions.saves().first()
    assert last is not None
    assert (last.data["body"], last.user, last.version) == ("A second text.", None, edited.version)
    assert is_kept(edited)


def test_a_save_that_is_undone_leaves_no_revision(edited: Post) -> None:
    before = Revision.objects.count()
    with transaction.atomic():
        edited.title = "Other"
        edited.save()
        transaction.set_rollback(True)
    assert Revision.objects.count() == before


def test_the_list_says_who_and_when_and_one_says_what_changed(admin_client: Client, edited: Post) -> None:
    html = admin_client.get(address(edited, what="revisions")).content.decode()
    last = edited.revisions.saves().first()
    assert last is not None
    assert address(edited, last.number) in html
    html = admin_client.get(address(edited, last.number)).content.decode()
    assert "<del>first</del><ins>second</ins>" in html.replace(" ", "")
    html = admin_client.get(address(edited, 1) + "?against=now").content.decode()
    assert "<ins>second</ins>" in html


def test_restoring_is_a_new_save_that_keeps_address_state_and_dates(admin_client: Client, edited: Post) -> None:
    Post.objects.get().tags.set(["new"])
    edited.refresh_from_db()
    count = edited.revisions.count()
    admin_client.post(address(edited, 1, "restore"))
    post = Post.objects.get()
    assert post.body == "A first text."
    assert list(post.tags.names()) == ["old"]
    assert (post.slug, post.status, post.publish_at) == (edited.slug, edited.status, edited.publish_at)
    assert post.revisions.count() == count + 1
    assert is_kept(post)
    last = post.revisions.saves().first()
    assert last is not None
    assert last.author == "admin"


@pytest.mark.parametrize("what", ["revisions", "revision", "restore", "publish", "share", "autosave"])
def test_who_may_not_change_a_post_is_refused(client: Client, edited: Post, django_user_model: Any, what: str) -> None:
    number = 1 if what in ("revision", "restore") else None
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    ask = client.get if what in ("revisions", "revision") else client.post
    assert ask(address(edited, number, what)).status_code == 403
    client.logout()
    assert ask(address(edited, number, what)).status_code == 302
    assert Post.objects.get().body == "A second text."


def test_restoring_by_a_link_is_refused(admin_client: Client, edited: Post) -> None:
    assert admin_client.get(address(edited, 1, "restore")).status_code == 405
    assert admin_client.post(address(edited, 99, "restore")).status_code == 404


def test_restoring_does_not_bring_back_a_tag_that_was_merged_since(admin_client: Client, edited: Post) -> None:
    old, new = Tag.objects.get(name="old"), Tag.objects.create(name="new")
    chosen = {"action": "merge", "_selected_action": [old.pk, new.pk], "into": str(new.pk)}
    admin_client.post(reverse("admin:taggit_tag_changelist"), chosen)
    merged = edited.revisions.saves().first()
    assert merged is not None
    assert (merged.number, merged.author, merged.data["tags"]) == (3, "admin", ["new"])
    admin_client.post(address(edited, 1, "restore"))
    assert [tag.name for tag in edited.tags.all()] == ["new"]
    assert not Tag.objects.filter(name="old").exists()
