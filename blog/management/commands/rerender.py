"""`manage.py rerender`: bring stored HTML up to what this version of Roost makes of the texts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from blog import pictures, snapshots
from blog.models import Image, Page, Post, Profile
from blog.rendering import RENDERER_VERSION, RenderError


class Command(BaseCommand):
    """Save again what an older renderer wrote; give old pictures what newer ones have."""

    help = (
        "Render posts again that an older version of Roost has rendered, all pages and profiles. Dates stay. "
        "Pictures get the lighter copies and the colour that they lack."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One post at a time: an interrupted run goes on where it stopped."""
        for picture in tqdm(Image.objects.filter(colour=""), disable=None):
            pictures.complete(picture)
        failed = 0
        keys = Post.objects.exclude(rendered_by=RENDERER_VERSION).values_list("pk", flat=True)
        texts: list[tuple[type[Post | Page | Profile], int]] = [(Post, key) for key in keys]
        texts += [(Page, key) for key in Page.objects.values_list("pk", flat=True)]
        texts += [(Profile, key) for key in Profile.objects.exclude(body="").values_list("pk", flat=True)]
        for model, key in tqdm(texts, disable=None):
            text = model._default_manager.get(pk=key)
            try:
                with snapshots.postponed():  # refresh_embeds asks about what is new
                    text.save()
            except RenderError as error:
                failed += 1
                self.stderr.write(f"{text.get_absolute_url()}: {error}")
        self.stdout.write(f"{len(texts) - failed} rendered.")
        if failed:
            raise CommandError(f"{failed} could not be rendered and stay as they were.")
