"""Keeping what we quote: asking providers about embeds, and what an answer means for an embed's state.

A check never loses anything. Only an answer with a post in it writes a snapshot; a takedown is nobody's business but
the site's own. Nothing here runs while somebody holds a transaction: `after_save` is called when one has been
committed, and the network is asked by threads that know no database.
"""

from __future__ import annotations

import logging
import queue
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from blog import pictures
from blog.embeds.ask import Answer, Kind, ask, can_ask, picture
from blog.embeds.http import Fetcher
from blog.embeds.registry import PROVIDERS
from blog.models import Embed, StatusChange

logger = logging.getLogger(__name__)

SAVE_SECONDS = 3.0  # how long a save may wait in all
# Nine in ten of the posts that vanish do so within 46 days: Pew Research Center, "When Online Content Disappears"
# (2024). Hence often at first, and then every three months.
CHECK_DAYS = (1, 7, 30, 46)
LATER_DAYS = 90
GONE_HOURS = 24  # two answers that there is no such post must be as far apart
FIRST_WAIT = timedelta(minutes=15)  # after a failure; doubled by each one that follows
LONGEST_WAIT = timedelta(days=7)
_WORKERS = 4
_SILENCES = 3  # a provider that leaves so many questions unanswered is left alone for the rest of a run

_ASKABLE = [site.name for site in PROVIDERS if can_ask(site.name)]

_SNAPSHOT_FIELDS = ("author_name", "author_handle", "text", "text_lang", "posted_at", "posted_at_source")
_STATE_FIELDS = ("status", "status_since", "fetched_at", "checked_at", "missing_since", "next_check", "failures")

_postponed: ContextVar[bool] = ContextVar("postponed", default=False)


@contextmanager
def postponed() -> Iterator[None]:
    """Saves in here ask nobody; whoever opens this calls `refresh` afterwards."""
    token = _postponed.set(True)
    try:
        yield
    finally:
        _postponed.reset(token)


def is_postponed() -> bool:
    """Whether whoever saves now will see to what follows themselves."""
    return _postponed.get()


def after_save(keys: Iterable[int]) -> None:
    """Ask about new embeds of a text when its transaction is committed, for SAVE_SECONDS at most.

    What isn't answered by then stays pending, for `manage.py refresh_embeds`. A failure here never reaches the save.
    """
    wanted = list(keys)
    if wanted and not is_postponed():
        transaction.on_commit(lambda: _ask_about_new(wanted), robust=True)


def _ask_about_new(keys: list[int]) -> None:
    refresh(due().filter(pk__in=keys, status=Embed.Status.PENDING), seconds=SAVE_SECONDS)


def due(now: datetime | None = None) -> QuerySet[Embed]:
    """Embeds whose next check has come, the most overdue first."""
    now = now or timezone.now()
    waiting = Q(next_check__lte=now) | Q(next_check=None)
    return Embed.objects.filter(waiting, takedown=False, provider__in=_ASKABLE).order_by(
        F("next_check").asc(nulls_first=True), "pk"
    )


def longest_unchecked() -> QuerySet[Embed]:
    """All embeds that can be asked about, those first that nobody has looked at for longest."""
    embeds = Embed.objects.filter(takedown=False, provider__in=_ASKABLE)
    return embeds.order_by(F("checked_at").asc(nulls_first=True), "pk")


@dataclass(frozen=True, slots=True)
class _Result:
    """What a thread brings back: an answer, then perhaps a still; or for how many seconds not to ask."""

    embed: Embed
    answer: Answer | None = None
    still: pictures.Still | None = None
    postponed: float | None = None


def refresh(
    embeds: Iterable[Embed], *, seconds: float | None = None, report: Callable[[Embed], None] = lambda _: None
) -> int:
    """Ask about these embeds and write down what that gives; `report` is called with each that was answered.

    Returns how many were answered. After `seconds` no further answer is waited for; the others are left for later.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    wanted = [embed for embed in embeds if not embed.takedown and embed.provider in _ASKABLE and _claim(embed)]
    answered = 0
    for result in _ask_all(wanted, deadline):
        if result.answer:
            learn(result.embed, result.answer)
            answered += 1
            report(result.embed)
        elif result.still:
            _keep_still(result.embed, result.still)
        elif result.postponed:
            later = timezone.now() + max(FIRST_WAIT, timedelta(seconds=result.postponed))
            Embed.objects.filter(pk=result.embed.pk).update(next_check=later)
    return answered


def _claim(embed: Embed) -> bool:
    """Take an embed, so that nobody else asks about it meanwhile. Without an answer it is due again in FIRST_WAIT."""
    until = timezone.now() + FIRST_WAIT
    return bool(Embed.objects.filter(pk=embed.pk, next_check=embed.next_check).update(next_check=until))


def _ask_all(embeds: list[Embed], deadline: float | None) -> Iterator[_Result]:
    """Results as they come, until all are there or the deadline passes. The threads may outlive that, unheard."""
    jobs: queue.SimpleQueue[Embed] = queue.SimpleQueue()
    results: queue.SimpleQueue[_Result | None] = queue.SimpleQueue()  # None: a thread has ended
    trouble = _Trouble()
    for embed in embeds:
        jobs.put(embed)
    threads = min(_WORKERS, len(embeds))
    for _ in range(threads):
        threading.Thread(target=_work, args=(jobs, results, trouble, deadline), daemon=True).start()
    while threads:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            result = results.get(timeout=left)
        except queue.Empty:
            return
        if result is None:
            threads -= 1
        else:
            yield result


class _Trouble:
    """Which providers are to be left alone in this run, and for how many seconds at least."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._silences: Counter[str] = Counter()

    def note(self, provider: str, answer: Answer) -> None:
        """Learn from an answer."""
        self._silences[provider] = self._silences[provider] + 1 if answer.kind is Kind.SILENCE else 0
        if answer.retry_after or self._silences[provider] >= _SILENCES:
            wished = answer.retry_after or FIRST_WAIT.total_seconds()
            self.seconds[provider] = min(wished, LONGEST_WAIT.total_seconds())


def _work(
    jobs: queue.SimpleQueue[Embed],
    results: queue.SimpleQueue[_Result | None],
    trouble: _Trouble,
    deadline: float | None,
) -> None:
    """Ask about one embed after the other. No database in here."""
    fetcher = Fetcher(gateway=settings.EMBED_GATEWAY)
    try:
        while deadline is None or time.monotonic() < deadline:
            embed = jobs.get_nowait()
            if (seconds := trouble.seconds.get(embed.provider)) is not None:
                results.put(_Result(embed, postponed=seconds))
                continue
            answer = ask(embed.provider, embed.url, fetcher)
            trouble.note(embed.provider, answer)
            results.put(_Result(embed, answer))
            if answer.snapshot and answer.snapshot.still and not embed.poster_id and not embed.keep_words:
                results.put(_Result(embed, still=_still(embed, answer.snapshot.still, fetcher)))
    except queue.Empty:
        pass
    finally:
        results.put(None)


def _still(embed: Embed, address: str, fetcher: Fetcher) -> pictures.Still | None:
    data = picture(embed.provider, embed.url, address, fetcher)
    try:
        return pictures.prepare(data) if data else None
    except pictures.PictureError as error:
        logger.info("The still of %s can't be used: %s", embed, error)
        return None


def learn(embed: Embed, answer: Answer, now: datetime | None = None) -> None:
    """Write down what an answer means for an embed. Somebody may have edited it meanwhile: only our columns are set."""
    now = now or timezone.now()
    with transaction.atomic():
        fresh = Embed.objects.select_for_update().filter(pk=embed.pk).first()
        if fresh is None:
            return  # somebody has deleted it meanwhile
        before = fresh.status
        fields = list(_STATE_FIELDS)
        fresh.checked_at = now
        if answer.snapshot:
            fields += _take_snapshot(fresh, answer)
            fresh.fetched_at, fresh.missing_since = now, None
        _move(fresh, answer, now)
        if fresh.status != before:
            fresh.status_since = now
            StatusChange.objects.create(embed=fresh, status=fresh.status, at=now, reason=answer.reason[:300])
        fresh.save(update_fields=fields)
    for name in fields:
        setattr(embed, name, getattr(fresh, name))


def _move(embed: Embed, answer: Answer, now: datetime) -> None:
    """The next state and the next check."""
    states = Embed.Status
    if answer.kind in (Kind.FOUND, Kind.PROTECTED):
        embed.status = states.LIVE if answer.kind is Kind.FOUND else states.PROTECTED
        embed.failures, embed.missing_since = 0, None
        embed.next_check = next_regular_check(embed, now)
    elif answer.kind is Kind.MISSING:
        embed.failures = 0
        embed.missing_since = embed.missing_since or now
        if now - embed.missing_since >= timedelta(hours=GONE_HOURS):
            embed.status = states.GONE
            embed.next_check = next_regular_check(embed, now)
        else:
            embed.next_check = embed.missing_since + timedelta(hours=GONE_HOURS)
    else:
        embed.failures += 1
        # Nobody has ever answered, and nobody does now: it is still to be fetched. What is gone stays gone.
        unanswered = answer.kind is Kind.SILENCE and embed.fetched_at is None
        if embed.status != states.GONE and not (unanswered and embed.status == states.PENDING):
            embed.status = states.UNREACHABLE
        embed.next_check = now + _wait(embed.failures, answer.retry_after)


def next_regular_check(embed: Embed, now: datetime) -> datetime:
    """The next of CHECK_DAYS after the embed came, and then every LATER_DAYS."""
    for days in CHECK_DAYS:
        if (at := embed.added_at + timedelta(days=days)) > now:
            return at
    return now + timedelta(days=LATER_DAYS)


def _wait(failures: int, retry_after: float | None) -> timedelta:
    """Twice as long each time, a little different for each, and never shorter than the provider wishes."""
    doubled: timedelta = min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT)
    wished = timedelta(seconds=min(retry_after or 0, LONGEST_WAIT.total_seconds()))
    return max(doubled * random.uniform(0.75, 1.25), wished)  # noqa: S311  # no secret


def _take_snapshot(embed: Embed, answer: Answer) -> list[str]:
    """Copy what was found; the names of the columns set."""
    snapshot = answer.snapshot
    assert snapshot is not None
    changed = ["details"]
    details = dict(snapshot.details) | ({"still": snapshot.still} if snapshot.still else {})
    embed.details = {name: _storable(value) for name, value in details.items()}
    if not embed.keep_words:
        changed += _SNAPSHOT_FIELDS
        embed.author_name = _storable(snapshot.author_name)[:200] or embed.author_name
        embed.author_handle = _storable(snapshot.author_handle)[:200] or embed.author_handle
        if snapshot.text:
            embed.text, embed.text_lang = _storable(snapshot.text)[:20_000], _storable(snapshot.text_lang)[:20]
        if (
            snapshot.posted_at
            and 1990 < snapshot.posted_at.year < 2100
            and embed.posted_at_source in ("", Embed.DateSource.PROVIDER)
        ):
            embed.posted_at, embed.posted_at_source = snapshot.posted_at, Embed.DateSource.PROVIDER
    if snapshot.aspect and not embed.aspect:
        embed.aspect = snapshot.aspect
        changed.append("aspect")
    if snapshot.duration and not embed.duration:
        embed.duration = snapshot.duration
        changed.append("duration")
    if snapshot.still_alt and not embed.poster_alt and not embed.poster_id:  # it describes their still alone
        embed.poster_alt = _storable(snapshot.still_alt)[:500]
        changed.append("poster_alt")
    return changed


def _storable(text: str) -> str:
    """Without what databases can't hold: NUL, and halves of characters."""
    return re.sub("[\x00\ud800-\udfff]", "", text)


def _keep_still(embed: Embed, still: pictures.Still) -> None:
    """Make a still that a provider gave the poster, unless somebody has chosen one meanwhile."""
    with transaction.atomic():
        fresh = Embed.objects.select_for_update().filter(pk=embed.pk).first()
        if fresh and fresh.poster_id is None:
            fresh.poster = pictures.store(still, fresh.poster_alt)
            fresh.save(update_fields=["poster"])
            embed.poster = fresh.poster
