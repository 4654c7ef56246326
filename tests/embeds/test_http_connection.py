"""Whom a connection leads to: the address that was checked, and nobody but the host by its certificate."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from threading import Event

import pytest
import trustme

from blog.embeds import http
from blog.embeds.http import JSON_TYPES, FailedError, Fetcher, Response
from tests.embeds.raw_server import HOLD, JSON_HEAD, RawServer

HOST = "publish.x.com"
PUBLIC, ANOTHER = "93.184.215.14", "2606:4700:4700::1111"
ANSWER = JSON_HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"


def get(fetcher: Fetcher) -> Response:
    return fetcher.get(f"https://{HOST}/oembed", hosts=[HOST], types=JSON_TYPES, limit=1000)


def certified(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that is trusted as the real ones are."""
    made = trustme.CA()
    real = http._tls()

    def context() -> ssl.SSLContext:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.verify_mode, trusting.check_hostname = real.verify_mode, real.check_hostname
        made.configure_trust(trusting)
        return trusting

    monkeypatch.setattr(http, "_tls", context)
    return made


def secure(server: RawServer) -> Fetcher:
    return Fetcher(resolve=lambda host: [PUBLIC], connect=server.connect, total_seconds=5)


# --- TLS ------------------------------------------------------------------------------------------------------------


def test_a_host_with_its_own_certificate_is_asked(authority: trustme.CA) -> None:
    with RawServer(ANSWER, tls=certified(authority, HOST)) as server:
        assert get(secure(server)) == Response(200, b"{}")
    assert server.request.startswith(b"GET /oembed HTTP/1.1\r\n")


@pytest.mark.parametrize("name", ["evil.example", "x.com", "www.publish.x.com", "127.0.0.1", PUBLIC])
def test_a_certificate_of_another_name_is_refused(authority: trustme.CA, name: str) -> None:
    with RawServer(ANSWER, tls=certified(authority, name)) as server, pytest.raises(FailedError):
        get(secure(server))
    assert server.request == b""


def test_a_certificate_of_an_unknown_authority_is_refused(authority: trustme.CA) -> None:
    with RawServer(ANSWER, tls=certified(trustme.CA(), HOST)) as server, pytest.raises(FailedError):
        get(secure(server))
    assert server.request == b""


def test_the_usual_authorities_are_trusted_and_no_others() -> None:
    with RawServer(ANSWER, tls=certified(trustme.CA(), HOST)) as server, pytest.raises(FailedError):
        get(secure(server))
    assert server.request == b""
    assert len(http._tls().get_ca_certs()) > 50


def test_the_host_is_named_before_its_certificate_is_shown(authority: trustme.CA) -> None:
    named: list[str | None] = []
    context = certified(authority, HOST)
    context.sni_callback = lambda connection, name, of: named.append(name)
    with RawServer(ANSWER, tls=context) as server:
        get(secure(server))
    assert named == [HOST]


def test_a_host_without_tls_is_asked_nothing(authority: trustme.CA) -> None:
    with RawServer(ANSWER) as server, pytest.raises(FailedError):
        get(Fetcher(resolve=lambda host: [PUBLIC], connect=server.connect, total_seconds=0.5))
    assert b"GET" not in server.request


# --- The address ----------------------------------------------------------------------------------------------------


def test_the_connection_leads_to_the_address_that_was_checked(authority: trustme.CA) -> None:
    answers = [[PUBLIC], ["10.0.0.1"]]  # a name server that changes its mind
    looked_up, asked = [], []

    def resolve(host: str) -> list[str]:
        looked_up.append(host)
        return answers.pop(0)

    with RawServer(ANSWER, tls=certified(authority, HOST)) as server:

        def connect(address: str, port: int, seconds: float) -> socket.socket:
            asked.append((address, port))
            return server.connect(address, port, seconds)

        assert get(Fetcher(resolve=resolve, connect=connect, total_seconds=5)).status == 200
    assert looked_up == [HOST]
    assert asked == [(PUBLIC, 443)]


def test_a_host_that_doesnt_let_us_in_has_not_answered() -> None:
    def connect(address: str, port: int, seconds: float) -> socket.socket:
        raise ConnectionRefusedError("nobody is there")

    with pytest.raises(FailedError) as caught:
        get(Fetcher(resolve=lambda host: [PUBLIC, ANOTHER], connect=connect))
    assert not caught.value.answered


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(ANSWER) as proxy, RawServer(ANSWER) as gateway:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.address}")
        assert get(Fetcher(gateway=gateway.address)).status == 200
    assert proxy.calls == 0


def test_connecting_may_take_no_longer_than_is_left() -> None:
    given = []

    def connect(address: str, port: int, seconds: float) -> socket.socket:
        given.append(seconds)
        raise TimeoutError("nobody is there")

    with pytest.raises(FailedError):
        get(Fetcher(resolve=lambda host: [PUBLIC], connect=connect, total_seconds=1.0))
    assert 0 < given[0] <= 1.0


# --- The name server ------------------------------------------------------------------------------------------------


def raising(error: Exception) -> Callable[[str], list[str]]:
    def resolve(host: str) -> list[str]:
        raise error

    return resolve


@pytest.mark.parametrize(
    "resolve",
    [
        raising(socket.gaierror(socket.EAI_NONAME, "Name or service not known")),
        raising(OSError("the network is down")),
        raising(UnicodeError("label empty or too long")),  # what Python says to `a..b`
        lambda host: [],
    ],
)
def test_a_name_that_leads_nowhere_fails(resolve: Callable[[str], list[str]]) -> None:
    with pytest.raises(FailedError) as caught:
        get(Fetcher(resolve=resolve))
    assert not caught.value.answered


def test_a_name_server_that_keeps_us_waiting_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "STEP_SECONDS", 0.05)
    released = Event()

    def resolve(host: str) -> list[str]:
        released.wait(30)
        return [PUBLIC]

    with pytest.raises(FailedError, match="name server"):
        get(Fetcher(resolve=resolve))
    released.set()


# --- Time -----------------------------------------------------------------------------------------------------------

DRIP = (b".", 0.02)


@pytest.mark.parametrize(
    "server",
    [
        RawServer(HOLD),
        RawServer(forever=DRIP),
        RawServer(b"HTTP/1.1 2", HOLD),
        RawServer(b"HTTP/1.1 200 ", forever=DRIP),
        RawServer(b"HTTP/1.1 200 OK\r\nX-Padding: ", forever=DRIP),
        RawServer(b"HTTP/1.1 200 OK\r\n", forever=(b"X-Padding: .\r\n", 0.1)),
        RawServer(forever=(b"HTTP/1.1 100 Continue\r\n\r\n", 0.02)),
        RawServer(JSON_HEAD + b"\r\n", HOLD),
        RawServer(JSON_HEAD + b"\r\n", forever=DRIP),
        RawServer(JSON_HEAD + b"Content-Length: 900\r\n\r\n", forever=DRIP),
        RawServer(JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", forever=(b"1\r\n.\r\n", 0.02)),
        RawServer(JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", forever=(b"0", 0.02)),
    ],
    ids=lambda server: repr((server._script, server._forever))[:60],
)
def test_a_host_that_never_ends_is_left(server: RawServer) -> None:
    with server:
        with pytest.raises(FailedError):
            get(Fetcher(gateway=server.address, total_seconds=0.6))
        # A machine that is busy for so long never gets to the host.
        assert server.was_left.wait(10) or not server.calls


def test_a_host_that_is_silent_is_left_before_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "STEP_SECONDS", 0.1)
    with RawServer(JSON_HEAD, HOLD) as server:
        with pytest.raises(FailedError):
            get(Fetcher(gateway=server.address, total_seconds=3600))
        assert server.was_left.wait(10)


def test_a_host_that_is_silent_when_its_certificate_is_due_is_left() -> None:
    with RawServer(HOLD) as server:
        with pytest.raises(FailedError):
            get(Fetcher(resolve=lambda host: [PUBLIC], connect=server.connect, total_seconds=0.3))
        assert server.was_left.wait(10)


def test_a_connection_that_comes_too_late_is_ended() -> None:
    with RawServer(ANSWER) as server:

        def connect(address: str, port: int, seconds: float) -> socket.socket:
            time.sleep(0.3)
            return server.connect(address, port, seconds)

        with pytest.raises(FailedError):
            get(Fetcher(gateway=server.address, connect=connect, total_seconds=0.1))
