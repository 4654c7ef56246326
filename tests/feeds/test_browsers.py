"""Feeds in browsers, caches and on the wire."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from blog.models import SiteSettings
from tests.feeds.helpers import BROWSER, MakePost

XML = ["/feed.xml", "/rss.xml", "/feed/archive/1.xml", "/prompts/rss.xml"]


@pytest.fixture(autouse=True)
def _posts(make_post: MakePost) -> None:
    for number in range(20):
        make_post(body=f"> Prompt: p {number}\n\nA text of some length, so that compressing it is worth while. " * 5)


@pytest.mark.parametrize("address", XML)
def test_a_feed_names_its_style_sheet(client: Client, address: str) -> None:
    text = client.get(address).content.decode()
    sheet = re.search(r'^<\?xml version="1.0" encoding="utf-8"\?>\n<\?xml-stylesheet href="/static/([^"]+)"', text)
    assert sheet
    assert 'type="text/css"?>' in text[: text.index("<", 60)]
    assert Path(str(finders.find(sheet[1]))).is_file()


@pytest.mark.parametrize("address", XML)
def test_browsers_get_a_type_that_they_show(client: Client, address: str) -> None:
    response = client.get(address, headers={"Accept": BROWSER})
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert "Accept" in response.headers["Vary"].split(", ")
    reader = client.get(address, headers={"Accept": "application/atom+xml, application/rss+xml, */*;q=0.1"})
    assert reader.headers["Content-Type"].startswith(("application/atom+xml", "application/rss+xml"))
    assert "Accept" in reader.headers["Vary"].split(", ")
    assert reader.content == response.content


def test_json_is_json_for_everybody(client: Client) -> None:
    response = client.get("/feed.json", headers={"Accept": BROWSER})
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_style_sheet_can_tell_the_language(client: Client, language: str) -> None:
    SiteSettings(pk=1, language=language).save()
    for address, root in (("/feed.xml", "feed"), ("/rss.xml", "rss")):
        assert re.search(rf'<{root} [^>]*xml:lang="{language}"', client.get(address).content.decode())


@pytest.mark.parametrize("address", [*XML, "/feed.json", "/feed/archive/1.json"])
def test_head_tells_what_get_does(client: Client, address: str) -> None:
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Last-Modified", "Vary"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("address", [*XML, "/feed.json"])
def test_feeds_are_compressed_and_asked_for_once(client: Client, address: str) -> None:
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == client.get(address).content
    again = client.get(
        address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"], "Accept": BROWSER}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("address", [*XML, "/feed.json"])
def test_feeds_are_read_not_written(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_a_feed_says_its_address_as_it_is_asked_for(client: Client, make_post: MakePost) -> None:
    make_post(tags=["밤"])
    for address in ("/tags/밤/feed.xml", "/tags/%EB%B0%A4/feed.xml?x=1", "/tags/밤/feed.xml"):
        assert b'href="http://testserver/tags/%EB%B0%A4/feed.xml" rel="self"' in client.get(address).content
