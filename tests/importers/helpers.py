"""A Jekyll site to import, and its import."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management import CommandError, call_command
from PIL import Image as Pillow
from taggit.models import Tag


@dataclass(frozen=True)
class Import:
    out: str
    problems: list[str]
    error: str  # what the command ended with, "" if all went well


def run(path: Path, *options: str) -> Import:
    """`manage.py import_jekyll PATH`."""
    out, err, error = StringIO(), StringIO(), ""
    try:
        call_command("import_jekyll", str(path), *options, stdout=out, stderr=err, fetch_seconds=0)
    except CommandError as command_error:
        error = str(command_error)
    return Import(out.getvalue(), err.getvalue().splitlines(), error)


def write(path: Path, front: str = "title: A title", body: str = "A text.") -> Path:
    """A Jekyll file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{front}\n---\n\n{body}\n", encoding="utf-8")
    return path


def picture(path: Path, kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> Path:
    """A picture file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.new("RGB", size, "red").save(path, kind)
    return path


def media() -> list[str]:
    """The files in the media folder, but for the cards and lighter copies that are made here."""
    root = Path(settings.MEDIA_ROOT)
    names = (str(file.relative_to(root)) for file in root.rglob("*") if file.is_file())
    return sorted(name for name in names if not name.startswith(("cards/", "stills/")))


def everything() -> tuple[str, ...]:
    """All that is stored, to compare."""
    models = [*apps.get_app_config("blog").get_models(), Tag, get_user_model()]
    rows = [serializers.serialize("json", model._default_manager.order_by("pk")) for model in models]
    files = [f"{name}: {(Path(settings.MEDIA_ROOT) / name).read_bytes()!r}" for name in media()]
    return (*rows, *files)
