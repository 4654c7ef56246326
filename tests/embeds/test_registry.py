"""What holds for every provider, and which of them an address or include goes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, timedelta
from typing import Any

import pytest

from blog.embeds import Identity, Snapshot, identify, provider, resolve_include
from blog.embeds.base import Provider, UnreadableError
from blog.embeds.registry import PROVIDERS
from blog.embeds.shape import SHAPES

DID = "did:plc:tjf4apt65s75xiojhiqzvcan"
KEY = "3kqmooj3ems2w"
STILL = "https://files.example/still.jpg"
INSTANCES = frozenset(["mastodon.example"])

ADDRESSES = {
    "x": "https://x.com/i/status/1758192965703647443",
    "youtube": "https://www.youtube.com/watch?v=jNQXAC9IVRw",
    "vimeo": "https://vimeo.com/76979871/8272103f6e",
    "bluesky": f"https://bsky.app/profile/{DID}/post/{KEY}",
    "mastodon": "https://mastodon.example/@ada/115012345678901234",
    "spotify": "https://open.spotify.com/album/3OuMIIFP5TxM8tLXMWYPGV",
    "twitch": "https://clips.twitch.tv/AwkwardHelplessSalamander",
    "bilibili": "https://www.bilibili.com/video/BV1Q44y1B7Wf",
    "audio": "https://files.example/rain.mp3",
    "video": "https://files.example/cat.mp4",
}
_SIZED = {"width": 200, "height": 113, "thumbnail_url": STILL, "author_name": "Ada"}
ANSWERS: dict[str, dict[str, Any]] = {
    "x": {
        "author_name": "Ada",
        "author_url": "https://x.com/ada",
        "html": '<blockquote class="a"><p lang="ko">말</p><a href="https://x.com/ada/status/20">March 21, 2006</a>',
    },
    "youtube": {**_SIZED, "title": "영화", "author_url": "https://www.youtube.com/@ada"},
    "vimeo": {
        **_SIZED,
        "title": "영화",
        "author_url": "https://vimeo.com/ada",
        "duration": 62,
        "upload_date": "2013-10-15 14:08:29",
    },
    "bluesky": {
        "author_name": "Ada (@ada.example.com)",
        "author_url": "https://bsky.app/profile/ada.example.com",
        "html": f'<blockquote data-bluesky-uri="at://{DID}/app.bsky.feed.post/{KEY}"><p lang="ko">말</p></blockquote>',
    },
    "mastodon": {
        "created_at": "2025-08-12T09:15:30.123Z",
        "content": "<p>말</p>",
        "language": "ko",
        "spoiler_text": "",
        "sensitive": False,
        "account": {"display_name": "Ada", "username": "ada"},
        "media_attachments": [
            {"preview_url": STILL, "description": "말", "meta": {"original": {"width": 1080, "height": 1920}}}
        ],
    },
    "spotify": {**_SIZED, "title": "노래"},
}
HOSTILE: list[Any] = [
    *(None, True, False, 0, -1, 1.5, float("nan"), float("inf"), 10**400),
    *([], [[]], [None], {}, {"html": {}}, [{}], [{"meta": [], "preview_url": {}}], {"original": "x", "width": []}),
    *("", " ", "\x00", "\u202e", "0", "9" * 5000, "x" * 100_000, "١٢", "-1", "2024-02-30"),
    *("<", "</p></p>", "<a><p><a>", "&#x110000;", "<!--", "<script>alert(1)</script>", '"><img src=x onerror=x()>'),
    *("javascript:alert(1)", "data:text/html,x", "//evil.example", "http://evil.example/a.jpg", "https://["),
    *("https://evil.example/a b", "https://é\\", 'https://evil.example/"onload=x()', "https://evil.example/<b>"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31 23:59:59"),
    *('<blockquote class="a">', '<blockquote class="a"><p lang="<b>">x</p><a href="https://[">January 1, 0001</a>'),
]


def _fields(answer: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of an answer."""
    items = answer.items() if isinstance(answer, dict) else enumerate(answer) if isinstance(answer, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _fields(value, (*path, key))


def _changed(answer: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = deepcopy(answer)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def _without(answer: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    changed = deepcopy(answer)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return changed


def is_safe(site: Provider, snapshot: Snapshot) -> bool:
    """Whether every part of a snapshot may go where it will go: attributes, links, the database."""
    author = site.author_url(snapshot.author_handle) if snapshot.author_handle else ""
    addresses = [address for address in (snapshot.still, author) if address]
    return (
        all(re.fullmatch(r"https://[^\s<>\"'\\]+", address) for address in addresses)
        and len(snapshot.author_handle) <= 200
        and (snapshot.aspect == "" or snapshot.aspect in SHAPES)
        and (snapshot.text_lang == "" or bool(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", snapshot.text_lang)))
        and (snapshot.duration is None or timedelta(0) < snapshot.duration < timedelta(days=20_000))
        and (
            snapshot.posted_at is None or (snapshot.posted_at.tzinfo is UTC and 2000 <= snapshot.posted_at.year < 2100)
        )
        and all(re.fullmatch(r"did:[a-z]+:[A-Za-z0-9.-]+", detail) for detail in snapshot.details.values())
    )


CHANGES = [(name, path) for name, answer in ANSWERS.items() for path in _fields(answer)]


@pytest.mark.parametrize(("name", "path"), CHANGES)
def test_no_field_of_an_answer_does_harm(name: str, path: tuple[Any, ...]) -> None:
    site = provider(name)
    for value in HOSTILE:
        try:
            snapshot = site.read(_changed(ANSWERS[name], path, value))
        except UnreadableError:
            continue
        assert is_safe(site, snapshot), value


@pytest.mark.parametrize(("name", "path"), CHANGES)
def test_any_field_of_an_answer_may_be_missing(name: str, path: tuple[Any, ...]) -> None:
    site = provider(name)
    try:
        snapshot = site.read(_without(ANSWERS[name], path))
    except UnreadableError:
        assert path[-1] in ("html", "title", "account", "created_at")
    else:
        assert is_safe(site, snapshot)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_as_it_should_be_is_read(name: str) -> None:
    snapshot = provider(name).read(ANSWERS[name])
    assert snapshot.text
    assert is_safe(provider(name), snapshot)


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("answer", [{}, {"error": "Not found"}, {"html": "<p>Not found</p>"}, {1: 2}])
def test_an_answer_about_something_else_is_unreadable(name: str, answer: dict[Any, Any]) -> None:
    with pytest.raises(UnreadableError):
        provider(name).read(answer)


def test_every_provider_has_an_address_here() -> None:
    assert {site.name for site in PROVIDERS} == set(ADDRESSES)


def test_every_provider_that_can_be_asked_has_an_answer_here() -> None:
    assert {site.name for site in PROVIDERS if site.question(ADDRESSES[site.name])} == set(ANSWERS)


@pytest.mark.parametrize(("name", "url"), ADDRESSES.items())
def test_an_address_goes_to_its_provider(name: str, url: str) -> None:
    found = identify(url, INSTANCES)
    assert found is not None
    identity, rest = found
    assert (identity.provider, identity.url, rest) == (name, url, "")


@pytest.mark.parametrize("url", ADDRESSES.values())
def test_a_canonical_address_gives_the_same_identity_again(url: str) -> None:
    found = identify(url, INSTANCES)
    assert found is not None
    again = identify(found[0].url, INSTANCES)
    assert again is not None
    assert (again[0].id, again[0].url) == (found[0].id, found[0].url)


@pytest.mark.parametrize(
    "longest",
    [
        f"https://bsky.app/profile/{'a.' * 98}com/post/{KEY}",
        f"https://bsky.app/profile/did:web:{'a' * 192}/post/{KEY}",
        f"https://mastodon.example/@{'a' * 60}/{'1' * 20}",
        f"https://{'a.' * 90}example/@ada/{'1' * 20}",
        f"https://clips.twitch.tv/{'A' * 100}",
        f"https://files.example/{'a' * 474}.mp4",
        f"https://x.com/{'a' * 20}/status/{2**63 - 1}?{'a' * 5000}",
        f"https://www.youtube.com/watch?v=jNQXAC9IVRw&list={'a' * 5000}",
    ],
)
def test_the_longest_addresses_fit_into_the_database(longest: str) -> None:
    found = identify(longest, {*INSTANCES, f"{'a.' * 90}example"})
    assert found is not None
    identity = found[0]
    assert max(len(identity.id), len(identity.url)) <= 500
    assert len(identity.author_handle) <= 200


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "x.com",
        "https://",
        "https://[",
        "https://[::1]/",
        "https://a.example/",
        "https://a.example/cat.jpg",
        "https://www.tiktok.com/@ada/video/7301234567890123456",
        "https://한글.example/영상",
        "mailto:ada@x.com",
        "javascript:alert(1)",
        "data:video/mp4;base64,AAAA",
        "https://" + "a." * 5000 + "example/@ada/12345x",
        "https://bsky.app/profile/" + "a." * 5000 + "/post/" + KEY,
        "https://files.example/" + "." * 50_000,
        "\x00",
        "https://x.com\n/i/status/20",
    ],
)
def test_an_address_that_nobody_knows_is_nobody_s(url: str) -> None:
    assert identify(url, INSTANCES) is None


@pytest.mark.parametrize("host", ["mastodon.example", "MASTODON.example"])
def test_a_mastodon_is_known_if_the_site_allows_it(host: str) -> None:
    url = f"https://{host}/@ada/115012345678901234"
    assert identify(url) is None
    assert identify(url, ["other.example"]) is None
    found = identify(url, INSTANCES)
    assert found is not None
    assert found[0].provider == "mastodon"


def test_an_allowed_instance_takes_nobody_else_s_addresses() -> None:
    for name in ("x", "youtube", "bluesky"):
        found = identify(ADDRESSES[name], ["x.com", "www.youtube.com", "bsky.app"])
        assert found is not None
        assert found[0].provider == name


@pytest.mark.parametrize(("include", "name"), [("twitter", "x"), *((name, name) for name in ADDRESSES)])
def test_an_include_goes_to_its_provider(include: str, name: str) -> None:
    identity = resolve_include(include, ADDRESSES[name], {}, INSTANCES)
    assert identity is not None
    assert (identity.provider, identity.url) == (name, ADDRESSES[name])


@pytest.mark.parametrize("include", ["", "myspace", "YouTube", "youtube.html", "../youtube", "유튜브"])
def test_an_unknown_include_names_nothing(include: str) -> None:
    assert resolve_include(include, "jNQXAC9IVRw") is None


@pytest.mark.parametrize("include", ["x", "youtube", "vimeo", "bluesky", "spotify", "twitch", "bilibili", "video"])
def test_an_include_doesn_t_take_another_site_s_address(include: str) -> None:
    for name, url in ADDRESSES.items():
        if name != include:
            assert resolve_include(include, url, {}, INSTANCES) is None, url


@pytest.mark.parametrize("no", ["0", "false", "False", ""])
def test_an_include_keeps_the_arguments_it_knows_and_that_say_something(no: str) -> None:
    arguments = {"compact": "1", "dark": no, "id": "x", "caption": "y", "src": "z", "onload": "alert(1)"}
    assert resolve_include("spotify", "3OuMIIFP5TxM8tLXMWYPGV", arguments) == Identity(
        "spotify",
        "track/3OuMIIFP5TxM8tLXMWYPGV",
        "https://open.spotify.com/track/3OuMIIFP5TxM8tLXMWYPGV",
        options={"compact": "1"},
    )


def test_an_argument_wins_over_the_address() -> None:
    identity = resolve_include("youtube", "https://youtu.be/jNQXAC9IVRw?t=5", {"start": "90"})
    assert identity is not None
    assert identity.options == {"start": "90"}


def test_an_include_without_arguments_keeps_what_the_address_says() -> None:
    identity = resolve_include("youtube", "https://www.youtube.com/shorts/jNQXAC9IVRw?t=5")
    assert identity is not None
    assert identity.options == {"start": "5", "aspect": "9:16"}


@pytest.mark.parametrize("url", ADDRESSES.values())
def test_a_player_loads_from_one_host_over_https(url: str) -> None:
    found = identify(url, INSTANCES)
    assert found is not None
    identity = found[0]
    player = provider(identity.provider).player(identity.id, {}, {})
    assert player is not None
    assert re.fullmatch(r"https://[a-z0-9.-]+", player.origin)
    assert player.origin == f"https://{player.host}"
    assert player.src.startswith(f"{player.origin}/")
    assert set(re.findall(r"\{(\w*)\}", player.src)) <= {"theme", "lang", "host", "id"}
    assert player.referrer_policy in ("no-referrer", "strict-origin-when-cross-origin")


@pytest.mark.parametrize("url", ADDRESSES.values())
@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "javascript:alert(1)", "1&x=y", "{host}", "\x00"])
def test_no_option_reaches_a_player_unseen(url: str, value: str) -> None:
    found = identify(url, INSTANCES)
    assert found is not None
    site = provider(found[0].provider)
    names = "start part compact dark autoplay loop muted poster types aspect theme"
    options = dict.fromkeys(names.split(), value)
    plain, odd = site.player(found[0].id, {}, {}), site.player(found[0].id, options, {})
    assert plain is not None
    assert odd is not None
    assert odd.src.removesuffix("?theme=0") == plain.src
    assert (odd.referrer_policy, odd.allow, odd.kind) == (plain.referrer_policy, plain.allow, plain.kind)


def test_an_include_s_name_is_no_provider_s() -> None:
    with pytest.raises(KeyError):
        provider("twitter")
