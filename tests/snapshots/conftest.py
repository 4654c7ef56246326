"""Fixtures for asking about embeds: the sites are fake, and time stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from time_machine import TimeMachineFixture

from blog import snapshots
from blog.embeds.http import Fetcher
from tests.fake_provider import FakeProvider

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def fake(settings: LazySettings) -> Iterator[FakeProvider]:
    """The sites that posts come from, all well at first; the blog asks them."""
    with FakeProvider() as running:
        settings.EMBED_GATEWAY = running.address
        yield running


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """It is START; `clock.shift(timedelta)` moves on."""
    time_machine.move_to(START, tick=False)
    return time_machine


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """For sites that keep one waiting."""
    monkeypatch.setattr(snapshots, "Fetcher", partial(Fetcher, total_seconds=0.5))


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """`with commit():` runs at its end what waits for the transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
