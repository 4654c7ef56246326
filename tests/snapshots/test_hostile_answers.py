"""A provider may say anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from blog.models import Embed
from tests.conftest import EMBED, TOKYO
from tests.fake_provider import FakeProvider, server
from tests.fake_provider.answers import Post
from tests.snapshots.helpers import MakePost, check, x, youtube

pytestmark = pytest.mark.django_db

TAG = "<script>alert(1)</script>"
QUOTES = "\"><img src=x onerror=alert(1)>'"
ADDRESSES = ["/", "/posts/post-1/", "/feed.xml", "/rss.xml", "/feed.json", "/admin/blog/embed/"]
TOOT = "https://mastodon.social/@midnight_reel/117387244339200000"
Answering = Callable[..., None]


@pytest.fixture
def answering(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Change what the sites say."""
    well = Post.answer

    def answer(**changes: Any) -> None:
        def changed(post: Post, *, long: bool = False) -> dict[str, Any]:
            return {**well(post), **changes}

        monkeypatch.setattr(Post, "answer", changed)
        monkeypatch.setattr(server, "_json", lambda said: json.dumps(said).encode())  # halves of characters, too

    return answer


def quote(words: str, byline: str = "Ada (@ada)") -> str:
    link = f'<a href="https://twitter.com/ada/status/{TOKYO}">May 1, 2024</a>'
    return f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">{words}</p>&mdash; {byline} {link}</blockquote>'


@pytest.mark.parametrize(
    "words",
    [
        escape(TAG + QUOTES),
        f"before {TAG} after",
        "<iframe src='https://evil.example/'></iframe> words",
        "<img src=x onerror=alert(1)> words",
        '<a href="javascript:alert(1)">words</a>',
        "&lt;!--embed:0--&gt; words",
        "<!--embed:0--> words",
        "{{ placed.embed.pk }} {% debug %} words",
        "words</p></blockquote></article><script>alert(1)</script>",
    ],
)
def test_markup_in_the_words_is_never_markup_on_a_page(
    answering: Answering, make_post: MakePost, admin_client: Client, words: str
) -> None:
    answering(html=quote(words), author_name=TAG + QUOTES)
    make_post(body=EMBED)
    call_command("refresh_embeds", stdout=StringIO())
    assert Embed.objects.get().author_name.startswith("<script>")
    for address in [*ADDRESSES, f"/admin/blog/embed/{Embed.objects.get().pk}/change/"]:
        html = admin_client.get(address).content.decode()
        assert "<script>alert" not in html, address
        assert "<img src=x" not in html, address
        assert "evil.example" not in html, address
        assert 'href="javascript:' not in html, address


def test_words_in_attributes_stay_in_them(answering: Answering, make_post: MakePost, client: Client) -> None:
    answering(title=QUOTES, author_name=QUOTES, author_url="javascript:alert(1)")
    make_post(body="https://www.youtube.com/watch?v=RoostDemo01")
    call_command("refresh_embeds", stdout=StringIO())
    html = client.get("/posts/post-1/").content.decode()
    assert 'data-title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#x27;"' in html
    assert "javascript:" not in html


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://evil.example/@ada", "//evil.example/", "https://x.com/ada\n/x", 7, None]
)
def test_an_author_is_linked_to_at_the_provider_or_not_at_all(
    answering: Answering, make_post: MakePost, client: Client, address: object
) -> None:
    answering(author_url=address)
    make_post(body=f"https://x.com/i/status/{TOKYO}")
    call_command("refresh_embeds", stdout=StringIO())
    embed = Embed.objects.get()
    assert (embed.status, embed.author_handle) == ("live", "")
    assert "evil.example" not in client.get("/posts/post-1/").content.decode()


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "\udfff\x00"])
def test_characters_that_no_database_takes_are_left_out(answering: Answering, fake: FakeProvider, bad: str) -> None:
    answering(html=quote(f"wo{bad}rds"), author_name=f"A{bad}da", title=f"A ti{bad}tle")
    embed, film = check(x()), check(youtube())
    assert (embed.status, embed.text, embed.author_name) == ("live", "words", "Ada")
    assert (film.status, film.text, film.author_name) == ("live", "A title", "Ada")


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
def test_the_words_for_a_still_are_cleaned_as_well(
    answering: Answering, make_post: MakePost, fake: FakeProvider, bad: str
) -> None:
    picture = {
        "type": "image",
        "preview_url": "https://files.mastodon.social/media_attachments/files/1/small/still.jpg",
        "description": f"A lo{bad}w sun.",
    }
    answering(media_attachments=[picture])
    make_post(body=TOOT)
    embed = check(Embed.objects.get())
    assert (embed.status, embed.poster_alt) == ("live", "A low sun.")
    assert embed.poster is not None


def test_words_without_end_are_cut(answering: Answering, make_post: MakePost, client: Client) -> None:
    answering(html=quote("word " * 40_000), author_name="Ada " * 500)
    make_post(body=EMBED)
    call_command("refresh_embeds", stdout=StringIO())
    embed = Embed.objects.get()
    assert embed.status == "live"
    assert 10_000 < len(embed.text) <= 20_000
    assert 100 < len(embed.author_name) <= 200
    assert client.get("/posts/post-1/").status_code == 200


def test_a_date_and_a_shape_that_can_not_be_are_not_taken(answering: Answering, fake: FakeProvider) -> None:
    answering(width=10**8, height=1, duration=10**12, upload_date="9999-99-99 00:00:00")
    embed = Embed.objects.create(provider="vimeo", provider_id="1000000101", url="https://vimeo.com/1000000101")
    embed = check(embed)
    assert (embed.status, embed.posted_at, embed.duration, embed.aspect) == ("live", None, None, "21:9")


@pytest.mark.parametrize("still", ["http://i.ytimg.com/a.jpg", "https://evil.example/a.jpg", "file:///etc/passwd", 1])
def test_a_still_elsewhere_is_not_asked_for(answering: Answering, fake: FakeProvider, still: object) -> None:
    answering(thumbnail_url=still)
    embed = check(youtube())
    assert (embed.status, embed.poster) == ("live", None)
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    "html", ["", None, 7, "<p>words</p>", "<blockquote></blockquote>", {"a": 1}, "<blockquote class='a'><p></p>"]
)
def test_an_answer_without_a_post_is_no_snapshot(answering: Answering, html: object) -> None:
    answering(html=html)
    embed = check(x(text="Kept.", fetched_at="2026-01-01T00:00:00Z", status="live"))
    assert (embed.status, embed.text) == ("unreachable", "Kept.")


@pytest.mark.parametrize("code", ["qme", "und", '"><b>', "x" * 50, "en-" + "a" * 40])
def test_a_language_that_is_none_is_not_said(
    answering: Answering, make_post: MakePost, client: Client, code: str
) -> None:
    answering(html=quote("words").replace('lang="en"', f'lang="{escape(code)}"'))
    make_post(body=EMBED)
    call_command("refresh_embeds", stdout=StringIO())
    assert Embed.objects.get().text_lang == ""
    assert '<p dir="auto">words' in client.get("/posts/post-1/").content.decode()
