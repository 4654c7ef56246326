"""`manage.py refresh_embeds`: ask about the embeds whose check is due."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from blog import snapshots
from blog.models import Embed


def _positive(value: str) -> int:
    if not (value.isascii() and value.isdigit() and value.strip("0")):
        raise ArgumentTypeError(f"{value} is no number above 0")
    return int(value[-9:]) if len(value.lstrip("0")) < 10 else 10**9  # more than anybody has


class Command(BaseCommand):
    """For cron or a systemd timer, every quarter of an hour (deploy/roost-embeds.timer)."""

    help = "Fetch embeds that aren't here yet, and look whether the others are still there, as far as that is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much to do."""
        parser.add_argument("--all", action="store_true", help="also those that aren't due (not those taken down)")
        parser.add_argument("--limit", type=_positive, default=200, help="ask about so many at most (200)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what changed, and nothing if nothing did: cron mails what is said."""
        embeds = snapshots.longest_unchecked() if options["all"] else snapshots.due()
        chosen = list(embeds[: options["limit"]])
        before = {embed.pk: embed.status for embed in chosen}
        found: Counter[str] = Counter()

        def report(embed: Embed) -> None:
            found[embed.status] += 1
            if embed.status != before[embed.pk]:
                self.stdout.write(f"{embed.url}: {before[embed.pk]} → {embed.status}")

        with translation.override("en"):
            answered = snapshots.refresh(chosen, report=report)
        if options["verbosity"] > 1 or (answered and options["all"]):
            states = ", ".join(f"{count} {status}" for status, count in sorted(found.items())) or "nothing due"
            self.stdout.write(f"{timezone.localtime():%Y-%m-%d %H:%M} {answered} of {len(chosen)} answered: {states}")
