"""A picture pasted in the admin becomes an embed's poster."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page as Tab, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Embed
from tests.browser.stage import MakePost
from tests.conftest import EMBED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Paste into `selector` what a clipboard holds; tells whether the browser would still do its own part.
PASTE = """async ([selector, type, text]) => {
    const data = new DataTransfer();
    const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 36});
    canvas.getContext("2d").fillRect(0, 0, 64, 36);
    const picture = await new Promise((done) => canvas.toBlob(done));
    if (type) data.items.add(new File([type === "image/png" ? picture : "words"], "pasted", {type}));
    if (text) data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    return document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture
def form(live_server: LiveServer, tab: Tab, make_post: MakePost, django_user_model: type) -> Tab:
    """The form of an embed."""
    django_user_model.objects.create_superuser("writer", password="for this test only")  # type: ignore[attr-defined]
    make_post(body=EMBED)
    tab.goto(f"{live_server.url}/admin/blog/embed/{Embed.objects.get().pk}/change/")
    tab.fill("#id_username", "writer")
    tab.fill("#id_password", "for this test only")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#id_poster_file")
    return tab


def chosen(form: Tab) -> list[str]:
    return list(form.eval_on_selector("#id_poster_file", "field => [...field.files].map((file) => file.type)"))


def test_a_pasted_picture_is_shown_and_saved_as_the_poster(form: Tab) -> None:
    assert not form.locator("canvas.thumbnail").is_visible()
    assert form.evaluate(PASTE, ["body", "image/png", ""]) is False
    assert chosen(form) == ["image/png"]
    expect(form.locator("canvas.thumbnail")).to_be_visible()
    expect(form.locator("#id_poster_file")).to_be_focused()
    form.fill("#id_poster_alt", "A dark rectangle")
    form.locator("[name=_continue]").first.click()
    form.wait_for_selector(".messagelist .success")
    poster = Embed.objects.select_related("poster").get().poster
    assert poster is not None
    assert (poster.width, poster.height) == (64, 36)
    assert form.locator("img.thumbnail").get_attribute("alt") == "A dark rectangle"
    assert form.problems == []  # type: ignore[attr-defined]


def test_a_pasted_picture_replaces_the_one_chosen_before(form: Tab) -> None:
    form.set_input_files("#id_poster_file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    assert not form.locator("canvas.thumbnail").is_visible()
    form.evaluate(PASTE, ["#id_poster_alt", "image/png", ""])
    assert chosen(form) == ["image/png"]
    expect(form.locator("canvas.thumbnail")).to_be_visible()


@pytest.mark.parametrize(
    ("selector", "type_", "text"),
    [
        ("#id_poster_alt", "", "words"),
        ("#id_poster_alt", "image/png", "a cell of a spreadsheet, with its picture"),
        ("body", "text/plain", ""),
        ("body", "", ""),
    ],
)
def test_anything_else_is_pasted_as_ever(form: Tab, selector: str, type_: str, text: str) -> None:
    assert form.evaluate(PASTE, [selector, type_, text]) is True
    assert chosen(form) == []
    assert not form.locator("canvas.thumbnail").is_visible()
