"""A real browser, and tabs that remember what happened in them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, ConsoleMessage, Page as Tab, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from blog.models import SiteSettings
from tests.browser.stage import MakePost, Stage
from tests.conftest import find_chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


expect.set_options(timeout=20_000)  # a busy machine is no fault; nothing here asserts speed


class _Requests:
    """How many the live server is at."""

    def __init__(self) -> None:
        self.running = 0
        self._change = threading.Condition()
        request_started.connect(self._started)
        request_finished.connect(self._finished)

    def _started(self, **_: object) -> None:
        self._count(1)

    def _finished(self, **_: object) -> None:
        self._count(-1)

    def _count(self, step: int) -> None:
        if threading.current_thread() is threading.main_thread():
            return  # a test's own client
        with self._change:
            self.running += step
            self._change.notify_all()

    def wait(self) -> None:
        time.sleep(0.02)  # for one that is on its way
        with self._change:
            assert self._change.wait_for(lambda: self.running == 0, timeout=20), f"{self.running} go on"


_requests = _Requests()


@pytest.fixture(autouse=True)
def _nobody_asks_any_more(transactional_db: None) -> Iterator[None]:
    """Tables are emptied after this: a request that outlives its tab would lock them, or find them empty."""
    yield
    _requests.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. CI must have one; elsewhere its absence is a reason to skip."""
    path = find_chromium()
    if path is None:
        message = "no Chromium found: install it (Debian: apt install chromium) or set CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop lives in the thread that prepares the data
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab that collects the addresses it asked for and what went wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    opened = context.new_page()
    opened.requests, opened.problems = [], []  # type: ignore[attr-defined]
    opened.on("request", lambda request: opened.requests.append(request.url))  # type: ignore[attr-defined]
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))  # type: ignore[attr-defined]
    opened.on("console", lambda message: _note(opened.problems, message))  # type: ignore[attr-defined]
    yield opened
    context.close()


@pytest.fixture
def stage(tab: Tab, live_server: LiveServer, make_post: MakePost) -> Iterator[Stage]:
    """A tab for posts with players, in English. Nothing may go wrong in it."""
    SiteSettings(language="en").save()
    yield Stage(tab, live_server, make_post)
    assert tab.problems == []  # type: ignore[attr-defined]


def _note(problems: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        problems.append(message.text)


def hosts(tab: Tab) -> set[str | None]:
    return {urlsplit(url).hostname for url in tab.requests}  # type: ignore[attr-defined]
