"""Copying the pictures, films and sounds of an imported text into the media folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from blog import uploads
from blog.embeds.media import AUDIO_TYPES, VIDEO_TYPES
from blog.importers.jekyll import Site
from blog.models import Clip, Image
from blog.models.clip import validate_media

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
_GPS = 0x8825  # https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf, 4.6.3
_MAX_IMAGE_BYTES = 20 * 2**20


@dataclass
class FileCopier:
    """Copies files that one text names, under their old paths. What can't be copied is noted, never an error."""

    text: Path
    site: Site
    note: Callable[[str], None]
    written: list[str]
    dry_run: bool

    def __call__(self, path: str, alt: str = "") -> None:
        """Copy the file at `path` of the old site, unless it is here."""
        ending = path.rpartition(".")[2].lower()
        if ending in VIDEO_TYPES or ending in AUDIO_TYPES:
            self._copy_clip(path)
        else:
            self._copy_picture(path, alt)

    def _copy_picture(self, path: str, alt: str) -> None:
        if Image.objects.filter(path=path).exists() or not (file := self._find("picture", path)):
            return
        try:
            width, height, location = _check_picture(file)
        except (OSError, ValueError, SyntaxError, RuntimeError, Pillow.DecompressionBombError) as error:
            kinds = "PNG, JPEG, GIF, WebP or AVIF"
            self.note(f"{file}:1: note: not copied, this is no picture that browsers show ({kinds}): {error}")
            return
        if self.dry_run:
            return
        if location:
            self._write_anew(file, path, alt)
        else:
            Image.objects.create(path=path, file=self._copy(file, path), width=width, height=height, alt=alt)

    def _write_anew(self, file: Path, path: str, alt: str) -> None:
        """All other files keep their bytes; this one says where somebody was."""
        upload = uploads.receive(file.read_bytes(), path.rpartition(".")[2].lower())
        name = default_storage.save(path.lstrip("/"), ContentFile(upload.content))
        self.written.append(name)
        Image.objects.create(path=path, file=name, width=upload.width, height=upload.height, alt=alt)
        self.note(f"{file}:1: note: it said where it was taken; the copy doesn't.")

    def _copy_clip(self, path: str) -> None:
        if Clip.objects.filter(path=path).exists() or not (file := self._find("film or sound", path)):
            return
        try:
            with file.open("rb") as content:
                validate_media(content)
        except ValidationError as error:
            self.note(f"{file}:1: note: not copied: {' '.join(error.messages)}")
            return
        if not self.dry_run:
            Clip.objects.create(path=path, file=self._copy(file, path))

    def _find(self, kind: str, path: str) -> Path | None:
        spellings = (path, unicodedata.normalize("NFD", path))  # macOS decomposes Hangul in file names
        files = [(self.site.root / spelling.lstrip("/")).resolve() for spelling in spellings]
        file = next((file for file in files if file.is_file()), files[0])
        if file.is_relative_to(self.site.root) and file.is_file():
            return file
        self.note(f"{self.text}:1: note: the {kind} {path} isn't in {self.site.root}; readers won't see it.")
        return None

    def _copy(self, file: Path, path: str) -> str:
        name = path.lstrip("/")
        if not default_storage.exists(name):
            with file.open("rb") as content:
                name = default_storage.save(name, File(content))
            self.written.append(name)
        return name


def _check_picture(file: Path) -> tuple[int, int, bool]:
    """Width, height, and whether it says where it was taken."""
    if file.stat().st_size > _MAX_IMAGE_BYTES:
        raise ValueError(f"it is larger than {_MAX_IMAGE_BYTES // 2**20} MiB")
    with Pillow.open(file, formats=_FORMATS) as picture:
        width, height = picture.size
        picture.verify()  # nothing more can be asked of it after that
    with Pillow.open(file, formats=_FORMATS) as picture:
        location = bool(picture.getexif().get_ifd(_GPS)) or b"GPSLatitude" in bytes(picture.info.get("xmp", b""))
    return width, height, location
