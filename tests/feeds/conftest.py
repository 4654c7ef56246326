"""A site on the web, with a hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from blog import announce
from blog.models import SiteSettings
from tests.feeds.hub import FakeHub

SITE = "https://blog.example.com"
HUB = "https://hub.example.com/publish"


@pytest.fixture
def hub(settings: LazySettings, db: None) -> Iterator[FakeHub]:
    """The hub that the site names."""
    settings.ROOST_URL, settings.ALLOWED_HOSTS = SITE, ["*"]
    SiteSettings(pk=1, websub_hub=HUB).save()
    with FakeHub() as running:
        settings.EMBED_GATEWAY = running.address
        yield running
        running.let_go.set()
        announce.finish(10)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """`with commit():` runs at its end what waits for the transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
