"""Videos on Vimeo: which addresses are one, what is kept of an answer, and the player."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blog.embeds import Identity, Player, Snapshot, identify, provider, resolve_include
from blog.embeds.base import UnreadableError

ID = "76979871"
HASH = "8272103f6e"
CANONICAL = f"https://vimeo.com/{ID}"
ANSWER: dict[str, Any] = {
    "type": "video",
    "version": "1.0",
    "provider_name": "Vimeo",
    "provider_url": "https://vimeo.com/",
    "title": "The New Vimeo Player (You Know, For Videos)",
    "author_name": "Vimeo Staff",
    "author_url": "https://vimeo.com/staff",
    "is_plus": "0",
    "account_type": "enterprise",
    "html": f'<iframe src="https://player.vimeo.com/video/{ID}?dnt=1&app_id=122963"></iframe>',
    "width": 1280,
    "height": 720,
    "duration": 62,
    "description": "It may look <b>simple</b>.",
    "thumbnail_url": "https://i.vimeocdn.com/video/452001751-8216e0571c251a09_1280?region=us",
    "thumbnail_width": 1280,
    "thumbnail_height": 720,
    "upload_date": "2013-10-15 14:08:29",
    "video_id": int(ID),
    "uri": f"/videos/{ID}",
}


def read(**changes: Any) -> Snapshot:
    return provider("vimeo").read({**ANSWER, **changes})


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        f"http://vimeo.com/{ID}",
        f"https://www.vimeo.com/{ID}/",
        f"HTTPS://Vimeo.com/{ID}",
        f"https://vimeo.com/{ID}?share=copy",
        f"https://vimeo.com/{ID}?fl=pl&fe=sh#t=30s",
        f"https://vimeo.com/channels/staffpicks/{ID}",
        f"https://vimeo.com/groups/short-films/videos/{ID}",
        f"https://vimeo.com/album/2903155/video/{ID}",
        f"https://vimeo.com/showcase/2903155/video/{ID}",
        f"https://player.vimeo.com/video/{ID}",
        f"https://player.vimeo.com/video/{ID}?title=0&byline=0#t=10s",
    ],
)
def test_every_spelling_of_an_address_is_the_same_video(url: str) -> None:
    assert identify(url) == (Identity("vimeo", ID, CANONICAL), "")


@pytest.mark.parametrize(
    "url",
    [
        f"https://vimeo.com/{ID}/{HASH}",
        f"https://vimeo.com/{ID}/{HASH}/",
        f"https://vimeo.com/{ID}/{HASH}?share=copy&fl=sv&fe=ci",
        f"https://vimeo.com/{ID}?h={HASH}",
        f"https://player.vimeo.com/video/{ID}?h={HASH}",
        f"https://player.vimeo.com/video/{ID}?badge=0&h={HASH}&app_id=58479",
    ],
)
def test_the_hash_of_an_unlisted_video_belongs_to_it(url: str) -> None:
    assert identify(url) == (Identity("vimeo", f"{ID}/{HASH}", f"{CANONICAL}/{HASH}"), "")


@pytest.mark.parametrize("value", ["", "xyz", HASH.upper(), f"{HASH}0123456789", "../../x", "%3Cb%3E"])
def test_what_is_no_hash_is_left_out(value: str) -> None:
    assert identify(f"https://player.vimeo.com/video/{ID}?h={value}") == (Identity("vimeo", ID, CANONICAL), "")


@pytest.mark.parametrize(
    ("url", "video", "rest"),
    [
        (f"{CANONICAL}입니다", ID, "입니다"),
        (f"{CANONICAL}/{HASH}를", f"{ID}/{HASH}", "를"),
        (f"{CANONICAL}?share=copy에서", ID, "에서"),
        (f"https://player.vimeo.com/video/{ID}?h={HASH}です。", f"{ID}/{HASH}", "です。"),
    ],
)
def test_a_particle_is_not_part_of_the_address(url: str, video: str, rest: str) -> None:
    found = identify(url)
    assert found is not None
    assert (found[0].id, found[1]) == (video, rest)


@pytest.mark.parametrize(
    "url",
    [
        "https://vimeo.com/",
        "https://vimeo.com/staff",
        "https://vimeo.com/12",
        "https://vimeo.com/0076979871",
        "https://vimeo.com/1234567890123",
        f"https://vimeo.com/{ID}a",
        f"https://vimeo.com/{ID}/settings",
        f"https://vimeo.com/{ID}/{HASH.upper()}",
        f"https://vimeo.com/{ID}/{HASH}/more",
        "https://vimeo.com/ondemand/somefilm",
        f"https://vimeo.com/ondemand/somefilm/{ID}",
        f"https://vimeo.com/user123/review/{ID}/{HASH}",
        f"https://vimeo.com/reviews/0a1b/videos/{ID}",
        f"https://vimeo.com/event/{ID}",
        f"https://vimeo.com/channels/{ID}",
        f"https://vimeo.com/channels/한글/{ID}",
        f"https://vimeo.com/showcase/{ID}",
        f"https://player.vimeo.com/{ID}",
        f"https://player.vimeo.com/external/{ID}.hd",
        f"https://vimeo.com/{ID}.",
        f"https://vimeo.com/{ID}@evil.example",
        f"https://vimeo.com@evil.example/{ID}",
        f"https://vimeo.com.evil.example/{ID}",
        f"https://evilvimeo.com/{ID}",
        f"https://evil.example/vimeo.com/{ID}",
        f"https://vimeo.com:443/{ID}",
        f"https://vımeo.com/{ID}",
        "https://vimeo.com/٧٦٩٧٩٨٧١",
        f"//vimeo.com/{ID}",
    ],
)
def test_another_address_is_not_a_video(url: str) -> None:
    assert identify(url) is None


@pytest.mark.parametrize(
    ("value", "video"),
    [(ID, ID), (f"{ID}/{HASH}", f"{ID}/{HASH}"), (CANONICAL, ID), (f"{CANONICAL}?h={HASH}", f"{ID}/{HASH}")],
)
def test_an_include_takes_an_id_or_an_address(value: str, video: str) -> None:
    assert resolve_include("vimeo", value) == Identity("vimeo", video, f"https://vimeo.com/{video}")


@pytest.mark.parametrize(
    "value", ["", "1", "0" * 9, "9" * 13, "staff", f"{ID}/xyz", "-1", "７６９７９８７１", "../76979871"]
)
def test_an_include_that_names_no_video_is_nothing(value: str) -> None:
    assert resolve_include("vimeo", value) is None


def test_a_question_asks_for_a_large_still_and_not_to_be_tracked() -> None:
    assert provider("vimeo").question(f"{CANONICAL}/{HASH}") == (
        f"https://vimeo.com/api/oembed.json?url=https%3A%2F%2Fvimeo.com%2F{ID}%2F{HASH}&dnt=1&width=1280"
    )


def test_an_answer_gives_title_member_length_shape_and_still() -> None:
    assert read() == Snapshot(
        author_name="Vimeo Staff",
        author_handle="staff",
        text="The New Vimeo Player (You Know, For Videos)",
        posted_at=datetime(2013, 10, 15, 14, 8, 29, tzinfo=UTC),
        aspect="16:9",
        duration=timedelta(seconds=62),
        still="https://i.vimeocdn.com/video/452001751-8216e0571c251a09_1280?region=us",
    )


def test_numbers_may_be_strings() -> None:
    snapshot = read(duration="771", width="1080", height="1920")
    assert (snapshot.duration, snapshot.aspect) == (timedelta(seconds=771), "9:16")


@pytest.mark.parametrize("seconds", [None, 0, -5, "", "long", 1.5, True, [], 10**400, "9" * 5000])
def test_a_length_that_is_none_is_left_out(seconds: Any) -> None:
    assert read(duration=seconds).duration is None


@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "yesterday",
        20131015,
        "2013-10-15",
        "2013-13-15 14:08:29",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "2013-10-15T14:08:29+09:00",
    ],
)
def test_a_date_that_is_none_is_left_out(date: Any) -> None:
    assert read(upload_date=date).posted_at is None


@pytest.mark.parametrize(
    ("address", "handle"),
    [
        ("https://vimeo.com/user12345", "user12345"),
        ("https://vimeo.com/", ""),
        ("https://vimeo.com/staff/videos", ""),
        ("https://evil.example/staff", ""),
        ("https://vimeo.com/<b>", ""),
        ("https://[", ""),
        (None, ""),
    ],
)
def test_a_member_is_one_of_vimeo(address: Any, handle: str) -> None:
    assert read(author_url=address).author_handle == handle


def test_a_member_has_a_page() -> None:
    assert provider("vimeo").author_url("staff") == "https://vimeo.com/staff"


@pytest.mark.parametrize("still", ["http://i.vimeocdn.com/a.jpg", "javascript:alert(1)", 'https://a/"onload', 5, None])
def test_a_still_without_a_safe_address_is_none(still: Any) -> None:
    assert read(thumbnail_url=still).still == ""


def test_a_video_that_may_not_be_shown_elsewhere_has_no_title_and_is_unreadable() -> None:
    with pytest.raises(UnreadableError):
        provider("vimeo").read({"type": "video", "video_id": int(ID), "domain_status_code": 403})


@pytest.mark.parametrize("title", [None, "", " ", 5, [], {}])
def test_an_answer_without_a_title_is_unreadable(title: Any) -> None:
    with pytest.raises(UnreadableError):
        read(title=title)


@pytest.mark.parametrize(
    ("video", "query"), [(ID, "dnt=1"), (f"{ID}/{HASH}", f"dnt=1&h={HASH}")], ids=["public", "unlisted"]
)
def test_the_player_does_not_track_and_is_told_the_site(video: str, query: str) -> None:
    assert provider("vimeo").player(video, {"autoplay": "1", "h": "evil"}, {}) == Player(
        f"https://player.vimeo.com/video/{ID}?{query}",
        autoplay="autoplay=1",
        referrer_policy="strict-origin-when-cross-origin",
    )
