"""What frames tell about themselves is believed if it is theirs to tell, and makes sense."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.stage import (
    ANOTHER,
    BLUESKY,
    MASTODON,
    OTHER_TWEET,
    TWEET,
    YOUTUBE,
    YOUTUBE_PLAYER,
    Stage,
    height,
    no_results,
    resize,
)
from tests.conftest import EMBED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("as_text", [False, True])
def test_x_says_how_high_its_frame_is(stage: Stage, as_text: bool) -> None:
    stage.open()
    frame = stage.load()
    message: Any = resize(612)
    stage.say(stage.tab.evaluate("JSON.stringify", message) if as_text else message)
    assert height(frame) == 612


def test_bluesky_says_how_high_its_frame_is(stage: Stage) -> None:
    stage.open(BLUESKY)
    frame = stage.load("a sky post", "Bluesky")
    address = stage.asked[0].url
    stage.say({"id": address.partition("id=")[2].partition("&")[0], "height": 433.2}, address)
    assert height(frame) == 434


def test_mastodon_is_asked_how_high_its_frame_is(stage: Stage) -> None:
    stage.open(MASTODON)
    frame = stage.load("a toot", "mastodon.social")
    expect(frame).to_have_css("height", "701px")


@pytest.mark.parametrize(
    ("said", "shown"), [(10**9, 2400), (2401, 2400), (159, 160), (0, 160), (-1, 160), (-(10**9), 160)]
)
def test_no_frame_is_too_high_or_too_low(stage: Stage, said: int, shown: int) -> None:
    stage.open()
    frame = stage.load()
    stage.say(resize(said))
    assert height(frame) == shown


def test_nonsense_changes_nothing(stage: Stage) -> None:
    stage.open()
    frame = stage.load()
    stage.say(resize(500))
    for wrong in (float("nan"), float("inf"), "700", "100vh; color: red", None, [700], {"valueOf": 700}, True):
        stage.say(resize(wrong))
    for wrong in (None, 7, "no JSON", "null", '"text"', [], {"twttr.embed": None}, {"twttr.embed": 7}):
        stage.say(wrong)
    stage.say({"height": 700})
    stage.say({"type": "setHeight", "height": 700})
    for params in (None, [], "x", [None]):
        stage.say({"twttr.embed": {"method": "twttr.private.resize", "params": params}})
    stage.say('{"twttr.embed": {"method": "twttr.private.resize", "params": [{"height": 1e999}]}}')
    assert height(frame) == 500


def test_a_frame_speaks_for_itself_alone(stage: Stage) -> None:
    stage.open("\n".join([EMBED, ANOTHER, YOUTUBE]))
    first, second = stage.load(), stage.load("snow")
    stage.load("at the zoo", "YouTube")
    stage.say(resize(500))
    stage.say(resize(600), OTHER_TWEET)
    stage.say(resize(900), YOUTUBE_PLAYER)
    stage.say(no_results(), YOUTUBE_PLAYER)
    stage.tab.evaluate("(message) => postMessage(message, '*')", resize(900))
    stage.tab.wait_for_function("() => heard === 5")
    assert (height(first), height(second)) == (500, 600)


def test_a_frame_that_went_elsewhere_isnt_heard_any_more(stage: Stage) -> None:
    stage.open(EMBED + "\n" + YOUTUBE)
    frame = stage.load()
    stage.say(resize(500))
    elsewhere = "https://www.youtube-nocookie.com/elsewhere"  # this page's policy lets it go there
    stage.frame(TWEET).evaluate(f"void (location = '{elsewhere}')")
    frame.content_frame.get_by_role("button").wait_for()
    stage.say(resize(900), elsewhere)
    stage.say(no_results(), elsewhere)
    assert height(frame) == 500


def test_nothing_is_heard_after_closing(stage: Stage) -> None:
    stage.open()
    stage.load()
    stage.tab.get_by_role("button", name="Close the player: tokyo walk").click()
    # What a frame said just before it went comes without its window.
    stage.tab.evaluate(
        "data => dispatchEvent(new MessageEvent('message', {data, origin: 'https://platform.twitter.com'}))",
        no_results(),
    )
    assert stage.tab.locator("[data-status]").inner_text() == ""
    assert "any more" not in stage.tab.locator(".loads").inner_text()
