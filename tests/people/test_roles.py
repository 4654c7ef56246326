"""Who may do what with posts: a table, and what no table says."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from blog.admin import desk
from blog.models import Post
from blog.people import ROLES
from tests.conftest import EMBED, in_a_week
from tests.desk.helpers import press
from tests.people.conftest import Enter
from tests.test_admin import form

MakePost = Callable[..., Post]
LIST = "/admin/blog/post/"
ADD = "/admin/blog/post/add/"
NAMES = ("ada", "ben", "eve", "max", "root", "guest", "")
STATES: dict[str, dict[str, Any]] = {
    "draft": {"status": "draft"},
    "scheduled": {"status": "published", "publish_at": in_a_week()},
    "public": {"status": "published"},
}
# Of Ada's posts: who may see, change, delete them in the admin.
MAY = {
    "draft": {"see": {"ada", "eve", "max", "root"}, "edit": {"ada", "eve", "max", "root"}},
    "scheduled": {"see": {"ada", "eve", "max", "root"}, "edit": {"eve", "max", "root"}},
    "public": {"see": {"ada", "eve", "max", "root"}, "edit": {"eve", "max", "root"}},
}


def at(name: str, post: Post) -> str:
    return reverse(f"admin:blog_post_{name}", args=[post.pk])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", NAMES)
def test_each_sees_changes_and_deletes_what_their_role_says(
    enter: Enter, people: dict[str, Any], make_post: MakePost, state: str, name: str
) -> None:
    post = make_post(title="Hers", author=people["ada"], **STATES[state])
    client, sees, edits = enter(name), name in MAY[state]["see"], name in MAY[state]["edit"]
    assert (client.get(at("preview", post)).status_code == 200) == sees
    assert (client.get(at("history", post)).status_code == 200) == sees
    assert ("Hers" in client.get(LIST).content.decode()) == sees
    shown = client.get(at("change", post))
    assert (shown.status_code == 200) == sees
    assert ('name="_keep"' in shown.content.decode()) == edits
    assert (client.get(at("delete", post)).status_code == 200) == edits
    request = RequestFactory().get("/")
    request.user = people.get(name) or enter("").get("/admin/login/").wsgi_request.user
    assert desk.may_edit(request, post) == edits
    client.post(at("change", post), form(title="Changed", slug=post.slug, opened_version=post.version))
    assert (Post.objects.get().title == "Changed") == edits
    client.post(at("delete", Post.objects.get()), {"post": "yes"})
    may_delete_now = name in MAY["draft"]["edit"] if edits else False
    assert Post.objects.exists() != may_delete_now


@pytest.mark.parametrize("name", NAMES)
def test_only_those_who_publish_publish(enter: Enter, people: dict[str, Any], make_post: MakePost, name: str) -> None:
    post = make_post(author=people["ada"], status="draft", publish_at=None)
    client = enter(name)
    other = make_post(author=people["ada"], status="draft", publish_at=None)
    client.post(LIST, {"action": "publish", "_selected_action": [post.pk]})
    press(client, other, "_publish")
    published = set(Post.objects.filter(status="published").values_list("slug", flat=True))
    assert published == ({post.slug, other.slug} if name in ("eve", "max", "root") else set())


@pytest.mark.parametrize("name", ["ada", "eve", "root"])
def test_no_field_of_the_form_publishes(enter: Enter, people: dict[str, Any], make_post: MakePost, name: str) -> None:
    dated = {"publish_at_0": "2024-01-02", "publish_at_1": "21:00:00"}
    post = make_post(author=people["ada"], status="draft", publish_at=None)
    for button in ("", "_keep", "_save", "_publish", "_check", "_to_draft"):
        sent = form(slug=post.slug, status="published", opened_version=str(post.version), **dated, **{button: "1"})
        assert enter(name).post(at("change", post), sent).status_code == 302
        post.refresh_from_db()
        assert post.status == "draft", button
    enter(name).post(ADD, form(slug="new", status="published", **dated))
    assert Post.objects.get(slug="new").status == "draft"


def test_what_an_editor_decides_can_not_be_forged_by_an_author(enter: Enter, people: dict[str, Any]) -> None:
    forged = form(pinned="on", author=str(people["eve"].pk), publish_at_0="2020-01-01", publish_at_1="00:00")
    enter("ada").post(ADD, forged)
    post = Post.objects.get()
    assert (post.author, post.pinned, post.publish_at) == (people["ada"], False, None)


def test_an_author_submits_and_an_editor_publishes(enter: Enter, people: dict[str, Any]) -> None:
    enter("ada").post(ADD, form(slug="a", _submit="1"))
    post = Post.objects.get()
    assert post.submitted_at is not None
    assert "submitted" in enter("eve").get(f"{LIST}?state=submitted").content.decode()
    press(enter("eve"), post, "_publish")
    post.refresh_from_db()
    assert post.is_public
    assert post.submitted_at is None
    assert post.author == people["ada"]
    assert LogEntry.objects.filter(user=people["ada"], change_message="Submitted to the editors").count() == 1


def test_a_submitted_post_can_be_taken_back_or_given_back(
    enter: Enter, people: dict[str, Any], make_post: MakePost
) -> None:
    for name, says in (("ada", "Take back"), ("eve", "Give back to the author")):
        post = make_post(author=people["ada"], status="draft", submitted_at=timezone.now())
        client = enter(name)
        assert f'value="{says}"' in client.get(at("change", post)).content.decode()
        client.post(at("change", post), form(slug=post.slug, opened_version=post.version, _withdraw="1"))
        assert Post.objects.get(pk=post.pk).submitted_at is None


def test_an_author_finds_no_trace_of_other_drafts(enter: Enter, people: dict[str, Any], make_post: MakePost) -> None:
    make_post(title="Secret", slug="secret", body=EMBED, author=people["ben"], status="draft")
    client = enter("ada")
    for address in ("/admin/", LIST, f"{LIST}?q=secret", f"{LIST}?status__exact=draft"):
        assert "Secret" not in client.get(address).content.decode(), address
    for model in ("embed", "prompt", "page"):
        assert client.get(f"/admin/blog/{model}/").status_code == 403


def test_an_author_sees_embeds_and_prompts_without_links_that_lead_nowhere(
    enter: Enter, people: dict[str, Any], make_post: MakePost
) -> None:
    post = make_post(body=EMBED, author=people["ada"], status="draft")
    for name, linked in (("ada", False), ("eve", True)):
        html = enter(name).get(at("change", post)).content.decode()
        assert "tokyo walk" in html
        assert ("/admin/blog/embed/" in html.split('id="content"')[1]) == linked


def test_a_post_with_prompts_is_deleted_with_them(enter: Enter, people: dict[str, Any], make_post: MakePost) -> None:
    post = make_post(body=EMBED, author=people["ada"], status="draft")
    assert enter("ada").post(at("delete", post), {"post": "yes"}).status_code == 302
    assert not Post.objects.exists()


PAGES = {
    "/admin/blog/image/add/": {"ada", "ben", "eve", "max", "root"},
    "/admin/blog/category/add/": {"eve", "max", "root"},
    "/admin/taggit/tag/add/": {"eve", "max", "root"},
    "/admin/blog/generator/add/": {"eve", "max", "root"},
    "/admin/blog/page/add/": {"eve", "max", "root"},
    "/admin/blog/embed/": {"eve", "max", "root"},
    "/admin/blog/image/": {"ada", "ben", "eve", "max", "root"},
    "/admin/blog/redirect/": {"eve", "max", "root"},
    "/admin/blog/prompt/": {"eve", "max", "root"},
    "/admin/blog/sitesettings/1/change/": {"max", "root"},
    "/admin/auth/user/": {"max", "root"},
    "/admin/auth/user/add/": {"max", "root"},
    "/admin/auth/group/add/": {"root"},
    "/admin/admin/logentry/": {"max", "root"},
}


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_the_admin_are_open_to_their_roles(enter: Enter, address: str) -> None:
    enter("root").get("/admin/blog/sitesettings/")
    opened = {name for name in NAMES if enter(name).get(address).status_code == 200}
    assert opened == PAGES[address]


def test_every_permission_of_a_role_exists(db: None) -> None:
    for name, wanted in ROLES.items():
        held = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
        assert {f"{app}.{code}" for app, code in held} == set(wanted)


def test_migrating_again_leaves_a_changed_group_alone(db: None) -> None:
    group = Group.objects.get(name="authors")
    group.permissions.clear()
    Group.objects.get(name="editors").delete()
    call_command("migrate", verbosity=0)
    assert not group.permissions.exists()
    assert Group.objects.get(name="editors").permissions.exists()


def test_somebody_with_a_name_signs_what_they_write(enter: Enter, people: dict[str, Any]) -> None:
    eve = people["eve"]
    pattern = rf'<option value="{eve.pk}" selected>'
    assert not re.search(pattern, enter("eve").get(ADD).content.decode())
    eve.first_name = "Eve"
    eve.save()
    assert re.search(pattern, unescape(enter("eve").get(ADD).content.decode()))
