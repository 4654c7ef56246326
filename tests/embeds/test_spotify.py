"""Songs and more on Spotify: which addresses are one, what is kept of an answer, and the player."""

from __future__ import annotations

from typing import Any

import pytest

from blog.embeds import Identity, Player, Snapshot, identify, provider, resolve_include
from blog.embeds.base import UnreadableError

ID = "3OuMIIFP5TxM8tLXMWYPGV"
KINDS = ["track", "album", "playlist", "artist", "episode", "show"]
STILL = "https://image-cdn-ak.spotifycdn.com/image/ab67616d00001e02a1b2c3"


def song(kind: str = "track") -> Identity:
    return Identity("spotify", f"{kind}/{ID}", f"https://open.spotify.com/{kind}/{ID}")


def read(**changes: Any) -> Snapshot:
    answer = {
        "html": f'<iframe width="100%" height="352" src="https://open.spotify.com/embed/track/{ID}"></iframe>',
        "iframe_url": f"https://open.spotify.com/embed/track/{ID}?utm_source=oembed",
        "width": 456,
        "height": None,
        "version": "1.0",
        "provider_name": "Spotify",
        "provider_url": "https://spotify.com",
        "type": "rich",
        "title": "영사기 소리 (C 장조) 🎞",
        "thumbnail_url": STILL,
        "thumbnail_width": 300,
        "thumbnail_height": 300,
    }
    return provider("spotify").read({**answer, **changes})


def player(**options: str) -> Player:
    found = provider("spotify").player(f"track/{ID}", options, {})
    assert found is not None
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "url",
    [
        f"https://open.spotify.com/KIND/{ID}",
        f"http://open.spotify.com/KIND/{ID}/",
        f"https://Open.Spotify.com/KIND/{ID}",
        f"https://open.spotify.com/KIND/{ID}?si=0a1b2c&nd=1#x",
        f"https://open.spotify.com/intl-ko/KIND/{ID}?si=0a1b2c",
        f"https://open.spotify.com/embed/KIND/{ID}?utm_source=generator&theme=0",
    ],
)
def test_every_spelling_of_an_address_is_the_same(kind: str, url: str) -> None:
    assert identify(url.replace("KIND", kind)) == (song(kind), "")


@pytest.mark.parametrize("glued", ["입니다", "を聴く。", "?si=0a1b을"])
def test_a_particle_is_not_part_of_the_address(glued: str) -> None:
    assert identify(f"https://open.spotify.com/track/{ID}{glued}") == (song(), glued.removeprefix("?si=0a1b"))


@pytest.mark.parametrize(
    "url",
    [
        "https://open.spotify.com/",
        "https://open.spotify.com/track/",
        f"https://open.spotify.com/track/{ID}x",
        f"https://open.spotify.com/track/{ID[:-1]}",
        f"https://open.spotify.com/track/{ID[:-1]}_",
        f"https://open.spotify.com/track/{ID[:-1]}é",
        f"https://open.spotify.com/TRACK/{ID}",
        f"https://open.spotify.com/user/{ID}",
        f"https://open.spotify.com/user/me/playlist/{ID}",
        f"https://open.spotify.com/artist/{ID}/discography",
        f"https://open.spotify.com/embed/episode/{ID}/video",
        f"https://open.spotify.com/intl-korean/track/{ID}",
        f"https://open.spotify.com/track/{ID}.",
        f"https://open.spotify.com/track/{ID}@evil.example",
        f"https://open.spotify.com@evil.example/track/{ID}",
        f"https://open.spotify.com.evil.example/track/{ID}",
        f"https://open.spotify.com:443/track/{ID}",
        f"https://open.ѕpotify.com/track/{ID}",
        f"https://open.ſpotify.com/track/{ID}",
        f"https://play.spotify.com/track/{ID}",
        f"https://spotify.link/{ID}",
        f"https://evil.example/open.spotify.com/track/{ID}",
        f"spotify:track:{ID}",
    ],
)
def test_another_address_is_not_a_song(url: str) -> None:
    assert identify(url) is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (ID, "track"),
        (f"track/{ID}", "track"),
        (f"album/{ID}", "album"),
        (f"episode/{ID}", "episode"),
        (f"https://open.spotify.com/show/{ID}", "show"),
    ],
)
def test_an_include_takes_an_id_a_path_or_an_address(value: str, kind: str) -> None:
    assert resolve_include("spotify", value) == song(kind)


@pytest.mark.parametrize(
    "value", ["", ID[:-1], f"{ID}x", f"user/{ID}", f"/track/{ID}", '"><b>', "track/", f"track/{ID}/x"]
)
def test_an_include_that_names_no_song_is_nothing(value: str) -> None:
    assert resolve_include("spotify", value) is None


@pytest.mark.parametrize(
    ("arguments", "query", "height"),
    [
        ({}, "", 352),
        ({"compact": "1"}, "", 152),
        ({"compact": "true", "dark": "1"}, "?theme=0", 152),
        ({"dark": "1"}, "?theme=0", 352),
        ({"compact": "0", "dark": "false"}, "", 352),
        ({"compact": "False", "dark": ""}, "", 352),
        ({"height": "9000", "theme": "1"}, "", 352),
    ],
)
def test_the_arguments_of_an_include_choose_the_player(arguments: dict[str, str], query: str, height: int) -> None:
    identity = resolve_include("spotify", ID, arguments)
    assert identity is not None
    assert player(**identity.options) == Player(f"https://open.spotify.com/embed/track/{ID}{query}", height=height)


@pytest.mark.parametrize("value", ['"><script>', "&autoplay=1", "https://evil.example", "0" * 10_000])
def test_odd_arguments_never_reach_the_address(value: str) -> None:
    assert player(compact=value, dark=value).src == f"https://open.spotify.com/embed/track/{ID}?theme=0"


def test_a_question_names_the_song() -> None:
    assert provider("spotify").question(song().url) == (
        f"https://open.spotify.com/oembed?url=https%3A%2F%2Fopen.spotify.com%2Ftrack%2F{ID}"
    )


def test_an_answer_gives_a_title_and_a_square_still() -> None:
    assert read() == Snapshot(text="영사기 소리 (C 장조) 🎞", aspect="1:1", still=STILL)


def test_the_still_may_be_where_the_server_asks() -> None:
    assert STILL.split("/")[2] in provider("spotify").hosts_of(song().url)


@pytest.mark.parametrize(
    "still", ["http://i.scdn.co/a", "//i.scdn.co/a", "javascript:alert(1)", "https://a<b>", 5, [], None]
)
def test_a_still_without_a_safe_address_is_none(still: Any) -> None:
    assert read(thumbnail_url=still).still == ""


@pytest.mark.parametrize("title", [None, "", " ", 5, False, [], {}])
def test_an_answer_without_a_title_is_unreadable(title: Any) -> None:
    with pytest.raises(UnreadableError):
        read(title=title)
