"""Fixtures for all tests."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings as django_settings
from django.db import transaction
from django.utils import timezone

from blog import related, snapshots
from blog.lists import sync as lists
from blog.models import Category, Post
from blog.rendering import worker
from blog.search import sync as search
from tests.server import PROJECT as PROJECT

SEED = PROJECT.parent / "shared" / "seed"
CHIRPY = PROJECT.parent / "shared" / "chirpy-demo"

MakePosts = Callable[..., list[Post]]

TOKYO = "1758192965703647443"
EMBED = f"""https://x.com/OpenAI/status/{TOKYO}
tokyo walk
>Prompt: A stylish woman walks down a Tokyo street.
"""


def pytest_configure() -> None:
    """Serve static files as they lie there: nothing has been collected. Also for the server of the browser's tests."""
    django_settings.WHITENOISE_AUTOREFRESH = django_settings.WHITENOISE_USE_FINDERS = True
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Nor do tests tell the blog on this machine of changes.
    folder = tempfile.mkdtemp(prefix="roost-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    django_settings.DATA_DIR = Path(folder)
    # No test asks the internet: a port where nobody listens stands for all of it, here and in child processes.
    django_settings.EMBED_GATEWAY = os.environ["ROOST_EMBED_GATEWAY"] = "127.0.0.1:9"
    if "sqlite" in django_settings.DATABASES["default"]["ENGINE"]:
        # A file, as a blog has: in memory, a second connection fails where it would wait its turn.
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{folder}/db.sqlite3"
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_folders(settings: LazySettings, tmp_path: Path) -> None:
    """No test sees another's files, or those of the blog on this machine."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ROOST_URL = ""
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "blog.example.com"]


@pytest.fixture(scope="session", autouse=True)
def _stop_renderer() -> Iterator[None]:
    yield
    worker.stop()


@pytest.fixture
def seed() -> Path:
    """The real post that Roost was made for."""
    if not SEED.is_dir():
        pytest.skip("the seed post belongs to its author and isn't in this repository; it is not on this machine")
    return SEED


@pytest.fixture
def make_post(db: None) -> Callable[..., Post]:
    """Save a published post; keywords change what it says."""
    count = 0

    def make(**values: Any) -> Post:
        nonlocal count
        count += 1
        tags = values.pop("tags", [])
        category = values.pop("category", None)
        values = {
            "title": f"Post {count}",
            "slug": f"post-{count}",
            "body": "A paragraph that is long enough to be an excerpt of the post.",
            "status": Post.Status.PUBLISHED,
            "publish_at": datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=count),
            **values,
        }
        post = Post(category=make_category(category) if isinstance(category, str) else category, **values)
        post.save(tags=tags)
        return post

    return make


@pytest.fixture
def make_posts(make_post: Callable[..., Post]) -> MakePosts:
    """Save so many posts alike, as an import does: what follows from them is derived for all together."""

    def make(count: int, **values: Any) -> list[Post]:
        with transaction.atomic(), snapshots.postponed(), related.postponed(), search.together(), lists.together():
            return [make_post(**values) for _ in range(count)]

    return make


def make_category(path: str) -> Category:
    """The category at "AI/News", with its ancestors."""
    leaf: Category | None = None
    for name in path.split("/"):
        leaf = Category.objects.filter(name=name, parent=leaf).first() or _new_category(name, leaf)
    assert leaf is not None
    return leaf


def _new_category(name: str, parent: Category | None) -> Category:
    category = Category(name=name, slug=name.lower(), parent=parent)
    category.save()
    return category


def in_a_week() -> datetime:
    """A moment that readers must wait for."""
    return timezone.now() + timedelta(days=7)


def find_chromium() -> str | None:
    """Where a Chromium is, if there is one."""
    candidates = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in candidates if name and (found := shutil.which(name))), None)
