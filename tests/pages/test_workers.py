"""Several processes serve one site: whoever has published, each of them shows it with its next answer."""

from __future__ import annotations

import asyncio
import http.client
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.pages.conftest import Writer, publisher
from tests.server import get, manage, own_database, start, stop, wait_for

pytestmark = pytest.mark.whole

WORKERS = 3
# In each of them both posts are named, and so the number stands twice at least.
ADDRESSES = ("/", "/posts/one/", "/posts/two/", "/archives/", "/tags/a/", "/feed.xml", "/rss.xml", "/feed.json")
NUMBER = re.compile(r"Title (?:<|&lt;|&amp;lt;|\\u003c)([0-9]+)")


@dataclass
class Site:
    """A running site, and somebody who publishes on it."""

    address: str
    server: subprocess.Popen[bytes]
    writer: Writer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock():
        settings = own_database("workers")
    manage("setup", data=data, **settings)
    server, address = start(data, "--workers", str(WORKERS), **settings)
    writer = publisher(data, **settings)
    try:
        wait_for(address, server)
        yield Site(address, server, writer)
    finally:
        writer.end()
        stop(server)


def numbers(body: bytes) -> set[str]:
    found = NUMBER.findall(body.decode())
    assert len(found) > 1, body[:300]
    return set(found)


# --- Each worker ----------------------------------------------------------------------------------------------------


def worker_of(client: http.client.HTTPConnection) -> int | None:
    """The process at the other end of a connection (proc(5))."""
    port = client.sock.getsockname()[1]
    line = next(
        line.split()
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[2].endswith(f":{port:04X}") and line.split()[3] == "01"
    )
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) == f"socket:[{line[9]}]":
                return int(link.parts[2])
        except OSError:
            continue  # closed meanwhile, or not ours to see
    return None


def connections(site: Site) -> Iterator[http.client.HTTPConnection]:
    """One to each worker."""
    found: dict[int | None, http.client.HTTPConnection] = {}
    for _ in range(200):
        client = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=20)
        client.request("GET", "/healthz")
        client.getresponse().read()
        if (pid := worker_of(client)) in found:
            client.close()
        else:
            found[pid] = client
        if len(found) == WORKERS:
            break
    assert len(found) == WORKERS
    assert None not in found
    return iter(found.values())


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="which process answers is read from Linux's /proc")
def test_each_worker_shows_it_right_after_it_is_published(site: Site) -> None:
    clients = list(connections(site))
    for _ in range(10):
        number = site.writer.publish()
        for address in ADDRESSES:
            for client in clients:
                client.request("GET", address)
                answer = client.getresponse()
                assert (answer.status, numbers(answer.read())) == (200, {str(number)}), address
    for client in clients:
        client.close()


# --- Many readers ---------------------------------------------------------------------------------------------------

READERS, PUBLISHED = 200, 100


async def read(site: Site, start: int, until: int) -> int:
    """Read page after page over one connection until so much is published. Returns how many."""
    host = urlsplit(site.address)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    count = 0
    while site.writer.published < until or count < len(ADDRESSES):
        address = ADDRESSES[(start + count) % len(ADDRESSES)]
        least = site.writer.published
        writer.write(f"GET {address} HTTP/1.1\r\nHost: {host.netloc}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        body = await reader.readexactly(int(head.partition("content-length: ")[2].split()[0]))
        assert head.startswith("http/1.1 200 "), head
        shown = numbers(body)
        assert len(shown) == 1, f"{address} mixes {shown}"
        assert int(shown.pop()) >= least, f"{address} is old"
        count += 1
    writer.close()
    await writer.wait_closed()
    return count


async def read_and_publish(site: Site) -> list[int]:
    until = site.writer.published + PUBLISHED

    async def publish() -> int:
        while site.writer.published < until:
            await asyncio.to_thread(site.writer.publish)
        return 0

    return await asyncio.gather(publish(), *(read(site, number, until) for number in range(READERS)))


def test_two_hundred_readers_during_a_hundred_publications_see_no_error_no_old_and_no_mixed_page(site: Site) -> None:
    site.writer.publish()
    counts = asyncio.run(read_and_publish(site))
    assert sum(counts) >= READERS * len(ADDRESSES)


# --- A new release --------------------------------------------------------------------------------------------------


def test_workers_are_replaced_without_a_reader_noticing(site: Site) -> None:
    """`systemctl reload` sends the server this signal; new workers have new code and templates, and empty caches."""
    site.writer.publish()
    assert get(f"{site.address}/posts/one/")[0] == 200
    site.server.send_signal(signal.SIGHUP)
    for _ in range(300):
        assert get(f"{site.address}/posts/one/")[0] == 200
