"""The preview beside the text, its findings, and the embeds that are fetched while one writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Embed, SiteSettings
from tests.browser.desk import open_form, paste, place, problems_of, text_of, value
from tests.browser.stage import MakePost
from tests.conftest import EMBED, TOKYO

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TWEET = f"https://x.com/OpenAI/status/{TOKYO}"
LONG = "\n\n".join(f"## Part {i}\n\n" + "Words that fill a paragraph. " * 30 for i in range(20))


@pytest.fixture
def form(live_server: LiveServer, tab: Tab, django_user_model: type) -> Iterator[Tab]:
    """The form of a new post. Nothing may go wrong in it."""
    SiteSettings(language="en").save()
    open_form(tab, live_server, django_user_model)
    yield tab
    assert problems_of(tab) == []


def preview(form: Tab) -> FrameLocator:
    return form.frame_locator(".desk-preview iframe")


def write(form: Tab, text: str) -> None:
    """Paste a whole text at once, as the browser's own editing does."""
    form.focus("#id_body")
    form.keyboard.insert_text(text)


def test_what_is_typed_is_shown_while_one_writes(form: Tab) -> None:
    form.fill("#id_title", "밤의 도시")
    form.focus("#id_body")
    form.keyboard.type("**굵게**는")
    expect(preview(form).locator(".body strong")).to_have_text("굵게")
    expect(preview(form).locator("h1")).to_have_text("밤의 도시")


def test_an_authors_colours_are_shown_without_inline_styles(form: Tab) -> None:
    write(form, '<span style="color: rgb(18, 52, 86)">푸른</span>')
    expect(preview(form).locator(".body span")).to_have_css("color", "rgb(18, 52, 86)")


def test_links_in_the_preview_lead_nowhere(form: Tab) -> None:
    write(form, "[a](/tags/) and <https://example.com/>")
    preview(form).get_by_role("link", name="a", exact=True).click()
    preview(form).get_by_role("link", name="https://example.com/").click()
    expect(preview(form).locator(".body")).to_be_visible()
    assert len(form.context.pages) == 1
    assert "/tags/" not in [frame.url for frame in form.frames]


def test_messages_from_elsewhere_change_nothing(form: Tab) -> None:
    write(form, "words")
    expect(preview(form).locator(".body")).to_contain_text("words")
    frame = next(frame for frame in form.frames if frame.url.endswith("/frame/"))
    frame.evaluate("() => window.postMessage({type: 'show', html: 'forged', sheet: '', lang: 'en', places: []}, '*')")
    form.evaluate("() => window.postMessage({type: 'go', from: '', to: null, share: 1}, '*')")
    expect(preview(form).locator(".body")).to_contain_text("words")


def test_the_preview_scrolls_with_the_text(form: Tab) -> None:
    write(form, LONG)
    heading = preview(form).get_by_role("heading", name="Part 12")
    expect(heading).to_be_attached()
    line = form.evaluate("() => document.getElementById('id_body').value.split('\\n').indexOf('## Part 12') + 1")
    assert line == 49
    form.evaluate(
        """async (part) => {
            const desk = document.querySelector("script[src*='desk/desk']").src;
            const {lineTops} = await import(desk.replace("desk.js", "measure.js"));
            const area = document.getElementById("id_body");
            const [top] = lineTops(area, [part]);
            scrollTo(0, area.getBoundingClientRect().top + scrollY + top - innerHeight / 2);
        }""",
        line,
    )
    expect(heading).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_a_finding_leads_to_its_line(form: Tab, width: int) -> None:
    form.set_viewport_size({"width": width, "height": 844})
    write(form, LONG + "\n\n![](/static/icon.svg)\n")
    form.evaluate("scrollTo(0, 0)")
    form.get_by_role("button", name="Line 81").first.click()
    selected = form.eval_on_selector("#id_body", "a => a.value.slice(a.selectionStart, a.selectionEnd)")
    assert selected == "![](/static/icon.svg)"
    shown = form.evaluate(
        """async () => {
            const desk = document.querySelector("script[src*='desk/desk']").src;
            const {lineTops} = await import(desk.replace("desk.js", "measure.js"));
            const area = document.getElementById("id_body");
            return area.getBoundingClientRect().top + lineTops(area, [81])[0];
        }"""
    )
    assert 100 < shown < 600  # below the toolbar, above the buttons


@pytest.mark.parametrize("width", [390, 1280])
def test_the_number_of_findings_is_in_sight_and_leads_to_them(form: Tab, width: int) -> None:
    form.set_viewport_size({"width": width, "height": 844})
    found = form.locator("[data-findings]")
    expect(found).to_be_hidden()
    write(form, LONG + "\n\n![](/static/icon.svg)\n")
    form.evaluate("scrollTo(0, 0)")
    expect(found).to_have_text("Worth a look 2")
    expect(found).to_be_in_viewport()
    found.click()
    expect(form.get_by_role("button", name="Line 81").first).to_be_in_viewport(ratio=1)


def test_an_address_pasted_on_an_empty_line_is_asked_about_and_shown(form: Tab) -> None:
    known = {"author_name": "OpenAI", "author_handle": "OpenAI", "text": "tokyo walk", "status": "live"}
    Embed.objects.create(provider="x", provider_id=TOKYO, url=TWEET, **known)
    place(form, "words\n\n|")
    assert paste(form, TWEET)  # the browser pastes it
    write(form, TWEET)
    expect(form.locator("[data-status]")).to_have_text("X · OpenAI (@OpenAI): tokyo walk")
    expect(preview(form).locator("figure.embed")).to_contain_text("tokyo walk")
    assert value(form) == f"words\n\n{TWEET}"


@pytest.mark.parametrize(
    "address",
    [
        TWEET,
        f"https://twitter.com/OpenAI/status/{TOKYO}?s=20&t=abc",
        f"https://mobile.twitter.com/OpenAI/status/{TOKYO}?ref_src=twsrc%5Etfw",
        f"https://x.com/i/web/status/{TOKYO}/video/1?s=46",
        "https://youtu.be/jNQXAC9IVRw?si=abc",
        "https://m.youtube.com/watch?app=desktop&v=jNQXAC9IVRw",
        "https://youtube.com/shorts/jNQXAC9IVRw?feature=share",
    ],
)
def test_the_address_of_a_post_pasted_between_paragraphs_becomes_a_block(form: Tab, address: str) -> None:
    place(form, "앞 문단\n|\n뒤 문단")
    assert not paste(form, address)
    assert text_of(form) == f"앞 문단\n\n{address}‹›\n\n뒤 문단"
    expect(preview(form).locator("figure.embed")).to_have_count(1)
    expect(form.locator("[data-status]")).to_contain_text("not fetched yet")
    form.keyboard.press("Control+z")
    assert text_of(form) == "앞 문단\n‹›\n뒤 문단"
    form.keyboard.press("Control+Shift+z")
    assert value(form) == f"앞 문단\n\n{address}\n\n뒤 문단"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("앞 문장.|", "앞 문장.\n\n{}‹›"),
        ("앞 문장.| 뒤 문장.", "앞 문장.\n\n{}‹›\n\n 뒤 문장."),
        ("|뒤 문장.", "{}‹›\n\n뒤 문장."),
        ("a\n\n|\n\n\nb", None),
        ("이 글은 |", None),
        ("[글](|)", None),
        ("- |", None),
        ("- 글|", None),
        ("> 인용.|", None),
        ("{% embed |", None),
        ("```\na\n|\nb\n```", None),
    ],
)
def test_it_stays_in_the_line_where_it_is_part_of_one(form: Tab, before: str, after: str | None) -> None:
    place(form, before)
    assert paste(form, TWEET) is (after is None)  # else the browser pastes it
    if after:
        assert text_of(form) == after.format(TWEET)


def test_an_address_that_nobody_answers_for_says_so(form: Tab) -> None:
    place(form, "|")
    paste(form, TWEET)
    expect(form.locator("[data-status]")).to_have_text("X · @OpenAI (not fetched yet)")


def test_the_dialog_writes_the_block_that_the_grammar_wants(form: Tab) -> None:
    place(form, "before|after")
    form.get_by_role("button", name="Insert embed").click()
    dialog = form.get_by_role("dialog", name="Insert embed")
    dialog.get_by_label("Address").fill(TWEET)
    dialog.get_by_label("Caption").fill("tokyo walk")
    dialog.get_by_label("Prompt").fill("A woman walks.\n\nIt rains.")
    dialog.get_by_label("Model").fill("Sora 1.0")
    dialog.get_by_role("button", name="Insert", exact=True).click()
    block = f"{TWEET}\ntokyo walk\n> Prompt: A woman walks.\n>\n> It rains.\n> Model: Sora 1.0"
    assert value(form) == f"before\n\n{block}\n\nafter"
    expect(preview(form).locator("figure.embed .prompt")).to_contain_text("Sora 1.0")
    form.keyboard.press("Control+z")
    assert value(form) == "beforeafter"


def test_a_caption_that_the_grammar_would_misread_is_written_as_a_tag(form: Tab) -> None:
    place(form, "|")
    form.keyboard.press("Control+Shift+Digit7")
    dialog = form.get_by_role("dialog", name="Insert embed")
    dialog.get_by_label("Address").fill(TWEET)
    dialog.get_by_label("Caption").fill('# 1 "best"')
    dialog.get_by_label("Caption").press("Enter")
    expect(preview(form).locator("figure.embed .caption")).to_have_text('# 1 "best"')


def test_a_cancelled_dialog_changes_nothing(form: Tab) -> None:
    place(form, "words|")
    form.keyboard.press("Control+Shift+Digit7")
    form.get_by_role("button", name="Cancel").click()
    assert value(form) == "words"
    expect(form.locator("#id_body")).to_be_focused()


def test_on_a_phone_text_and_preview_are_tabs(form: Tab) -> None:
    form.set_viewport_size({"width": 390, "height": 844})
    write(form, "words")
    expect(form.locator("#id_body")).to_be_visible()
    expect(form.locator(".desk-preview iframe")).not_to_be_visible()
    form.get_by_role("button", name="Preview", exact=True).click()
    expect(preview(form).locator(".body")).to_have_text("words")
    expect(form.locator("#id_body")).not_to_be_visible()
    form.get_by_role("button", name="Write", exact=True).click()
    expect(form.locator("#id_body")).to_be_visible()
    assert form.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_preview_says_that_it_waits_when_the_connection_is_gone(
    live_server: LiveServer, tab: Tab, django_user_model: type
) -> None:
    open_form(tab, live_server, django_user_model)
    expect(tab.locator("[data-counts]")).not_to_be_empty()
    tab.context.set_offline(True)
    write(tab, "words")
    expect(tab.locator("[data-problems]")).to_have_text("No connection: the preview waits.")
    tab.context.set_offline(False)
    expect(preview(tab).locator(".body")).to_have_text("words")


def test_a_stored_post_opens_with_its_preview(
    live_server: LiveServer, tab: Tab, django_user_model: type, make_post: MakePost
) -> None:
    open_form(tab, live_server, django_user_model, make_post(body=EMBED))
    expect(preview(tab).locator("figure.embed .caption")).to_have_text("tokyo walk")
    assert problems_of(tab) == []
