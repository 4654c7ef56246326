"""A process beside the server that publishes: for each number on its input it saves two posts, then says so.

Both posts say the number, in one transaction: a page that shows two numbers has mixed two states.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction  # noqa: E402

from blog.models import Post  # noqa: E402


def publish(number: str) -> None:
    with transaction.atomic():
        for day, slug in enumerate(("one", "two"), 1):
            post = Post.objects.filter(slug=slug).first() or Post(slug=slug)
            post.title, post.body = f"Title <{number}>", f"Words of <b>{number}</b>, enough to stand in a list."
            post.status, post.publish_at = Post.Status.PUBLISHED, datetime(2024, 1, day, tzinfo=UTC)
            post.save()
            post.tags.set(["a"])


for line in sys.stdin:
    publish(line.strip())
    print("done", flush=True)
