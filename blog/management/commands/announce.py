"""`manage.py announce`: tell search engines and the hub what they don't know yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from blog import announce
from blog.meta import indexnow
from blog.models import SiteSettings

HUB_SECONDS = 30


class Command(BaseCommand):
    """For the timer that runs refresh_embeds: scheduled posts, and what couldn't be told when it was saved."""

    help = "Tell search engines (IndexNow) of posts that have appeared, changed or gone, and the hub of scheduled ones."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says nothing if there is nothing to tell: cron mails what is said."""
        announce.come_due()
        announce.finish(HUB_SECONDS)
        site = SiteSettings.load()
        if not indexnow.is_on(site):
            if options["verbosity"] > 1:
                self.stdout.write("Off: see the site's settings, and ROOST_URL, which must be a public https address.")
            return
        found = indexnow.all_changes()
        told = indexnow.tell(found, site.indexnow_key)
        if found.addresses and (told < len(found.addresses) or options["verbosity"] > 1):
            self.stdout.write(f"{told} of {len(found.addresses)} addresses told.")
