"""Fixtures for embeds in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import LazySettings

from blog.models import Embed
from tests.admin_embeds.helpers import WORDS, MakePost
from tests.conftest import EMBED
from tests.fake_provider import FakeProvider


@pytest.fixture
def fake(settings: LazySettings) -> Iterator[FakeProvider]:
    """The sites that posts come from; the blog asks them."""
    with FakeProvider() as running:
        settings.EMBED_GATEWAY = running.address
        yield running


@pytest.fixture
def embed(make_post: MakePost) -> Embed:
    """One with words, shown in a post."""
    make_post(title="A walk", body=EMBED)
    posted_at = datetime(2024, 2, 15, 18, 14, 3, tzinfo=UTC)
    Embed.objects.update(text=WORDS, author_name="Ada", status="live", text_lang="en", posted_at=posted_at)
    return Embed.objects.get()
