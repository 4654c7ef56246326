"""The admin as a browser and its user use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from blog.models import Embed, Post
from tests.fake_provider import stills

LIST = "/admin/blog/embed/"
WORDS = "Two lines,\n\nand a third."
ENGLISH = {"Accept-Language": "en"}
MakePost = Callable[..., Post]


class _Form(HTMLParser):
    """What the main form of a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._textarea = name
            self.values[name] = ""
        elif tag == "input" and name and given.get("type") == "checkbox":
            if "checked" in given:
                self.values[name] = given.get("value", "on")
        elif tag == "input" and name and given.get("type") not in ("submit", "file", "button"):
            self.values[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data


def opened(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send if the form at `address` were saved as it is."""
    html = client.get(address).content.decode()
    form = _Form()
    form.feed(html[html.index('<div id="content-main">') :])
    # The first line break of a text area doesn't count; all others are sent as two characters.
    return {name: value.removeprefix("\n").replace("\n", "\r\n") for name, value in form.values.items()}


def save(client: Client, embed: Embed, **values: Any) -> str:
    """Open the form, write into it, save it."""
    response = client.post(change(embed), {**opened(client, change(embed)), **values}, headers=ENGLISH)
    embed.refresh_from_db()
    return response.content.decode()


def act(client: Client, action: str, *embeds: Embed) -> str:
    data = {"action": action, "_selected_action": [embed.pk for embed in embeds]}
    return client.post(LIST, data, follow=True, headers=ENGLISH).content.decode()


def change(embed: Embed) -> str:
    return reverse("admin:blog_embed_change", args=[embed.pk])


def person(django_user_model: Any, *permissions: str) -> Any:
    user = django_user_model.objects.create_user("guest", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def errors(html: str) -> str:
    return unescape(" ".join(re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', html, re.DOTALL)))


def picture(name: str = "still.jpg", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or stills.jpeg("a"), "image/jpeg")
