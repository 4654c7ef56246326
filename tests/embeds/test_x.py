"""Posts on X: which addresses are one, whose they are, when they were made, what is kept of an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from blog.embeds import Identity, Player, Snapshot, identify, provider, resolve_include
from blog.embeds.base import UnreadableError
from blog.embeds.x import FIRST_SNOWFLAKE, LARGEST_ID, posted_at

ID = "1758192965703647443"
CANONICAL = f"https://x.com/i/status/{ID}"
POSTED = datetime(2024, 2, 15, 18, 14, 3, tzinfo=UTC)


def html(words: str, *, lang: str = "en", foot: str = "") -> str:
    foot = foot or f'<a href="https://twitter.com/OpenAI/status/{ID}?ref_src=twsrc%5Etfw">February 15, 2024</a>'
    return (
        f'<blockquote class="twitter-tweet" data-dnt="true"><p lang="{lang}" dir="ltr">{words}</p>'
        f"&mdash; OpenAI (@OpenAI) {foot}</blockquote>\n\n"
    )


def read(**changes: Any) -> Snapshot:
    answer = {
        "url": f"https://twitter.com/OpenAI/status/{ID}",
        "author_name": "OpenAI",
        "author_url": "https://twitter.com/OpenAI",
        "html": html("Introducing Sora &amp; more"),
        "width": 550,
        "height": None,
        "type": "rich",
        "cache_age": "3153600000",
        "provider_name": "Twitter",
        "provider_url": "https://twitter.com",
        "version": "1.0",
    }
    return provider("x").read({**answer, **changes})


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
        f"https://twıtter.com/OpenAI/status/{ID}",
        f"https://x.com/OpenAI/ſtatus/{ID}",
        f"https://х.com/OpenAI/status/{ID}",
        f"https://publish.x.com/OpenAI/status/{ID}",
        f"https://x.com:443/OpenAI/status/{ID}",
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


def test_a_question_names_the_post_and_asks_for_no_script() -> None:
    assert provider("x").question(CANONICAL) == (
        f"https://publish.x.com/oembed?url=https%3A%2F%2Fx.com%2Fi%2Fstatus%2F{ID}"
        "&omit_script=1&dnt=true&hide_thread=true"
    )


def test_an_answer_gives_words_author_language_and_date() -> None:
    assert read() == Snapshot(
        author_name="OpenAI",
        author_handle="OpenAI",
        text="Introducing Sora & more",
        text_lang="en",
        posted_at=POSTED,
    )


def test_an_answer_keeps_lines_and_links_but_not_the_note_about_a_picture() -> None:
    words = (
        "첫 줄 🐕<br><br>둘 &lt;b&gt; "
        '<a href="https://t.co/Ab1">https://t.co/Ab1</a> <a href="https://twitter.com/hashtag/AI?src=hash">#AI</a> '
        '<a href="https://t.co/Ab2">pic.twitter.com/Ab2</a>'
    )
    assert read(html=html(words)).text == "첫 줄 🐕\n\n둘 <b> https://t.co/Ab1 #AI"


def test_a_post_that_is_a_picture_alone_has_no_words() -> None:
    snapshot = read(html=html('<a href="https://t.co/Ab2">pic.twitter.com/Ab2</a>', lang="zxx"))
    assert (snapshot.text, snapshot.text_lang, snapshot.posted_at) == ("", "", POSTED)


@pytest.mark.parametrize(
    ("lang", "code"),
    [("ko", "ko"), ("in", "id"), ("iw", "he"), ("und", ""), ("qme", ""), ("qht", ""), ("", ""), ("&lt;b", "")],
)
def test_the_language_is_one_that_a_page_may_name(lang: str, code: str) -> None:
    assert read(html=html("말", lang=lang)).text_lang == code


@pytest.mark.parametrize(
    ("foot", "moment"),
    [
        ('<a href="https://twitter.com/jack/status/20">March 21, 2006</a>', datetime(2006, 3, 21, tzinfo=UTC)),
        ('<a href="https://twitter.com/jack/status/20">21 mars 2006</a>', None),
        ('<a href="https://twitter.com/jack/status/20">January 1, 0001</a>', None),
        ('<a href="https://evil.example/">December 31, 9999</a>', None),
        ('<a href="https://[">x</a>', None),
        ("<a>x", None),
    ],
)
def test_an_old_post_has_its_date_in_words(foot: str, moment: datetime | None) -> None:
    assert read(html=html("just setting up", foot=foot)).posted_at == moment


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://x.com/OpenAI", "OpenAI"),
        ("https://x.com/OpenAI/likes", ""),
        ("https://evil.example/OpenAI", ""),
        ('https://x.com/"onload=', ""),
        ("https://[", ""),
        ("javascript:alert(1)", ""),
        (None, ""),
        (["https://x.com/OpenAI"], ""),
    ],
)
def test_a_handle_is_one_on_x(address: Any, handle: str) -> None:
    assert read(author_url=address).author_handle == handle


def test_nothing_of_a_hostile_text_is_markup() -> None:
    words = "a<script>alert(1)</script><img src=x onerror=alert(2)><b onclick=x>b</b><a href='javascript:3'>c"
    assert read(html=html(words)).text == "abc"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        5,
        [],
        {},
        "words",
        "<p>words</p>",
        "<blockquote><p>words</p></blockquote>",
        '<blockquote class="a"></blockquote>',
    ],
)
def test_an_answer_without_a_post_is_unreadable(answer: Any) -> None:
    with pytest.raises(UnreadableError):
        read(html=answer)


def test_the_player_is_x_s_own_page_without_its_script() -> None:
    assert provider("x").player(ID, {"theme": "evil"}, {"lang": "evil"}) == Player(
        f"https://platform.twitter.com/embed/Tweet.html?id={ID}&dnt=true&theme={{theme}}&lang={{lang}}", sizing="x"
    )
