"""What an entry says of itself besides its text: picture, topics, authors, dates."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.test import Client

from blog import uploads
from blog.models import Embed, Image, Post, SiteSettings
from tests.conftest import EMBED
from tests.fake_provider import stills
from tests.feeds.helpers import ATOM, MEDIA, MakePost, data, still, tree, with_poster

BODY = f"{EMBED}\n{{% embed b %}}"


def stored_size(image: Image) -> str:
    return str(default_storage.size(image.file.name or ""))


@pytest.mark.parametrize("address", ["/feed.xml", "/rss.xml", "/prompts/feed.xml", "/prompts/rss.xml"])
def test_a_poster_is_an_enclosure_with_its_true_length_and_type(
    client: Client, make_post: MakePost, address: str
) -> None:
    image = with_poster(make_post(body=EMBED), alt="A street")
    root = tree(client, address)
    link = root.find(f".//{ATOM}entry/{ATOM}link[@rel='enclosure']")
    found = link.attrib if link is not None else root.find(".//enclosure").attrib  # type: ignore[union-attr]
    assert (found.get("href") or found["url"]) == f"http://testserver{image.file.url}"
    assert (found["type"], found["length"]) == ("image/jpeg", stored_size(image))


@pytest.mark.parametrize("address", ["/feed.xml", "/rss.xml", "/prompts/feed.xml", "/prompts/rss.xml"])
def test_a_poster_is_media_with_its_size_and_what_it_shows(client: Client, make_post: MakePost, address: str) -> None:
    image = with_poster(make_post(body=EMBED), alt="A street")
    root = tree(client, address)
    media = root.find(f".//{MEDIA}content")
    assert media is not None
    url = f"http://testserver{image.file.url}"
    assert media.attrib == {
        "url": url,
        "type": "image/jpeg",
        "medium": "image",
        "fileSize": stored_size(image),
        "width": "1280",
        "height": "720",
    }
    assert media.findtext(f"{MEDIA}description") == "A street"
    thumbnail = root.find(f".//{MEDIA}thumbnail")
    assert thumbnail is not None
    assert thumbnail.attrib == {"url": url, "width": "1280", "height": "720"}
    assert len(root.findall(f".//{MEDIA}content")) == 1


def test_json_feed_has_the_picture(client: Client, make_post: MakePost) -> None:
    image = with_poster(make_post(body=EMBED))
    for address in ("/feed.json", "/prompts/feed.json"):
        assert data(client, address)["items"][0]["image"] == f"http://testserver{image.file.url}"


def test_a_cover_goes_before_posters(client: Client, make_post: MakePost) -> None:
    cover = still()
    with_poster(make_post(body=EMBED, image=cover))
    assert data(client, "/feed.json")["items"][0]["image"].endswith(cover.file.url)


def test_what_was_taken_down_has_no_picture(client: Client, make_post: MakePost) -> None:
    image = with_poster(make_post(body=EMBED))
    Embed.objects.update(takedown=True)
    for address in ("/feed.xml", "/rss.xml", "/feed.json", "/prompts/feed.xml"):
        assert image.file.url.encode() not in client.get(address).content


def test_a_picture_without_its_file_is_not_promised(client: Client, make_post: MakePost) -> None:
    image = still()
    Path(image.file.path).unlink()
    image.save()
    make_post(image=image)
    assert tree(client, "/feed.xml").find(f".//{MEDIA}content") is None


def test_the_size_follows_a_picture_that_is_replaced(client: Client, make_post: MakePost) -> None:
    image = with_poster(make_post(body=EMBED))
    uploads.replace(image, uploads.receive(stills.jpeg("another", stills.SQUARE), "jpg"))
    media = tree(client, "/rss.xml").find(f".//{MEDIA}content")
    assert media is not None
    assert (media.get("fileSize"), media.get("width")) == (stored_size(image), "640")


def test_no_file_is_looked_at_to_write_a_feed(
    client: Client, make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_poster(make_post(body=EMBED))

    def refuse(*_: Any) -> int:
        raise AssertionError("asked for a file's size")

    monkeypatch.setattr(type(default_storage._wrapped), "size", refuse)  # type: ignore[attr-defined]
    assert client.get("/rss.xml").status_code == 200


def test_topics_say_where_they_belong(client: Client, make_post: MakePost) -> None:
    make_post(category="AI/News", tags=["film", "AI"])
    expected = [
        ("AI", "http://testserver/categories/"),
        ("News", "http://testserver/categories/"),
        ("film", "http://testserver/tags/"),
    ]
    atom = tree(client, "/feed.xml").findall(f".//{ATOM}category")
    assert [(c.get("term"), c.get("scheme")) for c in atom] == expected
    assert [c.get("label") for c in atom] == ["AI", "News", "film"]
    rss = tree(client, "/rss.xml").findall(".//item/category")
    assert [(c.text, c.get("domain")) for c in rss] == expected
    assert data(client, "/feed.json")["items"][0]["tags"] == ["AI", "News", "film"]


def test_authors_have_a_name_and_a_page(client: Client, make_post: MakePost, django_user_model: Any) -> None:
    SiteSettings(pk=1, title="Nights", author_name="The editors").save()
    make_post(author=django_user_model.objects.create_user("mina", first_name="미나"))
    page = "http://testserver/authors/%EB%AF%B8%EB%82%98/"
    root = tree(client, "/feed.xml")
    author = root.find(f"{ATOM}entry/{ATOM}author")
    assert author is not None
    assert (author.findtext(f"{ATOM}name"), author.findtext(f"{ATOM}uri")) == ("미나", page)
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "The editors"
    creator = tree(client, "/rss.xml").findtext(".//item/{http://purl.org/dc/elements/1.1/}creator")
    assert creator == "미나"
    assert data(client, "/feed.json")["items"][0]["authors"] == [{"name": "미나", "url": page}]


def updated(client: Client) -> str:
    return tree(client, "/feed.xml").findtext(f"{ATOM}entry/{ATOM}updated") or ""


def test_only_words_that_change_are_an_update(client: Client, make_post: MakePost) -> None:
    post = make_post(body=EMBED)
    before = updated(client)
    post.pinned = True
    post.save()
    post.tags.set(["film"])
    with_poster(post)
    Embed.objects.update(text="refreshed")
    assert updated(client) == before
    post = Post.objects.get()
    post.body += "\n\nMore."
    post.save()
    assert updated(client) > before


def test_entries_of_the_same_moment_have_different_dates(client: Client, make_post: MakePost) -> None:
    midnight = datetime(2024, 2, 19, tzinfo=UTC)
    for _ in range(2):
        make_post(publish_at=midnight, body="> Prompt: a\n\ntext\n\n> Prompt: b")
    for address in ("/feed.xml", "/prompts/feed.xml"):
        dates = [date.text for date in tree(client, address).findall(f"{ATOM}entry/{ATOM}updated")]
        assert len(set(dates)) == len(dates)


def test_prompts_of_a_post_stay_in_the_order_of_its_text(client: Client, make_post: MakePost) -> None:
    make_post(body="> Prompt: a\n\ntext\n\n> Prompt: b\n\ntext\n\n> Prompt: c")
    items = data(client, "/prompts/feed.json")["items"]
    by_date = sorted(items, key=lambda item: item["date_published"], reverse=True)
    assert [item["title"] for item in by_date] == ["a", "b", "c"]


def test_a_site_with_a_licence_says_so(client: Client, make_post: MakePost) -> None:
    SiteSettings(pk=1, licence="CC BY 4.0").save()
    make_post()
    assert tree(client, "/feed.xml").findtext(f"{ATOM}rights") == "CC BY 4.0"
    assert tree(client, "/rss.xml").findtext(".//copyright") == "CC BY 4.0"


def test_pictures_of_another_address_stay_there(make_post: MakePost, client: Client, settings: LazySettings) -> None:
    with_poster(make_post(body=EMBED))
    settings.MEDIA_URL = "https://cdn.example/media/"
    settings.STORAGES = {**settings.STORAGES}  # the storage reads its address anew
    assert data(client, "/feed.json")["items"][0]["image"].startswith("https://cdn.example/media/")
