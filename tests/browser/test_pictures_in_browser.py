"""The Picture tool: upload some, or choose one of the library."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Image
from tests.admin_media.test_library import stored
from tests.browser.desk import open_form, place, problems_of, text_of, value

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form(live_server: LiveServer, tab: Tab, django_user_model: Any) -> Tab:
    """The form of a new post, and two pictures in the library."""
    stored("lake", alt="산 속의 [호수]")
    stored("forest")
    tab.context.set_extra_http_headers({"Accept-Language": "en"})
    open_form(tab, live_server, django_user_model)
    return tab


def image(name: str) -> Image:
    return Image.objects.get(file__contains=name)


def opened(form: Tab, text: str) -> None:
    place(form, text)
    form.get_by_role("button", name="Picture", exact=True).click()
    expect(form.locator("#desk\\:pictures li")).to_have_count(2)


def test_a_picture_of_the_library_goes_in_at_the_cursor_and_out_again(form: Tab) -> None:
    opened(form, "Before.|After.")
    form.get_by_role("button", name="산 속의 [호수]").click()
    expect(form.locator("#desk\\:pictures")).to_be_hidden()
    assert text_of(form) == f"Before.\n\n{image('lake').markdown}\n\n‹›After."
    expect(form.locator("#id_body")).to_be_focused()
    form.keyboard.press("Control+z")
    assert value(form) == "Before.After."
    assert problems_of(form) == []


def test_a_picture_that_nobody_has_described_asks_for_words(form: Tab) -> None:
    opened(form, "|")
    form.get_by_role("button", name=image("forest").name).click()
    form.keyboard.type("a forest")
    assert value(form) == image("forest").markdown.replace("![]", "![a forest]") + "\n\n"
    expect(form.locator("[data-status]")).to_have_text("Write what the picture shows between the brackets.")


def test_words_that_are_selected_say_what_it_shows(form: Tab) -> None:
    opened(form, "‹a [dark] wood›")
    form.get_by_role("button", name=image("forest").name).click()
    assert value(form) == image("forest").markdown.replace("![]", r"![a \[dark\] wood]") + "\n\n"


def test_the_library_is_searched_and_used_by_keys_alone(form: Tab) -> None:
    place(form, "Before.|")
    form.keyboard.press("Control+Shift+Digit6")
    search = form.get_by_label("Or choose from the library")
    expect(search).to_be_focused()
    form.keyboard.type("desert")
    expect(form.locator("#desk\\:pictures [data-said]")).to_have_text("No picture is called that.")
    search.fill("호수")
    expect(form.locator("#desk\\:pictures li")).to_have_count(1)
    form.keyboard.press("Enter")  # saves nothing, closes nothing
    form.keyboard.press("Tab")
    form.keyboard.press("Enter")
    assert value(form) == f"Before.\n\n{image('lake').markdown}\n\n"


def test_leaving_the_library_changes_nothing(form: Tab) -> None:
    opened(form, "a ‹word› b")
    form.keyboard.press("Escape")
    assert text_of(form) == "a ‹word› b"
    expect(form.locator("#id_body")).to_be_focused()


def test_pictures_are_uploaded_from_there_too(form: Tab) -> None:
    opened(form, "a ‹word›")
    with form.expect_file_chooser() as chosen:
        form.get_by_role("button", name="Upload pictures…").click()
    chosen.value.set_files("docs/images/home.png")
    expect(form.locator(".desk-arriving .upload-state")).to_have_text("Uploaded")
    assert value(form) == f"a word\n\n{image('home').markdown}\n\n"
    expect(form.get_by_label("What it shows")).to_be_focused()


def test_the_library_says_that_it_can_not_be_read(form: Tab) -> None:
    form.route("**/pictures/?*", lambda route: route.abort())
    place(form, "|")
    form.get_by_role("button", name="Picture", exact=True).click()
    expect(form.locator("#desk\\:pictures [data-said]")).to_have_text("The library can't be read at the moment.")


def test_it_fits_a_phone(form: Tab) -> None:
    form.set_viewport_size({"width": 390, "height": 700})
    opened(form, "|")
    box = form.locator("#desk\\:pictures").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert form.evaluate("document.documentElement.scrollWidth") == 390
    for button in form.locator("#desk\\:pictures button:visible").all():
        size = button.bounding_box()
        assert size
        assert size["height"] >= 24
