"""Ask a server for one thing over and over: `python -m tests.bench.load PORT CONNECTIONS SECONDS < request`.

Prints JSON: how many answers, in how many seconds, the median and the 99th percentile of their times in milliseconds.
One process, so that it can be kept on a processor of its own.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Connection:
    """One request at a time."""

    sock: socket.socket
    asked: float = 0.0
    missing: int = -1  # bytes of the answer that haven't come; -1: its head hasn't
    head: bytes = b""

    def ask(self, request: bytes) -> None:
        self.asked, self.missing, self.head = time.perf_counter(), -1, b""
        self.sock.sendall(request)

    def read(self) -> bool:
        """Take what has come; whether the answer is complete."""
        piece = self.sock.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server closed the connection")
        if self.missing < 0:
            self.head += piece
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return False
            status = int(self.head[9:12])
            if status not in (200, 304):
                raise ConnectionError(f"the server answers {self.head[:end].decode()}")
            self.missing = (0 if status == 304 else _length(self.head[:end])) - (len(self.head) - end - 4)
        else:
            self.missing -= len(piece)
        return self.missing <= 0


def _length(head: bytes) -> int:
    _before, _name, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0])


@dataclass
class Result:
    """What one run gave."""

    seconds: float
    times: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        ordered = sorted(self.times)
        return {
            "requests": len(ordered),
            "seconds": self.seconds,
            "p50_ms": ordered[len(ordered) // 2] * 1000,
            "p99_ms": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000,
        }


def load(port: int, request: bytes, connections: int, seconds: float) -> Result:
    """Keep so many connections busy for so long."""
    selector = selectors.DefaultSelector()
    everyone = [Connection(socket.create_connection(("127.0.0.1", port), timeout=30)) for _ in range(connections)]
    result = Result(0.0)
    begun = time.perf_counter()
    for one in everyone:
        one.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(one.sock, selectors.EVENT_READ, one)
        one.ask(request)
    busy = len(everyone)
    while busy:
        for key, _mask in selector.select(30) or _stuck():
            one = key.data
            if not one.read():
                continue
            now = time.perf_counter()
            result.times.append(now - one.asked)
            if now - begun < seconds:
                one.ask(request)
            else:
                busy -= 1
    result.seconds = time.perf_counter() - begun
    for one in everyone:
        one.sock.close()
    return result


def _stuck() -> list[tuple[selectors.SelectorKey, int]]:
    raise ConnectionError("the server hasn't answered for 30 seconds")


if __name__ == "__main__":
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    print(json.dumps(load(port, sys.stdin.buffer.read(), connections, seconds).summary()))
