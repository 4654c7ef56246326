"""What a provider's answer means."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from blog.embeds import http, provider
from blog.embeds.ask import Answer, Kind, ask, can_ask, picture
from blog.embeds.http import Fetcher, Response
from tests.fake_provider import SCENARIOS, FakeProvider
from tests.fake_provider.answers import find_post
from tests.fake_provider.recordings import LONG
from tests.fake_provider.scenarios import RETRY_AFTER

TOKYO = "1758192965703647443"
X_POST = f"https://x.com/i/status/{TOKYO}"
POSTS = {  # provider: (address, what the fake knows the post by)
    "x": (X_POST, TOKYO),
    "youtube": ("https://www.youtube.com/watch?v=RoostDemo01", "RoostDemo01"),
    "vimeo": ("https://vimeo.com/1000000101", "1000000101"),
    "bluesky": ("https://bsky.app/profile/midnight.example/post/3lbcdefghij22", "3lbcdefghij22"),
    "mastodon": ("https://mastodon.social/@midnight_reel/115000000000000001", "115000000000000001"),
    "spotify": ("https://open.spotify.com/track/RoostDemoTrack00000001", "RoostDemoTrack00000001"),
}
KNOWN_PUBLIC = "20"

MEANS = {
    "live": Kind.FOUND,
    "long": Kind.FOUND,
    "deleted": Kind.MISSING,
    "protected": Kind.PROTECTED,
    "forbidden_to_all": Kind.TROUBLE,
    "rate_limited": Kind.TROUBLE,
    "error": Kind.TROUBLE,
    "slow_drip": Kind.TROUBLE,
    "slow_headers": Kind.TROUBLE,
    "silent": Kind.SILENCE,
    "oversized": Kind.TROUBLE,
    "redirect": Kind.TROUBLE,
    "wrong_type": Kind.TROUBLE,
    "broken_json": Kind.TROUBLE,
    "not_an_object": Kind.TROUBLE,
    "deep_json": Kind.TROUBLE,
    "compressed": Kind.TROUBLE,
}


def about(name: str, fetcher: Fetcher) -> Answer:
    return ask(name, POSTS[name][0], fetcher)


@pytest.fixture
def hasty(fake: FakeProvider) -> Fetcher:
    """Where somebody keeps us waiting on purpose."""
    return Fetcher(gateway=fake.address, total_seconds=0.3)


# --- What each answer means -----------------------------------------------------------------------------------------


def test_every_scenario_has_a_meaning() -> None:
    assert set(MEANS) == set(SCENARIOS)


@pytest.mark.parametrize("scenario", [*MEANS])
def test_an_answer_means_one_thing(fake: FakeProvider, hasty: Fetcher, fetcher: Fetcher, scenario: str) -> None:
    slow = scenario in ("slow_drip", "slow_headers", "silent")
    fake.set(TOKYO, scenario)
    answer = ask("x", X_POST, hasty if slow else fetcher)
    assert answer.kind is MEANS[scenario]
    assert (answer.snapshot is not None) is (answer.kind is Kind.FOUND)
    assert bool(answer.reason) is (answer.kind is not Kind.FOUND)
    assert answer.retry_after == (RETRY_AFTER if scenario == "rate_limited" else None)


def test_nobody_there_is_silence() -> None:
    with FakeProvider() as closed:
        address = closed.address
    answer = ask("x", X_POST, Fetcher(gateway=address))
    assert answer.kind is Kind.SILENCE
    assert "publish.x.com" in answer.reason


def test_a_host_that_may_not_be_asked_is_trouble() -> None:
    answer = ask("x", X_POST, Fetcher(resolve=lambda host: ["10.0.0.1"]))
    assert answer.kind is Kind.TROUBLE
    assert "10.0.0.1" in answer.reason


def test_a_redirect_is_not_followed(fake: FakeProvider, fetcher: Fetcher) -> None:
    fake.set(TOKYO, "redirect")
    about("x", fetcher)
    assert [host for host, _ in fake.requests] == ["publish.x.com"]


@pytest.mark.parametrize("status", [400, 402, 405, 408, 418, 425, 451, 500, 502, 503, 504, 599, 204, 206])
def test_a_status_that_says_nothing_about_the_post_is_trouble(status: int) -> None:
    assert about("x", Saying(b"{}", status)).kind is Kind.TROUBLE


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("name", [*POSTS])
def test_a_post_that_isnt_there_is_missing(name: str, status: int) -> None:
    assert about(name, Saying(b"", status)).kind is Kind.MISSING


# --- What is found --------------------------------------------------------------------------------------------------


def test_a_post_on_x_is_found(fetcher: Fetcher) -> None:
    snapshot = about("x", fetcher).snapshot
    assert snapshot is not None
    assert (snapshot.author_name, snapshot.author_handle, snapshot.text_lang) == ("OpenAI", "OpenAI", "en")
    assert snapshot.text.startswith("One woman, one wet street")
    assert "pic.twitter.com" not in snapshot.text
    assert snapshot.posted_at is not None
    assert snapshot.posted_at.isoformat() == "2024-02-15T18:14:03+00:00"


def test_a_very_long_post_is_found_whole(fake: FakeProvider, fetcher: Fetcher) -> None:
    fake.all("long")
    for name in POSTS:
        snapshot = about(name, fetcher).snapshot
        assert snapshot is not None
        assert " ".join(snapshot.text.split()) == " ".join(LONG.split()), name


@pytest.mark.parametrize("name", [*POSTS])
def test_every_provider_finds_its_posts(fake: FakeProvider, fetcher: Fetcher, name: str) -> None:
    answer = about(name, fetcher)
    assert answer.kind is Kind.FOUND
    assert answer.snapshot is not None
    assert answer.snapshot.text
    assert "<" not in answer.snapshot.text
    assert [host for host, _ in fake.requests] == [urlsplit(provider(name).question(POSTS[name][0])).netloc]


def test_a_short_stands_upright(fetcher: Fetcher) -> None:
    snapshot = ask("youtube", "https://www.youtube.com/watch?v=RoostShort1", fetcher).snapshot
    assert snapshot is not None
    assert snapshot.aspect == "9:16"


def test_a_post_that_nobody_recorded_is_found(fetcher: Fetcher) -> None:
    first, again, other = (
        ask("x", f"https://x.com/i/status/{number}", fetcher).snapshot for number in (10**18, 10**18, 10**18 + 2)
    )
    assert first == again != other


def test_those_who_can_be_asked_are_those_that_the_fake_plays() -> None:
    assert {name for name in ("twitch", "bilibili", "video", "audio", *POSTS) if can_ask(name)} == set(POSTS)


# --- Forbidden: this post, or everybody -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*POSTS])
def test_a_forbidden_post_is_protected_if_a_public_one_is_shown(
    fake: FakeProvider, fetcher: Fetcher, name: str
) -> None:
    fake.set(POSTS[name][1], "protected")
    asked_twice = bool(provider(name).known_public)
    assert about(name, fetcher).kind is (Kind.PROTECTED if asked_twice else Kind.TROUBLE)
    assert len(fake.requests) == 1 + asked_twice


@pytest.mark.parametrize("name", [*POSTS])
def test_a_forbidden_post_is_not_protected_if_nobody_is_shown_anything(
    fake: FakeProvider, fetcher: Fetcher, name: str
) -> None:
    fake.set(POSTS[name][1], "forbidden_to_all")
    assert about(name, fetcher).kind is Kind.TROUBLE


@pytest.mark.parametrize("scenario", [scenario for scenario in SCENARIOS if scenario not in ("live", "long")])
def test_a_forbidden_post_is_not_protected_if_the_public_one_cant_be_had(
    fake: FakeProvider, hasty: Fetcher, scenario: str
) -> None:
    fake.set(TOKYO, "protected")
    fake.set(KNOWN_PUBLIC, scenario)
    answer = about("x", hasty)
    assert answer.kind is Kind.TROUBLE
    assert "public" in answer.reason


def test_a_public_post_that_is_rate_limited_says_when_to_ask_again(fake: FakeProvider, fetcher: Fetcher) -> None:
    fake.set(TOKYO, "protected")
    fake.set(KNOWN_PUBLIC, "rate_limited")
    assert about("x", fetcher).retry_after == RETRY_AFTER


@pytest.mark.parametrize("url", ["https://x.com/jack/status/20", "https://x.com/i/status/20"])
def test_the_known_public_post_can_only_be_forbidden_to_everybody(
    fake: FakeProvider, fetcher: Fetcher, url: str
) -> None:
    fake.set(KNOWN_PUBLIC, "protected")
    assert ask("x", url, fetcher).kind is Kind.TROUBLE


@pytest.mark.parametrize("status", [401, 403])
def test_a_public_post_is_asked_about_only_if_another_is_forbidden(status: int) -> None:
    saying = Saying(b"", status)
    assert about("x", saying).kind is Kind.TROUBLE
    assert saying.asked == [provider("x").question(X_POST), provider("x").question(provider("x").known_public)]


# --- Answers that can't be read -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saying(Fetcher):
    """Answers the same to every question, without a network."""

    body: bytes = b""
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def __init__(self, body: bytes, status: int = 200) -> None:
        super().__init__()
        for name, value in {"body": body, "status": status, "asked": []}.items():
            object.__setattr__(self, name, value)

    def get(self, url: str, **_: Any) -> Response:
        self.asked.append(url)
        return Response(self.status, self.body if self.status == 200 else b"")


@pytest.mark.parametrize("name", [*POSTS])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"true",
        b"42",
        b'"html"',
        b"[]",
        b'[{"html":""}]',
        b"{}",
        b"{'html': 1}",
        b'{"html":',
        b'{"html":"x"} trailing',
        b"\xff\xfe\x00",
        b"\xed\xa0\xbd",
        b"<html></html>",
        b'{"html":NaN}',
        b'{"html":' + b"9" * 5000 + b"}",
        b'{"html":' * 50_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_an_answer_without_a_post_in_it_is_trouble(name: str, body: bytes) -> None:
    answer = about(name, Saying(body))
    assert answer.kind is Kind.TROUBLE
    assert provider(name).label in answer.reason


HOSTILE: list[Any] = [
    None,
    True,
    -1,
    0,
    10**30,
    1e308,
    float("nan"),
    "",
    " ",
    "\x00",
    "\ud83d",
    "x" * 100_000,
    "https://[",
    "https://user@evil.example:99999/\\",
    "javascript:alert(1)",
    "9999-99-99",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "<![x[ ",
    "<!DOCTYPE [ <",
    "<blockquote><p>" * 2000,
    "</p>" * 2000 + "<a href='&#x110000;'>&#0;</a>",
    '<blockquote data-bluesky-uri="at://x">',
    [],
    [[]],
    [None],
    {},
    {"meta": {"original": "large"}},
    [{"meta": {"original": {"width": "9" * 30, "height": -1}}, "preview_url": 5, "description": ["x"]}],
]


@pytest.mark.parametrize("name", [*POSTS])
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:30])
def test_an_answer_with_anything_anywhere_is_read_or_trouble(name: str, value: object) -> None:
    target = provider(name).question(POSTS[name][0])
    parts = urlsplit(target)
    post = find_post(parts.netloc, f"{parts.path}?{parts.query}")
    assert post is not None
    good = post.answer()
    for key in good:
        answer = about(name, Saying(json.dumps({**good, key: value}).encode()))
        assert answer.kind in (Kind.FOUND, Kind.TROUBLE), key
        if answer.snapshot:
            assert answer.snapshot.still == "" or answer.snapshot.still.startswith("https://"), key


# --- Stills ---------------------------------------------------------------------------------------------------------

VIDEO = POSTS["youtube"][0]
STILL = "https://i.ytimg.com/vi/RoostDemo01/hqdefault.jpg"


@pytest.mark.parametrize("name", ["youtube", "vimeo", "spotify", "mastodon"])
def test_a_still_that_a_snapshot_names_is_had(fetcher: Fetcher, name: str) -> None:
    snapshot = about(name, fetcher).snapshot
    assert snapshot is not None
    data = picture(name, POSTS[name][0], snapshot.still, fetcher)
    assert data is not None
    with Image.open(BytesIO(data)) as opened:
        assert opened.format == "JPEG"


@pytest.mark.parametrize("scenario", ["deleted", "protected", "rate_limited", "error", "slow_drip", "silent"])
def test_a_still_that_the_host_doesnt_give_is_none(fake: FakeProvider, hasty: Fetcher, scenario: str) -> None:
    fake.set("i.ytimg.com", scenario)
    assert picture("youtube", VIDEO, STILL, hasty) is None


@pytest.mark.parametrize("scenario", ["oversized", "redirect", "wrong_type", "compressed"])
def test_a_still_that_isnt_a_picture_of_bounded_size_is_none(
    fake: FakeProvider, fetcher: Fetcher, scenario: str
) -> None:
    fake.set("i.ytimg.com", scenario)
    assert picture("youtube", VIDEO, STILL, fetcher) is None
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/vi/RoostDemo01/hqdefault.jpg",
        STILL.replace("https", "http"),
        STILL.replace("i.ytimg.com", "i.ytimg.com.evil.example"),
        STILL.replace("i.ytimg.com", "user@i.ytimg.com"),
        STILL.replace("i.ytimg.com", "i.ytimg.com:443"),
        STILL.replace("i.ytimg.com", "i.vimeocdn.com"),
        "https://169.254.169.254/vi/RoostDemo01/hqdefault.jpg",
        "https://localhost/vi/RoostDemo01/hqdefault.jpg",
        "file:///vi/RoostDemo01/hqdefault.jpg",
        "data:image/jpeg;base64,/9j/",
        STILL + "#x",
        STILL + " ",
    ],
)
def test_a_still_on_a_host_that_isnt_the_providers_is_not_asked_for(
    fake: FakeProvider, fetcher: Fetcher, address: str
) -> None:
    assert picture("youtube", VIDEO, address, fetcher) is None
    assert fake.requests == []


def test_a_still_of_an_instance_comes_from_that_instance(fake: FakeProvider, fetcher: Fetcher) -> None:
    path = "/media_attachments/files/1/small/still.jpg"
    assert picture("mastodon", POSTS["mastodon"][0], f"https://files.mastodon.social{path}", fetcher)
    assert picture("mastodon", POSTS["mastodon"][0], f"https://files.another.example{path}", fetcher) is None


def test_a_still_may_be_as_large_as_the_limit_for_pictures(fake: FakeProvider, fetcher: Fetcher) -> None:
    fake.set("i.ytimg.com", "oversized")
    larger = http.PICTURE_BYTES * 2
    response = fetcher.get(STILL, hosts=["i.ytimg.com"], types=http.PICTURE_TYPES, limit=larger)
    assert http.PICTURE_BYTES < len(response.body) < larger
