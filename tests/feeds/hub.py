"""A hub on this machine, which notes what it is told."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from urllib.parse import parse_qsl


class FakeHub:
    """Hears POSTs on 127.0.0.1 and answers with `status`, once `let_go` is set."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, bytes]] = []  # (host and path, type, body)
        self.status = 204
        self.let_go = Event()
        self.let_go.set()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hub.told.append((f"{self.headers['Host']}{self.path}", self.headers["Content-Type"], body))
                hub.let_go.wait(10)
                self.send_response(hub.status)
                self.send_header("Location", "https://elsewhere.example.com/")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def topics(self) -> list[list[str]]:
        """The addresses of feeds that each message names."""
        return [
            [value for name, value in parse_qsl(body.decode(), strict_parsing=True) if name == "hub.url"]
            for _place, _type, body in self.told
        ]

    def __enter__(self) -> FakeHub:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()
