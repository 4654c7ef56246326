"""Writing is never lost: offline, logged out, after a crash, beside somebody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Post, Revision
from tests.browser.stage import MakePost

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATE = "[data-state]"
PATIENCE = 20_000  # for slow machines


@pytest.fixture
def desk(live_server: LiveServer, tab: Tab, django_user_model: Any) -> Tab:
    """A tab of somebody who is logged in."""
    django_user_model.objects.create_superuser("writer", password="for this test only")
    tab.context.set_extra_http_headers({"Accept-Language": "en"})
    log_in(tab, live_server.url)
    return tab


def log_in(tab: Tab, server: str) -> None:
    tab.goto(f"{server}/admin/login/?next=/admin/blog/post/")
    tab.fill("#id_username", "writer")
    tab.fill("#id_password", "for this test only")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#user-tools")


def form_of(server: LiveServer, post: Post) -> str:
    return f"{server.url}/admin/blog/post/{post.pk}/change/"


def test_a_new_post_is_kept_while_it_is_typed_and_found_after_a_crash(desk: Tab, live_server: LiveServer) -> None:
    desk.goto(f"{live_server.url}/admin/blog/post/add/")
    desk.locator("#id_title").press_sequentially("밤의 시사")
    desk.locator("#id_body").press_sequentially("첫 문장.")
    expect(desk.locator(STATE)).to_have_text(re.compile(r"^Kept at \d\d:\d\d$"), timeout=PATIENCE)
    desk.wait_for_url("**/change/")
    desk.locator("#id_body").press_sequentially(" 둘째 문장.")
    desk.wait_for_timeout(600)  # the browser has it; nobody has asked the server
    desk.evaluate("window.stop()")
    address = desk.url
    desk.close(run_before_unload=False)
    again = desk.context.new_page()
    again.goto(address)
    again.get_by_role("link", name=re.compile("Open it|Use it")).first.click()
    expect(again.locator("#id_body")).to_have_value("첫 문장. 둘째 문장.")
    again.locator(".desk-publish [name=_keep]").click()
    again.wait_for_selector(".messagelist .success")
    assert Post.objects.get().body == "첫 문장. 둘째 문장."
    assert not Revision.objects.copies().exists()


def test_offline_the_browser_keeps_the_text_and_sends_it_when_back(
    desk: Tab, live_server: LiveServer, make_post: MakePost
) -> None:
    post = make_post(body="public")
    desk.goto(form_of(live_server, post))
    desk.context.set_offline(True)
    desk.fill("#id_body", "written on the train")
    expect(desk.locator(STATE)).to_have_text("Offline: kept in this browser", timeout=PATIENCE)
    assert "written on the train" in desk.evaluate("JSON.stringify(localStorage)")
    desk.context.set_offline(False)
    expect(desk.locator(STATE)).to_have_text(re.compile("^Kept at"), timeout=PATIENCE)
    assert Revision.objects.copies().get().data["body"] == "written on the train"
    assert Post.objects.get().body == "public"
    assert "train" not in desk.evaluate("JSON.stringify(localStorage)")


def test_logged_out_the_browser_keeps_the_text_and_a_login_elsewhere_saves_it(
    desk: Tab, live_server: LiveServer, make_post: MakePost
) -> None:
    post = make_post(body="public")
    desk.goto(form_of(live_server, post))
    desk.context.clear_cookies()
    desk.fill("#id_body", "still here")
    expect(desk.locator(STATE)).to_have_text(
        "Logged out: kept in this browser. Log in in another tab.", timeout=PATIENCE
    )
    other = desk.context.new_page()
    log_in(other, live_server.url)
    expect(desk.locator(STATE)).to_have_text(re.compile("^Kept at"), timeout=PATIENCE)
    desk.locator(".desk-publish [name=_keep]").click()
    desk.wait_for_selector(".messagelist .success")
    assert Post.objects.get().body == "still here"


def test_nothing_runs_while_a_syllable_is_composed(desk: Tab, live_server: LiveServer, make_post: MakePost) -> None:
    desk.goto(form_of(live_server, make_post(body="public")))
    body = desk.locator("#id_body")
    body.dispatch_event("compositionstart")
    body.evaluate("field => { field.value += 'ㅎ'; }")
    body.evaluate("field => field.dispatchEvent(new InputEvent('input', {isComposing: true, bubbles: true}))")
    desk.wait_for_timeout(3000)
    assert desk.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('roost:'))") == []
    assert not [url for url in desk.requests if "/autosave/" in url]  # type: ignore[attr-defined]
    body.evaluate("field => { field.value = '하'; }")
    body.evaluate("field => field.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}))")
    expect(desk.locator(STATE)).to_have_text(re.compile("^Kept at"), timeout=PATIENCE)
    assert Revision.objects.copies().get().data["body"] == "하"


def test_two_people_merge_what_they_wrote(desk: Tab, live_server: LiveServer, make_post: MakePost) -> None:
    post = make_post(body="one\n\ntwo\n\nthree")
    desk.goto(form_of(live_server, post))
    theirs = Post.objects.get()
    theirs.body = "one\n\ntwo\n\nTHREE"
    theirs.save()
    desk.fill("#id_body", "ONE\n\ntwo\n\nthree")
    desk.locator(".desk-publish [name=_keep]").click()
    expect(desk.get_by_role("heading", name="Two versions of this post")).to_be_visible()
    expect(desk.locator("#id_body")).to_have_value("ONE\n\ntwo\n\nthree")
    desk.locator("[name=_merge]").click()
    expect(desk.locator("#id_body")).to_have_value("ONE\n\ntwo\n\nTHREE")
    desk.locator(".desk-publish [name=_keep]").click()
    desk.wait_for_selector(".messagelist .success")
    assert Post.objects.get().body == "ONE\n\ntwo\n\nTHREE"


def test_a_draft_is_checked_scheduled_and_spelled_out(desk: Tab, live_server: LiveServer, make_post: MakePost) -> None:
    post = make_post(status="draft", publish_at=None)
    desk.goto(form_of(live_server, post))
    desk.locator("[name=_check]").click()
    expect(desk.get_by_role("heading", name="Worth a look")).to_be_visible()
    desk.fill("[name=at]", "2099-11-22T18:00")
    expect(desk.locator("[role=status]")).to_contain_text("Sunday 22 November 2099, 18:00 KST, in")
    desk.locator("[name=_schedule]").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("22 November 2099, 18:00 KST")
    assert Post.objects.get().is_scheduled
    assert desk.problems == []  # type: ignore[attr-defined]


def test_enter_in_the_title_goes_on_to_the_text_and_saves_nothing(
    desk: Tab, live_server: LiveServer, make_post: MakePost
) -> None:
    post = make_post(body="public")
    desk.goto(form_of(live_server, post))
    desk.wait_for_selector(".desk-tools:not([hidden])")
    desk.locator("#id_title").press("Enter")
    assert desk.evaluate("document.activeElement.id") == "id_body"
    desk.get_by_text("Publishing", exact=True).click()
    desk.fill("#id_body", "saved by the key")
    desk.locator("#id_slug").press("Enter")
    desk.wait_for_selector(".messagelist .success")
    post.refresh_from_db()
    assert post.body == "saved by the key"
    assert not Revision.objects.copies().exists()
