"""The content version: readers see one version of everything until somebody writes something.

Whatever is kept of what readers see (whole pages, counts) is kept with a version, and is gone with it. Nobody has to
say what a change touches: a transaction that writes to any table but those in `_UNSEEN` makes a new version when it is
committed, however it was written, and none when it is rolled back.

- On one machine a number in shared memory tells all processes at once. It is random, so that writers need no lock.
- Other machines ask the database every second: the transaction itself has left a row there (`ContentChange`).
- A version also ends at the minute of the next scheduled post. No worker is needed.
"""

from __future__ import annotations

import logging
import mmap
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from time import monotonic
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Count, Max, Min, Model
from django.db.models.signals import post_migrate, post_save, pre_migrate
from django.dispatch import receiver
from django.utils import timezone

from blog.models import ContentChange, Post
from blog.questions import NOTHING, Record, include, recorded

logger = logging.getLogger(__name__)

ASK_SECONDS = 1.0  # how often a process asks the database for the changes of other machines
KEPT_CHANGES = 1000

_SIZE = 8  # bytes of the number
# What readers never see, and what is written all the time: log-ins, working copies, notes for the admin.
_UNSEEN = re.compile(
    r"django_|axes_|otp_|auth_(?:user_)?(?:group|permission)s?|"
    r"blog_(?:contentchange|revision|mention|deskvisit|sharelink|announced|statuschange)$"
)
_WRITE = re.compile(r'\s*(?:INSERT INTO|INSERT OR \w+ INTO|UPDATE|DELETE FROM) "(\w+)"|\s*TRUNCATE ')

_Value = TypeVar("_Value")


@dataclass(eq=False, slots=True)
class Version:
    """What readers see between two changes; compared by identity."""

    number: bytes  # in shared memory
    changes: tuple[int | None, ...]  # in the database: how many, the oldest and the newest; () if it doesn't answer
    ends: float  # when the next scheduled post appears, on the clock of `monotonic`
    place: int = field(default_factory=count().__next__)  # later ones have higher ones
    memory: dict[Any, tuple[Any, Record]] = field(default_factory=dict)  # see `remembered`


_current: Version | None = None
_ask_at = 0.0
_lock = threading.Lock()
_shown: ContextVar[Version | None] = ContextVar("shown", default=None)


def current() -> Version:
    """The version that readers see now."""
    now, version = monotonic(), _current
    if version and version.number == _shared()[:_SIZE] and now < version.ends and now < _ask_at:
        return version
    return _look(now)


@contextmanager
def showing(version: Version) -> Iterator[None]:
    """Read one state of the database, not older than `version`, whatever is committed meanwhile."""
    token = _shown.set(version)
    connection.ensure_connection()  # that sets the mode, too
    try:
        # Within a transaction, it is its beginning that says what is seen.
        with nullcontext() if connection.in_atomic_block else _one_state():
            yield
    finally:
        _shown.reset(token)


@contextmanager
def _one_state() -> Iterator[None]:
    if connection.vendor == "sqlite":
        mode = connection.transaction_mode  # type: ignore[attr-defined]
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # reads only, and keeps nobody waiting
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = mode  # type: ignore[attr-defined]
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def remembered(key: object, compute: Callable[[], _Value]) -> _Value:
    """What `compute` gives, asked once a version: for counts and lists that are the same for all readers.

    `key` names it, by function and arguments. Within a transaction that has written something, nothing is remembered.
    """
    if _is_noted(connection):
        return compute()
    memory = (_shown.get() or current()).memory
    try:
        found, record = memory[key]
    except KeyError:
        with recorded() as record:
            found = compute()
        memory[key] = found, record
        for question, digest in record.own.items():
            memory.setdefault(question, (digest, NOTHING))  # it needn't be asked again: see `blog.traces`
    include(record)
    value: _Value = found
    return value


def change() -> None:
    """Begin a new version, now."""
    _shared()[:_SIZE] = os.urandom(_SIZE)


def _look(now: float) -> Version:
    """Look whether there is a new version. Threads that needn't know don't wait for the one that asks."""
    global _current, _ask_at
    number, version = _shared()[:_SIZE], _current
    is_known = version is not None and version.number == number and now < version.ends
    if not _lock.acquire(blocking=not is_known):
        assert version is not None
        return version
    try:
        version = _current
        if version and version.number == number and now < min(version.ends, _ask_at):
            return version  # another thread has looked meanwhile
        _current, _ask_at = _asked(version, number, now), now + ASK_SECONDS
        return _current
    finally:
        _lock.release()


def _asked(version: Version | None, number: bytes, now: float) -> Version:
    """The version after a look at the database. If that doesn't answer, readers go on with what there is."""
    if not connection.in_atomic_block:
        close_old_connections()  # as at the beginning of a request
    moment = timezone.now()
    waiting = Post.objects.filter(status=Post.Status.PUBLISHED, publish_at__gt=moment).order_by("publish_at")
    try:
        changes = tuple(ContentChange.objects.aggregate(Count("pk"), Min("pk"), Max("pk")).values())
        appears = waiting.values_list("publish_at", flat=True).first()
    except DatabaseError as error:
        logger.warning("The database doesn't say whether something has changed: %s", error)
        version = version or Version(number, (), 0)
        version.number, version.changes, version.ends = number, (), float("inf")  # the next answer makes a new one
        return version
    ends = now + (appears - moment).total_seconds() if appears else float("inf")
    if version is None or version.number != number or version.changes != changes or now >= version.ends:
        return Version(number, changes, ends)
    version.ends = ends  # clocks are set now and then
    return version


# --- Who writes -----------------------------------------------------------------------------------------------------


@receiver(connection_created)
def _watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _noting not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _noting)  # Django takes its own off the other end


def _noting(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Around every statement: what writes something readers may see is noted, once a transaction."""
    written = _WRITE.match(sql) if isinstance(sql, str) else None
    if written is None or _UNSEEN.match(written[1] or "") or _migrating:  # TRUNCATE names many tables
        return execute(sql, params, many, context)
    result = execute(sql, params, many, context)
    writer: BaseDatabaseWrapper = context["connection"]
    if not _is_noted(writer):
        # After the write: outside a transaction, it is committed by now; if not, see `_saved`.
        newest = ContentChange.objects.using(writer.alias).create().pk
        if newest % KEPT_CHANGES == 0:
            _forget(newest - KEPT_CHANGES, writer)
        transaction.on_commit(change, using=writer.alias)
    return result


def _forget(last: int, writer: BaseDatabaseWrapper) -> None:
    """Remove the changes up to this one. By SQL: a transaction can't end while an INSERT … RETURNING is being read."""
    with writer.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{ContentChange._meta.db_table}" WHERE "id" <= %s', [last])  # noqa: S608  # its name


@receiver(post_save)
def _saved(sender: type[Model], using: str, **_: Any) -> None:
    """Outside a transaction, SQLite commits an INSERT … RETURNING when its answer has been read: after `_noting`."""
    if not transaction.get_connection(using).in_atomic_block and not _UNSEEN.match(sender._meta.db_table):
        change()


_migrating = False  # the table of changes may not be there yet


@receiver(pre_migrate)
def _begin_migrating(**_: Any) -> None:
    global _migrating
    _migrating = True


@receiver(post_migrate)
def _end_migrating(using: str, **_: Any) -> None:
    """Whatever was migrated, readers may see something else now."""
    global _migrating
    _migrating = False


def _is_noted(writer: BaseDatabaseWrapper) -> bool:
    """Whether the transaction has written something. What a savepoint takes back, Django forgets with it."""
    return any(function is change for _savepoints, function, *_ in writer.run_on_commit)


@cache
def _shared() -> mmap.mmap:
    """The number that all processes of this machine share."""
    path = settings.DATA_DIR / "content-version"
    with open(path, "a+b") as file:  # noqa: PTH123  # appending creates it without a race
        if file.seek(0, os.SEEK_END) < _SIZE:
            file.truncate(_SIZE)
        return mmap.mmap(file.fileno(), _SIZE)
