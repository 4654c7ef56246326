"""Posts on Mastodon: which addresses are one, what is kept of an answer, and the player."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from blog.embeds import Identity, Player, Snapshot, identify, provider, resolve_include
from blog.embeds.base import UnreadableError

HOST = "mastodon.example"
INSTANCES = frozenset([HOST])
NUMBER = "115012345678901234"
POST = f"{HOST}/@ada/{NUMBER}"
CANONICAL = f"https://{POST}"
IDENTITY = Identity("mastodon", POST, CANONICAL, f"ada@{HOST}")
PICTURE: dict[str, Any] = {
    "id": "1",
    "type": "image",
    "url": f"https://files.{HOST}/original/a.png",
    "preview_url": f"https://files.{HOST}/small/a.png",
    "remote_url": None,
    "meta": {
        "original": {"width": 1080, "height": 1920, "size": "1080x1920", "aspect": 0.5625},
        "small": {"width": 360, "height": 640, "size": "360x640", "aspect": 0.5625},
    },
    "description": "어두운 복도의 로봇",
    "blurhash": "UeKUpFxuo~R%0nW;WCnhF6RjaJt757oJodS$",
}


def read(**changes: Any) -> Snapshot:
    answer = {
        "id": NUMBER,
        "created_at": "2025-08-12T09:15:30.123Z",
        "in_reply_to_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "ko",
        "uri": f"https://{HOST}/users/ada/statuses/{NUMBER}",
        "url": CANONICAL,
        "content": "<p>첫 줄<br />둘 &amp; 셋 🐘</p><p>다음 문단</p>",
        "reblog": None,
        "account": {
            "id": "1",
            "username": "ada",
            "acct": "ada",
            "display_name": "Ada 🎬",
            "url": f"https://{HOST}/@ada",
        },
        "media_attachments": [PICTURE],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    }
    return provider("mastodon").read({**answer, **changes})


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        f"http://{POST}",
        f"https://MASTODON.example/@ada/{NUMBER}",
        f"{CANONICAL}/",
        f"{CANONICAL}?ref=a",
        f"{CANONICAL}#reply",
    ],
)
def test_every_spelling_of_an_address_is_the_same_post(url: str) -> None:
    assert identify(url, INSTANCES) == (IDENTITY, "")


def test_a_name_is_the_same_in_capitals() -> None:
    found = identify(f"https://{HOST}/@Ada/{NUMBER}", INSTANCES)
    assert found == (Identity("mastodon", POST, CANONICAL, f"Ada@{HOST}"), "")


@pytest.mark.parametrize("url", [CANONICAL, f"https://social.{HOST}/@ada/{NUMBER}", f"https://x{HOST}/@ada/{NUMBER}"])
def test_an_instance_that_is_not_allowed_is_any_other_site(url: str) -> None:
    assert identify(url, ["other.example"]) is None
    assert resolve_include("mastodon", url, {}, ["other.example"]) is None


def test_no_instance_is_allowed_unless_it_is_named() -> None:
    assert identify(CANONICAL) is None
    assert resolve_include("mastodon", CANONICAL) is None


@pytest.mark.parametrize("glued", ["입니다", "です。", "/에서"])
def test_a_particle_is_not_part_of_the_address(glued: str) -> None:
    assert identify(CANONICAL + glued, INSTANCES) == (IDENTITY, glued.removeprefix("/"))


@pytest.mark.parametrize(
    "url",
    [
        f"https://{HOST}/",
        f"https://{HOST}/@ada",
        f"https://{HOST}/@ada/media",
        f"https://{HOST}/@ada/1234",
        f"https://{HOST}/@ada/0{NUMBER}",
        f"https://{HOST}/@ada/{NUMBER}123",
        f"https://{HOST}/@ada/{NUMBER}abc",
        f"https://{HOST}/@ada/{NUMBER}/embed",
        f"https://{HOST}/@ada/{NUMBER}/reblogs",
        f"https://{HOST}/@ada@other.example/{NUMBER}",
        f"https://{HOST}/@에이다/{NUMBER}",
        f"https://{HOST}/@{'a' * 61}/{NUMBER}",
        f"https://{'a.' * 95}example/@ada/{NUMBER}",
        f"https://{HOST}/deck/@ada/{NUMBER}",
        f"https://{HOST}/web/@ada/{NUMBER}",
        f"https://{HOST}/web/statuses/{NUMBER}",
        f"https://{HOST}/users/ada/statuses/{NUMBER}",
        f"https://{HOST}/ada/{NUMBER}",
        f"https://{HOST}/@ada/١١٥٠١٢٣٤٥",
        f"{CANONICAL}.",
        f"{CANONICAL}@evil.example",
        f"https://{HOST}:3000/@ada/{NUMBER}",
        f"https://{HOST}@evil.example/@ada/{NUMBER}",
        f"https://user@{HOST}/@ada/{NUMBER}",
        f"https://evil.example/{POST}",
        f"https://maſtodon.example/@ada/{NUMBER}",
        f"https://localhost/@ada/{NUMBER}",
        f"https://127.0.0.1/@ada/{NUMBER}",
        f"//{POST}",
    ],
)
def test_another_address_is_not_a_post(url: str) -> None:
    assert identify(url, {*INSTANCES, "localhost", "127.0.0.1", "evil.example", f"{'a.' * 95}example"}) is None


def test_an_include_takes_an_address() -> None:
    assert resolve_include("mastodon", CANONICAL, {}, INSTANCES) == IDENTITY


@pytest.mark.parametrize("value", ["", NUMBER, "@ada", POST])
def test_an_include_that_names_no_post_is_nothing(value: str) -> None:
    assert resolve_include("mastodon", value, {}, INSTANCES) is None


def test_a_question_goes_to_the_instance_and_to_nobody_else() -> None:
    mastodon = provider("mastodon")
    assert mastodon.question(CANONICAL) == f"https://{HOST}/api/v1/statuses/{NUMBER}"
    assert mastodon.hosts_of(CANONICAL) == (HOST, f"files.{HOST}", f"media.{HOST}", f"cdn.{HOST}")


def test_an_answer_gives_every_paragraph_the_author_the_date_and_a_still() -> None:
    assert read() == Snapshot(
        author_name="Ada 🎬",
        text="첫 줄\n둘 & 셋 🐘\n\n다음 문단",
        text_lang="ko",
        posted_at=datetime(2025, 8, 12, 9, 15, 30, 123000, tzinfo=UTC),
        aspect="9:16",
        still=f"https://files.{HOST}/small/a.png",
        still_alt="어두운 복도의 로봇",
    )


def test_links_mentions_and_hashtags_are_words() -> None:
    content = (
        '<p><span class="h-card" translate="no"><a href="https://other.example/@bo" class="u">@<span>bo</span></a>'
        '</span> <a href="https://roost.example/a/long/path" rel="nofollow noopener"><span class="invisible">https://'
        '</span><span class="ellipsis">roost.example/a/lon</span><span class="invisible">g/path</span></a> '
        '<a href="#" class="mention hashtag" rel="tag">#<span>AI</span></a></p>'
    )
    assert read(content=content).text == "@bo https://roost.example/a/long/path #AI"


def test_lists_and_quotes_keep_their_lines() -> None:
    content = "<p>둘:</p><ul><li>하나</li><li>둘</li></ul><blockquote>인용</blockquote>"
    assert read(content=content).text == "둘:\n\n하나\n둘\n\n인용"


def test_what_a_warning_hides_stays_hidden() -> None:
    snapshot = read(spoiler_text="눈 속의 피", sensitive=True)
    assert (snapshot.text, snapshot.still, snapshot.still_alt) == ("눈 속의 피", "", "")


def test_the_picture_of_a_sensitive_post_stays_hidden() -> None:
    snapshot = read(sensitive=True)
    assert (snapshot.text[:3], snapshot.still, snapshot.still_alt) == ("첫 줄", "", "")


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2025-08-12T18:15:30+09:00", datetime(2025, 8, 12, 9, 15, 30, tzinfo=UTC)),
        ("2025-08-12T09:15:30", datetime(2025, 8, 12, 9, 15, 30, tzinfo=UTC)),
    ],
)
def test_the_date_is_in_utc(date: str, moment: datetime) -> None:
    posted = read(created_at=date).posted_at
    assert posted == moment
    assert posted.tzinfo is UTC


@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "yesterday",
        1754990130,
        [],
        "2025-13-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:59Z",
    ],
)
def test_an_answer_without_a_date_is_unreadable(date: Any) -> None:
    with pytest.raises(UnreadableError):
        read(created_at=date)


@pytest.mark.parametrize("account", [None, "", "ada", 1, [], ["ada"]])
def test_an_answer_without_an_account_is_unreadable(account: Any) -> None:
    with pytest.raises(UnreadableError):
        read(account=account)


def test_an_error_is_no_post() -> None:
    with pytest.raises(UnreadableError):
        provider("mastodon").read({"error": "Record not found"})


@pytest.mark.parametrize(
    ("account", "name"),
    [
        ({"display_name": "", "username": "ada"}, "ada"),
        ({"display_name": None, "username": "ada"}, "ada"),
        ({"display_name": {"x": 1}, "username": ["ada"]}, ""),
        ({}, ""),
    ],
)
def test_an_author_without_a_name_goes_by_the_username(account: dict[str, Any], name: str) -> None:
    assert read(account=account).author_name == name


@pytest.mark.parametrize(
    "attachments",
    [
        None,
        [],
        {},
        "picture",
        [None],
        ["picture"],
        [{}],
        [{"preview_url": None, "meta": None, "description": None}],
        [{"preview_url": 5, "meta": [], "description": []}],
        [{"preview_url": "http://files.example/a.png", "meta": {"original": None}}],
        [{"preview_url": "javascript:alert(1)", "meta": {"original": {"width": "wide", "height": -1}}}],
        [{"preview_url": "https://a b", "meta": {"original": {"width": None, "height": 10**400}}}],
    ],
)
def test_a_post_without_a_usable_picture_has_no_still(attachments: Any) -> None:
    snapshot = read(media_attachments=attachments)
    assert (snapshot.still, snapshot.still_alt, snapshot.aspect) == ("", "", "")
    assert snapshot.text.startswith("첫 줄")


@pytest.mark.parametrize("language", [None, "", "x", "und", 'ko"><b>', ["ko"], "k" * 300])
def test_a_language_that_is_none_is_left_out(language: Any) -> None:
    assert read(language=language).text_lang == ""


def test_nothing_of_a_hostile_text_is_markup() -> None:
    content = (
        '<p onclick="x()">a<script>alert(1)</script><style>b{}</style><img src=x onerror=y>c<a href="javascript:d">d'
    )
    assert read(content=content).text == "acd"


@pytest.mark.parametrize("content", [None, "", 5, [], {}])
def test_a_post_may_have_no_words(content: Any) -> None:
    assert read(content=content).text == ""


def test_a_member_has_a_page_at_home() -> None:
    assert provider("mastodon").author_url(f"ada@{HOST}") == f"https://{HOST}/@ada"


def test_the_player_is_the_instance_s_own() -> None:
    player = provider("mastodon").player(POST, {"theme": "x"}, {"did": "y"})
    assert player == Player(f"https://{POST}/embed", sizing="mastodon")
    assert player.origin == f"https://{HOST}"
