"""Reading a post: contents that follow, pictures over the page, sharing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, Page as Tab, Route, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Embed, Image, Post, SiteSettings
from tests.browser.stage import is_focused
from tests.conftest import EMBED
from tests.importers.helpers import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MakePost = Callable[..., Post]
LONG = "\n\n".join(
    f"{'#' * depth} {name}\n\n" + "Words.\n\n" * 40 for depth, name in ((1, "One"), (2, "Two"), (1, "End"))
)


@pytest.fixture
def address(live_server: LiveServer, tab: Tab, make_post: MakePost, tmp_path: Any) -> Any:
    """Writes an English post and gives its address. Nothing may go wrong on its page."""
    SiteSettings(language="en").save()

    def write(body: str, **values: Any) -> str:
        return f"{live_server.url}{make_post(body=body, lang='en', **values).get_absolute_url()}"

    yield write
    assert tab.problems == []  # type: ignore[attr-defined]


@pytest.fixture
def pictures(db: None, tmp_path: Any) -> str:
    """Two pictures in a text, one larger than the screen, and an embed with a still."""
    rows = []
    for name, size in (("rain", (2000, 1500)), ("snow", (400, 300)), ("still", (640, 360))):
        content = ContentFile(picture(tmp_path / f"{name}.png", size=size).read_bytes(), f"{name}.png")
        rows.append(Image.objects.create(file=content, alt=f"{name} falls"))
    Embed.objects.create(provider="x", provider_id="1758192965703647443", poster=rows[2], status="live")
    return f"{rows[0].markdown}\n\n{rows[1].markdown}\n\n{EMBED}"


def marked(tab: Tab) -> list[str]:
    return tab.locator(".toc [aria-current]").all_inner_texts()


def test_the_contents_follow_the_reading(tab: Tab, address: Any) -> None:
    tab.goto(address(LONG))
    expect(tab.locator(".toc [aria-current]")).to_have_text("One")
    for name in ("Two", "One"):
        tab.evaluate("(id) => document.getElementById(id).scrollIntoView()", name.lower())
        expect(tab.locator(".toc [aria-current]")).to_have_text(name)
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(tab.locator(".toc [aria-current]")).to_have_text("End")
    assert tab.locator(".toc [aria-current]").get_attribute("aria-current") == "location"


def test_where_a_browser_can_not_unfold_the_contents_itself_a_click_does(tab: Tab, address: Any) -> None:
    def older(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("::details-content", "::-no-such-part"))

    tab.route("**/site.css", older)
    tab.goto(address("# One\n\n# Two"))
    expect(tab.get_by_role("link", name="Two", exact=True)).to_be_hidden()
    tab.get_by_text("Contents").click()
    expect(tab.get_by_role("link", name="Two", exact=True)).to_be_visible()


def test_the_mark_moves_nothing(tab: Tab, address: Any) -> None:
    tab.goto(address(LONG))
    places = "[...document.querySelectorAll('.toc a, .body h2, .body h3')].map((e) => e.getBoundingClientRect().left)"
    before = tab.evaluate(places)
    tab.get_by_role("link", name="Two", exact=True).click()
    expect(tab.locator(".toc [aria-current]")).to_have_text("Two")
    assert tab.evaluate(places) == before
    assert tab.url.endswith("#two")


def test_a_short_post_loads_no_script_that_it_does_not_use(tab: Tab, address: Any) -> None:
    tab.goto(address("A short text."))
    scripts = {url.rpartition("/")[2] for url in tab.requests if "/js/" in url}  # type: ignore[attr-defined]
    assert scripts == {"site.js"}


def test_a_post_with_embeds_takes_five_requests_besides_its_pictures(tab: Tab, address: Any) -> None:
    tab.goto(address(f"## One\n\n{EMBED}\n\n## Two\n\n```python\nprint()\n```"))
    expect(tab.locator(".embed")).to_have_count(1)
    asked = [url for url in tab.requests if "/media/" not in url and "icon" not in url]  # type: ignore[attr-defined]
    assert sorted(PurePosixPath(urlsplit(url).path).suffix for url in asked) == ["", ".css", ".js", ".js"]


def test_a_picture_opens_over_the_page_and_the_keyboard_leads_through_all(
    tab: Tab, address: Any, pictures: str
) -> None:
    tab.goto(address(pictures))
    first = tab.get_by_role("link", name="rain falls")
    first.focus()
    scrolled = tab.evaluate("scrollY")
    tab.keyboard.press("Enter")
    box = tab.get_by_role("dialog", name="Pictures")
    caption = box.locator(".lightbox-caption")
    expect(caption).to_have_text("rain falls")
    expect(box).to_contain_text("1 / 3")
    tab.keyboard.press("ArrowLeft")
    expect(box).to_contain_text("1 / 3")
    tab.keyboard.press("ArrowRight")
    expect(caption).to_have_text("snow falls")
    tab.keyboard.press("End")
    expect(caption).to_have_text("tokyo walk")
    expect(box.get_by_role("img", name="still falls")).to_be_visible()
    expect(box.get_by_role("button", name="Next picture")).to_be_disabled()
    tab.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert is_focused(first)
    assert tab.evaluate("scrollY") == scrolled


def test_over_the_page_a_picture_has_its_caption_and_says_nothing_twice(tab: Tab, address: Any, pictures: str) -> None:
    rain, snow, embed = pictures.split("\n\n", 2)
    tab.goto(address(f"{rain}\n_Seoul, *2 a.m.*_\n\n{snow}\n\n{snow}\n_snow falls_\n\n{embed}"))
    tab.get_by_role("link", name="rain falls").click()
    box = tab.get_by_role("dialog", name="Pictures")
    for number, (caption, alt) in enumerate(
        [("Seoul, 2 a.m.", "rain falls"), ("snow falls", ""), ("snow falls", ""), ("tokyo walk", "still falls")], 1
    ):
        expect(box).to_contain_text(f"{number} / 4")
        expect(box.locator(".lightbox-caption")).to_have_text(caption)
        assert box.locator("img").get_attribute("alt") == alt
        tab.keyboard.press("ArrowRight")


def test_a_large_picture_is_shown_in_its_real_size_on_demand(tab: Tab, address: Any, pictures: str) -> None:
    tab.goto(address(pictures))
    tab.get_by_role("link", name="rain falls").click()
    box = tab.get_by_role("dialog", name="Pictures")
    shown, real = box.locator("img"), box.get_by_role("button", name="Real size")
    expect(real).to_be_visible()
    width = "(img) => img.getBoundingClientRect().width"
    assert shown.evaluate(width) <= 1280
    real.click()
    assert shown.evaluate(width) == 2000
    assert real.get_attribute("aria-pressed") == "true"
    tab.keyboard.press("ArrowRight")  # moves the picture, not on to the next
    expect(box).to_contain_text("1 / 3")
    shown.click()
    assert shown.evaluate(width) <= 1280
    tab.keyboard.press("ArrowRight")
    expect(box.locator(".lightbox-caption")).to_have_text("snow falls")
    expect(real).to_be_hidden()
    box.get_by_role("button", name="Close").click()
    expect(box).to_be_hidden()


def test_opening_a_picture_moves_nothing_on_the_page(tab: Tab, address: Any, pictures: str) -> None:
    tab.goto(address(f"# One\n\n# Two\n\n{pictures}"))
    place = "(({left, width}) => [left, width])(document.querySelector('.body').getBoundingClientRect())"
    before = tab.evaluate(place)
    tab.get_by_role("link", name="snow falls").click()
    expect(tab.get_by_role("dialog", name="Pictures")).to_be_visible()
    assert tab.evaluate(place) == before


def test_on_a_phone_a_picture_fits_and_its_buttons_are_large_enough(tab: Tab, address: Any, pictures: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(address(pictures))
    tab.get_by_role("link", name="Enlarge the still").click()
    box = tab.get_by_role("dialog", name="Pictures")
    expect(box.get_by_role("img", name="still falls")).to_be_visible()
    sizes = box.locator("button:visible").evaluate_all("(all) => all.map((b) => [b.offsetWidth, b.offsetHeight])")
    assert min(min(size) for size in sizes) >= 44
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_a_script_pictures_and_sharing_are_plain_links(
    browser: Browser, live_server: LiveServer, make_post: MakePost, pictures: str
) -> None:
    make_post(slug="a", body=pictures, lang="en")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/posts/a/")
    for name in ("rain falls", "스틸 크게 보기"):
        href = page.get_by_role("link", name=name).get_attribute("href")
        assert page.request.get(f"{live_server.url}{href}").headers["content-type"] == "image/png"
    links = page.locator(".share a")
    assert links.all_inner_texts() == ["X", "Facebook", "Threads", "Mastodon", "이메일"]
    assert {link.get_attribute("target") for link in links.all()} == {None}
    assert {link.get_attribute("rel") for link in links.all()} == {"noopener nofollow"}
    assert page.locator(".share button:visible, dialog:visible").count() == 0
    context.close()


def test_sharing_names_the_title_and_the_address(tab: Tab, address: Any) -> None:
    tab.goto(address("Text.", title="Rain & snow | 비", slug="비"))
    hrefs = tab.locator(".share a").evaluate_all("(all) => all.map((a) => decodeURIComponent(a.href))")
    assert all("/posts/%EB%B9%84/" in href or "/posts/비/" in href for href in hrefs)
    assert sum("Rain & snow | 비" in href for href in hrefs) == 4  # Facebook reads it from the page
    raw = tab.locator(".share a").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    assert not any("snow |" in href or " " in href for href in raw)


def test_the_systems_own_list_is_offered_only_where_there_is_one(tab: Tab, address: Any) -> None:
    there = address("Text.", title="Rain")
    tab.add_init_script("Object.defineProperty(navigator, 'share', {value: undefined, configurable: true})")
    tab.goto(there)
    expect(tab.get_by_role("button", name="Share…")).to_be_hidden()
    tab.add_init_script(
        "const share = (data) => { window.shared = data; return Promise.reject(); };"
        "Object.defineProperty(navigator, 'share', {value: share, configurable: true});"
    )
    tab.goto(there)
    tab.get_by_role("button", name="Share…").click()
    assert tab.evaluate("shared") == {"title": "Rain", "url": there}


def test_mastodon_is_asked_for_its_server_once(tab: Tab, address: Any) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(content_type="text/html", body="<title>There</title>")

    there = address("Text.", title="Rain")
    tab.context.route("https://*/**", answer)
    tab.goto(there)
    tab.get_by_role("link", name="Mastodon").click()
    field = tab.get_by_role("textbox", name="Your Mastodon server")
    assert is_focused(field)
    for wrong in ("nothing", "a b.example", "host.example:22", ""):
        field.fill(wrong)
        tab.keyboard.press("Enter")
        assert tab.get_by_role("dialog").is_visible()
    assert asked == []
    field.fill("@ada@toot.example")
    tab.keyboard.press("Enter")
    tab.wait_for_url("https://toot.example/share?text=Rain%20**")
    tab.goto(there)
    tab.get_by_role("link", name="Mastodon").click()
    assert field.input_value() == "toot.example"
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.get_by_role("dialog")).to_be_hidden()
    assert is_focused(tab.get_by_role("link", name="Mastodon"))
    assert len(asked) == 1
