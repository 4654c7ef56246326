"""`manage.py draw_cards`: bring the pictures for link previews up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from blog.meta import cards
from blog.models import Post


class Command(BaseCommand):
    """For the timer that runs refresh_embeds: the site may have another title, or Roost another design."""

    help = "Draw the pictures for link previews that are missing or out of date, and remove what isn't needed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says nothing if there was nothing to do: cron mails what is said."""
        drawn = cards.bring_in_step(Post.objects.order_by("-pk"))
        if drawn:
            self.stdout.write(f"{drawn} cards drawn.")
