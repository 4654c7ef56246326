"""`manage.py relate`: bring the lists of related posts up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from blog import related
from blog.models import Post


class Command(BaseCommand):
    """Derive all lists again."""

    help = (
        "Derive the related posts of every post again. A save does it for its post and those most like it; this also "
        "takes in what changed by other ways: tags that were merged, models of prompts, how rare things have become."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One post at a time: an interrupted run has done no harm."""
        keys = list(Post.objects.order_by("pk").values_list("pk", flat=True))
        changed = sum(tqdm(related.derive_all(keys), total=len(keys), disable=None))
        self.stdout.write(f"{changed} of {len(keys)} lists changed.")
