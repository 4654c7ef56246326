"""`manage.py reindex`: make anew what the search and the lists read."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q
from tqdm import tqdm

from blog.lists import listings
from blog.models import Post, PostEntry, Prompt, PromptEntry
from blog.search import backend, index


class Command(BaseCommand):
    """A hundred rows at a time. What is written stays written, so an interrupted run costs nothing but time."""

    help = "Bring the search's index and the rows of lists in step with all posts. Both work meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--stale."""
        parser.add_argument(
            "--stale", action="store_true", help="only what has never been indexed, or by an older version of Roost"
        )

    def handle(self, *args: Any, stale: bool, **options: Any) -> None:
        """Posts, prompts, and then lists, and the indexes themselves."""
        wanted = ~Q(search_entry__indexed_by=index.INDEX_VERSION) | Q(search_entry=None) if stale else Q()
        posts = list(Post.objects.filter(wanted).order_by("pk").values_list("pk", flat=True))
        prompts = list(Prompt.objects.filter(wanted).order_by("pk").values_list("pk", flat=True))
        written = 0
        with tqdm(total=len(posts) + len(prompts), disable=None if options["verbosity"] else True) as progress:
            for write, keys in ((index.posts, posts), (index.prompts, prompts)):
                for batch in index.batches(keys):
                    written += write(batch, add=True)
                    progress.update(len(batch))
        if not stale:
            listings.refresh(posts)
            backend.rebuild(PostEntry)
            backend.rebuild(PromptEntry)
        if options["verbosity"]:
            self.stdout.write(f"{len(posts)} posts and {len(prompts)} prompts looked at, {written} entries written.")
