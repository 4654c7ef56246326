"""Writing is never lost: offline, logged out, after a crash, beside somebody else."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Dialog, Error as PlaywrightError, Page as Tab, Route, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Post, Revision
from tests.browser.stage import MakePost

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATE = "[data-state]"
PATIENCE = 20_000  # for slow machines
LOST = "Not kept anywhere: copy your text before you leave"
NO_STORAGE = {
    "full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };",
    "forbidden": "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }});",
}


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
    address = desk.url
    with desk.expect_event("crash"), suppress(PlaywrightError):
        desk.goto("chrome://crash")
    again = desk.context.new_page()
    again.goto(address)
    again.get_by_role("link", name=re.compile("Open it|Use it")).first.click()
    expect(again.locator("#id_body")).to_have_value("첫 문장. 둘째 문장.")
    again.locator(".desk-publish [name=_keep]").click()
    again.wait_for_selector(".messagelist .success")
    assert Post.objects.get().body == "첫 문장. 둘째 문장."
    assert not Revision.objects.copies().exists()


def test_what_is_typed_before_the_scripts_arrive_stays_in_its_field_and_is_kept(
    desk: Tab, live_server: LiveServer
) -> None:
    desk.route("**/js/desk/*.js", lambda script: None)
    desk.goto(f"{live_server.url}/admin/blog/post/add/", wait_until="commit")
    expect(desk.locator("#id_title")).to_be_focused()
    desk.focus("#id_body")
    desk.keyboard.insert_text("Before any")
    desk.unroute("**/js/desk/*.js")  # lets them through
    expect(desk.locator(STATE)).to_have_text(re.compile("^Kept at"), timeout=PATIENCE)
    desk.keyboard.insert_text(" script.")
    expect(desk.locator("#id_body")).to_have_value("Before any script.")
    assert Post.objects.get().body == "Before any"


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


def test_a_save_waits_for_the_draft_that_is_just_being_made(desk: Tab, live_server: LiveServer) -> None:
    held: list[Route] = []
    desk.route("**/autosave/", lambda route: held.append(route))
    desk.goto(f"{live_server.url}/admin/blog/post/add/")
    desk.locator("#id_title").press_sequentially("밤의 시사")
    with desk.expect_request("**/autosave/", timeout=PATIENCE):
        desk.locator("#id_body").press_sequentially("첫 문장.")
    desk.locator("#id_body").press_sequentially(" 둘째 문장.")
    saves: list[str] = []
    desk.on("request", lambda request: saves.append(request.url) if request.is_navigation_request() else None)
    desk.locator(".desk-publish [name=_keep]").click()
    desk.wait_for_timeout(300)
    assert saves == []
    held[0].continue_()
    desk.wait_for_selector(".messagelist .success")
    post = Post.objects.get()
    assert post.body == "첫 문장. 둘째 문장."
    assert saves[0].endswith(f"/{post.pk}/change/")
    assert not Revision.objects.copies().exists()


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


def leave(tab: Tab) -> list[str]:
    """Go to another page; what the browser asked before."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    tab.on("dialog", answer)
    tab.goto("about:blank")
    tab.remove_listener("dialog", answer)
    return asked


@pytest.mark.parametrize("storage", NO_STORAGE)
def test_text_that_nobody_could_keep_is_not_left_without_a_warning(
    desk: Tab, live_server: LiveServer, make_post: MakePost, storage: str
) -> None:
    post = make_post(body="public")
    desk.add_init_script(NO_STORAGE[storage])
    desk.goto(form_of(live_server, post))
    desk.route("**/autosave/", lambda route: route.abort())
    desk.locator("#id_body").press_sequentially("nowhere else ")
    expect(desk.locator(STATE)).to_have_text(LOST, timeout=PATIENCE)
    assert leave(desk) == ["beforeunload"]


@pytest.mark.parametrize("storage", NO_STORAGE)
def test_text_that_the_server_has_is_left_without_a_question_whatever_the_browser_stores(
    desk: Tab, live_server: LiveServer, make_post: MakePost, storage: str
) -> None:
    post = make_post(body="public")
    desk.add_init_script(NO_STORAGE[storage])
    desk.goto(form_of(live_server, post))
    desk.locator("#id_body").press_sequentially("on the server ")
    expect(desk.locator(STATE)).to_have_text(re.compile("^Kept at"), timeout=PATIENCE)
    assert leave(desk) == []
    assert Revision.objects.copies().get().data["body"] == "on the server public"


def test_text_that_the_browser_has_is_left_without_a_question_and_comes_back(
    desk: Tab, live_server: LiveServer, make_post: MakePost
) -> None:
    post = make_post(body="public")
    desk.goto(form_of(live_server, post))
    desk.context.set_offline(True)
    desk.locator("#id_body").press_sequentially("here alone ")
    expect(desk.locator(STATE)).to_have_text("Offline: kept in this browser", timeout=PATIENCE)
    assert leave(desk) == []
    desk.context.set_offline(False)
    desk.goto(form_of(live_server, post))
    if desk.input_value("#id_body") == "public":  # else the browser has sent it meanwhile, and it opens at once
        desk.get_by_role("link", name="Open it").click()
    expect(desk.locator("#id_body")).to_have_value("here alone public")


def test_the_last_words_reach_the_server_after_the_page_is_left(
    desk: Tab, live_server: LiveServer, make_post: MakePost
) -> None:
    post = make_post(body="public")
    desk.goto(form_of(live_server, post))
    desk.locator("#id_body").press_sequentially("last words ")
    assert leave(desk) == []
    for _ in range(100):
        if Revision.objects.copies().exists():
            break
        desk.wait_for_timeout(100)
    assert Revision.objects.copies().get().data["body"] == "last words public"


def test_an_author_whose_draft_was_published_meanwhile_is_told_and_keeps_the_words(
    desk: Tab, live_server: LiveServer, make_post: MakePost, django_user_model: Any
) -> None:
    writer = django_user_model.objects.get()
    writer.is_superuser, writer.is_staff = False, True
    writer.save()
    writer.groups.add(Group.objects.get(name="authors"))
    post = make_post(body="hers", author=writer, status="draft")
    desk.goto(form_of(live_server, post))
    Post.objects.update(status="published", publish_at=timezone.now())
    desk.locator("#id_body").press_sequentially("too late ")
    told = "An editor has published this post: only editors change it now. Not kept on the server, only in this browser"
    expect(desk.locator(STATE)).to_have_text(told, timeout=PATIENCE)
    desk.reload()
    assert desk.locator("#id_body").count() == 0
    words = desk.get_by_label("Copy what you still need")
    expect(words).to_have_value(re.compile("too late hers"))
    desk.get_by_role("button", name="Discard it").click()
    expect(words).to_be_hidden()
    assert "too late" not in desk.evaluate("JSON.stringify(localStorage)")
