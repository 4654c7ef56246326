"""Films and sounds that are files: which addresses are one, what stands beside them, and when a click is needed."""

from __future__ import annotations

import pytest

from blog.embeds import Identity, Player, identify, provider, resolve_include
from blog.embeds.base import UnreadableError
from blog.embeds.media import MediaFile

FILM = "https://files.example/clips/cat.mp4"


def media(name: str) -> MediaFile:
    found = provider(name)
    assert isinstance(found, MediaFile)
    return found


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (FILM, "video"),
        ("https://files.example/cat.M4V", "video"),
        ("https://files.example/cat.webm?token=a%20b&x=1", "video"),
        ("https://files.example/cat.mov#t=10,20", "video"),
        ("https://files.example/%EA%B3%A0%EC%96%91%EC%9D%B4.ogv", "video"),
        ("https://xn--9n2bp8q.example:8443/a/cat.mp4", "video"),
        ("https://files.example/cat%2Emp4", "video"),
        ("https://files.example/rain.mp3", "audio"),
        ("https://files.example/rain.ogg", "audio"),
        ("https://files.example/rain.tar.flac", "audio"),
        ("https://FILES.example/a(1),b;c/rain.opus", "audio"),
    ],
)
def test_a_file_is_known_by_its_ending(url: str, name: str) -> None:
    assert identify(url) == (Identity(name, url, url), "")


@pytest.mark.parametrize("glued", ["입니다", "を見る。"])
def test_a_particle_is_not_part_of_the_address(glued: str) -> None:
    assert identify(FILM + glued) == (Identity("video", FILM, FILM), glued)


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example/",
        "https://files.example/mp4",
        "https://files.example/cat.avi",
        "https://files.example/cat.mp4.html",
        "https://files.example/cat.mp4/",
        "https://files.example/watch?file=cat.mp4",
        "https://files.example/page#cat.mp4",
        "https://files.example.mp4",
        "https://files.example/cat.mp4.",
        "https://files.example/cat.mp4)",
        "https://files.example/고양이.mp4",
        f"https://files.example/{'a' * 500}.mp4",
        "http://files.example/cat.mp4",
        "ftp://files.example/cat.mp4",
        "//files.example/cat.mp4",
        "data:video/mp4;base64,AAAA.mp4",
        "javascript://files.example/cat.mp4",
        "https://user:secret@files.example/cat.mp4",
        "https://files.example@evil.example/cat.mp4",
        "https://localhost/cat.mp4",
        "https://127.0.0.1/cat.mp4",
        "https://[::1]/cat.mp4",
        "https://[/cat.mp4",
        "https://*/cat.mp4",
        "https://*.example/cat.mp4",
        "https://files.example;script-src/cat.mp4",
        "https://files.example,script-src/cat.mp4",
        "https://{host}/cat.mp4",
        "https://files.example/{host}.mp4",
        "https://files.example:port/cat.mp4",
        'https://files.example/"onload=alert(1)/cat.mp4',
        "https://files.example/<b>/cat.mp4",
        "https://files.example\\@evil.example/cat.mp4",
        "https://fıles.example/cat.mp4",
    ],
)
def test_another_address_is_no_file_that_can_be_played(url: str) -> None:
    assert identify(url) is None


@pytest.mark.parametrize(
    ("include", "value"),
    [
        ("video", "/media/clips/cat.mp4"),
        ("video", "/media/고양이 1.webm"),
        ("video", "/media/waves.ogg"),
        ("video", FILM),
        ("audio", "/media/rain.mp3"),
        ("audio", "/media/rain.OGG"),
        ("audio", "https://files.example/rain.wav"),
    ],
)
def test_an_include_takes_a_path_on_this_site_or_an_address(include: str, value: str) -> None:
    assert resolve_include(include, value) == Identity(include, value, value)


@pytest.mark.parametrize(
    ("include", "value"),
    [
        ("video", ""),
        ("video", "/"),
        ("video", "/media/cat"),
        ("video", "/media/cat.png"),
        ("video", "/media/rain.mp3"),
        ("audio", "/media/cat.mp4"),
        ("video", "cat.mp4"),
        ("video", "//evil.example/cat.mp4"),
        ("video", "/\\evil.example/cat.mp4"),
        ("video", "\\\\evil.example/cat.mp4"),
        ("video", "/\t/evil.example/cat.mp4"),
        ("video", "/\n/evil.example/cat.mp4"),
        ("video", " /media/cat.mp4"),
        ("video", '/media/"><script>.mp4'),
        ("video", "/media/{host}.mp4"),
        ("video", "/" + "a" * 500 + ".mp4"),
        ("video", "javascript:alert(1)//.mp4"),
        ("video", "http://files.example/cat.mp4"),
        ("video", f"{FILM}입니다"),
    ],
)
def test_an_include_that_names_no_such_file_is_nothing(include: str, value: str) -> None:
    assert resolve_include(include, value) is None


def test_the_arguments_of_an_include_are_kept() -> None:
    arguments = {"poster": "/media/cat.jpg", "loop": "true", "muted": "false", "types": "ogg|mov", "onerror": "x()"}
    identity = resolve_include("video", "/media/cat.mp4", arguments)
    assert identity is not None
    assert identity.options == {"poster": "/media/cat.jpg", "loop": "true", "types": "ogg|mov"}


@pytest.mark.parametrize(
    ("name", "address", "types", "sources"),
    [
        ("video", FILM, "", [(FILM, "video/mp4")]),
        (
            "video",
            "/media/cat.mp4",
            "ogg|mov",
            [("/media/cat.mp4", "video/mp4"), ("/media/cat.ogg", "video/ogg"), ("/media/cat.mov", "video/quicktime")],
        ),
        (
            "audio",
            "/media/v1.2/rain.mp3",
            " WAV | ogg|mp3|ogg",
            [
                ("/media/v1.2/rain.mp3", "audio/mpeg"),
                ("/media/v1.2/rain.wav", "audio/wav"),
                ("/media/v1.2/rain.ogg", "audio/ogg"),
            ],
        ),
        (
            "video",
            f"{FILM}?token=1.mp4",
            "webm",
            [(f"{FILM}?token=1.mp4", "video/mp4"), (f"{FILM[:-3]}webm?token=1.mp4", "video/webm")],
        ),
        ("audio", "/media/rain.mp3", "mp4|exe||/../evil.wav|//evil.example/x.ogg", [("/media/rain.mp3", "audio/mpeg")]),
    ],
)
def test_other_formats_of_a_file_lie_beside_it(
    name: str, address: str, types: str, sources: list[tuple[str, str]]
) -> None:
    assert media(name).sources(address, {"types": types}) == sources


@pytest.mark.parametrize(("name", "kind"), [("video", "video"), ("audio", "audio")])
def test_a_file_elsewhere_is_played_after_a_click(name: str, kind: str) -> None:
    address = f"https://files.example:8443/a.{'mp4' if name == 'video' else 'mp3'}"
    player = media(name).player(address, {"autoplay": "true"}, {})
    assert player is not None
    assert (player.src, player.kind, player.autoplay) == (address, kind, "")
    assert (player.origin, player.host) == ("https://files.example:8443", "files.example:8443")
    assert player.referrer_policy == Player(address).referrer_policy == "no-referrer"


@pytest.mark.parametrize("name", ["video", "audio"])
def test_a_file_of_this_site_needs_no_player(name: str) -> None:
    assert media(name).player("/media/cat.mp4", {}, {}) is None


@pytest.mark.parametrize("name", ["video", "audio"])
def test_nobody_is_asked_about_a_file(name: str) -> None:
    assert (media(name).question(FILM), media(name).hosts_of(FILM), media(name).author_url("x")) == ("", (), "")
    with pytest.raises(UnreadableError):
        media(name).read({"title": "cat"})
