"""The server: every site at once, told apart by the Host header."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, cast

from tests.fake_provider.answers import KNOWN_PUBLIC, find_post, find_still
from tests.fake_provider.scenarios import SCENARIOS, Good, Wire, play


class FakeProvider:
    """The sites, on a port of 127.0.0.1, from `with` to its end.

    with FakeProvider() as fake:
        fake.set("1758192965703647443", "deleted")
        Fetcher(gateway=fake.address)
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[tuple[str, str]] = []  # (host, path with query) in the order they came
        self.stopping = Event()
        self._scenarios: dict[str, str] = {}
        self._default = "live"
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as a `Fetcher` wants its gateway: 127.0.0.1:8900."""
        return f"127.0.0.1:{self._server.server_port}"

    def set(self, name: str, scenario: str) -> None:
        """From now on answer so about a post (its number or key), or at a host (i.ytimg.com) about everything."""
        self._scenarios[name] = _known(scenario)

    def all(self, scenario: str) -> None:
        """From now on answer so about everything that isn't `set`."""
        self._default = _known(scenario)

    def scenario(self, host: str, post_id: str) -> str:
        """How a request is answered. A post that is known to be public isn't, where everybody is refused."""
        if post_id in KNOWN_PUBLIC and "forbidden_to_all" in self._scenarios.values():
            return "forbidden_to_all"
        return self._scenarios.get(post_id) or self._scenarios.get(host) or self._default

    def __enter__(self) -> FakeProvider:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()  # waits for the threads of all requests
        self._thread.join()


def _known(scenario: str) -> str:
    if scenario not in SCENARIOS:
        raise ValueError(f"{scenario!r} is no scenario: {', '.join(SCENARIOS)}.")
    return scenario


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], fake: FakeProvider) -> None:
        super().__init__(address, _Handler)
        self.fake = fake
        self.connections: set[socket.socket] = set()

    def hang_up(self) -> None:
        """End the connections over which nobody has asked anything."""
        for connection in tuple(self.connections):
            with suppress(OSError):  # it has ended by itself
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """One request per connection."""

    def setup(self) -> None:
        super().setup()
        cast(_Server, self.server).connections.add(self.connection)

    def finish(self) -> None:
        cast(_Server, self.server).connections.discard(self.connection)
        super().finish()

    def handle(self) -> None:
        """Whoever asks may leave before the request is read."""
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        """Answer as the site would, or as it was told to."""
        self.close_connection = True
        fake = cast(_Server, self.server).fake
        host = self.headers.get("Host", "").lower()
        fake.requests.append((host, self.path))
        wire = Wire(self.connection, fake.stopping)
        post = find_post(host, self.path)
        still = None if post else find_still(host, self.path)
        scenario = fake.scenario(host, post.id if post else "")
        if post:
            play(scenario, wire, Good("application/json; charset=utf-8", _json(post.answer()), self.path, post))
        elif still:
            play(scenario, wire, Good("image/jpeg", still, self.path))
        else:
            play("deleted", wire, Good("", b"", self.path))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name it has there
        """Say nothing: `requests` holds it."""


def _json(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()
