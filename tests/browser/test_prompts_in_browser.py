"""Prompts in a real browser: what is copied, what is announced, what opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Post, Prompt, PromptTranslation
from tests.browser.conftest import hosts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MakePost = Callable[..., Post]
EXACT = "   leading  double\n\ttab\tinside\n\n\n  <b> & “quotes” 한글 🎬\nlast line"
BODY = "\n".join(f"> {line}" for line in f"Prompt:\n{EXACT}\n\nModel: Sora 1.0\nSeed: 42".split("\n"))


def copied(tab: Tab, button: str, announced: str) -> str:
    tab.get_by_role("button", name=button, exact=True).first.click()
    expect(tab.locator("[data-status]")).to_have_text(announced)
    return str(tab.evaluate("navigator.clipboard.readText()"))


@pytest.fixture
def prompt(make_post: MakePost) -> Prompt:
    post = make_post(body=f"{BODY}\n\nWords.\n\n> Prompt: second", slug="one", title="One")
    return post.prompts.get(position=0)


def test_a_prompt_is_copied_to_the_letter_in_every_form(live_server: LiveServer, tab: Tab, prompt: Prompt) -> None:
    assert prompt.text == EXACT
    PromptTranslation.objects.create(prompt=prompt, lang="ko", text=" 하나\n  둘 ")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    tab.goto(f"{live_server.url}/prompts/{prompt.public_id}/")
    assert copied(tab, "복사", "프롬프트를 복사했습니다") == EXACT
    settings = "Model: Sora 1.0\nSeed: 42"
    assert copied(tab, "설정까지 복사", "프롬프트와 설정을 복사했습니다") == f"{EXACT}\n\n{settings}"
    markdown = copied(tab, "출처와 함께 마크다운으로 복사", "마크다운을 복사했습니다")
    assert markdown.startswith("> Prompt:\n>    leading  double\n> \ttab\tinside\n>\n>\n>   <b> &")
    assert markdown.endswith(f"[One]({live_server.url}/posts/one/)\n")
    assert copied(tab, "복사 — 한국어", "번역을 복사했습니다") == " 하나\n  둘 "
    assert tab.problems == []  # type: ignore[attr-defined]
    assert len(hosts(tab)) == 1


def test_all_prompts_of_a_post_are_copied(live_server: LiveServer, tab: Tab, prompt: Prompt) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    tab.goto(f"{live_server.url}/posts/one/")
    text = copied(tab, "프롬프트 모두 복사", "모든 프롬프트를 복사했습니다")
    assert text == tab.request.get(f"{live_server.url}/posts/one/prompts.txt").text()
    assert copied(tab, "복사", "프롬프트를 복사했습니다") == EXACT


def test_a_copy_from_a_search_has_no_marks_in_it(live_server: LiveServer, tab: Tab, prompt: Prompt) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    tab.goto(f"{live_server.url}/prompts/?q=double")
    assert tab.locator("[data-copy-text] mark").inner_text() == "double"
    assert copied(tab, "복사", "프롬프트를 복사했습니다") == EXACT


def test_a_copy_that_fails_is_announced(live_server: LiveServer, tab: Tab, prompt: Prompt) -> None:
    tab.goto(f"{live_server.url}/prompts/{prompt.public_id}/")
    tab.evaluate(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('no')); document.execCommand = () => false"
    )
    tab.get_by_role("button", name="복사", exact=True).click()
    expect(tab.locator("[data-status]")).to_have_text("복사하지 못했습니다. 글을 선택해서 복사하세요.")
    assert tab.get_by_role("button", name="복사", exact=True).is_visible()


def test_a_long_prompt_opens_and_closes(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    make_post(body="> Prompt: " + "a slow shot of rain, " * 60)
    tab.goto(f"{live_server.url}/prompts/")
    words = tab.locator("[data-copy-text]")
    height = "node => node.getBoundingClientRect().height"
    closed = words.evaluate(height)
    tab.get_by_text("모두 보기").click()
    assert words.evaluate(height) > closed * 2
    tab.get_by_text("줄이기").click()
    assert words.evaluate(height) == closed


def test_without_a_script_prompts_are_filtered_opened_and_taken_as_files(
    live_server: LiveServer,
    browser: Browser,
    prompt: Prompt,
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/posts/one/")
    assert page.get_by_role("link", name=".txt", exact=True).count() == 2
    assert page.get_by_role("link", name="prompts.txt").is_visible()
    page.goto(f"{live_server.url}/prompts/")
    page.fill("main [name=q]", "second")
    page.get_by_role("button", name="보기").click()
    assert page.locator(".gallery [data-copy-text]").all_inner_texts() == ["second"]
    page.goto(f"{live_server.url}/prompts/{prompt.public_id}/")
    assert page.get_by_role("link", name=".txt", exact=True).get_attribute("href") == f"/prompts/{prompt.public_id}.txt"
    assert page.locator("button:visible").count() == 0
    context.close()


def test_prompts_fit_a_phone(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    wide = "w" * 300
    settings = "\n".join(f"> {name}: {wide}" for name in ("Model", "Settings", "Failure"))
    body = f"https://x.com/a/status/1758192965703647443\n{wide}\n> Prompt: {wide}\n{settings}"
    post = make_post(body=body, title=wide[:200], tags=[wide[:90], "b"])
    make_post(body=f"> Prompt: {wide} b\n> Variant of: {post.prompts.get().public_id}")
    tab.set_viewport_size({"width": 390, "height": 800})
    model = Prompt.objects.exclude(generator=None).get().generator
    assert model is not None
    page, lists = post.prompts.get().get_absolute_url(), ("/prompts/", "/models/", "/prompts/failures/")
    for address in (*lists, page, model.get_absolute_url(), "/posts/post-1/"):
        tab.goto(live_server.url + address)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_on_paper_no_entry_is_torn_apart(live_server: LiveServer, tab: Tab, prompt: Prompt) -> None:
    tab.emulate_media(media="print")
    tab.goto(f"{live_server.url}/prompts/")
    entries = tab.locator(".gallery > li")
    assert entries.count() == 2
    assert entries.evaluate_all("all => all.map((e) => getComputedStyle(e).breakInside)") == ["avoid"] * 2


@pytest.mark.parametrize("width", [1280, 640, 390])
def test_in_the_gallery_nothing_stands_lost(live_server: LiveServer, tab: Tab, prompt: Prompt, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(f"{live_server.url}/prompts/")
    field, button = (tab.locator(f".filters {part}").bounding_box() for part in ("[type=search]", "button"))
    assert field
    assert button
    assert button["x"] > field["x"]  # on the same row
    assert abs(button["y"] + button["height"] / 2 - field["y"] - field["height"] / 2) < 10
    entry, words = (tab.locator(f".gallery {part}").first.bounding_box() for part in ("> li", ".prompt"))
    assert entry
    assert words
    assert words["x"] == entry["x"]  # no still, no empty column
