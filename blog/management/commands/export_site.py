"""`manage.py export_site DIR`: the site as files."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from tqdm import tqdm

from blog import version
from blog.export.folder import Folder, FolderError
from blog.export.site import Export
from blog.models import SiteSettings


class Command(BaseCommand):
    """Write what has changed since the last time; say which links are broken."""

    help = (
        "Write the whole site as files into a folder, for a host that sends files: the same addresses, the same bytes. "
        "Run it again after changes: only these are written, and what is no more is removed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A folder."""
        parser.add_argument("folder", type=Path, help="an empty folder, or that of an earlier export")

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        """Again, if somebody has published meanwhile: pages must fit each other."""
        logging.getLogger("django.request").setLevel(logging.ERROR)  # what isn't found is told below
        if not settings.ROOST_URL:
            raise CommandError("Set ROOST_URL to the address that the files will have: feeds and previews name it.")
        try:
            while True:
                began = version.current()
                with Folder(folder) as target, translation.override(SiteSettings.load().language):
                    export = self._export(target, verbosity)
                if version.current() is began:
                    break
                self.stdout.write("Something was published meanwhile: once more.")
        except FolderError as error:
            raise CommandError(str(error)) from None
        for line in export.broken:
            self.stderr.write(f"broken: {line}")
        self.stdout.write(
            f"{export.pages} pages: {target.written} files written, {target.removed} removed, "
            f"{target.unchanged} unchanged; {len(export.broken)} broken links."
        )

    def _export(self, target: Folder, verbosity: int) -> Export:
        with tqdm(unit=" files", disable=None if verbosity else True) as bar:  # None: shown on a terminal only

            def progress(done: int, known: int) -> None:
                bar.total = known
                bar.update(done - bar.n)

            export = Export(target, progress)
            export.run()
        return export
