"""Players: nothing of another site before its reader asks, and then exactly what was announced."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Route, TimeoutError as Late, expect

from tests.browser.stage import (
    ANOTHER,
    MASTODON,
    TWEET,
    YOUTUBE,
    YOUTUBE_PLAYER,
    Stage,
    height,
    is_focused,
    no_results,
    resize,
)
from tests.conftest import EMBED, TOKYO

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# --- Requests -------------------------------------------------------------------------------------------------------


def test_before_the_click_no_request_leaves_the_host_and_after_it_the_frames_alone(stage: Stage) -> None:
    stage.open(EMBED + "\n" + YOUTUBE)
    stage.tab.wait_for_load_state("networkidle")
    assert {urlsplit(url).netloc for url in stage.tab.requests} == {urlsplit(stage.server).netloc}  # type: ignore[attr-defined]
    before = len(stage.tab.requests)  # type: ignore[attr-defined]
    stage.load()
    stage.tab.wait_for_load_state("networkidle")
    assert stage.tab.requests[before:] == [TWEET]  # type: ignore[attr-defined]
    assert "referer" not in stage.asked[0].all_headers()


def test_youtube_learns_the_sites_address_and_no_more(stage: Stage) -> None:
    stage.open(YOUTUBE)
    frame = stage.load("at the zoo", "YouTube")
    assert [request.url for request in stage.asked] == [f"{YOUTUBE_PLAYER}&autoplay=1"]
    assert stage.asked[0].all_headers()["referer"] == f"{stage.server}/"
    assert frame.get_attribute("referrerpolicy") == "strict-origin-when-cross-origin"


def test_the_frame_is_named_and_boxed_in(stage: Stage) -> None:
    stage.open()
    frame = stage.load()
    assert set((frame.get_attribute("sandbox") or "").split()) == {
        "allow-scripts",
        "allow-same-origin",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-presentation",
    }
    assert frame.get_attribute("referrerpolicy") == "no-referrer"
    assert frame.get_attribute("title") == "tokyo walk — X"
    assert stage.tab.locator("script[src*='//']").count() == 0


def test_the_policy_allows_the_players_of_this_page_alone(stage: Stage) -> None:
    stage.open(EMBED)
    stage.load()
    assert stage.tab.evaluate("blocked") == []
    with stage.tab.expect_console_message(lambda message: "frame-src" in message.text):
        stage.tab.evaluate(
            "document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://www.youtube-nocookie.com/'}))"
        )
    assert stage.tab.evaluate("blocked") == ["frame-src"]
    assert [request.url for request in stage.asked] == [TWEET]
    stage.tab.problems.clear()  # type: ignore[attr-defined]  # the refusal that was wanted


@pytest.mark.parametrize("choose", ["system", "switch"])
def test_the_frame_is_asked_for_in_the_readers_theme(stage: Stage, choose: str) -> None:
    stage.open()
    if choose == "system":
        stage.tab.emulate_media(color_scheme="dark")
    else:
        stage.tab.get_by_role("button", name="Dark").click()
    stage.load()
    assert stage.asked[0].url == TWEET.replace("theme=light", "theme=dark")


def test_one_click_plays_unless_motion_is_unwelcome(stage: Stage) -> None:
    stage.tab.emulate_media(reduced_motion="reduce")
    stage.open(YOUTUBE)
    stage.load("at the zoo", "YouTube")
    assert [request.url for request in stage.asked] == [YOUTUBE_PLAYER]


def test_a_film_of_another_site_loads_when_asked(stage: Stage) -> None:
    stage.open("https://media.example/film.mp4\nelsewhere\n")
    assert stage.asked == []
    with stage.tab.expect_request("https://media.example/film.mp4"):
        stage.button("elsewhere", "media.example").click()
    film = stage.tab.locator("video")
    assert film.get_attribute("aria-label") == "elsewhere"
    assert is_focused(film)
    assert stage.tab.evaluate("blocked") == []


# --- Room -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_before_the_click(stage: Stage, width: int) -> None:
    """The script comes after the first paint here, as on a slow line."""
    held: list[Route] = []
    stage.tab.set_viewport_size({"width": width, "height": 1400})
    stage.tab.route("**/player.js", lambda route: held.append(route))
    stage.tab.add_init_script(
        "window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries().map((e) => e.value)))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    post = stage.make_post(body=f"{EMBED}\n{YOUTUBE}\n{MASTODON}", lang="en")
    with stage.tab.expect_request("**/player.js"):
        stage.tab.goto(f"{stage.server}/posts/{post.slug}/", wait_until="commit")
    stage.tab.wait_for_function(
        "() => document.readyState === 'interactive' && performance.getEntriesByName('first-contentful-paint').length"
    )
    expect(stage.tab.locator("a.play")).to_have_count(3)
    held[0].continue_()
    expect(stage.tab.locator("button.play")).to_have_count(3)
    painted = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    stage.tab.evaluate(painted)
    assert sum(stage.tab.evaluate("shifts")) < 0.0005  # 0.000, as Lighthouse says it
    stage.tab.evaluate("document.querySelector('.body').prepend(document.createElement('hr'))")
    stage.tab.wait_for_function("() => shifts.length")  # what does move is noticed


def test_the_frame_begins_as_high_as_the_still_was(stage: Stage) -> None:
    stage.open()
    still = height(stage.tab.locator(".still"))
    assert height(stage.load()) == pytest.approx(still, abs=1)


# --- What can go wrong ----------------------------------------------------------------------------------------------


def test_the_card_comes_back_with_a_note_if_the_post_is_gone(stage: Stage) -> None:
    stage.open()
    for _ in range(2):
        stage.load()
        stage.say(no_results())
        expect(stage.tab.locator("iframe")).to_have_count(0)
        assert stage.tab.locator(".still").is_visible()
        assert stage.tab.locator(".loads").inner_text().count("X doesn't show this any more.") == 1
        expect(stage.tab.locator("[data-status]")).to_have_text("X doesn't show this any more.")
        assert is_focused(stage.button())
    assert stage.tab.get_by_role("link", name="View on X").is_visible()


def test_a_post_that_is_gone_takes_the_focus_from_nothing_else(stage: Stage) -> None:
    stage.open()
    stage.load()
    switch = stage.tab.get_by_role("button", name="Dark")
    switch.focus()
    stage.say(no_results())
    expect(stage.tab.locator("iframe")).to_have_count(0)
    assert is_focused(switch)


def test_a_frame_that_keeps_silent_is_explained_and_left_through_a_link(stage: Stage) -> None:
    stage.tab.clock.install()
    stage.open()
    frame = stage.load()
    bar = stage.tab.locator(".player-bar")
    link = bar.get_by_role("link", name="View on X")
    assert link.get_attribute("href") == f"https://x.com/i/status/{TOKYO}"
    assert "answered" not in bar.inner_text()
    stage.tab.clock.fast_forward(11_000)
    expect(bar).to_contain_text("X hasn't answered yet.")
    expect(stage.tab.locator("[data-status]")).to_have_text("X hasn't answered yet.")
    stage.say(resize(500))
    assert "answered" not in bar.inner_text()
    assert height(frame) == 500


def test_an_answer_or_closing_ends_the_waiting(stage: Stage) -> None:
    stage.tab.clock.install()
    stage.open(EMBED + "\n" + ANOTHER)
    stage.load()
    stage.say(resize(500))
    stage.load("snow")
    stage.tab.get_by_role("button", name="Close the player: snow").click()
    stage.tab.clock.fast_forward(11_000)
    assert "answered" not in stage.tab.locator("body").inner_text()
    assert stage.tab.locator("[data-status]").inner_text() == ""


# --- Opening and closing --------------------------------------------------------------------------------------------


def test_the_button_says_whom_it_loads_from_and_what_that_sends(stage: Stage) -> None:
    stage.open()
    expect(stage.button()).to_have_text("Load from X")
    expect(stage.button()).to_have_accessible_description(
        "Loads from platform.twitter.com: X then sees your IP address, your browser and this site's address."
    )


def test_a_player_can_be_closed_and_opened_again(stage: Stage) -> None:
    stage.open()
    for number in (1, 2):
        frame = stage.load()
        assert is_focused(stage.tab.get_by_role("button", name="Close the player: tokyo walk"))
        assert not stage.tab.locator(".still").is_visible()
        stage.say(resize(400 + number))
        assert height(frame) == 400 + number
        stage.tab.get_by_role("button", name="Close the player: tokyo walk").click()
        assert stage.tab.locator("iframe, .player").count() == 0
        assert is_focused(stage.button())
        assert len(stage.asked) == number


def walk(stage: Stage, key: str, to: Locator) -> None:
    """Press a key as often as it takes to get there. Entering and leaving a frame takes the browser a moment."""
    moved = "(before) => document.activeElement !== before"
    for _ in range(30):
        if is_focused(to):
            return
        before = stage.tab.evaluate_handle("document.activeElement")
        stage.tab.keyboard.press(key)
        with suppress(Late):
            stage.tab.wait_for_function(moved, arg=before, timeout=1000)
    raise AssertionError(f"{key} doesn't lead there")


def test_the_keyboard_alone_opens_and_closes(stage: Stage) -> None:
    stage.open()
    for leave in ("Escape", "Enter", "Space"):
        walk(stage, "Tab", stage.button())
        stage.tab.keyboard.press("Enter")
        frame = stage.loaded()
        close = stage.tab.get_by_role("button", name="Close the player: tokyo walk")
        assert is_focused(close)
        inside = frame.content_frame.get_by_role("button")
        walk(stage, "Tab", inside)
        stage.tab.keyboard.press("Enter")
        expect(inside).to_have_text("Pressed")
        walk(stage, "Shift+Tab", close)
        stage.tab.keyboard.press(leave)
        expect(stage.tab.locator("iframe")).to_have_count(0)
        assert is_focused(stage.button())


def test_what_can_be_touched_is_large_enough(stage: Stage) -> None:
    stage.tab.set_viewport_size({"width": 390, "height": 844})
    stage.open()
    targets = [stage.button().bounding_box()]
    stage.load()
    bar = stage.tab.locator(".player-bar")
    targets += [part.bounding_box() for part in bar.locator("button, a, label").all()]
    assert len(targets) == 4
    assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in targets)


def test_on_paper_the_card_stands_where_the_player_is(stage: Stage) -> None:
    stage.open()
    stage.load()
    stage.tab.emulate_media(media="print")
    assert not stage.tab.locator(".player").is_visible()
    assert stage.tab.locator("figure.embed .caption").is_visible()
    assert not stage.tab.locator("button:visible").count()
    link = stage.tab.locator(".loads a")
    assert link.is_visible()
    assert TOKYO in link.evaluate("link => getComputedStyle(link, '::after').content + link.href")
