"""What is made of what a host says."""

from __future__ import annotations

import random
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from blog.embeds.http import (
    JSON_BYTES,
    JSON_TYPES,
    PICTURE_TYPES,
    FailedError,
    Fetcher,
    RefusedError,
    Response,
)
from tests.embeds.raw_server import JSON_HEAD, RawServer

HOST = "publish.x.com"


def get(server: RawServer, types: Collection[str] = JSON_TYPES, limit: int = 1000) -> Response:
    fetcher = Fetcher(gateway=server.address, total_seconds=5)
    return fetcher.get(f"https://{HOST}/oembed?url=a%2Fb", hosts=[HOST], types=types, limit=limit)


def say(answer: bytes, types: Collection[str] = JSON_TYPES, limit: int = 1000) -> Response:
    with RawServer(answer) as server:
        return get(server, types, limit)


def failure(answer: bytes, types: Collection[str] = JSON_TYPES, limit: int = 1000) -> FailedError:
    with pytest.raises(FailedError) as caught:
        say(answer, types, limit)
    return caught.value


def typed(kind: str, body: bytes = b"{}") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def with_status(status: int, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} Whatever", *headers, "Content-Length: 4", "", "body"]).encode()


# --- The question ---------------------------------------------------------------------------------------------------


def test_a_question_says_what_it_wants_and_nothing_else() -> None:
    with RawServer(typed("application/json")) as server:
        get(server)
    first, *lines = server.request.decode().rstrip().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first == "GET /oembed?url=a%2Fb HTTP/1.1"
    assert len(lines) == len(headers)
    assert headers["Host"] == HOST
    assert headers["Accept-Encoding"] == "identity"
    assert headers["User-Agent"].startswith("Roost")
    assert "application/json" in headers["Accept"]
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


# --- Status ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [201, 204, 206, 400, 401, 403, 404, 410, 418, 429, 500, 503, 599])
def test_a_status_other_than_200_comes_without_a_body(status: int) -> None:
    assert say(with_status(status)) == Response(status)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308, 399])
@pytest.mark.parametrize("leads_to", ["self", "elsewhere"])
def test_a_redirect_is_never_followed(status: int, leads_to: str) -> None:
    with RawServer(typed("application/json")) as other:
        address = {"self": f"https://{HOST}/other", "elsewhere": f"http://{other.address}/"}[leads_to]
        with RawServer(with_status(status, f"Location: {address}")) as server, pytest.raises(FailedError) as caught:
            get(server)
    assert caught.value.answered
    assert server.calls == 1
    assert other.calls == 0


def test_a_page_that_refreshes_elsewhere_is_not_followed() -> None:
    with RawServer(typed("application/json")) as other:
        answer = typed("application/json").replace(
            b"\r\n", f"\r\nRefresh: 0;url=http://{other.address}/\r\n".encode(), 1
        )
        assert say(answer).body == b"{}"
    assert other.calls == 0


# --- Type and encoding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=utf-8",
        "Application/JSON",
        "application/json+oembed",
        "text/json",
    ],
)
def test_json_is_read_under_each_of_its_names(kind: str) -> None:
    assert say(typed(kind)) == Response(200, b"{}")


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/html; charset=utf-8",
        "text/plain",
        "text/xml+oembed",
        "application/jsonp",
        "application/json, text/html",
        "image/jpeg",
        "*/*",
    ],
)
def test_an_answer_of_another_type_is_not_read(kind: str) -> None:
    assert failure(typed(kind)).answered


def test_an_answer_of_two_types_is_not_read() -> None:
    failure(JSON_HEAD + b"Content-Type: text/html\r\nContent-Length: 2\r\n\r\n{}")


def test_an_answer_without_a_type_is_not_read() -> None:
    assert failure(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").answered


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/x-icon", "text/html", "application/json", "video/mp4"])
def test_a_picture_may_be_nothing_but_a_picture(kind: str) -> None:
    assert failure(typed(kind), PICTURE_TYPES).answered


@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
def test_a_picture_is_read(kind: str) -> None:
    assert say(typed(kind, b"\xff\xd8\x00"), PICTURE_TYPES).body == b"\xff\xd8\x00"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "gzip, gzip", "identity, gzip", "x-bomb"])
def test_an_answer_that_is_compressed_is_not_read(encoding: str) -> None:
    answer = JSON_HEAD + f"Content-Encoding: {encoding}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    assert failure(answer).answered


def test_an_answer_that_says_it_isnt_compressed_is_read() -> None:
    assert say(JSON_HEAD + b"Content-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}").body == b"{}"


# --- Size -----------------------------------------------------------------------------------------------------------


def measured(body: bytes) -> bytes:
    return JSON_HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def unmeasured(body: bytes) -> bytes:
    return JSON_HEAD + b"\r\n" + body


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 30_000] for at in range(0, len(body), 30_000)]
    said = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + said + b"0\r\n\r\n"


@pytest.mark.parametrize("framed", [measured, unmeasured, chunked])
@pytest.mark.parametrize("limit", [1, 1000, 65536, JSON_BYTES])
def test_an_answer_may_be_as_long_as_the_limit_and_no_longer(framed: type[bytes], limit: int) -> None:
    assert say(framed(b"x" * limit), limit=limit).body == b"x" * limit
    assert failure(framed(b"x" * (limit + 1)), limit=limit).answered


@pytest.mark.parametrize("framed", [measured, unmeasured, chunked])
def test_an_empty_answer_is_empty(framed: type[bytes]) -> None:
    assert say(framed(b"")) == Response(200, b"")


def test_an_answer_that_is_endless_is_left() -> None:
    with RawServer(unmeasured(b""), forever=(b"x" * 65536,)) as server:
        with pytest.raises(FailedError) as caught:
            get(server)
        assert caught.value.answered
        assert server.was_left.wait(10)


# --- Retry-After ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "seconds"), [("120", 120.0), ("0", 0.0), ("86400", 86400.0)])
def test_a_wish_to_be_left_alone_is_a_number_of_seconds(value: str, seconds: float) -> None:
    assert say(with_status(429, f"Retry-After: {value}")).retry_after == seconds


def test_a_wish_to_be_left_alone_is_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    retry_after = say(with_status(503, f"Retry-After: {date}")).retry_after
    assert retry_after is not None
    assert 3600 < retry_after <= 7200


def test_a_date_that_is_past_is_no_wait() -> None:
    assert say(with_status(503, "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT")).retry_after == 0.0


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "1e9",
        "12 seconds",
        "٣",
        "9" * 400,
        "Fri, 99 Dec 2026 00:00:00 GMT",
        "Mon, 01 Jan 2024 00:00:00 +99999999999999",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    ],
)
def test_a_wish_that_cant_be_understood_is_none(value: str) -> None:
    assert say(with_status(429, f"Retry-After: {value}")).retry_after is None


# --- Garbage --------------------------------------------------------------------------------------------------------


def test_a_host_that_hangs_up_has_not_answered() -> None:
    assert not failure(b"").answered


@pytest.mark.parametrize(
    "answer",
    [
        b"garbage",
        b"garbage\r\n\r\n",
        b"\x16\x03\x01\x00\xff",
        b"HTTP/1.1 2",
        b"HTTP/1.1 20\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 -200 OK\r\n\r\n",
        b"HTTP/1.1 1000 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000,
        JSON_HEAD + b"X: y\r\n" * 200 + b"\r\n{}",
        JSON_HEAD + b"X: " + b"y" * 70_000 + b"\r\n\r\n{}",
        JSON_HEAD + b"Content-Length: 50\r\n\r\n{}",
        JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
        JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
    ],
    ids=lambda answer: repr(answer[-40:]),
)
def test_an_answer_that_breaks_the_rules_fails(answer: bytes) -> None:
    failure(answer)


@pytest.mark.parametrize(
    "answer",
    [b"garbage\r\n\r\n", JSON_HEAD + b"Content-Length: 50\r\n\r\n{}", chunked(b"{}")[:-5], JSON_HEAD + b"\r\n"],
    ids=["garbage", "cut short", "no last chunk", "type without a body"],
)
def test_a_host_that_says_something_wrong_has_said_something(answer: bytes) -> None:
    try:
        assert say(answer).body == b""
    except FailedError as error:
        assert error.answered


_WORDS = [
    *(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 404 \r\n", b"HTTP/"),
    *(
        b"Content-Type: application/json\r\n",
        b"Content-Length: 7\r\n",
        b"Content-Length:\r\n",
    ),
    *(b"Content-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n"),
    *(b"Retry-After: Mon, 32 Foo 2026\r\n", b"Retry-After: 1 Jan 1 0:0:0 +9999\r\n", b"Connection: keep-alive\r\n"),
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b": \r\n",
        b" folded\r\n",
        b"\x00",
        b"\xff\xfe",
        b"\xed\x95\x9c",
        b"\x1f\x8b",
    ),
    *(b'5\r\n{"a":\r\n', b"0\r\n\r\n", b"f;x=y\r\n", b"-1\r\n", b"{}", b"[" * 50, b"a" * 2000),
]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_a_host_says_is_an_answer_or_a_failure(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(15):
        start = chance.choice([b"", JSON_HEAD, b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 429 No\r\n"])
        answer = start + b"".join(chance.choices(_WORDS, k=chance.randint(0, 8)))
        with suppress(FailedError, RefusedError):
            assert isinstance(say(answer), Response), answer
