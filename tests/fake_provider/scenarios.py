"""How a site can answer, from well to not at all."""

from __future__ import annotations

import gzip
import json
import select
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from itertools import repeat
from threading import Event

from tests.fake_provider.answers import Post

RETRY_AFTER = 120  # seconds
DRIP_SECONDS = 0.2
JSON_LIMIT = 256 * 1024  # what a blog reads of an answer, and
PICTURE_LIMIT = 8 * 1024 * 1024  # of a picture
_HTML = "text/html; charset=utf-8"
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Good:
    """What a site would answer if all were well."""

    kind: str  # content type
    body: bytes
    path: str  # as it was asked
    post: Post | None = None  # None: it is a picture


class Wire:
    """The connection to whoever asks."""

    def __init__(self, connection: socket.socket, stopping: Event) -> None:
        self._connection = connection
        self._stopping = stopping

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._connection.sendall(data)

    def head(self, status: int, kind: str, *headers: str) -> None:
        """Send the head of an answer that ends with the connection."""
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Type: {kind}", "Connection: close"]
        self.write("\r\n".join([*lines, *headers, "", ""]).encode())

    def send(self, status: int, kind: str, body: bytes, *headers: str) -> None:
        """Send a whole answer."""
        self.head(status, kind, f"Content-Length: {len(body)}", *headers)
        self.write(body)

    def wait(self, seconds: float) -> bool:
        """Wait; False if there is nobody left to wait for."""
        return not self._stopping.wait(seconds) and not self._left()

    def _left(self) -> bool:
        readable, _, _ = select.select([self._connection], [], [], 0)
        return bool(readable) and not self._connection.recv(1, socket.MSG_PEEK)


def _live(wire: Wire, good: Good) -> None:
    wire.send(200, good.kind, good.body)


def _long(wire: Wire, good: Good) -> None:
    wire.send(200, good.kind, json.dumps(good.post.answer(long=True)).encode() if good.post else good.body)


def _deleted(wire: Wire, good: Good) -> None:
    site = good.post.site if good.post else ""
    if site == "mastodon":
        wire.send(404, _JSON, b'{"error":"Record not found"}')
    elif site == "bluesky":
        wire.send(404, "text/plain; charset=UTF-8", b"post not found")
    else:
        wire.send(404, _HTML, b"<!DOCTYPE html><html><title>Not found</title><p>There is nothing here.</p></html>")


def _protected(wire: Wire, good: Good) -> None:
    site = good.post.site if good.post else ""
    if site == "x":
        error = {"error": "Sorry, you are not authorized to see this status.", "request": good.path}
        wire.send(403, _JSON, json.dumps(error).encode())
    elif site == "mastodon":
        wire.send(401, _JSON, b'{"error":"This method requires an authenticated user"}')
    elif site == "youtube":
        wire.send(401, _HTML, b"Unauthorized")
    else:
        wire.send(403, "text/plain; charset=UTF-8", b"Forbidden")


def _rate_limited(wire: Wire, good: Good) -> None:
    wire.send(429, _JSON, b'{"errors":[{"message":"Rate limit exceeded","code":88}]}', f"Retry-After: {RETRY_AFTER}")


def _error(wire: Wire, good: Good) -> None:
    wire.send(503, _HTML, b"<html><body><h1>503 Service Unavailable</h1></body></html>")


def _slow_drip(wire: Wire, good: Good) -> None:
    """A byte now and then: each comes in good time, all of them never."""
    wire.head(200, good.kind)
    for byte in repeat(b" "):
        wire.write(byte)
        if not wire.wait(DRIP_SECONDS):
            return


def _slow_headers(wire: Wire, good: Good) -> None:
    wire.write(b"HTTP/1.1 200 OK\r\nX-Padding: ")
    for byte in repeat(b"."):
        wire.write(byte)
        if not wire.wait(DRIP_SECONDS):
            return


def _silent(wire: Wire, good: Good) -> None:
    while wire.wait(DRIP_SECONDS):
        pass


def _oversized(wire: Wire, good: Good) -> None:
    """Well-formed and too much, without saying so beforehand."""
    padding = b" " * 65536
    pieces = [good.body, *repeat(padding, (JSON_LIMIT if good.post else PICTURE_LIMIT) // len(padding) + 1)]
    wire.head(200, good.kind, "Transfer-Encoding: chunked")
    for piece in pieces:
        wire.write(b"%x\r\n%s\r\n" % (len(piece), piece))
    wire.write(b"0\r\n\r\n")


def _redirect(wire: Wire, good: Good) -> None:
    wire.send(302, _HTML, b"", "Location: http://169.254.169.254/latest/meta-data/")


def _wrong_type(wire: Wire, good: Good) -> None:
    wire.send(200, _HTML, b"<!DOCTYPE html><html><title>Log in</title><p>Log in to go on.</p></html>")


def _broken_json(wire: Wire, good: Good) -> None:
    wire.send(200, good.kind, good.body[: len(good.body) // 2])


def _not_an_object(wire: Wire, good: Good) -> None:
    wire.send(200, good.kind, b'["html", "author_name"]')


def _deep_json(wire: Wire, good: Good) -> None:
    depth = 60_000
    wire.send(200, good.kind, b'{"html":' + b"[" * depth + b"]" * depth + b"}")


def _compressed(wire: Wire, good: Good) -> None:
    wire.send(200, good.kind, gzip.compress(good.body), "Content-Encoding: gzip")


_PLAYED: dict[str, Callable[[Wire, Good], None]] = {
    "live": _live,
    "long": _long,  # a very long text
    "deleted": _deleted,
    "protected": _protected,  # this post
    "forbidden_to_all": _protected,  # every post, also one that is known to be public
    "rate_limited": _rate_limited,
    "error": _error,
    "slow_drip": _slow_drip,
    "slow_headers": _slow_headers,
    "silent": _silent,
    "oversized": _oversized,
    "redirect": _redirect,
    "wrong_type": _wrong_type,
    "broken_json": _broken_json,
    "not_an_object": _not_an_object,
    "deep_json": _deep_json,
    "compressed": _compressed,
}
SCENARIOS = tuple(_PLAYED)


def play(scenario: str, wire: Wire, good: Good) -> None:
    """Answer; whoever asked may leave in the middle."""
    with suppress(ConnectionError):
        _PLAYED[scenario](wire, good)
