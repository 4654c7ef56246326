"""`manage.py tidy_media`: removes what interrupted uploads left behind."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.db.models import FileField
from django.utils import timezone

from blog.library import media_named
from blog.models import Image, Page, Post

FOLDERS = ("images", "stills", "cards")  # those where Roost itself names the files
YOUNG = timedelta(days=1)  # an upload may be under way


class Command(BaseCommand):
    """Delete files that no row and no text names."""

    help = "Remove pictures that interrupted uploads left in the media folder. Files that a text names stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be removed, remove nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """File by file."""
        named = _named()
        left = [name for folder in FOLDERS for name in _files(folder) if name not in named]
        old = [name for name in left if default_storage.get_modified_time(name) < timezone.now() - YOUNG]
        for name in old:
            self.stdout.write(name)
            if not dry_run:
                default_storage.delete(name)
        self.stdout.write(f"{len(old)} files {'would be ' if dry_run else ''}removed.")


def _named() -> set[str]:
    """All files that something refers to."""
    named: set[str] = set()
    for model in apps.get_app_config("blog").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                named.update(model._default_manager.values_list(field.name, flat=True))
    named.update(Post.objects.exclude(card="").values_list("card", flat=True))
    for renditions in Image.objects.values_list("renditions", flat=True):
        named.update(path for _kind, _width, path in renditions)
    for texts in (Post.objects.values_list("body", "body_html"), Page.objects.values_list("body", "body_html")):
        for text in texts.iterator():
            named |= media_named("\n".join(text))
    return named


def _files(folder: str) -> Iterator[str]:
    """The files in a folder of the media folder, and below."""
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for below in folders:
        yield from _files(f"{folder}/{below}")
