"""The site in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Page, Post
from tests.browser.conftest import hosts
from tests.conftest import EMBED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MakePost = Callable[..., Post]


def test_no_page_asks_another_host_or_complains(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    styled = '<b style="color:rgb(1, 2, 3)">x</b> ![r](https://other.example/a.png)'
    make_post(body=f"# One\n\n# Two\n\n{styled}\n\n```python\nx = 1\n```\n\n{EMBED}", category="AI", tags=["a"])
    Page(title="About", slug="about", body=EMBED).save()
    for address in (
        "/",
        "/posts/post-1/",
        "/categories/",
        "/categories/ai/",
        "/tags/",
        "/tags/a/",
        "/archives/",
        "/about/",
    ):
        tab.goto(live_server.url + address)
    assert hosts(tab) == {urlsplit(live_server.url).hostname}
    assert tab.problems == []  # type: ignore[attr-defined]
    tab.goto(f"{live_server.url}/posts/post-1/")  # again: now from the browser's cache, confirmed by a 304
    assert tab.eval_on_selector("b.s-1", "b => getComputedStyle(b).color") == "rgb(1, 2, 3)"


def test_the_seed_is_whole_and_quiet(live_server: LiveServer, tab: Tab, seed: Path) -> None:
    call_command("import_jekyll", seed, verbosity=0, stdout=StringIO())
    tab.goto(f"{live_server.url}/posts/SoraAI/")
    assert tab.locator("figure.embed .caption").all_inner_texts() == list(
        Post.objects.get().post_embeds.order_by("position").values_list("caption", flat=True)
    )
    assert tab.locator("figure.embed .prompt blockquote").count() == 6
    assert "|" in tab.locator("h1").inner_text()
    assert hosts(tab) == {urlsplit(live_server.url).hostname}
    assert tab.problems == []  # type: ignore[attr-defined]


def test_code_is_copied_by_its_button_without_its_numbers(
    live_server: LiveServer, tab: Tab, make_post: MakePost
) -> None:
    make_post(body="```python\na = 1\nb = 2\n```\n\n    c\n    d", lang="en")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(f"{live_server.url}/posts/post-1/")
    buttons = tab.locator(".code > .copy")
    for number, text in enumerate(("a = 1\nb = 2\n", "c\nd\n")):
        buttons.nth(number).click()
        expect(tab.locator("[data-status]")).not_to_be_empty()
        assert tab.evaluate("navigator.clipboard.readText()") == text
    assert tab.problems == []  # type: ignore[attr-defined]


def test_code_and_formulas_that_failed_keep_clear_of_what_follows(
    live_server: LiveServer, tab: Tab, make_post: MakePost
) -> None:
    make_post(body="One.\n\nTwo.\n\n    code\n\nText.\n\n```python\na = 1\n```\n\nText.\n\n$$ \\nosuch{1} $$\n\nText.")
    tab.goto(f"{live_server.url}/posts/post-1/")
    below = "(e) => e.nextElementSibling.getBoundingClientRect().top - e.getBoundingClientRect().bottom"
    usual = tab.locator(".body > p").first.evaluate(below)
    blocks = tab.locator(".body > .code")
    assert [blocks.nth(number).evaluate(below) for number in range(blocks.count())] == [usual] * 3
    assert usual > 10


def test_a_formula_is_drawn_and_a_long_one_scrolls_in_its_own_frame(
    live_server: LiveServer, tab: Tab, make_post: MakePost
) -> None:
    make_post(body=f"$$ \\frac{{1}}{{2}} $$\n\n$$ {'x + ' * 80} y $$")
    tab.goto(f"{live_server.url}/posts/post-1/")
    frames = tab.locator(".formula")
    assert tab.locator("mfrac").bounding_box()["height"] > 20  # type: ignore[index]
    assert frames.nth(1).evaluate("e => e.scrollWidth > e.clientWidth")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.problems == []  # type: ignore[attr-defined]


def test_the_chosen_theme_is_remembered(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    make_post()
    background = "getComputedStyle(document.body).backgroundColor"
    tab.goto(live_server.url)
    light = tab.evaluate(background)
    switch = tab.get_by_role("button", name="어둡게")
    assert switch.get_attribute("aria-pressed") == "false"
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true"
    dark = tab.evaluate(background)
    assert dark != light
    tab.goto(f"{live_server.url}/archives/")
    assert tab.evaluate(background) == dark
    tab.get_by_role("button", name="어둡게").click()
    assert tab.evaluate(background) == light


def test_the_switch_shows_whether_it_is_dark(live_server: LiveServer, tab: Tab) -> None:
    tab.goto(live_server.url)
    switch = tab.get_by_role("button", name="어둡게")
    filled = "(e) => getComputedStyle(e).backgroundColor !== 'rgba(0, 0, 0, 0)'"
    assert not switch.evaluate(filled)
    switch.click()
    assert switch.evaluate(filled)


RIGHT = "- واحد\n\n> اقتباس\n\n> نصيحة\n{: .prompt-tip }\n\n```python\nx = 1\n```\n\n- [x] تم\n\nنص[^1]\n\n[^1]: حاشية"


def test_in_a_text_from_the_right_signs_and_lines_are_on_the_right(
    live_server: LiveServer, tab: Tab, make_post: MakePost
) -> None:
    make_post(body=RIGHT, lang="ar")
    make_post(body=RIGHT, lang="ko")
    lines = """() => [".body > ul", ".body > blockquote", ".prompt-tip", "pre"].map((place) => {
        const of = getComputedStyle(document.querySelector(place));
        return [of.direction, of.paddingLeft, of.paddingRight, of.borderLeftWidth, of.borderRightWidth];
    })"""
    tab.goto(f"{live_server.url}/posts/post-2/")
    left = tab.evaluate(lines)
    tab.goto(f"{live_server.url}/posts/post-1/")
    right = tab.evaluate(lines)
    for of_left, of_right in list(zip(left, right, strict=True))[:3]:
        direction, *sides = of_left
        assert (direction, of_right[0]) == ("ltr", "rtl")
        assert of_right[1:] == [sides[1], sides[0], sides[3], sides[2]]
        assert of_right[1:] != sides
    assert right[3] == left[3]  # code runs from the left everywhere
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("address", "home"), [("/feed.xml", "feed > link[rel=alternate]"), ("/rss.xml", "channel > link")]
)
def test_a_feed_in_a_browser_says_where_its_site_is(
    live_server: LiveServer, tab: Tab, make_post: MakePost, address: str, home: str
) -> None:
    make_post()
    tab.goto(live_server.url + address)
    said = "(e) => getComputedStyle(e, '::before').content + e.textContent"
    assert tab.locator(home).first.evaluate(said).replace('"', "") in (
        f"사이트: {live_server.url}/",
        f"사이트:  {live_server.url}/",
    )
    visible = "all => all.filter((e) => e.getClientRects().length).length"
    assert tab.locator("link").evaluate_all(visible) == 1


def test_without_a_choice_the_systems_theme_holds(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    make_post()
    tab.goto(live_server.url)
    light = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.emulate_media(color_scheme="dark")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_a_prompt_and_the_link_are_copied_and_announced(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    make_post(body=EMBED.split(">")[0] + "> Prompt: one  two\n>\n>   three <b> & four\n")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    tab.goto(f"{live_server.url}/posts/post-1/")
    tab.get_by_role("button", name="복사", exact=True).click()
    expect(tab.locator("[data-status]")).to_have_text("프롬프트를 복사했습니다")
    assert tab.evaluate("navigator.clipboard.readText()") == "one  two\n\n  three <b> & four"
    tab.get_by_role("button", name="주소 복사").click()
    expect(tab.locator("[data-status]")).to_have_text("주소를 복사했습니다")
    assert tab.evaluate("navigator.clipboard.readText()") == f"{live_server.url}/posts/post-1/"


def test_the_link_is_copied_as_people_read_it(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    make_post(slug="한글-제목-2부")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    tab.goto(f"{live_server.url}/posts/한글-제목-2부/")
    copied = "navigator.clipboard.readText()"
    button = tab.get_by_role("button", name="주소 복사")
    button.click()
    expect(tab.locator("[data-status]")).to_have_text("주소를 복사했습니다")
    assert tab.evaluate(copied) == f"{live_server.url}/posts/한글-제목-2부/"
    for unsafe in ("/a%20b%EA%B0%80/", "/%2F%25%3F%22/", "/%FF/", "/%E2%80%AE/"):
        button.evaluate("(e, address) => (e.dataset.copyLink = address)", unsafe)
        tab.evaluate("navigator.clipboard.writeText('')")
        tab.locator("[data-copy-link]").click()
        tab.wait_for_function("(text) => navigator.clipboard.readText().then((t) => t === text)", arg=unsafe)


def test_the_page_is_whole_without_a_script(live_server: LiveServer, browser: Browser, make_post: MakePost) -> None:
    make_post(body=f"# One\n\n# Two\n\n{EMBED}")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/posts/post-1/")
    assert page.get_by_role("link", name="X에서 보기").is_visible()
    assert page.get_by_text("A stylish woman").is_visible()
    assert page.locator("button:visible").count() == 0
    assert page.get_by_role("link", name="Two", exact=True).is_visible()  # the contents stand open beside the text
    context.close()


def test_on_a_phone_nothing_is_wider_than_the_screen(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    wide = "| " + " | ".join(f"column{i}" for i in range(20)) + " |\n" + "|--" * 20 + "|\n" + "| x " * 20 + "|"
    make_post(
        title="가" * 60,
        body=f"# One\n\n# Two\n\n{wide}\n\n```\n{'x' * 300}\n```\n\n{'w' * 200}\n\n{EMBED}",
        category="AI",
        tags=["t" * 60],
    )
    tab.set_viewport_size({"width": 390, "height": 800})
    for address in ("/", "/posts/post-1/", "/tags/", "/archives/", "/categories/"):
        tab.goto(live_server.url + address)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, address
    tab.goto(f"{live_server.url}/posts/post-1/")
    contents = tab.get_by_role("link", name="Two", exact=True)
    assert not contents.is_visible()
    tab.get_by_text("차례").click()
    assert contents.is_visible()


def test_the_keyboard_reaches_the_text_first(live_server: LiveServer, tab: Tab, make_post: MakePost) -> None:
    make_post()
    tab.goto(f"{live_server.url}/posts/post-1/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "본문으로 건너뛰기"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.localName") == "main"
