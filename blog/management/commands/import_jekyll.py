"""`manage.py import_jekyll PATH`: posts from Jekyll."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from blog import announce, pictures, related, snapshots
from blog.importers import jekyll
from blog.importers.jekyll import ImportProblem
from blog.importers.store import Store
from blog.lists import sync as lists
from blog.meta import cards
from blog.models import Embed, Image, Post, SiteSettings
from blog.search import sync as search

A_HANDFUL = 5
TOGETHER = 20  # posts of a transaction: what follows from saving them is done at once, and others don't wait long
FETCH_SECONDS = 30


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < 10_000:
        raise ArgumentTypeError(f"{value} is no number of seconds from 0 to 9999")
    return seconds


class Command(BaseCommand):
    """Import what can be imported, say what can't, and end with status 1 if anything couldn't."""

    help = (
        "Import posts from Jekyll (the Chirpy theme): a file, a _posts folder or a whole site. "
        "Run it as often as you like: what hasn't changed stays, what was edited here isn't overwritten."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A path, and --dry-run."""
        parser.add_argument("path", type=Path, help="a post, a _posts folder, or a site's folder")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument(
            *("--fetch-seconds", "-s"),
            type=_seconds,
            default=FETCH_SECONDS,
            help=f"how long to wait for embeds at most ({FETCH_SECONDS}); 0 leaves them to refresh_embeds",
        )

    def handle(self, *args: Any, path: Path, dry_run: bool, verbosity: int, **options: Any) -> None:
        """Import post by post; then fetch what the posts embed, and prepare their pictures."""
        counts: Counter[str] = Counter()
        with snapshots.postponed(), related.postponed(), announce.silence():
            files = self._import(path, dry_run, verbosity, counts)
        if not dry_run and options["fetch_seconds"] > 0:
            self._fetch(options["fetch_seconds"], verbosity)
        if not dry_run:
            self._lighten(verbosity)
            cards.bring_in_step(Post.objects.filter(card=""))
        summary = ", ".join(f"{counts[name]} {name}" for name in ("added", "changed", "unchanged", "problems"))
        self.stdout.write(f"{'Nothing was changed; it would be: ' if dry_run else ''}{summary}.")
        if counts["problems"]:
            raise CommandError(f"{counts['problems']} of {files} files were not imported; see the messages above.")

    def _fetch(self, seconds: float, verbosity: int) -> None:
        embeds = list(snapshots.due().filter(status=Embed.Status.PENDING))
        snapshots.refresh(embeds, seconds=seconds)
        fetched = sum(embed.fetched_at is not None for embed in embeds)
        if verbosity and embeds:
            later = f"; manage.py refresh_embeds will ask again for {len(embeds) - fetched}"
            self._say(f"embeds: {fetched} of {len(embeds)} fetched{later if fetched < len(embeds) else ''}.")

    def _lighten(self, verbosity: int) -> None:
        """After the posts, since it takes longest: whoever stops it here loses nothing, the next run goes on."""
        lacking = Image.objects.filter(colour="")
        for picture in tqdm(lacking, unit=" pictures", disable=None if verbosity and lacking else True):
            pictures.complete(picture)

    def _import(self, path: Path, dry_run: bool, verbosity: int, counts: Counter[str]) -> int:
        """Count what becomes of the files; returns how many there are."""
        if not path.exists():
            raise CommandError(f"{path} doesn't exist.")
        files = jekyll.find_posts(path)
        if not files:
            raise CommandError(f"There are no posts in {path}: looked for _posts/2024-02-19-title.md and the like.")
        settings = SiteSettings.load()
        seen: dict[str, Path] = {}
        try:
            site = jekyll.read_site(path, zone=settings.zone, lang=settings.language)
        except ImportProblem as problem:
            raise CommandError(str(problem)) from None
        store = Store(site, self._say, dry_run)
        hide_bar = None if len(files) > A_HANDFUL and verbosity else True  # None: show it on a terminal only
        with tqdm(total=len(files), unit=" posts", disable=hide_bar) as bar:
            for start in range(0, len(files), TOGETHER):
                done = []
                with transaction.atomic(), search.together(), lists.together():
                    for file in files[start : start + TOGETHER]:
                        done += self._import_post(file, site, store, seen, counts)
                        bar.update()
                for line in done if verbosity else ():
                    self._say(line)
        self._import_tabs(path, store, verbosity, counts)
        return len(files)

    def _import_post(
        self, file: Path, site: jekyll.Site, store: Store, seen: dict[str, Path], counts: Counter[str]
    ) -> list[str]:
        """Returns what to say of it when it is there to stay."""
        try:
            post = jekyll.read_post(file, site)
            if post.slug in seen:
                raise ImportProblem(file, 1, f"its address /posts/{post.slug}/ is taken by {seen[post.slug]}.")
            seen[post.slug] = file
            for note in post.notes:
                self._say(note)
            outcome = store.post(post)
        except ImportProblem as problem:
            counts["problems"] += 1
            self._complain(str(problem))
            return []
        counts[outcome] += 1
        said = f"{'would be ' if store.dry_run else ''}{outcome}: /posts/{post.slug}/ {post.title}"
        return [] if outcome == "unchanged" else [said]

    def _import_tabs(self, path: Path, store: Store, verbosity: int, counts: Counter[str]) -> None:
        for file in jekyll.find_tabs(path):
            try:
                tab = jekyll.read_tab(file)
                outcome = store.tab(tab) if tab else "unchanged"
            except ImportProblem as problem:
                counts["problems"] += 1
                self._complain(str(problem))
                continue
            if tab and outcome == "added" and verbosity:
                self._say(f"{'would be ' if store.dry_run else ''}added: /{tab.slug}/ {tab.title}")

    def _say(self, line: str) -> None:
        with tqdm.external_write_mode():
            self.stdout.write(line)

    def _complain(self, line: str) -> None:
        with tqdm.external_write_mode():
            self.stderr.write(line)
