"""A fake IndexNow on this machine, and small helpers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import LazySettings

from blog.models import SiteSettings


class Engine:
    """What was told, and what is answered."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.status = 200

    @property
    def addresses(self) -> list[str]:
        """Those of all requests, without the site's own part."""
        found = [url for body in self.told for url in body["urlList"]]
        return [url.removeprefix("https://blog.example.com") for url in found]


@pytest.fixture
def engine(settings: LazySettings) -> Iterator[Engine]:
    """Asked instead of the real one. Nothing is turned on by it."""
    heard = Engine()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.paths.append(f"{self.headers['Host']}{self.path} {self.headers['Content-Type']}")
            heard.told.append(json.loads(body))
            self.send_response(heard.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.EMBED_GATEWAY = f"127.0.0.1:{server.server_port}"
    settings.ROOST_URL = "https://blog.example.com"
    yield heard
    server.shutdown()
    server.server_close()


@pytest.fixture
def announcing(engine: Engine, db: None) -> Engine:
    """A site that tells engines of its posts."""
    SiteSettings(pk=1, indexnow=True).save()
    return engine
