"""Telling hubs and search engines that there is something new, without ever being in anybody's way.

What is told waits for the transaction that made it, goes out in one thread after the other, by the client that opens
all our sockets, and is lost if the other side doesn't want it: whoever isn't told looks by themselves one day.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from blog.embeds.http import FailedError, Fetcher, RefusedError
from blog.models import Post

logger = logging.getLogger(__name__)

news = Signal()  # post: readers see something new of it. Sent within the transaction that saves it

MOST_WAITING = 100
JUST_NOW = timedelta(minutes=20)  # the timer comes every quarter of an hour

# Names that lead nowhere, or only somewhere at home: https://www.iana.org/assignments/special-use-domain-names/
_NOWHERE = (".localhost", ".local", ".test", ".invalid", ".example", ".internal", ".lan", ".home.arpa", ".onion")

_silent: ContextVar[bool] = ContextVar("silent", default=False)


@dataclass(frozen=True, slots=True)
class _Message:
    url: str
    body: bytes
    kind: str


_waiting: deque[_Message] = deque()
_lock = threading.Lock()
_thread: threading.Thread | None = None


@contextmanager
def silence() -> Iterator[None]:
    """What is saved in here is no news: old posts that move in."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def origin() -> str:
    """The site's address if others can reach it there by https; else "", and nobody is told anything."""
    return settings.ROOST_URL if is_reachable(settings.ROOST_URL) and not _silent.get() else ""


def is_reachable(url: str) -> bool:
    """Whether an origin is https, on the default port, and a name that everybody can look up."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return parts.scheme == "https" and parts.port is None and "." in host and not host.endswith(_NOWHERE)
    return False


def post_form(url: str, fields: Iterable[tuple[str, str]]) -> None:
    """POST a form to an https address once the transaction is committed."""
    _tell(_Message(url, urlencode(list(fields)).encode(), "application/x-www-form-urlencoded"))


def post_json(url: str, data: object) -> None:
    """The same with JSON."""
    _tell(_Message(url, json.dumps(data).encode(), "application/json; charset=utf-8"))


def come_due() -> None:
    """Send `news` of posts whose time has just come: nobody saves those."""
    now = timezone.now()
    for post in Post.objects.published(now).filter(publish_at__gt=now - JUST_NOW):
        news.send(Post, post=post)


def finish(seconds: float) -> None:
    """Wait for what is on its way, as a command must before it ends."""
    thread = _thread
    if thread is not None:
        thread.join(seconds)


def _tell(message: _Message) -> None:
    transaction.on_commit(partial(_enqueue, message), robust=True)


def _enqueue(message: _Message) -> None:
    global _thread
    with _lock:
        if message in _waiting:
            return
        if len(_waiting) >= MOST_WAITING:
            logger.warning("Too much is waiting to be told: %s isn't told of something.", message.url)
            return
        _waiting.append(message)
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_work, daemon=True)
            _thread.start()


def _work() -> None:
    """Until nothing is left. No database in here."""
    global _thread
    while True:
        with _lock:
            if not _waiting:
                _thread = None
                return
            message = _waiting.popleft()
        _send(message)


def _send(message: _Message) -> None:
    host = urlsplit(message.url).netloc
    try:
        answer = Fetcher(gateway=settings.EMBED_GATEWAY).post(message.url, message.body, message.kind, hosts=[host])
    except (RefusedError, FailedError) as problem:
        logger.warning("Not told: %s", problem)
        return
    if not 200 <= answer.status < 300:
        logger.warning("Not told: %s answers with %d.", host, answer.status)
