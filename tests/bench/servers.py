"""Servers to be measured: Roost as users start it, and nginx beside it and before it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from tests.proxies import nginx as shipped_nginx
from tests.server import PROJECT, environment, free_port

_TICKS = os.sysconf("SC_CLK_TCK")
# Servers on one processor, whoever asks on another: so neither takes the other's time.
_CPUS = sorted(os.sched_getaffinity(0))
SERVERS, CLIENTS = {_CPUS[-1]}, {_CPUS[0]}


@dataclass(frozen=True)
class Measured:
    """One run against one server."""

    cpu_us: float  # of all its processes, a request
    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float


@dataclass
class Server:
    """A running server with all its processes."""

    process: subprocess.Popen[bytes]
    port: int
    others: tuple[Server, ...] = ()  # whose time counts too

    def pids(self) -> list[int]:
        found, left = [], [self.process.pid]
        while left:
            pid = left.pop()
            found.append(pid)
            children = Path(f"/proc/{pid}/task/{pid}/children")
            left += [int(child) for child in children.read_text().split()] if children.exists() else []
        return [*found, *(pid for other in self.others for pid in other.pids())]

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        total = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / _TICKS

    def memory(self) -> float:
        """MiB that its processes have for themselves and share (PSS)."""
        total = 0
        for pid in self.pids():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(rollup.partition("\nPss:")[2].split()[0])
        return total / 1024

    def measure(self, request: bytes, *, connections: int = 32, seconds: float = 1.0) -> Measured:
        """Ask for so long, and divide the time it took by the answers."""
        command = [sys.executable, "-m", "tests.bench.load", str(self.port), str(connections), str(seconds)]
        before = self.cpu()
        run = subprocess.run(
            command, input=request, capture_output=True, check=True, cwd=PROJECT, preexec_fn=_on(CLIENTS)
        )
        used = self.cpu() - before
        told = json.loads(run.stdout)
        return Measured(
            used / told["requests"] * 1e6,
            told["requests"],
            told["requests"] / told["seconds"],
            told["p50_ms"],
            told["p99_ms"],
        )

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def _on(cpus: set[int]) -> object:
    return lambda: os.sched_setaffinity(0, cpus)


def request_for(path: str, **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


@contextmanager
def roost(data: Path, *arguments: str, port: int = 0, **settings: str) -> Iterator[tuple[Server, float]]:
    """The server on a data folder, and how many seconds it took to its first answer."""
    port = port or free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), *arguments],
        cwd=PROJECT,
        env=environment(data, **settings),
        stdout=subprocess.DEVNULL,
        preexec_fn=_on(SERVERS),  # type: ignore[arg-type]
    )
    server = Server(process, port)
    try:
        wait_for(port)
        yield server, time.perf_counter() - begun
    finally:
        server.stop()


@contextmanager
def files(folder: Path) -> Iterator[Server]:
    """nginx with the files of a folder."""
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"{_user()} daemon off; pid {folder}/pid; error_log stderr error; worker_processes 1;\n"
        f"events {{ worker_connections 256; }} http {{ access_log off; keepalive_requests 100000000;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
    )
    with _nginx(["nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")], port) as server:
        yield server


@contextmanager
def proxied(folder: Path, behind: Server) -> Iterator[Server]:
    """The shipped configuration of nginx before a server; the time of both counts."""
    port = free_port()
    command = shipped_nginx(folder, port, behind.port)
    conf = folder / "nginx.conf"
    conf.write_text(conf.read_text().replace("access_log off;", "access_log off; keepalive_requests 100000000;"))
    with _nginx(command, port) as server:
        server.others = (behind,)
        yield server


@contextmanager
def _nginx(command: list[str], port: int) -> Iterator[Server]:
    path = shutil.which(command[0]) or f"/usr/sbin/{command[0]}"
    process = subprocess.Popen([path, *command[1:]], stderr=subprocess.DEVNULL, preexec_fn=_on(SERVERS))  # type: ignore[arg-type]
    server = Server(process, port)
    try:
        wait_for(port)
        yield server
    finally:
        server.stop()


def _user() -> str:
    return "user root;" if os.geteuid() == 0 else ""


def wait_for(port: int) -> None:
    for _ in range(3000):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()
        except URLError as error:
            if getattr(error, "code", None):
                return  # it answers
            time.sleep(0.01)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")
