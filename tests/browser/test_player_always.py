"""“Always load from X”: asked once, remembered by this browser alone, and taken back as easily."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.browser.stage import ANOTHER, OTHER_TWEET, TWEET, YOUTUBE, Stage, is_focused
from tests.conftest import EMBED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAR = "Words.\n\n" * 200
OBSERVED = """new Promise((done) => {
    const observer = new IntersectionObserver(() => requestAnimationFrame(() => setTimeout(done)));
    observer.observe(document.body);
})"""


def always(stage: Stage, site: str = "X") -> Locator:
    return stage.tab.get_by_label(f"Always load from {site} (only this browser remembers)")


def test_it_is_off_until_a_reader_turns_it_on(stage: Stage) -> None:
    stage.open()
    stage.load()
    assert not always(stage).is_checked()
    stage.tab.reload()
    stage.tab.evaluate(OBSERVED)
    assert stage.tab.locator("iframe").count() == 0
    assert len(stage.asked) == 1


def test_it_holds_for_later_visits_and_leaves_the_focus_alone(stage: Stage) -> None:
    stage.open()
    stage.load()
    always(stage).check()
    stage.tab.reload()
    stage.loaded()
    assert [request.url for request in stage.asked] == [TWEET, TWEET]
    assert stage.tab.evaluate("document.activeElement.localName") == "body"
    assert always(stage).is_checked()
    assert stage.tab.context.cookies() == []


def test_what_is_far_away_waits_for_its_reader(stage: Stage) -> None:
    stage.open()
    stage.load()
    always(stage).check()
    stage.open(f"{FAR}{ANOTHER}")
    stage.tab.evaluate(OBSERVED)
    assert len(stage.asked) == 1
    stage.button("snow").scroll_into_view_if_needed()
    stage.loaded("snow")
    assert [request.url for request in stage.asked] == [TWEET, OTHER_TWEET]


def test_it_can_be_taken_back(stage: Stage) -> None:
    stage.open()
    stage.load()
    always(stage).check()
    stage.tab.reload()
    always(stage).uncheck()
    asked = len(stage.asked)
    stage.tab.reload()
    stage.tab.evaluate(OBSERVED)
    assert stage.button().is_visible()
    assert stage.tab.locator("iframe").count() == 0
    assert len(stage.asked) == asked


def test_it_holds_for_this_page_too_and_for_no_other_site(stage: Stage) -> None:
    stage.tab.set_viewport_size({"width": 1280, "height": 3000})
    stage.open("\n".join([EMBED, ANOTHER, YOUTUBE]))
    stage.load()
    always(stage).check()
    stage.loaded("snow")
    assert [request.url for request in stage.asked] == [TWEET, OTHER_TWEET]
    assert stage.button("at the zoo", "YouTube").is_visible()
    assert is_focused(always(stage).first)
    always(stage).last.uncheck()
    assert not always(stage).first.is_checked()


def test_several_sites_are_remembered_side_by_side(stage: Stage) -> None:
    stage.tab.set_viewport_size({"width": 1280, "height": 3000})
    stage.open(EMBED + "\n" + YOUTUBE)
    stage.load()
    stage.load("at the zoo", "YouTube")
    always(stage).check()
    always(stage, "YouTube").check()
    always(stage).uncheck()
    stage.tab.reload()
    stage.loaded("at the zoo", "YouTube")
    assert stage.button().is_visible()
    assert "autoplay" not in stage.asked[-1].url  # nobody clicked


def test_what_its_reader_closed_stays_closed(stage: Stage) -> None:
    stage.open()
    stage.load()
    always(stage).check()
    stage.tab.get_by_role("button", name="Close the player: tokyo walk").click()
    stage.tab.evaluate("scrollTo(0, 9999); scrollTo(0, 0)")
    stage.tab.evaluate(OBSERVED)
    assert stage.button().is_visible()
    assert len(stage.asked) == 1
    stage.load()
    assert always(stage).is_checked()


@pytest.mark.parametrize("stored", ["{}", "7", "no JSON", "null", '"X"', "[null, 7]"])
def test_what_somebody_else_left_in_the_storage_does_no_harm(stage: Stage, stored: str) -> None:
    stage.tab.add_init_script(f"if (window === top) localStorage.setItem('players:always', {stored!r})")
    stage.open()
    stage.load()
    assert not always(stage).is_checked()
    always(stage).check()
    assert always(stage).is_checked()


def test_without_storage_it_holds_as_long_as_the_page(stage: Stage) -> None:
    stage.tab.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('off', 'SecurityError'); }})"
    )
    stage.open()
    stage.load()
    always(stage).check()
    stage.tab.get_by_role("button", name="Close the player: tokyo walk").click()
    stage.load()
    assert always(stage).is_checked()
    stage.tab.reload()
    stage.tab.evaluate(OBSERVED)
    assert stage.button().is_visible()
