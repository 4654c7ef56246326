"""The address of a post while its title is written."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.stage import MakePost

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form(live_server: LiveServer, tab: Tab, make_post: MakePost, django_user_model: Any) -> Tab:
    django_user_model.objects.create_superuser("writer", password="for this test only")
    make_post(title="Rain", slug="rain")
    tab.context.set_extra_http_headers({"Accept-Language": "en"})
    tab.goto(f"{live_server.url}/admin/blog/post/add/")
    tab.fill("#id_username", "writer")
    tab.fill("#id_password", "for this test only")
    tab.keyboard.press("Enter")
    tab.get_by_text("Publishing", exact=True).click()
    tab.wait_for_selector("#id_slug")
    return tab


def test_the_address_follows_the_title_until_somebody_writes_another(form: Tab) -> None:
    slug = form.locator("#id_slug")
    form.fill("#id_title", "비 오는 날")
    expect(slug).to_have_value("비-오는-날")
    form.fill("#id_title", "Rain")
    expect(slug).to_have_value("rain-2")
    slug.fill("rain")
    expect(form.locator(".slug-note")).to_have_text("“Rain” has this address.")
    form.fill("#id_title", "Another")
    slug.fill("mine")
    expect(form.locator(".slug-note")).to_have_text("")
    assert form.problems == []  # type: ignore[attr-defined]


def test_no_address_is_proposed_while_a_syllable_is_composed(form: Tab) -> None:
    form.focus("#id_title")
    session = form.context.new_cdp_session(form)
    session.send("Input.imeSetComposition", {"text": "ㅎ", "selectionStart": 1, "selectionEnd": 1})
    form.wait_for_timeout(600)
    assert form.input_value("#id_slug") == ""
    session.send("Input.insertText", {"text": "한"})
    expect(form.locator("#id_slug")).to_have_value("한")
