"""Every view of the writing desk asks whether this person may do this to this very post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from blog.admin import desk
from blog.models import Post, Revision, ShareLink, SiteSettings
from tests.conftest import in_a_week
from tests.people.conftest import Enter
from tests.test_admin import form

MakePost = Callable[..., Post]
WORDS = {"title": "Taken", "slug": "taken", "body": "taken over", "lang": "ko"}


class Door(NamedTuple):
    """A view, and how it is asked."""

    name: str
    method: str = "get"
    further: tuple[int, ...] = ()  # arguments after the post's key
    sent: dict[str, str] | None = None
    reads: bool = False  # whoever sees the post in the admin may
    publishes: bool = False


DOORS = {
    "autosave": Door("autosave", "post", sent=form(**WORDS)),
    "the token of autosave": Door("autosave"),
    "discard": Door("discard", "post", (1,)),
    "share": Door("share"),
    "make a link": Door("share", "post", sent={"days": "7"}),
    "revoke a link": Door("share", "post", sent={"revoke": "1"}),
    "revisions": Door("revisions", reads=True),
    "revision": Door("revision", further=(1,), reads=True),
    "restore": Door("restore", "post", (1,)),
    "check": Door("publish", publishes=True),
    "publish": Door("publish", "post", sent={"_publish": "1"}, publishes=True),
    "schedule": Door("publish", "post", sent={"_schedule": "1", "at": "2099-01-01T10:00"}, publishes=True),
    "to draft": Door("publish", "post", sent={"_to_draft": "1"}, publishes=True),
    "render": Door("render", "post", sent=WORDS),
    "slug": Door("slug", sent={"title": "x"}),
    "preview": Door("preview", reads=True),
    "feed": Door("feed", reads=True),
    "card": Door("card", reads=True),
}
# Doors without a post behind them: whoever may write, or (the last) whoever is in the admin.
GENERAL = {
    "autosave_new": Door("autosave_new", "post", sent=form(**WORDS)),
    "render_new": Door("render_new", "post", sent=WORDS),
    "embed": Door("embed", "post", sent={"url": "nothing"}),
    "slug": Door("slug", sent={"title": "x"}),
    "upload": Door("upload"),
    "pictures": Door("pictures"),
}
EVERYBODYS = {"frame", "when", "describe_upload"}
EDITORS = {"eve", "max", "root"}
STATES: dict[str, dict[str, Any]] = {
    "draft": {"status": "draft"},
    "scheduled": {"status": "published", "publish_at": in_a_week()},
    "public": {"status": "published"},
}


def ask(client: Client, door: Door, post: Post | None) -> Any:
    arguments = [post.pk, *door.further] if post and door.name != "slug" else []
    sent = {**(door.sent or {}), **({"version": str(post.version), "post": str(post.pk)} if post else {})}
    return getattr(client, door.method)(reverse(f"admin:blog_post_{door.name}", args=arguments), sent)


def is_let_in(response: Any) -> bool:
    if response.status_code == 302 and response.headers["Location"].startswith("/admin/login/"):
        return False
    return response.status_code not in (403, 405)


def stored(post: Post) -> tuple[Any, ...]:
    """All that the desk may change of a post."""
    return (
        *Post.objects.filter(pk=post.pk).values_list("version", "status", "publish_at", "body"),
        *Revision.objects.values_list("pk", "data"),
        *ShareLink.objects.values_list("pk", "revoked_at"),
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("door", DOORS)
def test_the_desk_refuses_who_may_not_edit_this_very_post(
    enter: Enter, people: dict[str, Any], make_post: MakePost, door: str, state: str
) -> None:
    for name in ("ada", "ben", "eve", "max", "root", "guest", ""):
        post = make_post(body="hers", author=people["ada"], **STATES[state])
        copy = Revision.objects.create(post=post, kind="autosave", version=1, user=people.get(name), data=WORDS)
        ShareLink.issue(post, people["ada"], in_a_week())
        link = post.share_links.get()
        one = DOORS[door]._replace(further=(copy.pk,)) if door == "discard" else DOORS[door]
        one = one._replace(sent={"revoke": str(link.pk)}) if door == "revoke a link" else one
        before = stored(post)
        let_in = is_let_in(ask(enter(name), one, post))
        own = name == "ada" and (one.reads or (state == "draft" and not one.publishes))
        assert let_in == (own or name in EDITORS), name
        if not let_in:
            assert stored(post) == before, name


@pytest.mark.parametrize("door", GENERAL)
def test_the_desk_refuses_who_may_not_write(enter: Enter, people: dict[str, Any], door: str) -> None:
    open_to = {name for name in (*people, "") if is_let_in(ask(enter(name), GENERAL[door], None))}
    assert open_to == {"ada", "ben", *EDITORS}


def test_no_view_of_the_desk_is_forgotten_here() -> None:
    tested = {door.name for door in (*DOORS.values(), *GENERAL.values())} | EVERYBODYS
    names = {url.name for module in desk.MODULES for url in module.urls(admin.site.get_model_admin(Post))}
    assert names == {f"blog_post_{name}" for name in tested - {"preview"}}  # which stands in the admin itself


def test_an_author_is_told_that_their_post_has_been_published(
    enter: Enter, people: dict[str, Any], make_post: MakePost
) -> None:
    post = make_post(author=people["ada"], status="published")
    address = reverse("admin:blog_post_autosave", args=[post.pk])
    answer = enter("ada").post(address, form(**WORDS))
    assert answer.json() == {"error": "An editor has published this post: only editors change it now."}
    assert enter("ben").post(address, form(**WORDS)).json() == {"error": "You may not change this post."}


def test_words_for_a_post_that_was_published_since_make_a_draft_of_their_own(
    enter: Enter, people: dict[str, Any]
) -> None:
    client = enter("ada")
    first = client.post(reverse("admin:blog_post_autosave_new"), form(**WORDS)).json()
    assert client.post(reverse("admin:blog_post_autosave_new"), form(**WORDS)).json()["form"] == first["form"]
    post = Post.objects.get()
    post.status = "published"
    post.save()
    answer = client.post(reverse("admin:blog_post_autosave_new"), form(**WORDS)).json()
    assert answer["form"] != first["form"]
    assert not post.revisions.copies().exists()


def test_the_preview_of_an_authors_post_is_signed_by_them(
    people: dict[str, Any], enter: Enter, make_post: MakePost
) -> None:
    SiteSettings(author_name="The house").save()
    own = make_post(author=people["ada"], status="draft")
    sent = {"title": "Rain", "slug": own.slug, "body": "Words.", "lang": "en"}  # their form doesn't name an author
    for address in ("/admin/blog/post/render/", f"/admin/blog/post/{own.pk}/render/"):
        shown = enter("ada").post(address, sent).json()["html"]
        assert "<span>ada</span>" in shown
        assert "The house" not in shown
    forged = enter("ada").post("/admin/blog/post/render/", {**sent, "author": str(people["ben"].pk)}).json()["html"]
    assert "<span>ada</span>" in forged
    chosen = enter("eve").post("/admin/blog/post/render/", {**sent, "author": ""}).json()["html"]
    assert "The house" in chosen
