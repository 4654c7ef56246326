"""The shipped configurations of nginx and Caddy, run by nginx and Caddy."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest

from tests.pages.conftest import Writer, publisher
from tests.proxies import caddy, nginx
from tests.server import free_port, get, start, stop, wait_for

pytestmark = pytest.mark.whole


@dataclass
class Proxied:
    """A server behind a proxy, both ours to stop."""

    data: Path
    address: str  # the proxy's
    port: int  # the server's
    server: subprocess.Popen[bytes]
    writer: Writer

    def restart(self) -> None:
        stop(self.server)
        time.sleep(1)  # as long as a new release may take
        self.server, direct = start(self.data, port=self.port, ROOST_BEHIND_PROXY="1")
        wait_for(direct, self.server)


@pytest.fixture
def behind(tmp_path: Path, fresh_site: Path) -> Iterator[Callable[[Callable[[Path, int, int], list[str]]], Proxied]]:
    """Starts a server, and a proxy of one kind before it."""
    with ExitStack() as ends:

        def begin(proxy: Callable[[Path, int, int], list[str]]) -> Proxied:
            data, folder = tmp_path / "data", tmp_path / "proxy"
            folder.mkdir()
            port, backend = free_port(), free_port()
            command = proxy(folder, port, backend)  # skips before anything runs
            shutil.copytree(fresh_site, data)
            server, direct = start(data, port=backend, ROOST_BEHIND_PROXY="1")
            site = Proxied(data, f"http://127.0.0.1:{port}", backend, server, publisher(data))
            ends.callback(lambda: stop(site.server))
            ends.callback(site.writer.end)
            home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
            log = ends.enter_context((folder / "log").open("wb"))  # a pipe that nobody reads would stop it
            process = subprocess.Popen(command, env={**os.environ, **home}, stdout=log, stderr=subprocess.STDOUT)
            ends.callback(lambda: stop(process))
            wait_for(direct, server)
            wait_for(site.address, process)
            return site

        yield begin


# --- nginx ----------------------------------------------------------------------------------------------------------


def test_nginx_keeps_pages_in_each_encoding_and_shows_what_is_new(behind: Callable[..., Proxied]) -> None:
    site = behind(nginx)
    for number in (1, 2):
        site.writer.publish()
        deadline = time.monotonic() + 20  # a second, and five more while it fetches
        while f"Title &lt;{number}&gt;" not in get(f"{site.address}/posts/one/")[2].decode():
            assert time.monotonic() < deadline
            time.sleep(0.2)
    plain = get(f"{site.address}/posts/one/")[2]
    for accepted, encoding, decode in (
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
    ):
        for _ in range(2):
            status, headers, body = get(f"{site.address}/posts/one/", **{"Accept-Encoding": accepted})
            assert (status, headers["content-encoding"]) == (200, encoding)
            assert decode(body) == plain
        again = get(f"{site.address}/posts/one/", **{"Accept-Encoding": accepted, "If-None-Match": headers["etag"]})
        assert again[0] == 304


def test_readers_behind_nginx_do_not_notice_a_restart(behind: Callable[..., Proxied]) -> None:
    site = behind(nginx)
    site.writer.publish()
    pages = ("/", "/posts/one/", "/feed.xml", "/tags/a/")
    for page in pages:
        assert get(site.address + page)[0] == 200
    statuses = statuses_during(site.restart, site.address, pages)
    assert set(statuses) == {200}
    site.writer.publish()
    deadline = time.monotonic() + 20
    while b"Title &lt;2&gt;" not in get(f"{site.address}/posts/one/")[2]:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_nginx_keeps_nothing_for_or_from_those_who_are_logged_in(behind: Callable[..., Proxied]) -> None:
    site = behind(nginx)
    cookie = {"Cookie": "a=b; sessionid=abc"}
    site.writer.publish()
    assert b"Title &lt;1&gt;" in get(f"{site.address}/posts/one/")[2]
    site.writer.publish()
    _status, headers, body = get(f"{site.address}/posts/one/", **cookie)
    assert b"Title &lt;2&gt;" in body
    assert headers["cache-control"] == "private, no-cache"
    for _ in range(2):
        assert "no-store" in get(f"{site.address}/admin/login/")[1]["cache-control"]
    stop(site.server)  # so whatever is answered now was kept
    assert get(f"{site.address}/posts/one/")[0] == 200
    for kept_by_nobody in ("/admin/login/", "/nothing/", "/search/?q=a"):
        assert get(site.address + kept_by_nobody)[0] == 502


# --- Caddy ----------------------------------------------------------------------------------------------------------


def test_readers_behind_caddy_do_not_notice_a_restart(behind: Callable[..., Proxied]) -> None:
    site = behind(caddy)
    site.writer.publish()
    statuses = statuses_during(site.restart, site.address, ("/", "/posts/one/", "/search/?q=a", "/healthz"))
    assert set(statuses) == {200}
    site.writer.publish()
    assert b"Title &lt;2&gt;" in get(f"{site.address}/posts/one/")[2]


def statuses_during(action: Callable[[], None], address: str, pages: tuple[str, ...]) -> list[int]:
    """What a reader who asks for one page after the other gets meanwhile."""
    statuses: list[int] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            statuses.extend(get(address + page)[0] for page in pages)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        action()
    finally:
        over.set()
        reader.join(timeout=60)
    assert len(statuses) >= len(pages)
    return statuses
