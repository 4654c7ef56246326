"""Videos on YouTube: which addresses are one, what is kept of an answer, and the player."""

from __future__ import annotations

from typing import Any

import pytest

from blog.embeds import Identity, Player, Snapshot, identify, provider, resolve_include
from blog.embeds.base import UnreadableError

ID = "jNQXAC9IVRw"
CANONICAL = f"https://www.youtube.com/watch?v={ID}"
ANSWER: dict[str, Any] = {
    "title": "코끼리 앞에서 &amp; me",
    "author_name": "jawed",
    "author_url": "https://www.youtube.com/@jawed",
    "type": "video",
    "height": 150,
    "width": 200,
    "version": "1.0",
    "provider_name": "YouTube",
    "provider_url": "https://www.youtube.com/",
    "thumbnail_height": 360,
    "thumbnail_width": 480,
    "thumbnail_url": f"https://i.ytimg.com/vi/{ID}/hqdefault.jpg",
    "html": f'<iframe width="200" height="150" src="https://www.youtube.com/embed/{ID}?feature=oembed"></iframe>',
}


def read(**changes: Any) -> Snapshot:
    return provider("youtube").read({**ANSWER, **changes})


def player(**options: str) -> Player:
    found = provider("youtube").player(ID, options, {})
    assert found is not None
    return found


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        f"http://www.youtube.com/watch?v={ID}",
        f"HTTPS://YouTube.com/watch?v={ID}",
        f"https://m.youtube.com/watch?app=desktop&v={ID}",
        f"https://music.youtube.com/watch?v={ID}&list=RDAMVM{ID}",
        f"https://www.youtube.com/watch?v={ID}&list=PL123&index=2",
        f"https://www.youtube.com/watch?feature=youtu.be&v={ID}#top",
        f"https://www.youtube.com/watch/?v={ID}",
        f"https://youtu.be/{ID}",
        f"https://youtu.be/{ID}/",
        f"https://youtu.be/{ID}?si=AbCd_1234-efGH",
        f"https://www.youtube.com/live/{ID}?feature=share",
        f"https://www.youtube.com/embed/{ID}?rel=0",
        f"https://www.youtube.com/v/{ID}",
        f"https://www.youtube-nocookie.com/embed/{ID}",
    ],
)
def test_every_spelling_of_an_address_is_the_same_video(url: str) -> None:
    assert identify(url) == (Identity("youtube", ID, CANONICAL), "")


@pytest.mark.parametrize("tail", ["", "/", "?feature=share", "?si=AbCd"])
def test_a_short_stands_upright(tail: str) -> None:
    identity = Identity("youtube", ID, CANONICAL, options={"aspect": "9:16"})
    assert identify(f"https://www.youtube.com/shorts/{ID}{tail}") == (identity, "")


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("t=90", "90"),
        ("t=90s", "90"),
        ("t=1m30s", "90"),
        ("t=1h2m3s", "3723"),
        ("t=2h", "7200"),
        ("si=x&t=5", "5"),
        ("start=7", "7"),
        ("t=7&start=8", "7"),
    ],
)
def test_an_address_says_where_to_start(query: str, start: str) -> None:
    identity = Identity("youtube", ID, CANONICAL, options={"start": start})
    assert identify(f"https://youtu.be/{ID}?{query}") == (identity, "")


@pytest.mark.parametrize("time", ["0", "0s", "", "-5", "1.5", "soon", "5m1h", "%2B5", "９", "1" * 20])
def test_a_start_that_is_none_is_left_out(time: str) -> None:
    found = identify(f"https://youtu.be/{ID}?t={time}")
    assert found is not None
    assert found[0].options == {}


@pytest.mark.parametrize(
    ("url", "rest"),
    [
        (f"{CANONICAL}입니다", "입니다"),
        (f"https://youtu.be/{ID}에서", "에서"),
        (f"https://youtu.be/{ID}?si=AbCd을", "을"),
        (f"https://www.youtube.com/shorts/{ID}です。", "です。"),
        (f"https://www.youtube.com/live/{ID}/를", "를"),
    ],
)
def test_a_particle_is_not_part_of_the_address(url: str, rest: str) -> None:
    found = identify(url)
    assert found is not None
    assert (found[0].id, found[1]) == (ID, rest)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?list=PL123",
        f"https://www.youtube.com/watch?v={ID}x",
        f"https://www.youtube.com/watch?v={ID[:-1]}",
        f"https://www.youtube.com/watch?v={ID[:-1]}é",
        f"https://www.youtube.com/watch?V={ID}",
        "https://www.youtube.com/embed/videoseries?list=PL123",
        "https://www.youtube.com/embed/live_stream?channel=UC123",
        "https://www.youtube.com/playlist?list=PL123",
        "https://www.youtube.com/@jawed",
        "https://www.youtube.com/@jawed/live",
        f"https://www.youtube.com/clip/{ID}",
        f"https://www.youtube.com/results?v={ID}",
        f"https://www.youtube.com/shorts/{ID}/more",
        f"https://www.youtube.com/a/shorts/{ID}",
        f"https://youtu.be/{ID}.",
        f"https://youtu.be/{ID})",
        f"https://youtu.be//{ID}",
        f"https://youtu.be/watch/{ID}",
        "https://youtu.be/[",
        f"https://youtube.com.evil.example/watch?v={ID}",
        f"https://evilyoutube.com/watch?v={ID}",
        f"https://evil.example/www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com@evil.example/watch?v={ID}",
        f"https://user@www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com:8443/watch?v={ID}",
        f"https://studio.youtube.com/watch?v={ID}",
        f"https://www.уoutube.com/watch?v={ID}",
        f"https://www.youtube.com\\@evil.example/watch?v={ID}",
        f"ftp://www.youtube.com/watch?v={ID}",
        f"//www.youtube.com/watch?v={ID}",
        f" {CANONICAL}",
    ],
)
def test_another_address_is_not_a_video(url: str) -> None:
    assert identify(url) is None


@pytest.mark.parametrize("value", [ID, CANONICAL, f"https://youtu.be/{ID}"])
def test_an_include_takes_an_id_or_an_address(value: str) -> None:
    assert resolve_include("youtube", value) == Identity("youtube", ID, CANONICAL)


@pytest.mark.parametrize(
    "value", ["", "short", f"{ID}x", "a&b=c", "../x", '"><b>', "한글한글한글한글한글한", f"v={ID}"]
)
def test_an_include_that_names_no_video_is_nothing(value: str) -> None:
    assert resolve_include("youtube", value) is None


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        ({"start": "90"}, "rel=0&start=90"),
        ({"start": "1m30s"}, "rel=0&start=90"),
        ({"start": "0"}, "rel=0"),
        ({"start": "soon"}, "rel=0"),
        ({"start": '1"><script>'}, "rel=0"),
        ({"autoplay": "1", "loop": "1"}, "rel=0"),
    ],
)
def test_an_include_says_where_to_start(arguments: dict[str, str], address: str) -> None:
    identity = resolve_include("youtube", ID, arguments)
    assert identity is not None
    assert player(**identity.options).src == f"https://www.youtube-nocookie.com/embed/{ID}?{address}"


def test_a_question_names_the_video_and_nothing_else() -> None:
    assert provider("youtube").question(CANONICAL) == (
        f"https://www.youtube.com/oembed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{ID}&format=json"
    )


def test_an_answer_gives_title_channel_shape_and_still() -> None:
    assert read() == Snapshot(
        author_name="jawed",
        author_handle="@jawed",
        text="코끼리 앞에서 &amp; me",
        aspect="4:3",
        still=f"https://i.ytimg.com/vi/{ID}/hqdefault.jpg",
    )


@pytest.mark.parametrize(
    ("width", "height", "aspect"),
    [
        (200, 113, "16:9"),
        (113, 200, "9:16"),
        (200, 200, "1:1"),
        ("356", "200", "16:9"),
        (200, None, ""),
        (0, 0, ""),
        (-200, 113, ""),
        (True, True, ""),
        ("200px", 113, ""),
        (10**400, 1, ""),
    ],
)
def test_the_shape_is_that_of_the_player(width: Any, height: Any, aspect: str) -> None:
    assert read(width=width, height=height).aspect == aspect


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://www.youtube.com/@jawed", "@jawed"),
        ("https://www.youtube.com/@한글채널", "@한글채널"),
        ("https://www.youtube.com/channel/UC4QobU6STFB0P71PMvOGN5A", "channel/UC4QobU6STFB0P71PMvOGN5A"),
        ("https://www.youtube.com/user/jawed", "user/jawed"),
        ("https://www.youtube.com/", ""),
        ("https://www.youtube.com/@jawed/videos", ""),
        ("https://evil.example/@jawed", ""),
        ("https://www.youtube.com@evil.example/@jawed", ""),
        ("javascript:alert(1)", ""),
        ("https://www.youtube.com/@<script>", ""),
        ('https://www.youtube.com/@a"onload=1', ""),
        ("https://[", ""),
        (None, ""),
        (["https://www.youtube.com/@jawed"], ""),
    ],
)
def test_a_channel_is_one_on_youtube(address: Any, handle: str) -> None:
    snapshot = read(author_url=address)
    assert (snapshot.author_handle, snapshot.author_name) == (handle, "jawed")


def test_a_channel_has_a_page() -> None:
    assert provider("youtube").author_url("@jawed") == "https://www.youtube.com/@jawed"


@pytest.mark.parametrize(
    "still", ["http://i.ytimg.com/a.jpg", "//i.ytimg.com/a.jpg", "data:image/png;base64,AA", "https://a b", 5, None, {}]
)
def test_a_still_without_a_safe_address_is_none(still: Any) -> None:
    assert read(thumbnail_url=still).still == ""


@pytest.mark.parametrize("title", [None, "", "  ", 5, True, [], ["title"], {"title": "x"}])
def test_an_answer_without_a_title_is_unreadable(title: Any) -> None:
    with pytest.raises(UnreadableError):
        read(title=title)


def test_an_empty_answer_is_unreadable() -> None:
    with pytest.raises(UnreadableError):
        provider("youtube").read({})


def test_the_player_sets_no_cookies_and_is_told_the_site() -> None:
    assert player() == Player(
        f"https://www.youtube-nocookie.com/embed/{ID}?rel=0",
        autoplay="autoplay=1",
        referrer_policy="strict-origin-when-cross-origin",
    )


@pytest.mark.parametrize(
    "options",
    [
        {"start": "1&autoplay=1"},
        {"start": "javascript:"},
        {"start": " 5"},
        {"start": "９"},
        {"aspect": "9:16"},
        {"x": "y"},
    ],
)
def test_odd_options_change_nothing_about_the_player(options: dict[str, str]) -> None:
    assert player(**options) == player()
