"""Pictures pasted or dropped on the text of a post."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page as Tab, Route, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Image, Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NIGHT = r"밤의 \[도쿄\]"
UPLOAD = "**/admin/blog/post/upload/"

# Paste or drop pictures of these names on the text; tells whether the browser would still do its own part.
GIVE = """async ([how, names, text, target]) => {
    const types = {png: "image/png", gif: "image/gif", svg: "image/svg+xml", heic: "image/heic", mp4: "video/mp4",
                   pdf: "application/pdf", html: "text/html"};
    const data = new DataTransfer();
    const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 36});
    canvas.getContext("2d").fillRect(0, 0, 64, 36);
    const picture = await new Promise((done) => canvas.toBlob(done));
    for (const name of names)
        data.items.add(new File([name.endsWith(".png") ? picture : "words"], name, {type: types[name.split(".")[1]]}));
    if (text) data.setData("text/plain", text);
    const init = {bubbles: true, cancelable: true};
    const event = how === "paste" ? new ClipboardEvent("paste", {clipboardData: data, ...init})
                                  : new DragEvent(how, {dataTransfer: data, ...init});
    document.querySelector("#id_body").focus();
    return document.querySelector(target).dispatchEvent(event);
}"""


class Desk:
    """The form of a new post."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.rows = tab.locator(".desk-arriving li")

    def give(self, *names: str, how: str = "paste", text: str = "", target: str = "#id_body") -> bool:
        return bool(self.tab.evaluate(GIVE, [how, names, text, target]))

    @property
    def body(self) -> str:
        return self.tab.input_value("#id_body")

    def button(self, name: str) -> Locator:
        return self.rows.get_by_role("button", name=name, exact=True)

    def arrived(self, count: int = 1) -> None:
        expect(self.rows.locator(".upload-state", has_text="Uploaded")).to_have_count(count)


@pytest.fixture
def desk(live_server: LiveServer, tab: Tab, django_user_model: Any) -> Desk:
    django_user_model.objects.create_superuser("writer", password="for this test only")
    tab.context.set_extra_http_headers({"Accept-Language": "en"})
    tab.goto(f"{live_server.url}/admin/blog/post/add/")
    tab.fill("#id_username", "writer")
    tab.fill("#id_password", "for this test only")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".desk-uploads:not([hidden])")
    return Desk(tab)


def markdown(image: Image, alt: str = "") -> str:
    return f'![{alt}]({image.file.url}){{: w="64" h="36" }}'


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_pictures_become_markdown_where_the_cursor_is(desk: Desk, how: str) -> None:
    desk.tab.fill("#id_body", "Before.\n\nAfter.")
    desk.tab.evaluate("document.querySelector('#id_body').setSelectionRange(7, 7)")
    assert desk.give("one.png", "two.png", how=how) is False
    desk.arrived(2)
    one, two = (Image.objects.get(file__contains=name) for name in ("one", "two"))
    assert desk.body == f"Before.\n\n{markdown(one)}\n\n{markdown(two)}\n\n\nAfter."
    assert desk.tab.problems == []  # type: ignore[attr-defined]


def test_words_typed_meanwhile_stay_where_they_are(desk: Desk) -> None:
    held: list[Route] = []
    desk.tab.route(UPLOAD, lambda route: held.append(route))
    desk.give("one.png")
    desk.tab.keyboard.type("Words typed meanwhile.")
    expect(desk.rows.locator("progress")).to_be_visible()
    assert desk.body.startswith("![Uploading one.png (1)…]()\n\nWords")
    held[0].continue_()
    desk.arrived()
    desk.tab.keyboard.type(" And on.")
    assert desk.body == f"{markdown(Image.objects.get())}\n\nWords typed meanwhile. And on."


def test_what_a_picture_shows_is_asked_and_written(desk: Desk) -> None:
    desk.give("one.png")
    desk.arrived()
    alt = desk.rows.get_by_label("What it shows")
    expect(alt).to_be_focused()  # nothing has been typed since
    with desk.tab.expect_response(re.compile(r"/upload/\d+/$")):
        desk.tab.keyboard.type("밤의 [도쿄]")
        desk.tab.keyboard.press("Enter")
    image = Image.objects.get()
    assert image.alt == "밤의 [도쿄]"
    assert desk.body == f"{markdown(image, NIGHT)}\n\n"
    alt.fill("Night")
    alt.blur()
    assert desk.body == f"{markdown(image, 'Night')}\n\n"
    desk.tab.focus("#id_body")
    desk.tab.keyboard.press("Control+z")
    assert desk.body == f"{markdown(image, NIGHT)}\n\n"


def test_one_undo_takes_dropped_pictures_out_and_redo_brings_them_back(desk: Desk) -> None:
    desk.tab.fill("#id_body", "Before.")
    desk.give("one.png", "two.png", how="drop")
    desk.arrived(2)
    after = desk.body
    desk.tab.focus("#id_body")
    desk.tab.keyboard.press("Control+z")
    expect(desk.tab.locator("#id_body")).to_have_value("Before.")
    desk.tab.keyboard.press("Control+Shift+z")
    expect(desk.tab.locator("#id_body")).to_have_value(after)


def test_undoing_a_picture_keeps_what_was_written_while_it_arrived(desk: Desk) -> None:
    held: list[Route] = []
    desk.tab.route(UPLOAD, lambda route: held.append(route))
    desk.give("one.png")
    desk.tab.keyboard.type("Words typed meanwhile.")
    held[0].continue_()
    desk.arrived()
    desk.tab.keyboard.press("Control+z")
    desk.tab.wait_for_timeout(100)
    assert desk.body.endswith("Words typed meanwhile.")


def test_a_cancelled_upload_leaves_nothing(desk: Desk) -> None:
    desk.tab.fill("#id_body", "Before.")
    held: list[Route] = []
    desk.tab.route(UPLOAD, lambda route: held.append(route))
    desk.give("one.png", "two.png", "three.png")  # the third waits for its turn
    expect(desk.rows).to_have_count(3)
    for _ in range(3):
        desk.button("Cancel").last.click()
    expect(desk.rows).to_have_count(0)
    assert desk.body.rstrip() == "Before."
    assert not Image.objects.exists()


def test_what_fails_waits_and_can_be_tried_again(desk: Desk) -> None:
    desk.tab.route(UPLOAD, lambda route: route.abort())
    desk.give("one.png")
    expect(desk.rows.locator(".upload-state")).to_have_text("There is no connection. The picture waits here.")
    assert desk.body == "![Uploading one.png (1)…]()\n\n"
    desk.tab.unroute(UPLOAD)
    desk.button("Try again").click()
    desk.arrived()
    assert desk.body == f"{markdown(Image.objects.get())}\n\n"


def test_a_refusal_says_why_and_can_be_put_away(desk: Desk) -> None:
    desk.give("hostile.gif")
    expect(desk.rows.locator(".upload-state")).to_contain_text("no picture that browsers show")
    desk.button("Remove").click()
    expect(desk.rows).to_have_count(0)
    assert desk.body == ""


def test_who_logs_in_again_elsewhere_can_go_on(desk: Desk, django_user_model: Any) -> None:
    cookies = desk.tab.context.cookies()
    desk.tab.context.clear_cookies(name="sessionid")
    desk.give("one.png")
    expect(desk.rows.locator(".upload-state")).to_contain_text("You are logged out")
    desk.tab.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])  # type: ignore[misc]
    desk.tab.eval_on_selector("[name=csrfmiddlewaretoken]", "field => (field.value = 'of an older login')")
    desk.button("Try again").click()
    desk.arrived()
    assert desk.body == f"{markdown(Image.objects.get())}\n\n"


def test_a_picture_whose_place_is_gone_can_be_put_elsewhere(desk: Desk) -> None:
    held: list[Route] = []
    desk.tab.route(UPLOAD, lambda route: held.append(route))
    desk.give("one.png")
    expect(desk.rows.locator("progress")).to_be_visible()
    desk.tab.fill("#id_body", "Other words.")
    held[0].continue_()
    expect(desk.rows.locator(".upload-state")).to_have_text("Its place in the text is gone.")
    assert desk.body == "Other words."
    desk.button("Insert at the cursor").click()
    assert desk.body == f"Other words.\n\n{markdown(Image.objects.get())}\n\n"


def test_a_syllable_that_is_being_composed_is_not_broken(desk: Desk) -> None:
    held: list[Route] = []
    desk.tab.route(UPLOAD, lambda route: held.append(route))
    desk.give("one.png")
    expect(desk.rows.locator("progress")).to_be_visible()
    desk.tab.focus("#id_body")
    session = desk.tab.context.new_cdp_session(desk.tab)
    session.send("Input.imeSetComposition", {"text": "하", "selectionStart": 1, "selectionEnd": 1})
    held[0].continue_()
    desk.arrived()
    assert desk.body == "![Uploading one.png (1)…]()\n\n하"
    session.send("Input.imeSetComposition", {"text": "한", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "한"})
    expected = f"{markdown(Image.objects.get())}\n\n한"
    desk.tab.wait_for_function("(text) => document.querySelector('#id_body').value === text", arg=expected)


@pytest.mark.parametrize("width", [1280, 390])
def test_pictures_on_their_way_stay_in_sight_however_long_the_text_is(desk: Desk, width: int) -> None:
    desk.tab.set_viewport_size({"width": width, "height": 800})
    desk.tab.fill("#id_body", "A line.\n\n" * 300)
    desk.tab.route(UPLOAD, lambda route: route.abort())
    desk.give(*(f"{number}.png" for number in range(6)))
    expect(desk.button("Try again")).to_have_count(6)
    for place in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        desk.tab.evaluate(f"scrollTo(0, {place})")
        expect(desk.button("Try again").first).to_be_in_viewport(ratio=1)
        expect(desk.tab.locator(".desk-publish [name=_keep]")).to_be_in_viewport(ratio=1)
    box = desk.tab.locator(".submit-row").bounding_box()
    assert box
    assert box["height"] < 400
    assert desk.tab.evaluate("document.documentElement.scrollWidth") <= width


def test_what_has_arrived_can_be_put_away(desk: Desk) -> None:
    desk.give("one.png")
    desk.arrived()
    desk.rows.get_by_label("What it shows").fill("Night")
    desk.button("Done").click()
    expect(desk.rows).to_have_count(0)
    assert desk.body == f"{markdown(Image.objects.get(), 'Night')}\n\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a.svg", "An SVG can hold scripts. Export it as PNG"),
        ("a.heic", "Export it as JPEG or PNG"),
        ("a.pdf", "This is no picture."),
        ("a.html", "This is no picture."),
        ("a.mp4", "uploaded under Clips"),
    ],
)
@pytest.mark.parametrize("target", ["#id_body", "#id_title", "body"])
def test_a_dropped_file_that_is_no_picture_is_refused_and_the_page_stays(
    desk: Desk, name: str, why: str, target: str
) -> None:
    sent: list[str] = []
    desk.tab.on("request", lambda request: sent.append(request.url))
    assert desk.give(name, how="dragover", target=target) is False
    assert desk.give(name, how="drop", target=target) is False
    expect(desk.rows.locator(".upload-state")).to_contain_text(why)
    assert (desk.body, [url for url in sent if url.endswith("/upload/")]) == ("", [])
    desk.button("Remove").click()
    expect(desk.rows).to_have_count(0)


def test_a_picture_that_is_too_large_is_not_even_sent(desk: Desk) -> None:
    desk.tab.evaluate("document.getElementById('desk:uploads').dataset.most = 10")
    desk.give("one.png", how="drop")
    expect(desk.rows.locator(".upload-state")).to_have_text(
        "The picture is larger than 20 MiB. Save it smaller, and drop it again."
    )
    assert desk.body == ""


def test_a_picture_dropped_beside_the_text_goes_where_the_cursor_is(desk: Desk) -> None:
    desk.tab.fill("#id_body", "Before.")
    assert desk.give("one.png", how="drop", target="body") is False
    desk.arrived()
    assert desk.body == f"Before.\n\n{markdown(Image.objects.get())}\n\n"


def test_the_preview_does_not_open_a_file_that_is_dropped_on_it(desk: Desk) -> None:
    desk.tab.fill("#id_title", "A night")
    frame = desk.tab.frame_locator(".desk-preview iframe").locator("body")
    frame.wait_for()
    for name in ("dragover", "drop"):
        init = "{bubbles: true, cancelable: true}"
        assert frame.evaluate(f"body => body.dispatchEvent(new DragEvent('{name}', {init}))") is False


def save(desk: Desk) -> None:
    desk.tab.locator(".desk-publish [name=_keep]").click()


def test_a_save_waits_for_the_pictures_that_are_on_their_way(desk: Desk) -> None:
    held: list[Route] = []
    desk.tab.route(UPLOAD, lambda route: held.append(route))
    desk.tab.fill("#id_title", "Two nights")
    desk.give("one.png", "two.png")
    expect(desk.rows.locator("progress").last).to_be_visible()
    save(desk)
    save(desk)  # somebody is impatient
    expect(desk.tab.get_by_text("It will be saved once all pictures have arrived.")).to_be_visible()
    held[0].continue_()
    desk.arrived()
    assert not desk.tab.locator(".messagelist").count()
    held[1].continue_()
    desk.tab.wait_for_selector(".messagelist .success")
    one, two = (Image.objects.get(file__contains=name) for name in ("one", "two"))
    assert Post.objects.get().body == f"{markdown(one)}\n\n{markdown(two)}\n\n"


@pytest.mark.parametrize("without", [True, False])
def test_a_save_without_a_picture_that_failed_is_asked_about(desk: Desk, without: bool) -> None:
    desk.tab.route(UPLOAD, lambda route: route.abort())
    desk.tab.fill("#id_title", "A night")
    desk.tab.fill("#id_body", "Before.")
    desk.give("one.png")
    expect(desk.button("Try again")).to_be_visible()
    asked: list[str] = []
    desk.tab.on(
        "dialog", lambda dialog: (asked.append(dialog.message), dialog.accept() if without else dialog.dismiss())
    )
    save(desk)
    if without:
        desk.tab.wait_for_selector(".messagelist .success")
        assert Post.objects.get().body.strip() == "Before."
    else:
        desk.tab.unroute(UPLOAD)
        desk.button("Try again").click()
        desk.arrived()
        assert not desk.tab.locator(".messagelist").count()
    assert asked == ["Some pictures haven't arrived. Save without them?"]


def test_leaving_pictures_on_their_way_is_asked_about(desk: Desk) -> None:
    held: list[Route] = []
    desk.tab.route(UPLOAD, lambda route: held.append(route))
    desk.give("one.png")
    expect(desk.rows.locator("progress")).to_be_visible()
    asked: list[str] = []
    desk.tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.tab.goto("about:blank")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize(
    ("names", "text"), [([], "words"), (["a.pdf"], "its name"), (["one.png"], "a cell with its picture")]
)
def test_anything_else_is_pasted_as_ever(desk: Desk, names: list[str], text: str) -> None:
    assert desk.give(*names, text=text) is True
    expect(desk.rows).to_have_count(0)


def test_pictures_can_be_chosen_too(desk: Desk) -> None:
    desk.tab.set_input_files("#desk\\:uploads-files", "docs/images/home.png")
    desk.arrived()
    assert Image.objects.get().file.url in desk.body
