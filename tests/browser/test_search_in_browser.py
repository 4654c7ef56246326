"""Searching while one types, by keys alone, and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import hosts
from tests.browser.stage import MakePost

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def posts(make_post: MakePost) -> None:
    make_post(slug="a", title="동영상을 만드는 법", tags=["film"])
    make_post(slug="b", title="영상이 말할 때")
    make_post(slug="c", title="Quiet images")


def field(tab: Tab) -> Locator:
    return tab.locator("[data-search]")


def is_focused(locator: Locator) -> bool:
    return bool(locator.evaluate("element => element === document.activeElement"))


def test_results_come_while_one_types_and_are_announced(live_server: LiveServer, tab: Tab, posts: None) -> None:
    tab.goto(f"{live_server.url}/search/")
    field(tab).press_sequentially("images")
    expect(tab.locator(".hits h2")).to_have_text(["Quiet images"])
    expect(tab.locator("[data-status]")).to_have_text("글 1개")
    expect(tab).to_have_url(f"{live_server.url}/search/?q=images")
    expect(tab).to_have_title("“images” — 검색 — Roost")
    field(tab).fill("")
    expect(tab.locator(".hits")).to_have_count(0)
    expect(tab).to_have_url(f"{live_server.url}/search/")
    expect(tab).to_have_title("검색 — Roost")
    tab.locator("select[name=tag]").select_option("film")
    expect(tab.locator(".hits h2")).to_have_text(["동영상을 만드는 법"])
    assert tab.problems == []  # type: ignore[attr-defined]
    assert len(hosts(tab)) == 1


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_menu_stays_where_it_is(live_server: LiveServer, tab: Tab, posts: None, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    places = []
    for address in ("/", "/search/"):
        tab.goto(live_server.url + address)
        places.append([tab.locator(part).bounding_box() for part in (".site-header", ".site-header nav", ".theme")])
    assert places[0] == places[1]


def test_hangul_is_searched_while_it_is_composed_and_stays_composed(
    live_server: LiveServer, tab: Tab, posts: None
) -> None:
    tab.goto(f"{live_server.url}/search/")
    field(tab).focus()
    keyboard = tab.context.new_cdp_session(tab)
    for text in ("ㅇ", "여", "영", "영ㅅ", "영사", "영상"):
        keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    expect(tab.locator(".hits h2")).to_have_count(2)
    keyboard.send("Input.insertText", {"text": "영상"})
    assert field(tab).input_value() == "영상"
    expect(tab.locator(".hits mark").first).to_have_text("영상")


@pytest.mark.parametrize("answer", ["offline", "500"])
def test_where_no_answer_comes_old_results_go_and_one_is_told(
    live_server: LiveServer, tab: Tab, posts: None, answer: str
) -> None:
    tab.goto(f"{live_server.url}/search/?q=영상")
    expect(tab.locator(".hits h2")).to_have_count(2)
    tab.route("**/search/?*part=results", lambda r: r.abort() if answer == "offline" else r.fulfill(status=500))
    field(tab).fill("quiet")
    said = "응답을 받지 못했습니다. “찾기”를 눌러 다시 찾아 보세요."
    expect(tab.locator("[data-search-results]")).to_have_text(said)
    expect(tab.locator("[data-status]")).to_have_text(said)
    tab.unroute("**/search/?*part=results")
    field(tab).fill("quiet im")
    expect(tab.locator(".hits h2")).to_have_text(["Quiet images"])
    expect(tab.locator("[data-status]")).to_have_text("글 1개")


@pytest.mark.parametrize("address", ["/search/", "/prompts/"])
def test_a_copy_made_of_files_says_that_it_can_not_search(
    live_server: LiveServer, tab: Tab, make_post: MakePost, address: str
) -> None:
    make_post(body="> Prompt: a quiet street")
    said = "파일로 만든 사이트 사본이라 검색할 수 없습니다."
    page = tab.request.get(live_server.url + address).text()
    tab.goto(f"{live_server.url}{address}?q=quiet")
    expect(tab.get_by_text(said)).to_have_count(0)
    tab.route(f"**{address}*", lambda route: route.fulfill(body=page, content_type="text/html"))
    tab.goto(f"{live_server.url}{address}?q=quiet")
    expect(tab.locator("main").get_by_text(said)).to_be_visible()
    if address == "/search/":
        tab.goto(live_server.url + address)
        field(tab).fill("quiet")
        expect(tab.locator("[data-search-results]")).to_have_text(said)


def test_keys_lead_from_the_field_through_the_results_and_back(live_server: LiveServer, tab: Tab, posts: None) -> None:
    tab.goto(f"{live_server.url}/search/?q=영상")
    tab.keyboard.press("/")
    assert is_focused(field(tab))
    tab.keyboard.press("ArrowDown")
    links = tab.locator(".hits h2 a")
    assert is_focused(links.nth(0))
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    assert is_focused(links.nth(1))
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowUp")
    assert is_focused(field(tab))
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Escape")
    assert is_focused(field(tab))
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/posts/*/")


def test_a_slash_leads_to_the_field_of_any_page_but_can_be_typed_there(
    live_server: LiveServer, tab: Tab, posts: None
) -> None:
    tab.goto(f"{live_server.url}/posts/a/")
    tab.keyboard.press("/")
    assert is_focused(field(tab))
    tab.keyboard.type("a/b")
    assert field(tab).input_value() == "a/b"
    field(tab).fill("images")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=images")
    expect(tab.locator(".hits h2")).to_have_text(["Quiet images"])


def test_a_late_answer_does_not_replace_a_newer_one(live_server: LiveServer, tab: Tab, posts: None) -> None:
    tab.add_init_script(
        "const ask = window.fetch; window.fetch = async (address, options) => {"
        "const answer = await ask(address);"
        "if (String(address).includes('q=imag&')) await new Promise((done) => setTimeout(done, 1500));"
        "return answer; };"
    )
    tab.goto(f"{live_server.url}/search/")
    field(tab).press_sequentially("imag")
    tab.wait_for_timeout(400)
    field(tab).fill("말할")
    expect(tab.locator(".hits h2")).to_have_text(["영상이 말할 때"])
    tab.wait_for_timeout(1600)
    expect(tab.locator(".hits h2")).to_have_text(["영상이 말할 때"])


def test_it_works_without_a_script(live_server: LiveServer, browser: Browser, posts: None) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{live_server.url}/")
    field(tab).fill("영상")
    tab.keyboard.press("Enter")
    expect(tab.locator(".hits h2")).to_have_count(2)
    tab.locator("select[name=tag]").select_option("film")
    tab.get_by_role("button", name="찾기").click()
    expect(tab.locator(".hits h2")).to_have_text(["동영상을 만드는 법"])
    context.close()
