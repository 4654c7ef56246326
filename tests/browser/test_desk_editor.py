"""Writing, as a person does it: Hangul, lists, marks, links, undo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from tests.browser.desk import open_form, paste, place, problems_of, text_of, value

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form(live_server: LiveServer, tab: Tab, django_user_model: type) -> Iterator[Tab]:
    """The form of a new post. Nothing may go wrong in it."""
    open_form(tab, live_server, django_user_model)
    yield tab
    assert problems_of(tab) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- a", "- a\n- "),
        ("  * a", "  * a\n  * "),
        ("+ a", "+ a\n+ "),
        ("9. a", "9. a\n10. "),
        ("2) a", "2) a\n3) "),
        ("- [x] a", "- [x] a\n- [ ] "),
        ("> a", "> a\n> "),
        (">Prompt: a", ">Prompt: a\n>"),
        ("- a\n- ", "- a\n"),
        ("> a\n> ", "> a\n"),
        ("1. a\n2. ", "1. a\n"),
        ("a", "a\n"),
        ("-a", "-a\n"),
        ("```\n- a", "```\n- a\n"),
    ],
)
def test_enter_goes_on_with_a_list_and_ends_it_in_an_empty_item(form: Tab, before: str, after: str) -> None:
    place(form, before + "|")
    form.keyboard.press("Enter")
    assert value(form) == after


def test_enter_before_the_words_of_an_item_is_an_ordinary_one(form: Tab) -> None:
    place(form, "|- a")
    form.keyboard.press("Enter")
    assert value(form) == "\n- a"


def test_hangul_is_composed_without_anything_happening_in_between(form: Tab) -> None:
    place(form, "- 한|")
    form.evaluate("""() => {
        const area = document.getElementById("id_body");
        window.asked = 0;
        const fetched = window.fetch;
        window.fetch = (...given) => (asked++, fetched(...given));
        area.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
        area.value = "- 한그";
        const flags = {bubbles: true, cancelable: true, isComposing: true};
        area.dispatchEvent(new InputEvent("input", {...flags, inputType: "insertCompositionText"}));
        for (const key of ["Enter", "Tab"]) area.dispatchEvent(new KeyboardEvent("keydown", {...flags, key}));
        area.dispatchEvent(new KeyboardEvent("keydown", {...flags, key: "b", code: "KeyB", ctrlKey: true}));
    }""")
    form.wait_for_timeout(500)
    assert value(form) == "- 한그"
    assert form.evaluate("asked") == 0
    form.evaluate("""() => {
        const area = document.getElementById("id_body");
        area.value = "- 한글";
        area.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true, data: "글"}));
    }""")
    form.wait_for_function("() => asked === 1")
    assert value(form) == "- 한글"


def test_safaris_last_key_of_a_composition_is_no_command(form: Tab) -> None:
    place(form, "- 한글|")
    form.evaluate("""() => {
        const event = new KeyboardEvent("keydown", {key: "Enter", keyCode: 229, bubbles: true, cancelable: true});
        document.getElementById("id_body").dispatchEvent(event);
    }""")
    assert value(form) == "- 한글"


def test_real_composition_events_give_the_syllables(form: Tab) -> None:
    place(form, "|")
    client = form.context.new_cdp_session(form)
    for syllable in ("ㅎ", "하", "한"):
        client.send("Input.imeSetComposition", {"text": syllable, "selectionStart": 1, "selectionEnd": 1})
    client.send("Input.insertText", {"text": "한"})
    client.send("Input.imeSetComposition", {"text": "그", "selectionStart": 1, "selectionEnd": 1})
    client.send("Input.insertText", {"text": "글"})
    assert value(form) == "한글"


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("a ‹글자›는", "Control+b", "a **‹글자›**는"),
        ("a **‹글자›**는", "Control+b", "a ‹글자›는"),
        ("a ‹**글자**›는", "Control+b", "a ‹글자›는"),
        ("a ‹글자›는", "Control+i", "a *‹글자›*는"),
        ("a **‹글자›**는", "Control+i", "a ***‹글자›***는"),
        ("a ***‹글자›***는", "Control+i", "a **‹글자›**는"),
        ("a ***‹글자›***는", "Control+b", "a *‹글자›*는"),
        ("a‹ 글자 ›는", "Control+b", "a **‹글자›** 는"),
        ("‹›", "Control+b", "**‹bold text›**"),
        ("‹글›", "Control+k", "[글](‹https://›)"),
        ("‹x = 1›", "Control+e", "`‹x = 1›`"),
        ("‹a\nb›", "Control+e", "‹```\na\nb\n```›"),
        ("제목‹›", "Control+Shift+Digit1", "## 제목‹›"),
        ("## 제목‹›", "Control+Shift+Digit1", "### 제목‹›"),
        ("#### 제목‹›", "Control+Shift+Digit1", "제목‹›"),
        ("‹a\nb›", "Control+Shift+Digit8", "‹- a\n- b›"),
        ("‹- a\n- b›", "Control+Shift+Digit8", "‹a\nb›"),
        ("‹a\n\nb›", "Control+Shift+Digit9", "‹> a\n>\n> b›"),
        ("‹> a\n>\n> b›", "Control+Shift+Digit9", "‹a\n\nb›"),
        ("캡션‹›", "Control+Shift+Digit2", "캡션\n> Prompt: ‹the prompt, word for word›"),
    ],
)
def test_a_shortcut_marks_what_is_selected_and_undo_takes_it_back(
    form: Tab, before: str, keys: str, after: str
) -> None:
    text = place(form, before)
    form.keyboard.press(keys)
    assert text_of(form) == after
    form.keyboard.press("Control+z")
    assert value(form) == text


def test_every_tool_has_a_button_that_says_its_keys(form: Tab) -> None:
    place(form, "a ‹글자›")
    buttons = form.locator(".desk-tools [data-tool]")
    assert buttons.count() == 10
    assert all("Ctrl+" in (buttons.nth(i).get_attribute("title") or "") for i in range(10))
    form.get_by_role("button", name="Bold", exact=True).click()
    assert value(form) == "a **글자**"
    form.keyboard.press("Control+z")
    assert value(form) == "a 글자"


def test_the_toolbar_is_one_stop_for_tab_and_arrows_move_inside(form: Tab) -> None:
    focused = "document.activeElement.dataset.tool ?? document.activeElement.id"
    form.locator("#id_title").focus()
    assert form.locator(".desk-tools button[tabindex='0']").count() == 1
    form.locator(".desk-tools [data-tool=bold]").focus()
    for key, tool in (("ArrowRight", "italic"), ("ArrowLeft", "bold"), ("ArrowRight", "italic")):
        form.keyboard.press(key)
        assert form.evaluate(focused) == tool
    form.keyboard.press("Tab")
    assert form.evaluate(focused) == "id_body"
    form.keyboard.press("Shift+Tab")
    assert form.evaluate(focused) == "italic"


UNDONE = [
    *[("가 ‹나다› 라", key, "가 ‹나다› 라") for key in ("Control+b", "Control+i", "Control+e", "Control+k")],
    *[("가\n나|다\n라", f"Control+Shift+Digit{digit}", "가\n‹›나다\n라") for digit in (1, 8, 9)],
    ("가\n나|다\n라", "Control+Shift+Digit2", "가\n나다‹›\n라"),
    ("- a|\nb", "Enter", "- a‹›\nb"),
    ("‹a\nb›\nc", "Control+e", "‹a\nb›\nc"),
    ("- a\n- ‹b\n- c›", "Tab", "- a\n‹- b\n- c›"),
]


@pytest.mark.parametrize(("before", "key", "undone"), UNDONE)
def test_one_undo_takes_back_an_insertion_and_redo_brings_it_back(
    form: Tab, before: str, key: str, undone: str
) -> None:
    place(form, before)
    form.keyboard.press(key)
    after = value(form)
    form.keyboard.press("Control+z")
    assert text_of(form) == undone
    form.keyboard.press("Control+Shift+z")
    assert value(form) == after


def test_undo_takes_back_a_continued_list_step_by_step(form: Tab) -> None:
    place(form, "- a|")
    form.keyboard.press("Enter")
    form.keyboard.type("b")
    form.keyboard.press("Enter")
    form.keyboard.press("Enter")
    assert value(form) == "- a\n- b\n"
    for _ in range(6):
        form.keyboard.press("Control+z")
    assert value(form) == "- a"


def test_tab_moves_list_items_and_leaves_other_lines_alone(form: Tab) -> None:
    place(form, "- a\n- b|")
    form.keyboard.press("Tab")
    assert value(form) == "- a\n  - b"
    form.keyboard.press("Shift+Tab")
    assert value(form) == "- a\n- b"
    form.keyboard.press("Escape")
    form.keyboard.press("Tab")
    assert value(form) == "- a\n- b"
    assert form.evaluate("document.activeElement.id") != "id_body"
    place(form, "words|")
    form.keyboard.press("Tab")
    assert value(form) == "words"
    assert form.evaluate("document.activeElement.id") != "id_body"


def test_an_address_pasted_over_words_makes_a_link_that_undo_takes_back(form: Tab) -> None:
    place(form, "‹글›을")
    paste(form, "https://example.com/a_(b)")
    assert value(form) == "[글](<https://example.com/a_(b)>)을"
    form.keyboard.press("Control+z")
    assert value(form) == "글을"


@pytest.mark.parametrize(
    ("before", "clip"),
    [("‹글›", "words"), ("‹https://a.example/›", "https://b.example/"), ("글|", "https://b.example/")],
)
def test_other_pastes_are_the_browsers_own(form: Tab, before: str, clip: str) -> None:
    text = place(form, before)
    assert paste(form, clip)
    assert value(form) == text


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_a_long_text_is_seen_whole_at_every_width(form: Tab, width: int) -> None:
    form.set_viewport_size({"width": width, "height": 844})
    place(form, "line\n" * 200 + "|")
    form.wait_for_function(
        "() => {const a = document.getElementById('id_body'); return a.clientHeight >= a.scrollHeight;}"
    )


def test_the_text_grows_and_its_face_is_remembered(form: Tab) -> None:
    place(form, "line\n" * 200 + "|")
    area = "document.getElementById('id_body')"
    assert form.evaluate(f"{area}.scrollHeight <= {area}.clientHeight + 1")
    form.get_by_role("button", name="Mono").click()
    assert "mono" in form.evaluate(f"getComputedStyle({area}).fontFamily")
    form.reload()
    form.wait_for_function(f"() => {area}.classList.contains('mono')")
