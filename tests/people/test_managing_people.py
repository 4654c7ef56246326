"""Who manages whom, profiles, and the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse

from blog.models import Post, Profile
from tests.people.conftest import PASSWORD, Enter
from tests.people.test_login import is_in, try_login
from tests.test_admin import errors

MakePost = Callable[..., Post]


def person_form(user: Any, **values: Any) -> dict[str, Any]:
    return {"username": user.username, "is_active": "on", "is_staff": "on", **values}


def change(user: Any) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def test_an_admin_adds_an_author_who_can_write_at_once(enter: Enter, django_user_model: Any) -> None:
    authors = Group.objects.get(name="authors")
    sent = {"username": "new", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert enter("max").post("/admin/auth/user/add/", {**sent, "groups": [authors.pk]}).status_code == 302
    new = django_user_model.objects.get(username="new")
    assert (new.is_staff, new.is_superuser) == (True, False)
    assert try_login("new").client.get("/admin/blog/post/add/").status_code == 200


def test_an_admin_makes_no_superuser_and_changes_none(enter: Enter, people: dict[str, Any]) -> None:
    client = enter("max")
    client.post(change(people["max"]), person_form(people["max"], is_superuser="on", user_permissions=["1"]))
    people["max"].refresh_from_db()
    assert not people["max"].is_superuser
    assert not people["max"].user_permissions.exists()
    assert client.post(change(people["root"]), person_form(people["root"], username="taken")).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[people["root"].pk])
    assert client.get(password).status_code == 403
    client.post("/admin/auth/user/", {"action": "log_out_everywhere", "_selected_action": [people["root"].pk]})
    assert not LogEntry.objects.filter(object_id=str(people["root"].pk)).exists()


def test_who_leaves_is_made_inactive_and_logged_out_and_stays_the_author(
    enter: Enter, people: dict[str, Any], make_post: MakePost
) -> None:
    post = make_post(author=people["ada"])
    hers = try_login("ada").client
    assert enter("root").get(reverse("admin:auth_user_delete", args=[people["ada"].pk])).status_code == 403
    sent = {"username": "ada", "is_staff": "on"}
    enter("max").post(change(people["ada"]), sent)
    assert not is_in(hers)
    assert not is_in(try_login("ada").client)
    assert post.byline == "ada"


def test_the_log_says_who_did_what_and_is_only_read(enter: Enter, people: dict[str, Any], make_post: MakePost) -> None:
    post = make_post(title="Night", status="draft", author=people["ada"])
    enter("eve").post("/admin/blog/post/", {"action": "publish", "_selected_action": [post.pk]})
    client = enter("max")
    html = client.get("/admin/admin/logentry/?q=Night").content.decode()
    for part in ("eve", "Night", "Published"):
        assert part in html
    entry = LogEntry.objects.get()
    assert client.post("/admin/admin/logentry/add/").status_code == 403
    assert client.post(f"/admin/admin/logentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert enter("eve").get("/admin/admin/logentry/").status_code == 403


def test_everybody_has_a_profile_and_edits_their_own(enter: Enter, people: dict[str, Any]) -> None:
    own, other = (Profile.objects.get(user=people[name]) for name in ("ada", "ben"))
    client = enter("ada")
    address = reverse("admin:blog_profile_change", args=[own.pk])
    assert client.get("/admin/blog/profile/").headers["Location"] == address
    sent = {"body": "**Hello**", "links": "https://a.example/me\n", "picture": "", "lang": "en", "slug": "에이다"}
    assert client.post(address, sent).status_code == 302
    own.refresh_from_db()
    assert (own.slug, own.links) == ("에이다", ["https://a.example/me"])
    assert "<strong>Hello</strong>" in own.body_html
    stranger = reverse("admin:blog_profile_change", args=[other.pk])
    client.post(stranger, {**sent, "slug": "stolen"})
    assert not Profile.objects.filter(slug="stolen").exists()
    assert enter("max").get(stranger).status_code == 200


@pytest.mark.parametrize(
    "links",
    [
        *("javascript:alert(1)", "example.com", "https://u:p@a.example", "https://a b"),
        "\n".join(["https://a.example"] * 11),
    ],
)
def test_links_that_are_no_web_addresses_are_refused(enter: Enter, people: dict[str, Any], links: str) -> None:
    own = Profile.objects.get(user=people["ada"])
    sent = {"body": "", "links": links, "picture": "", "lang": "en", "slug": own.slug}
    html = enter("ada").post(reverse("admin:blog_profile_change", args=[own.pk]), sent).content.decode()
    assert errors(html)
    own.refresh_from_db()
    assert own.links == []


def test_people_of_the_same_name_have_addresses_of_their_own(django_user_model: Any, db: None) -> None:
    for number in range(3):
        django_user_model.objects.create_user(f"u{number}", first_name="Mina Kim")
    slugs = Profile.objects.filter(user__first_name="Mina Kim").values_list("slug", flat=True)
    assert sorted(slugs) == ["mina-kim", "mina-kim-2", "mina-kim-3"]
