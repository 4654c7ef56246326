"""Posts on X: which addresses are one, whose they are and when they were made."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from blog.embeds import Identity, identify, provider, resolve_include
from blog.embeds.x import FIRST_SNOWFLAKE, LARGEST_ID, posted_at

ID = "1758192965703647443"
CANONICAL = f"https://x.com/i/status/{ID}"
POSTED = datetime(2024, 2, 15, 18, 14, 3, tzinfo=UTC)


def found(url: str) -> tuple[Identity, str]:
    result = identify(url)
    assert result is not None, url
    return result


@pytest.mark.parametrize(
    "url",
    [
        f"https://x.com/OpenAI/status/{ID}",
        f"http://x.com/OpenAI/status/{ID}",
        f"HTTPS://X.COM/OpenAI/STATUS/{ID}",
        f"https://twitter.com/OpenAI/status/{ID}",
        f"https://www.twitter.com/OpenAI/status/{ID}",
        f"https://mobile.twitter.com/OpenAI/status/{ID}",
        f"https://m.x.com/OpenAI/status/{ID}",
        f"https://x.com/OpenAI/statuses/{ID}",
        f"https://x.com/OpenAI/status/{ID}/",
        f"https://x.com/OpenAI/status/{ID}?s=20&t=abc",
        f"https://x.com/OpenAI/status/{ID}/photo/1",
        f"https://x.com/OpenAI/status/{ID}/video/1?s=20",
        f"https://x.com/OpenAI/status/{ID}#m",
    ],
)
def test_every_spelling_of_an_address_is_the_same_post(url: str) -> None:
    assert found(url) == (Identity("x", ID, CANONICAL, "OpenAI", POSTED), "")


@pytest.mark.parametrize("path", ["i/status", "i/web/status", "I/status"])
def test_an_address_without_an_author_names_none(path: str) -> None:
    assert found(f"https://x.com/{path}/{ID}") == (Identity("x", ID, CANONICAL, "", POSTED), "")


@pytest.mark.parametrize(
    ("glued", "rest"),
    [
        ("입니다", "입니다"),
        ("을", "을"),
        ("です。", "です。"),
        (".", "."),
        (")", ")"),
        ("?s=20입니다", "입니다"),
        ("/photo/1에서", "에서"),
        ("/에서", "에서"),
    ],
)
def test_an_id_ends_where_its_digits_end(glued: str, rest: str) -> None:
    identity, left = found(f"https://x.com/OpenAI/status/{ID}{glued}")
    assert (identity.id, left) == (ID, rest)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://x.com/",
        "https://x.com/OpenAI",
        "https://x.com/OpenAI/status/",
        "https://x.com/OpenAI/status/abc",
        "https://x.com/OpenAI/status/0",
        f"https://x.com/OpenAI/status/{LARGEST_ID + 1}",
        "https://x.com/OpenAI/status/99999999999999999999",
        f"https://x.com/OpenAI/status/{ID}abc",
        f"https://x.com/OpenAI/status/{ID}_1",
        f"https://x.com/OpenAI/status/{ID}-1",
        f"https://x.com/OpenAI/status/{ID}/likes",
        f"https://x.com/OpenAI/status/{ID}%20",
        f"https://x.com/OpenAI/status/{ID}@evil.example",
        f"https://x.com/OpenAI/status/{ID}:80",
        f"https://x.com.evil.example/OpenAI/status/{ID}",
        f"https://evilx.com/OpenAI/status/{ID}",
        f"https://evil.example/x.com/OpenAI/status/{ID}",
        f"https://x.com@evil.example/OpenAI/status/{ID}",
        f"https://x.com/far_too_long_for_a_handle/status/{ID}",
        f"https://x.com/한글/status/{ID}",
        "https://x.com/OpenAI/status/١٧٥٨",
        f"javascript://x.com/OpenAI/status/{ID}",
        f"//x.com/OpenAI/status/{ID}",
        f" https://x.com/OpenAI/status/{ID}",
    ],
)
def test_another_address_is_not_a_post_on_x(url: str) -> None:
    assert identify(url) is None


@pytest.mark.parametrize(
    ("value", "handle"),
    [
        (ID, ""),
        (f"i/status/{ID}", ""),
        (f"/i/status/{ID}/", ""),
        (f"OpenAI/status/{ID}", "OpenAI"),
        (f"https://x.com/OpenAI/status/{ID}", "OpenAI"),
        (f"https://twitter.com/i/web/status/{ID}?s=20", ""),
    ],
)
@pytest.mark.parametrize("include", ["twitter", "x"])
def test_an_include_takes_an_id_a_path_or_an_address(include: str, value: str, handle: str) -> None:
    assert resolve_include(include, value) == Identity("x", ID, CANONICAL, handle, POSTED)


@pytest.mark.parametrize(
    "value", ["", "0", "00", "12a", "-1", "１２", f"{ID}0", "OpenAI", "status/1", "https://a.example/1"]
)
def test_an_include_that_names_no_post_is_nothing(value: str) -> None:
    assert resolve_include("twitter", value) is None


def test_leading_zeros_make_no_second_identity() -> None:
    assert (
        resolve_include("x", "0020") == resolve_include("x", "20") == Identity("x", "20", "https://x.com/i/status/20")
    )


@pytest.mark.parametrize(
    ("include", "value", "link"),
    [
        ("youtube", "Balreaj8Yqs", "https://www.youtube.com/watch?v=Balreaj8Yqs"),
        ("twitch", "1634779211", "https://www.twitch.tv/videos/1634779211"),
        ("bilibili", "BV1Q44y1B7Wf", "https://www.bilibili.com/video/BV1Q44y1B7Wf"),
        ("spotify", "3OuMIIFP5TxM8tLXMWYPGV", "https://open.spotify.com/track/3OuMIIFP5TxM8tLXMWYPGV"),
    ],
)
def test_a_clip_on_a_site_without_a_player_is_a_link(include: str, value: str, link: str) -> None:
    assert resolve_include(include, value) == link


@pytest.mark.parametrize(
    ("include", "value"),
    [
        ("youtube", ""),
        ("youtube", "a&b=c"),
        ("youtube", "../x"),
        ("spotify", '"><b>'),
        ("bilibili", "한글"),
        ("vimeo", "1"),
    ],
)
def test_an_unknown_include_or_an_odd_id_is_nothing(include: str, value: str) -> None:
    assert resolve_include(include, value) is None


@pytest.mark.parametrize(
    ("status_id", "moment"),
    [
        (int(ID), POSTED),
        (FIRST_SNOWFLAKE, datetime(2010, 11, 4, 1, 43, 1, tzinfo=UTC)),
        (FIRST_SNOWFLAKE - 1, None),
        (20, None),
    ],
)
def test_the_date_of_a_post_is_in_its_id(status_id: int, moment: datetime | None) -> None:
    assert posted_at(status_id) == moment


def test_the_largest_id_still_has_a_date() -> None:
    moment = posted_at(LARGEST_ID)
    assert moment is not None
    assert moment.year == 2080


def test_a_provider_is_known_by_its_name() -> None:
    x = provider("x")
    assert (x.name, x.label, x.author_url("OpenAI")) == ("x", "X", "https://x.com/OpenAI")


def test_an_unknown_provider_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        provider("myspace")
