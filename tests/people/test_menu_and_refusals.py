"""The admin's menu, and its pages for what isn't there, isn't allowed, or has grown old."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from blog.templatetags.desk_menu import menu
from tests.people.conftest import Enter


def captions(html: str) -> list[str]:
    return re.findall(r"<caption>(.*?)</caption>", html)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("ada", ["Writing", "Media", "Prompts and models", "Topics and addresses", "People"]),
        ("max", ["Writing", "Media", "Prompts and models", "Topics and addresses", "People", "Site"]),
    ],
)
def test_the_menu_is_grouped_by_what_people_come_for(enter: Enter, name: str, groups: list[str]) -> None:
    assert captions(enter(name).get(reverse("admin:index")).content.decode()) == groups


def test_a_record_that_no_group_names_is_still_in_the_menu() -> None:
    stray = {"app_label": "other", "name": "Other", "models": [{"object_name": "Stray"}]}
    assert [(group["name"], len(group["models"])) for group in menu([stray])] == [("Other", 1)]


def test_nothing_in_the_menu_has_a_name_of_programmers(enter: Enter) -> None:
    html = enter("root").get(reverse("admin:taggit_tag_changelist")).content.decode()
    assert "Taggit" not in html
    assert "Tags" in html


def test_a_missing_page_keeps_those_who_are_in_at_the_desk(enter: Enter, db: None) -> None:
    html = enter("ada").get("/admin/nowhere/")
    assert html.status_code == 404
    assert 'id="nav-sidebar"' in html.content.decode()
    assert 'id="nav-sidebar"' not in enter("ada").get("/nowhere/").content.decode()


def test_a_forbidden_page_says_so_in_the_language_of_its_reader(enter: Enter) -> None:
    refused = enter("ada").get("/admin/auth/user/", headers={"Accept-Language": "ko"})
    assert refused.status_code == 403
    assert "이 화면을 볼 권한이 없습니다" in refused.content.decode()


def test_a_form_with_an_old_token_is_refused_in_plain_words(people: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    refused = client.post(reverse("admin:login"), {"username": "ada", "password": "x"})
    assert refused.status_code == 403
    assert "This page has grown old" in refused.content.decode()


def test_roles_are_called_by_their_korean_names(enter: Enter, people: dict[str, Any]) -> None:
    client = enter("max")
    ko = {"Accept-Language": "ko"}
    for address in (reverse("admin:auth_user_changelist"), reverse("admin:auth_user_change", args=[people["ada"].pk])):
        html = client.get(address, headers=ko).content.decode()
        assert "글쓴이" in html
        assert "authors" not in html


def test_the_list_of_people_can_be_narrowed_to_a_role(enter: Enter, people: dict[str, Any]) -> None:
    group = people["eve"].groups.get()
    html = enter("max").get(reverse("admin:auth_user_changelist"), {"group": group.pk}).content.decode()
    listed = re.findall(r'field-username"><a[^>]*>(\w+)<', html)
    assert listed == ["eve"]
    assert enter("max").get(reverse("admin:auth_user_changelist"), {"group": "x"}).status_code == 200


def test_the_login_says_what_was_wrong_without_saying_which(people: dict[str, Any]) -> None:
    with translation.override("en"):
        said = [
            Client(headers={"Accept-Language": "en"})
            .post(reverse("admin:login"), {"username": name, "password": "wrong"})
            .content.decode()
            for name in ("ada", "nobody")
        ]
    assert all("The name or the password isn&#x27;t right." in html for html in said)


def test_password_managers_know_the_fields_of_the_login(db: None) -> None:
    html = Client().get(reverse("admin:login")).content.decode()
    for field in ("username", "current-password", "one-time-code"):
        assert f'autocomplete="{field}"' in html


def test_selects_have_no_empty_options_and_hidden_fields_no_descriptions(enter: Enter, people: dict[str, Any]) -> None:
    html = enter("max").get(reverse("admin:blog_post_add")).content.decode()
    assert re.findall(r'<option value=""(?![^>]*label)[^>]*></option>', html) == []
    assert re.findall(r'<input type="hidden"[^>]*(?:autocomplete|aria-)[^>]*>', html) == []
