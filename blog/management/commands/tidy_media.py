"""`manage.py tidy_media`: removes what interrupted uploads left behind."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.db.models import CharField, FileField, JSONField, Model, Q, QuerySet, TextField
from django.utils import timezone

from blog.models import Image, Mention, Revision
from blog.rendering.named import files_named

FOLDERS = ("images", "stills", "cards")  # those where Roost itself names the files
YOUNG = timedelta(days=1)  # an upload may be under way
_EARLIER = Q(kind=Revision.Kind.SAVE)


class Command(BaseCommand):
    """Delete files that no row and no text names."""

    help = (
        "Remove pictures that interrupted uploads left in the media folder. Files that a text names stay, be it an "
        "earlier version of a post or one that is being written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--dry-run, --forget-earlier-versions."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be removed, remove nothing")
        parser.add_argument(
            "--forget-earlier-versions",
            action="store_true",
            help="remove also what earlier versions of posts alone name: restored, they will lack it",
        )

    def handle(self, *args: Any, dry_run: bool, forget_earlier_versions: bool, **options: Any) -> None:
        """File by file."""
        named = _named(Revision.objects.exclude(_EARLIER) if forget_earlier_versions else Revision.objects.all())
        left = [name for folder in FOLDERS for name in _files(folder) if name not in named]
        old = [name for name in left if default_storage.get_modified_time(name) < timezone.now() - YOUNG]
        for name in old:
            self.stdout.write(name)
            if not dry_run:
                default_storage.delete(name)
        self.stdout.write(f"{len(old)} files {'would be ' if dry_run else ''}removed.")


def _named(revisions: QuerySet[Revision]) -> set[str]:
    """All files that something refers to. Whatever column holds words is read: better too much kept than too little."""
    mentions = Mention.objects.filter(Q(revision=None) | Q(revision__in=revisions))
    named = set(mentions.values_list("name", flat=True))
    for renditions in Image.objects.values_list("renditions", flat=True):
        named.update(path for _kind, _width, path in renditions)
    for model in apps.get_app_config("blog").get_models():
        if model is not Mention:
            named |= _named_by(revisions if model is Revision else model._default_manager.all())
    return named


def _named_by(rows: QuerySet[Any]) -> set[str]:
    named: set[str] = set()
    model: type[Model] = rows.model
    for field in model._meta.concrete_fields:
        values = rows.order_by().values_list(field.attname, flat=True)
        if isinstance(field, FileField):
            named.update(values)
        elif isinstance(field, CharField | TextField | JSONField):
            for value in values.iterator():
                named.update(name for text in _words(value) for name in files_named(text, settings.MEDIA_URL))
    return named


def _words(value: Any) -> Iterator[str]:
    """All texts in a column's value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _words(part)


def _files(folder: str) -> Iterator[str]:
    """The files in a folder of the media folder, and below."""
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for below in folders:
        yield from _files(f"{folder}/{below}")
