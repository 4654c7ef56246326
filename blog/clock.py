"""The clock by which readers see posts: it stands while a page is made, so that all of it is of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_standing: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The moment at which the clock stands, or that it is."""
    return _standing.get() or timezone.now()


@contextmanager
def stopped() -> Iterator[datetime]:
    """Let the clock stand."""
    moment = now()
    token = _standing.set(moment)
    try:
        yield moment
    finally:
        _standing.reset(token)
