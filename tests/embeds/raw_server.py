"""A server that knows no HTTP: it says what a test wrote, to the byte, and notes what it hears."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType

JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
HOLD = 3600.0  # keep the connection open until the other side or the test ends it


class RawServer:
    """Hears one request on 127.0.0.1, then follows the script: bytes are said, numbers are seconds of silence."""

    def __init__(
        self, *script: bytes | float, forever: Iterable[bytes | float] = (), tls: ssl.SSLContext | None = None
    ):
        self.request = b""
        self.calls = 0
        self.was_left = Event()  # the other side ended the connection before the script did
        self._script, self._forever, self._tls = script, tuple(forever), tls
        self._stopping = Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        """A `Connect` that comes here whatever the address."""
        return socket.create_connection(("127.0.0.1", self.port), seconds)

    def __enter__(self) -> RawServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # the listener was closed
                return
            self.calls += 1
            with connection:
                connection.settimeout(0.02)
                try:
                    self._answer(connection)
                except OSError:  # also when TLS fails
                    self.was_left.set()

    def _answer(self, plain: socket.socket) -> None:
        if self._tls:
            plain.settimeout(5)
            with self._tls.wrap_socket(plain, server_side=True) as secure:
                self._follow(secure)
        else:
            self._follow(plain)

    def _follow(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        while b"\r\n\r\n" not in self.request and (piece := connection.recv(65536)):
            self.request += piece
        connection.settimeout(0.02)
        for step in self._script:
            self._do(step, connection)
        while self._forever and not self._stopping.is_set():
            for step in self._forever:
                self._do(step, connection)

    def _do(self, step: bytes | float, connection: socket.socket) -> None:
        if isinstance(step, bytes):
            connection.settimeout(5)
            connection.sendall(step)
            connection.settimeout(0.02)
            return
        for _ in range(max(1, round(step / 0.02))):
            if self._stopping.is_set():
                return
            with suppress(TimeoutError):
                if not connection.recv(65536):
                    raise ConnectionResetError("the other side is gone")
