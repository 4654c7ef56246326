"""What feeds call an entry, for ever: its first address, whatever becomes of its slug or of the site's.

A reader's program that meets an id for the first time shows the entry as new (RFC 4287, 4.2.6). So an id is stored when
a post is published or imported, with the host it had then; a blog without ROOST_URL knows no host, and stores the path.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from blog.models import Post, Prompt


def keep(post: Post, old: Post | None, saved: Collection[str]) -> None:
    """Set the id of a post that is about to be saved; `old` is what is stored, `saved` which columns will be."""
    seen = False
    if old is not None:
        seen = old.publish_at is not None and old.publish_at <= timezone.now()
        post.feed_id = old.feed_id
    published = _after(post, old, saved, "status") == Post.Status.PUBLISHED
    renamed = old is not None and _after(post, old, saved, "slug") != old.slug
    if not published and not seen:
        post.feed_id = ""
    elif old is None or (published and not post.feed_id) or (renamed and not seen):
        imported = post.feed_id if old is None else ""
        post.feed_id = _free(post, imported or settings.ROOST_URL + post.get_absolute_url())
    elif post.feed_id.startswith("/"):
        post.feed_id = f"{settings.ROOST_URL}{post.feed_id}"


def _after(post: Post, old: Post | None, saved: Collection[str], name: str) -> Any:
    """What a column will hold."""
    return getattr(post if old is None or name in saved else old, name)


def _free(post: Post, address: str) -> str:
    """An address as an id; numbered if it is that of a post which had this address before."""
    others = Post.objects.exclude(pk=post.pk)
    numbered = (f"#{number}" if number > 1 else "" for number in count(1))
    return next(
        address + suffix
        for suffix in numbered
        if not others.filter(feed_id__in={address + suffix, post.get_absolute_url() + suffix}).exists()
    )


def complete() -> None:
    """Tell ids from before ROOST_URL was set which host they were of."""
    if settings.ROOST_URL:
        Post.objects.filter(feed_id__startswith="/").update(feed_id=Concat(Value(settings.ROOST_URL), "feed_id"))


def of_post(post: Post, base: str) -> str:
    """A post's id in a feed of the site at `base`."""
    return base + post.feed_id if post.feed_id.startswith("/") else post.feed_id or base + post.get_absolute_url()


def of_prompt(prompt: Prompt, base: str) -> str:
    """A prompt's: on the host that its post's id names, so that a moved blog keeps these too."""
    home = urlsplit(of_post(prompt.post, base))
    return f"{home.scheme}://{home.netloc}{prompt.get_absolute_url()}"
