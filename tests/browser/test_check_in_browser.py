"""The check before publishing: the readers' page and the feed's entry in frames."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.desk import open_form, problems_of
from tests.browser.stage import MakePost
from tests.conftest import EMBED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INNER_WIDTH = "frame => frame.contentWindow.innerWidth"


def test_an_editor_reaches_the_check_by_one_click_and_sees_both_pages(
    tab: Tab, live_server: LiveServer, make_post: MakePost, django_user_model: Any
) -> None:
    post = make_post(title="A walk", body=f"{EMBED}\n[elsewhere](/archives/)", status="draft", lang="en")
    tab.context.set_extra_http_headers({"Accept-Language": "en"})
    open_form(tab, live_server, django_user_model, post)
    tab.locator("#id_body").press_sequentially("Newer words. ")
    tab.get_by_role("button", name="Check and publish…").click()
    frame = tab.get_by_title("The page as readers will get it")
    frame.scroll_into_view_if_needed()
    expect(frame.content_frame.get_by_role("heading", name="A walk")).to_be_visible()
    expect(frame.content_frame.get_by_text("Newer words.")).to_be_visible()
    assert frame.evaluate(INNER_WIDTH) == 1280
    tab.get_by_label("Phone").check()
    assert frame.evaluate(INNER_WIDTH) <= 390
    with tab.context.expect_page() as opened:
        frame.content_frame.get_by_role("link", name="elsewhere").click()
    assert opened.value.url.endswith("/archives/")
    opened.value.close()
    entry = tab.get_by_title("The entry in a feed")
    entry.scroll_into_view_if_needed()
    expect(entry.content_frame.get_by_role("heading", name="A walk")).to_be_visible()
    expect(entry.content_frame.get_by_text("Newer words.")).to_be_visible()
    assert "allow-scripts" not in (entry.get_attribute("sandbox") or "allow-scripts")
    assert problems_of(tab) == []


def test_the_check_fits_a_phone(tab: Tab, live_server: LiveServer, make_post: MakePost, django_user_model: Any) -> None:
    post = make_post(title="가" * 100, body=EMBED, status="draft", slug="x" * 150)
    open_form(tab, live_server, django_user_model, post)
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(f"{live_server.url}/admin/blog/post/{post.pk}/publish/")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.locator("[value=phone]").is_checked()
