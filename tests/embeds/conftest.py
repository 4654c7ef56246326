"""Fixtures for asking providers: the fake ones, and servers that say what a test wants to the byte."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from blog.embeds.http import Fetcher
from tests.fake_provider import FakeProvider


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    """The sites that posts come from, all well at first."""
    with FakeProvider() as running:
        yield running


@pytest.fixture
def fetcher(fake: FakeProvider) -> Fetcher:
    """Asks the fake sites, with less patience than a blog has."""
    return Fetcher(gateway=fake.address, total_seconds=2.0)
