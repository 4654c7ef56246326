"""The page cache in front of the real application."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from blog.models import SiteSettings
from blog.pagecache import PageCache
from tests.conftest import PROJECT
from tests.server import environment, manage


@dataclass(frozen=True)
class Got:
    """An answer as a client sees it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        encoding = self.headers.get("Content-Encoding")
        body = {"br": brotli.decompress, "gzip": gzip.decompress}.get(str(encoding), bytes)(self.body)
        return body.decode()


@dataclass
class Reader:
    """Asks a WSGI application, and counts how often Django is asked."""

    cache: PageCache
    asked: list[str]

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Got:
        """Headers are given as `HTTP_ACCEPT="…"`, as the environ has them."""
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **headers,
        }
        said: list[Any] = []
        parts = self.cache(environ, lambda status, sent, exc_info=None: said.extend((status, sent)))
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return Got(int(said[0].split()[0]), dict(said[1]), body)

    def head(self, path: str, **headers: str) -> Got:
        return self.get(path, method="HEAD", **headers)


@dataclass
class Writer:
    """Somebody who publishes from a process of their own: see writer.py."""

    process: subprocess.Popen[str]
    published: int = 0

    def publish(self) -> int:
        """Returns when it is published."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{self.published + 1}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"
        self.published += 1
        return self.published

    def end(self) -> None:
        self.process.communicate(timeout=20)


def publisher(data: Path, **settings: str) -> Writer:
    """On the site in this folder."""
    return Writer(
        subprocess.Popen(
            [sys.executable, "-m", "tests.pages.writer"],
            cwd=PROJECT,
            env=environment(data, **settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )


@pytest.fixture(scope="session")
def fresh_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a new site on SQLite, to be copied."""
    data = tmp_path_factory.mktemp("site")
    manage("setup", data=data)
    return data


@pytest.fixture
def new_reader(transactional_db: None) -> Iterator[Callable[[int], Reader]]:
    """A reader of a cache of so many bytes. It warms nothing: tests of that do."""
    SiteSettings(language="en").save()
    django = get_wsgi_application()

    def make(limit: int = 2**24) -> Reader:
        asked: list[str] = []

        def counting(environ: Any, start_response: Any) -> Any:
            asked.append(environ["PATH_INFO"])
            return django(environ, start_response)

        cache = PageCache(counting, limit)
        cache.warm = lambda: None  # type: ignore[method-assign]
        return Reader(cache, asked)

    yield make
    connections.close_all()


@pytest.fixture
def reader(new_reader: Callable[..., Reader]) -> Reader:
    return new_reader()
