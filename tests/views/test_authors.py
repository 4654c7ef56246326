"""The pages of those who write."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.files.base import ContentFile
from django.test import Client

from blog.models import Image, Post, Profile
from tests.conftest import EMBED, in_a_week
from tests.fake_provider import stills

MakePost = Callable[..., Post]
FEEDS = ("feed.xml", "rss.xml", "feed.json")


@pytest.fixture
def mina(django_user_model: Any, db: None) -> Any:
    return django_user_model.objects.create_user("mina", first_name="미나", is_active=False)


def test_an_author_has_a_page_with_what_they_say_and_their_posts(
    client: Client, make_post: MakePost, mina: Any
) -> None:
    make_post(title="Hers", author=mina)
    make_post(title="Not hers")
    profile = Profile.objects.get(user=mina)
    profile.body = f"I **watch**.\n\n{EMBED}"
    profile.links = ["https://www.a.example/me/"]
    profile.picture = Image.objects.create(file=ContentFile(stills.jpeg("a"), "me.jpg"), alt="Mina laughing")
    profile.save()
    response = client.get("/authors/미나/")
    html = response.content.decode()
    for part in ("<h1>미나</h1>", "I <strong>watch</strong>", "tokyo walk", 'alt="Mina laughing"', ">Hers</a>"):
        assert part in html
    assert '<a href="https://www.a.example/me/" rel="me noopener">a.example/me</a>' in html
    assert "Not hers" not in html
    assert "platform.twitter.com" in response.headers["Content-Security-Policy"]


def test_a_byline_leads_to_the_authors_page(client: Client, make_post: MakePost, mina: Any) -> None:
    post = make_post(author=mina)
    html = client.get(post.get_absolute_url()).content.decode()
    assert '<a rel="author" href="/authors/%EB%AF%B8%EB%82%98/">미나</a>' in html


@pytest.mark.parametrize("values", [{"status": "draft"}, {"publish_at": in_a_week()}])
def test_who_has_nothing_public_has_no_page(
    client: Client, make_post: MakePost, mina: Any, values: dict[str, Any]
) -> None:
    make_post(author=mina, **values)
    make_post()
    for address in ("/authors/미나/", *(f"/authors/미나/{file}" for file in FEEDS)):
        assert client.get(address).status_code == 404
    assert client.get("/sitemap-authors.xml").status_code == 404


def test_the_page_counts_and_lists_only_what_is_public(client: Client, make_post: MakePost, mina: Any) -> None:
    make_post(author=mina)
    make_post(title="Unseen", author=mina, status="draft")
    make_post(title="Unseen", author=mina, publish_at=in_a_week())
    html = client.get("/authors/미나/").content.decode()
    assert '<span class="count">1</span>' in html
    assert "Unseen" not in html
    sitemap = client.get("/sitemap-authors.xml").content.decode()
    assert "<loc>http://testserver/authors/%EB%AF%B8%EB%82%98/</loc>" in sitemap


@pytest.mark.parametrize("file", FEEDS)
def test_an_author_has_feeds_of_their_own(client: Client, make_post: MakePost, mina: Any, file: str) -> None:
    make_post(title="Hers", author=mina)
    make_post(title="Not hers")
    body = client.get(f"/authors/미나/{file}").content
    found = json.loads(body)["items"] if file.endswith("json") else feedparser.parse(body).entries
    assert [entry["title"] for entry in found] == ["Hers"]


def test_feeds_name_the_authors_page(client: Client, make_post: MakePost, mina: Any) -> None:
    make_post(author=mina, body="> Prompt: a")
    page = "http://testserver/authors/%EB%AF%B8%EB%82%98/"
    for folder in ("", "/prompts"):
        entry = json.loads(client.get(f"{folder}/feed.json").content)["items"][0]
        assert entry["authors"] == [{"name": "미나", "url": page}]
        atom = "{http://www.w3.org/2005/Atom}"
        root = ElementTree.fromstring(client.get(f"{folder}/feed.xml").content)
        assert root.findtext(f"{atom}entry/{atom}author/{atom}uri") == page


def test_a_decomposed_address_leads_to_the_composed_one(client: Client, make_post: MakePost, mina: Any) -> None:
    make_post(author=mina)
    response = client.get("/authors/%E1%84%86%E1%85%B5%E1%84%82%E1%85%A1/")
    assert (response.status_code, response.headers["Location"]) == (301, "/authors/%EB%AF%B8%EB%82%98/")
