"""Posts on Bluesky: which addresses are one, what is kept of an answer, and the player."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from blog.embeds import Identity, Player, Snapshot, identify, provider, resolve_include
from blog.embeds.base import UnreadableError
from blog.embeds.bluesky import posted_at

DID = "did:plc:tjf4apt65s75xiojhiqzvcan"
KEY = "3kqmooj3ems2w"
CANONICAL = f"https://bsky.app/profile/ada.example.com/post/{KEY}"
POSTED = datetime(2024, 4, 21, 6, 9, 13, tzinfo=UTC)  # the clock of the key; the post itself says 12.368 s
BY_HANDLE = Identity("bluesky", f"ada.example.com/{KEY}", CANONICAL, "ada.example.com", POSTED)
BY_DID = Identity("bluesky", f"{DID}/{KEY}", f"https://bsky.app/profile/{DID}/post/{KEY}", "", POSTED)


def html(words: str = "오늘의 클립 🐕 &amp; prompt", *, lang: str = ' lang="ko"', uri: str | None = None) -> str:
    uri = f"at://{DID}/app.bsky.feed.post/{KEY}" if uri is None else uri
    return (
        f'<blockquote class="bluesky-embed" data-bluesky-uri="{uri}" data-bluesky-cid="bafyrei"><p{lang}>{words}</p>'
        f'&mdash; <a href="https://bsky.app/profile/{DID}?ref_src=embed">Ada (@ada.example.com)</a> '
        f'<a href="https://bsky.app/profile/{DID}/post/{KEY}?ref_src=embed">2024-04-21T06:09:12.368Z</a></blockquote>'
        '<script async src="https://embed.bsky.app/static/embed.js" charset="utf-8"></script>'
    )


def read(**changes: Any) -> Snapshot:
    answer = {
        "type": "rich",
        "version": "1.0",
        "author_name": "Ada (@ada.example.com)",
        "author_url": "https://bsky.app/profile/ada.example.com",
        "provider_url": "Bluesky Social",
        "cache_age": 86400,
        "width": 550,
        "height": None,
        "html": html(),
    }
    return provider("bluesky").read({**answer, **changes})


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        f"http://bsky.app/profile/ada.example.com/post/{KEY}",
        f"https://www.bsky.app/profile/ada.example.com/post/{KEY}/",
        f"HTTPS://BSKY.app/profile/Ada.Example.com/post/{KEY}",
        f"{CANONICAL}?ref_src=embed",
        f"{CANONICAL}#top",
    ],
)
def test_every_spelling_of_an_address_is_the_same_post(url: str) -> None:
    assert identify(url) == (BY_HANDLE, "")


@pytest.mark.parametrize(
    "url",
    [
        f"https://bsky.app/profile/{DID}/post/{KEY}",
        f"https://embed.bsky.app/embed/{DID}/app.bsky.feed.post/{KEY}",
        f"https://embed.bsky.app/embed/{DID}/app.bsky.feed.post/{KEY}?id=1&ref_url=https%3A%2F%2Fa.example",
    ],
)
def test_a_did_names_an_author_too(url: str) -> None:
    assert identify(url) == (BY_DID, "")


def test_a_did_may_be_a_host() -> None:
    found = identify(f"https://bsky.app/profile/did:web:ada.example.com/post/{KEY}")
    assert found is not None
    assert found[0].id == f"did:web:ada.example.com/{KEY}"


@pytest.mark.parametrize("glued", ["입니다", "を見る。", "/에서", "?ref_src=embed에서"])
def test_a_particle_is_not_part_of_the_address(glued: str) -> None:
    found = identify(CANONICAL + glued)
    assert found is not None
    assert (found[0], found[1]) == (BY_HANDLE, glued.removeprefix("/").removeprefix("?ref_src=embed"))


@pytest.mark.parametrize(
    "url",
    [
        "https://bsky.app/",
        "https://bsky.app/profile/ada.example.com",
        "https://bsky.app/profile/ada.example.com/post/",
        f"https://bsky.app/profile/ada/post/{KEY}",
        f"https://bsky.app/profile/ada..com/post/{KEY}",
        f"https://bsky.app/profile/-ada.com/post/{KEY}",
        f"https://bsky.app/profile/ada_b.com/post/{KEY}",
        f"https://bsky.app/profile/아다.com/post/{KEY}",
        f"https://bsky.app/profile/{'a' * 64}.com/post/{KEY}",
        f"https://bsky.app/profile/{'a.' * 130}com/post/{KEY}",
        f"https://bsky.app/profile/did:plc:short/post/{KEY}",
        f"https://bsky.app/profile/did:key:zQ3sh/post/{KEY}",
        f"https://bsky.app/profile/@ada.example.com/post/{KEY}",
        f"{CANONICAL}x",
        f"{CANONICAL[:-1]}",
        f"{CANONICAL[:-1]}1",
        f"{CANONICAL[:-1]}W",
        f"{CANONICAL}/liked-by",
        f"{CANONICAL}/quotes",
        f"{CANONICAL}.",
        f"{CANONICAL}@evil.example",
        f"https://bsky.app/profile/ada.example.com/feed/{KEY}",
        f"https://bsky.app/profile/ada.example.com/lists/{KEY}",
        f"https://bsky.app/intent/profile/ada.example.com/post/{KEY}",
        f"https://embed.bsky.app/embed/ada.example.com/app.bsky.feed.post/{KEY}",
        f"https://embed.bsky.app/embed/{DID}/app.bsky.feed.like/{KEY}",
        f"https://embed.bsky.app/profile/ada.example.com/post/{KEY}",
        f"https://staging.bsky.app/profile/ada.example.com/post/{KEY}",
        f"https://bsky.app.evil.example/profile/ada.example.com/post/{KEY}",
        f"https://bsky.app@evil.example/profile/ada.example.com/post/{KEY}",
        f"https://bsky.app:8443/profile/ada.example.com/post/{KEY}",
        f"https://bſky.app/profile/ada.example.com/post/{KEY}",
        f"https://evil.example/bsky.app/profile/ada.example.com/post/{KEY}",
        f"at://{DID}/app.bsky.feed.post/{KEY}",
    ],
)
def test_another_address_is_not_a_post(url: str) -> None:
    assert identify(url) is None


def test_an_include_takes_an_address() -> None:
    assert resolve_include("bluesky", CANONICAL) == BY_HANDLE


@pytest.mark.parametrize("value", ["", KEY, "ada.example.com", f"ada.example.com/post/{KEY}", DID])
def test_an_include_that_names_no_post_is_nothing(value: str) -> None:
    assert resolve_include("bluesky", value) is None


@pytest.mark.parametrize(
    ("key", "moment"),
    [
        (KEY, POSTED),
        ("2222222222222", None),
        ("zzzzzzzzzzzzz", None),
        ("jzzzzzzzzzzzz", None),
    ],
)
def test_the_date_of_a_post_is_in_its_key_if_it_can_be(key: str, moment: datetime | None) -> None:
    assert posted_at(key) == moment


def test_a_question_names_the_post() -> None:
    assert provider("bluesky").question(CANONICAL) == (
        f"https://embed.bsky.app/oembed?url=https%3A%2F%2Fbsky.app%2Fprofile%2Fada.example.com%2Fpost%2F{KEY}"
    )


def test_an_answer_gives_words_author_and_did() -> None:
    assert read() == Snapshot(
        author_name="Ada",
        author_handle="ada.example.com",
        text="오늘의 클립 🐕 & prompt",
        text_lang="ko",
        details={"did": DID},
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Ada (@ada.example.com)", "Ada"),
        ("@ada.example.com", ""),
        ("Ada (she/her) (@ada.example.com)", "Ada (she/her)"),
        ("Ada\nLovelace (@ada.example.com)", "Ada\nLovelace"),
        ("에이다", "에이다"),
        ("(@ada.example.com)", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_the_handle_is_not_part_of_the_name(given: Any, name: str) -> None:
    assert read(author_name=given).author_name == name


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        (f"https://bsky.app/profile/{DID}", ""),
        ("https://bsky.app/profile/handle.invalid", ""),
        ("https://bsky.app/profile/ada.example.com/more", ""),
        ("https://evil.example/profile/ada.example.com", ""),
        ('https://bsky.app/profile/a"onload=b.com', ""),
        ("https://[", ""),
        ([], ""),
        (None, ""),
    ],
)
def test_a_handle_is_one_on_bluesky(address: Any, handle: str) -> None:
    assert read(author_url=address).author_handle == handle


def test_an_author_has_a_page() -> None:
    assert provider("bluesky").author_url("ada.example.com") == "https://bsky.app/profile/ada.example.com"


def test_line_breaks_stay_and_the_note_about_a_picture_goes() -> None:
    note = f'<br><br><a href="https://bsky.app/profile/{DID}/post/{KEY}?ref_src=embed">[image or embed]</a>'
    assert read(html=html(f"첫 줄\n- two\n\n셋{note}")).text == "첫 줄\n- two\n\n셋"


def test_a_post_without_words_is_a_post() -> None:
    assert read(html=html("", lang="")) == Snapshot("Ada", "ada.example.com", details={"did": DID})


def test_nothing_of_a_hostile_text_is_markup() -> None:
    words = "<img src=x onerror=alert(1)>a<script>alert(2)</script><b>b</b><a href='javascript:3'>c</a><!-- d -->"
    assert read(html=html(words)).text == "abc"


@pytest.mark.parametrize("lang", ["", ' lang=""', ' lang="&quot;><b>"', ' lang="und"', f' lang="{"a" * 300}"'])
def test_a_language_that_is_none_is_left_out(lang: str) -> None:
    assert read(html=html(lang=lang)).text_lang == ""


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "at://",
        f"at://ada.example.com/app.bsky.feed.post/{KEY}",
        f"at://{DID}/app.bsky.feed.like/{KEY}",
        f"at://{DID}/app.bsky.feed.post/{KEY}/x",
        f"at://{DID}/app.bsky.feed.post/../{KEY}",
        f"at://did:plc:x?colorMode=/app.bsky.feed.post/{KEY}",
        f"https://evil.example/{DID}/app.bsky.feed.post/{KEY}",
    ],
)
def test_an_answer_without_the_address_of_a_post_is_unreadable(uri: str) -> None:
    with pytest.raises(UnreadableError):
        read(html=html(uri=uri))


@pytest.mark.parametrize("answer", [None, "", 5, [], {}, "words", "<p>words</p>", "<blockquote>", "<script>"])
def test_an_answer_without_a_quote_is_unreadable(answer: Any) -> None:
    with pytest.raises(UnreadableError):
        read(html=answer)


@pytest.mark.parametrize(
    ("post", "details"),
    [(f"ada.example.com/{KEY}", {"did": DID}), (f"{DID}/{KEY}", {}), (f"{DID}/{KEY}", {"did": DID})],
)
def test_the_player_goes_by_the_did(post: str, details: dict[str, str]) -> None:
    address = f"https://embed.bsky.app/embed/{DID}/app.bsky.feed.post/{KEY}?id={{id}}&colorMode={{theme}}"
    assert provider("bluesky").player(post, {"did": "x"}, details) == Player(address, sizing="bluesky")


def test_there_is_no_player_before_the_did_is_known() -> None:
    assert provider("bluesky").player(f"ada.example.com/{KEY}", {}, {}) is None
