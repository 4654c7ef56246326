"""Telling search engines what is new, has changed or is gone: https://www.indexnow.org/documentation.

What they were told is kept (`Announced`), so that nothing is told twice, what failed is told later, and a scheduled
post is told at its minute, by `manage.py announce`. After a save a thread tells; nobody waits for it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from blog import announce, snapshots
from blog.embeds.http import FailedError, Fetcher, RefusedError
from blog.models import Announced, Post, SiteSettings

logger = logging.getLogger(__name__)

ENDPOINT = "https://api.indexnow.org/indexnow"  # passes it on to all engines that take part
_HOSTS = ("api.indexnow.org",)
_A_TIME = 10_000  # addresses that one request may hold


@dataclass(frozen=True, slots=True)
class Changes:
    """Addresses to tell, and what to remember once they are told."""

    shown: dict[str, tuple[int, datetime]] = field(default_factory=dict)  # address: (post, its last change)
    gone: list[str] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        """All of them."""
        return [*self.shown, *self.gone]


def is_on(site: SiteSettings) -> bool:
    """Whether the author wants it, and the site has an address that others can open."""
    return site.indexnow and announce.is_reachable(settings.ROOST_URL)


def changes(posts: QuerySet[Post], told: QuerySet[Announced]) -> Changes:
    """What engines don't know yet of these posts, whose rows in `told` say what they know."""
    known = dict(told.values_list("address", "modified_at"))
    shown: dict[str, tuple[int, datetime]] = {}
    for post in posts.only("slug", "publish_at", "updated_at"):
        at = post.modified_at
        assert at is not None  # what is published has a date
        shown[post.get_absolute_url()] = (post.pk, at)
    new = {address: row for address, row in shown.items() if address not in known or known[address] < row[1]}
    return Changes(new, [address for address in known if address not in shown])


def all_changes() -> Changes:
    """What engines don't know yet of the whole site."""
    return changes(Post.objects.indexable(), Announced.objects.all())


def tell(found: Changes, key: str) -> int:
    """Tell engines, and remember it. Returns how many addresses they took; what they didn't stays to be told."""
    wanted = found.addresses
    for start in range(0, len(wanted), _A_TIME):
        addresses = wanted[start : start + _A_TIME]
        if not _send(addresses, key):
            return start
        _remember(found, addresses)
    return len(wanted)


def _send(addresses: list[str], key: str) -> bool:
    body = {
        "host": urlsplit(settings.ROOST_URL).netloc,
        "key": key,
        "keyLocation": f"{settings.ROOST_URL}/{key}.txt",
        "urlList": [f"{settings.ROOST_URL}{address}" for address in addresses],
    }
    fetcher = Fetcher(gateway=settings.EMBED_GATEWAY)
    try:
        answer = fetcher.post(ENDPOINT, json.dumps(body).encode(), "application/json; charset=utf-8", hosts=_HOSTS)
    except (FailedError, RefusedError) as error:
        logger.info("IndexNow: %s", error)
        return False
    if answer.status not in (200, 202):
        logger.warning("IndexNow answered %d about %d addresses.", answer.status, len(addresses))
    return answer.status in (200, 202)


def _remember(found: Changes, addresses: list[str]) -> None:
    with transaction.atomic():
        _keep({address: found.shown[address] for address in addresses if address in found.shown})
        Announced.objects.filter(address__in=[one for one in addresses if one not in found.shown]).delete()


def _keep(shown: dict[str, tuple[int, datetime]]) -> None:
    there = set(Post.objects.filter(pk__in=[pk for pk, _at in shown.values()]).values_list("pk", flat=True))
    rows = [
        Announced(address=address, post_id=pk if pk in there else None, modified_at=at)
        for address, (pk, at) in shown.items()
    ]
    Announced.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["address"], update_fields=["post", "modified_at"], batch_size=1000
    )


@receiver(post_save, sender=Post)
def _after_save(sender: type[Post], instance: Post, raw: bool, **_: Any) -> None:
    if not raw and not snapshots.is_postponed():
        key = instance.pk
        transaction.on_commit(lambda: _tell_of(key), robust=True)


@receiver(post_delete, sender=Post)
def _after_delete(sender: type[Post], **_: Any) -> None:
    transaction.on_commit(lambda: _tell_of(None), robust=True)


def _tell_of(post: int | None) -> None:
    """Tell of one post, or of those that were deleted, without letting anybody wait."""
    site = SiteSettings.load()
    if not is_on(site):
        return
    posts = Post.objects.indexable().filter(pk=post) if post else Post.objects.none()
    found = changes(posts, Announced.objects.filter(post=post))
    if found.addresses:
        in_background(lambda: tell(found, site.indexnow_key))


def in_background(task: Callable[[], object]) -> Thread:
    """Run a task in a thread with a database connection of its own, which ends with it."""

    def run() -> None:
        try:
            task()
        except DatabaseError:  # locked, or gone: `manage.py announce` will tell
            logger.exception("IndexNow: what was told could not be kept.")
        finally:
            connection.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


@receiver(pre_save, sender=SiteSettings)
def _begin(sender: type[SiteSettings], instance: SiteSettings, raw: bool, **_: Any) -> None:
    """From now on, changes are told. What is there already is nothing new: engines ask not to be told all of it."""
    if raw or not instance.indexnow or SiteSettings.objects.filter(pk=instance.pk, indexnow=True).exists():
        return
    Announced.objects.all().delete()
    _keep(all_changes().shown)
