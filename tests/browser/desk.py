"""The writing screen in a browser: opening it, putting text and selection into it, reading them."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from blog.models import Post

PASTE = """(text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const area = document.getElementById("id_body");
    const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
    return area.dispatchEvent(event);
}"""


def open_form(tab: Tab, live_server: LiveServer, users: Any, post: Post | None = None) -> None:
    """Log in and open the form of a post, in English."""
    if not users.objects.filter(username="writer").exists():
        users.objects.create_superuser("writer", password="for this test only")
    tab.goto(f"{live_server.url}/admin/blog/post/{f'{post.pk}/change' if post else 'add'}/")
    if tab.locator("#id_password").count():
        tab.fill("#id_username", "writer")
        tab.fill("#id_password", "for this test only")
        tab.keyboard.press("Enter")
    tab.wait_for_selector(".desk-tools:not([hidden])")


def place(form: Tab, marked: str) -> str:
    """Write a text; what stands between ‹ and ›, or the place of |, is selected. Undo ends here."""
    marked = marked.replace("|", "‹›")
    start, end = marked.index("‹"), marked.index("›") - 1
    text = marked.replace("‹", "").replace("›", "")
    form.evaluate(
        """([text, start, end]) => {
            const area = document.getElementById("id_body");
            area.value = text;
            area.focus();
            area.setSelectionRange(start, end);
        }""",
        [text, start, end],
    )
    return text


def value(form: Tab) -> str:
    return form.input_value("#id_body")


def text_of(form: Tab) -> str:
    """The text with its selection between ‹ and ›."""
    start, end = form.eval_on_selector("#id_body", "area => [area.selectionStart, area.selectionEnd]")
    text = value(form)
    return f"{text[:start]}‹{text[start:end]}›{text[end:]}"


def paste(form: Tab, text: str) -> bool:
    """Paste; whether the browser would do it by itself."""
    return bool(form.evaluate(PASTE, text))


def problems_of(form: Tab) -> list[str]:
    return list(form.problems)  # type: ignore[attr-defined]
