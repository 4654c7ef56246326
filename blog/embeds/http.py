"""The only file that opens a socket.

An author's text decides which address is asked, so a request could be turned against the machine's own network
(https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html). Therefore:
https only, a fixed list of hosts for each question, no redirects, every address of the host public, and a connection
to exactly the address that was checked, so that a second answer of the name server can't change it.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

STEP_SECONDS = 3.0  # to find, to connect, and to wait for each piece
TOTAL_SECONDS = 8.0
JSON_BYTES = 256 * 1024
PICTURE_BYTES = 8 * 1024 * 1024
JSON_TYPES = frozenset(["application/json", "application/json+oembed", "text/json"])
PICTURE_TYPES = frozenset(["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"])
USER_AGENT = "Roost (a blog; keeps a record of the posts it embeds)"

_UNICAST = ip_network("2000::/3")  # what is given out of IPv6; `is_global` takes all the rest for public too

# What `is_global` lets through although it may lead to a private address, or to nobody:
# https://www.iana.org/assignments/iana-ipv4-special-registry/ and …/iana-ipv6-special-registry/
_REFUSED = [
    ip_network(network)
    for network in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "192.0.0.0/24",  # protocols' own; older Pythons know a part of it
        "192.88.99.0/24",  # 6to4 relays
        "100::/64",  # discard
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
]

Resolve = Callable[[str], list[str]]
Connect = Callable[[str, int, float], socket.socket]


class RefusedError(Exception):
    """This address is never asked."""


class FailedError(Exception):
    """There was no answer, or none that can be used. `answered`: the host did say something."""

    def __init__(self, message: str, *, answered: bool = False) -> None:
        super().__init__(message)
        self.answered = answered


@dataclass(frozen=True, slots=True)
class Response:
    """What a host said. `body` is read for 200 alone, and only if something was asked for."""

    status: int
    body: bytes = b""
    retry_after: float | None = None  # seconds


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, of whom, and what may be answered. With a `body` it is a POST."""

    url: str
    hosts: Collection[str]
    types: Collection[str] = ()
    limit: int = 0
    body: bytes | None = None
    kind: str = ""


@dataclass(frozen=True)
class Fetcher:
    """Asks hosts for small things.

    `gateway`, "127.0.0.1:8900", is asked in every host's stead, without TLS: for trying things out offline. It must be
    on this machine, and every other check is made as usual.
    """

    gateway: str = ""
    resolve: Resolve = field(default_factory=lambda: _resolve)
    connect: Connect = field(default_factory=lambda: _connect)
    total_seconds: float = TOTAL_SECONDS

    def get(self, url: str, *, hosts: Collection[str], types: Collection[str], limit: int) -> Response:
        """GET `url`. Raises RefusedError or FailedError, never anything else; returns within `total_seconds`."""
        return self._ask(_Question(url, hosts, types, limit))

    def post(self, url: str, body: bytes, kind: str, *, hosts: Collection[str]) -> Response:
        """POST `body`, of the type `kind`. What is answered besides the status isn't read; for the rest as `get`."""
        return self._ask(_Question(url, hosts, body=body, kind=kind))

    def _ask(self, question: _Question) -> Response:
        deadline = time.monotonic() + self.total_seconds
        host, target = split(question.url, question.hosts)
        if self.gateway:
            address, port = _loopback(self.gateway)
            addresses = [address]
            connection: HTTPConnection = _Plain(address, port)
        else:
            addresses, port = self._checked_addresses(host, deadline), 443
            connection = _Secure(host, port, ssl_context=_tls())
        with _Abort(connection, deadline) as abort:
            connection._new_conn = lambda: abort.watch(self._open(addresses, port, deadline))  # type: ignore[method-assign]
            try:
                return _exchange(connection, host, target, question, abort)
            except (HTTPError, HTTPException, OSError, ValueError) as error:
                heard = not isinstance(error, OSError)  # http.client's and urllib3's come of what a host says
                what = "breaks the rules of HTTP" if heard else "could not be reached"
                what = "took too long" if abort.happened else what
                raise FailedError(f"{host} {what} ({type(error).__name__}).", answered=heard) from error

    def _checked_addresses(self, host: str, deadline: float) -> list[str]:
        found = _within(min(STEP_SECONDS, deadline - time.monotonic()), lambda: self.resolve(host))
        if not found:
            raise FailedError(f"{host} has no address.")
        for address in found:
            if not is_public(address):
                raise RefusedError(f"{host} leads to {address}, which isn't a public address.")
        return found

    def _open(self, addresses: list[str], port: int, deadline: float) -> socket.socket:
        """To the first that can be reached: a machine may have no way to IPv6."""
        problem: OSError = TimeoutError()
        for address in addresses:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            try:
                return self.connect(address, port, min(STEP_SECONDS, left))
            except OSError as error:
                problem = error
        raise problem


def split(url: str, hosts: Collection[str]) -> tuple[str, str]:
    """(host, path with query) of an address that may be asked. Raises RefusedError."""
    if not url.isascii() or not url.isprintable() or any(character in url for character in ' \\"<>^`{|}#'):
        raise RefusedError("The address has characters that don't belong in one.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedError(f"The address can't be read ({error}).") from None
    if parts.scheme != "https":
        raise RefusedError("The address isn't an https one.")
    if "@" in parts.netloc or port is not None or parts.netloc.endswith(":"):
        raise RefusedError("The address has a user or a port.")
    if parts.netloc not in hosts:
        raise RefusedError(f"{parts.netloc or 'Nobody'} isn't among the hosts that may be asked.")
    return parts.netloc, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def is_public(address: str) -> bool:
    """Whether an IP address is that of a machine on the internet, and of one machine."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and (ip.scope_id or ip not in _UNICAST):
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _REFUSED)


class _Plain(HTTPConnection):
    """To the gateway."""


class _Secure(HTTPSConnection):
    """To a host by name, over a connection that is made for it: its certificate must be the host's."""


class _Abort:
    """Ends a connection at the deadline, whatever it is doing: a host may send a byte every two seconds for ever."""

    def __init__(self, connection: HTTPConnection, deadline: float) -> None:
        self.connection = connection
        self.happened = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._end)
        self._timer.daemon = True

    def watch(self, opened: socket.socket) -> socket.socket:
        """TLS takes the socket away from us; a duplicate stays, and ends the same connection."""
        self._socket = opened.dup()
        if self.happened:
            self._end()
        return opened

    def _end(self) -> None:
        self.happened = True
        if self._socket is not None:
            with suppress(OSError):  # it has ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> _Abort:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self.connection.close()
        if self._socket is not None:
            self._socket.close()


def _exchange(connection: HTTPConnection, host: str, target: str, question: _Question, abort: _Abort) -> Response:
    connection.timeout = STEP_SECONDS
    headers = {
        "Host": host,
        "User-Agent": USER_AGENT,
        "Accept": ", ".join(sorted(question.types)) or "*/*",
        "Accept-Encoding": "identity",
    }
    if question.body is not None:
        headers["Content-Type"] = question.kind
    method = "GET" if question.body is None else "POST"
    connection.request(method, target, question.body, headers, preload_content=False, decode_content=False)
    with closing(connection.getresponse()) as response:
        return _read(response, host, question, abort)


def _read(response: BaseHTTPResponse, host: str, question: _Question, abort: _Abort) -> Response:
    retry_after = _seconds(response.headers.get("Retry-After", ""))
    if 300 <= response.status < 400:
        raise FailedError(f"{host} sends us elsewhere ({response.status}).", answered=True)
    if response.status != 200 or question.body is not None:
        return Response(response.status, retry_after=retry_after)
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in question.types:
        raise FailedError(f"{host} answers with {kind or 'something without a type'}.", answered=True)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FailedError(f"{host} compresses although it was asked not to.", answered=True)
    body = bytearray()
    while piece := response.read(min(65536, question.limit + 1 - len(body))):
        body += piece
        if len(body) > question.limit:
            raise FailedError(f"{host} sends more than {question.limit:,} bytes.", answered=True)
    if abort.happened:
        raise FailedError(f"{host} took too long.", answered=True)
    return Response(200, bytes(body), retry_after)


def _seconds(value: str) -> float | None:
    """Retry-After in seconds from now: a number or a date (RFC 9110, 10.2.3)."""
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _loopback(gateway: str) -> tuple[str, int]:
    host, _, port = gateway.rpartition(":")
    try:
        if not ip_address(host.strip("[]")).is_loopback:
            raise RefusedError(f"The gateway {gateway} isn't on this machine.")
        return host.strip("[]"), int(port)
    except ValueError:
        raise RefusedError(f"The gateway {gateway} isn't an address of this machine with a port.") from None


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


def _resolve(host: str) -> list[str]:
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _within(seconds: float, task: Callable[[], list[str]]) -> list[str]:
    """The name server may keep us waiting; nothing but a thread gets away from it."""
    result: list[Any] = []

    def run() -> None:
        try:
            result.append(task())
        except (OSError, UnicodeError) as error:  # gaierror is one; a name that can't be one is the other
            result.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(0.0, seconds))
    if not result:
        raise FailedError("The name server took too long.")
    if isinstance(result[0], Exception):
        raise FailedError(f"The name server knows no such host ({result[0]}).")
    return list(result[0])
