"""What was asked of the database, and a digest of each answer: asked again, it says whether anything has changed.

This is what build systems call a verifying trace (Mokhov, Mitchell, Peyton Jones: "Build Systems à la Carte", 2018,
https://doi.org/10.1145/3236774).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import islice
from sys import intern
from typing import Any, NamedTuple

from django.db import connection

from blog import clock

_READING = ("SELECT ", "WITH ")
_NEITHER = ("SAVEPOINT ", "RELEASE ")
_MINUTE = len("2026-11-28 12:00")


class _Clock(Enum):
    NOW = "now"


class Question(NamedTuple):
    """A statement that reads. Where it says what time it is, it is asked with the time at which it is asked."""

    sql: str
    params: tuple[Any, ...] | None

    def ask(self) -> int:
        """A digest of the answer; other processes have others."""
        now = _moment()
        with connection.cursor() as cursor:
            params = self.params and [now if value is _Clock.NOW else value for value in self.params]
            cursor.execute(self.sql, params)
            return hash(tuple(cursor.fetchall()))


@dataclass(slots=True)
class Record:
    """Questions, with digests of their answers; and those that something was made of that is the same for many."""

    now: Any  # as the database's driver takes it
    own: dict[Question, int] = field(default_factory=dict)
    shared: dict[Question, int] = field(default_factory=dict)
    is_complete: bool = True  # else asking again wouldn't tell

    def note(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Around every statement (https://docs.djangoproject.com/en/stable/topics/db/instrumentation/)."""
        result = execute(sql, params, many, context)
        statement = sql if isinstance(sql, str) else ""
        if _recording.get() is not self or statement.startswith(_NEITHER):
            return result
        if many or not statement.lstrip().startswith(_READING) or isinstance(params, dict):
            self.is_complete = False
            return result
        cursor = context["cursor"]
        cursor.cursor = answer = _Answer(cursor.cursor)
        values = None if params is None else tuple(_Clock.NOW if value == self.now else value for value in params)
        self.is_complete = self.is_complete and not any(self._is_another_clocks(value) for value in values or ())
        self.own[Question(intern(statement), values)] = hash(tuple(answer.rows))
        return result

    def include(self, other: Record) -> None:
        """What this is made of, too."""
        self.shared |= other.own
        self.shared |= other.shared
        self.is_complete = self.is_complete and other.is_complete

    def _is_another_clocks(self, value: Any) -> bool:
        """Whether somebody seems to have looked at the clock instead of `blog.clock`."""
        if isinstance(value, datetime) and isinstance(self.now, datetime):
            return abs(value - self.now) < timedelta(minutes=1)
        return isinstance(value, str) and isinstance(self.now, str) and value[:_MINUTE] == self.now[:_MINUTE]


NOTHING = Record(now=None)


class _Answer:
    """A cursor whose rows have been read."""

    def __init__(self, cursor: Any) -> None:
        self._cursor: Any = cursor._cursor if isinstance(cursor, _Answer) else cursor
        self.rows: list[Any] = self._cursor.fetchall()
        self._rest: Iterator[Any] = iter(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rest

    def fetchone(self) -> Any:
        return next(self._rest, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return list(islice(self._rest, size))

    def fetchall(self) -> list[Any]:
        return list(self._rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


_recording: ContextVar[Record | None] = ContextVar("recording", default=None)


@contextmanager
def recorded() -> Iterator[Record]:
    """Record what is asked, at one moment, but for what an inner record has."""
    connection.ensure_connection()  # that asks, too
    with clock.stopped():
        record = Record(_moment())
        token = _recording.set(record)
        try:
            with connection.execute_wrapper(record.note):
                yield record
        finally:
            _recording.reset(token)


def include(record: Record) -> None:
    """What is being recorded uses what was made by asking these."""
    if (outer := _recording.get()) is not None:
        outer.include(record)


def _moment() -> Any:
    return connection.ops.adapt_datetimefield_value(clock.now())
