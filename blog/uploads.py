"""Pictures that authors upload: opened, checked and written anew; replaced, and removed with their copies.

Files come first and rows last: whatever is interrupted leaves files that no row names, which `manage.py tidy_media`
removes, and never a row without its file.
"""

from __future__ import annotations

import io
import re
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image as Pillow, ImageSequence

from blog import pictures
from blog.models import Image
from blog.pictures import BROKEN, FORMATS, PictureError, TooLargeError

MAX_BYTES = 20 * 2**20  # what phones write fits
WIDTH = 1920  # no page shows more
ANIMATED_WIDTH = 960
MAX_FRAMES = 400
MAX_FRAME_PIXELS = 150_000_000  # of all frames together, as they are written
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
_FORMATS_BY_ENDING = {ending: name for name, ending in _ENDINGS.items()} | {"jpeg": "JPEG"}
_OPTIONS: dict[str, dict[str, int]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 86, "optimize": True, "progressive": True},
    "WEBP": {"quality": 86},
    "AVIF": {"quality": 65, "speed": 8},
    "GIF": {},
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture as it will be stored: its own file, and the lighter copies that pages offer beside it."""

    width: int
    height: int
    ending: str
    content: bytes
    renditions: tuple[tuple[str, int, str, bytes], ...]  # (type, width, ending, content)
    colour: str = ""
    stilled: bool = False  # it was an animation, and moves no more


def receive(data: bytes, ending: str = "") -> Upload:
    """Open a picture and write it anew, in the format of `ending` if one is given. Raises PictureError."""
    if len(data) > MAX_BYTES:
        raise TooLargeError.bytes_over(MAX_BYTES)
    if not data:
        raise PictureError(_("The file is empty."))
    moving = _moving(data)
    if moving and ending in ("", "webp", "gif"):
        return _written_moving(moving, ending or "webp")
    picture = pictures.opened(data)
    shown = pictures.scaled(picture, WIDTH)
    ending, content = _written_as(shown, ending) if ending else _lightest(shown)
    copies = tuple(pictures.lighter_copies(picture))
    colour = pictures.colour_of(picture)
    return Upload(shown.width, shown.height, ending, content, copies, colour, stilled=_frames(data) > 1)


def _lightest(picture: Pillow.Image) -> tuple[str, bytes]:
    """PNG for drawings and what is transparent, JPEG for photographs: whichever is smaller."""
    png = _written_as(picture, "png")
    if picture.mode == "RGBA":
        return png
    return min(png, _written_as(picture, "jpg"), key=lambda written: len(written[1]))


def _written_as(picture: Pillow.Image, ending: str) -> tuple[str, bytes]:
    name = _FORMATS_BY_ENDING[ending]
    if name == "JPEG" and picture.mode == "RGBA":  # which JPEG can't be: white shows through
        picture = Pillow.alpha_composite(Pillow.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return ending, pictures.written(picture, name, _OPTIONS[name])


def _frames(data: bytes) -> int:
    try:
        with Pillow.open(io.BytesIO(data), formats=FORMATS) as opened:
            return int(getattr(opened, "n_frames", 1))
    except BROKEN:
        return 1


def stilled() -> str:
    """What to tell the author of an animation that became a still."""
    return _("Only its first frame was kept: the animation is too long, or its place holds no animation.")


def _moving(data: bytes) -> list[tuple[Pillow.Image, int]]:
    """(frame, milliseconds) of an animation; none of a still, or of one that is too much to show."""
    try:
        with Pillow.open(io.BytesIO(data), formats=FORMATS) as opened:
            frames, share = getattr(opened, "n_frames", 1), min(1.0, ANIMATED_WIDTH / opened.width)
            pixels = opened.width * opened.height
            if not 1 < frames <= MAX_FRAMES or pixels > pictures.MAX_PIXELS:
                return []
            if pixels * share**2 * frames > MAX_FRAME_PIXELS:
                return []
            return [
                (pictures.scaled(frame.convert("RGBA"), ANIMATED_WIDTH), int(frame.info.get("duration") or 100))
                for frame in ImageSequence.Iterator(opened)
            ]
    except BROKEN:
        return []  # as a still it is opened again, and what is wrong is said


def _written_moving(frames: list[tuple[Pillow.Image, int]], ending: str) -> Upload:
    first = frames[0][0]
    for frame, _duration in frames:
        frame.info.clear()  # a comment would be written again
    buffer = io.BytesIO()
    first.save(
        buffer,
        _FORMATS_BY_ENDING[ending],
        save_all=True,
        append_images=[frame for frame, _duration in frames[1:]],
        duration=[duration for _frame, duration in frames],
        loop=0,
        **({"quality": 75} if ending == "webp" else {"disposal": 2}),
    )
    return Upload(first.width, first.height, ending, buffer.getvalue(), (), pictures.colour_of(first))


def store(upload: Upload, alt: str = "", name: str = "", path: str | None = None, by: Any = None) -> Image:
    """Put it into the media folder. `name` is the author's for the file; what of it suits an address stays."""
    stem = f"{timezone.now():images/%Y/%m}/{_stem(name)}"
    content = ContentFile(upload.content)
    stored = default_storage.save(f"{stem}.{upload.ending}", content)
    image = Image(file=stored, width=upload.width, height=upload.height, alt=alt[:500], path=path, added_by=by)
    image.renditions = pictures.stored_copies(upload.renditions, stem)
    image.colour = upload.colour
    image.save()
    return image


def _stem(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", PurePosixPath(name.replace("\\", "/")).stem.lower()).strip("-")[:40]
    return f"{words}-{secrets.token_hex(4)}".strip("-")


def ending_of(image: Image) -> str:
    """What a picture that replaces this one is written as, since its address stays; "" for a new one."""
    return PurePosixPath(image.file.name or "").suffix.lstrip(".").lower()


def replace(image: Image, upload: Upload) -> None:
    """Show another picture at the same address. What is written first is seen last: nobody gets half of it."""
    name = image.file.name or ""
    old = [path for _kind, _width, path in image.renditions]
    image.renditions = pictures.stored_copies(upload.renditions, str(PurePosixPath(name).parent / _stem(name)))
    image.width, image.height, image.colour = upload.width, upload.height, upload.colour
    image.file_size = len(upload.content)
    with transaction.atomic():
        columns = {name: getattr(image, name) for name in ("renditions", "width", "height", "colour", "file_size")}
        Image.objects.filter(pk=image.pk).update(**columns)
        _overwrite(name, upload.content)
    transaction.on_commit(lambda: _remove(old))


def _overwrite(name: str, content: bytes) -> None:
    """Put other content at an address. On a disk it is the old or the new at every moment, never half of it."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # not on a disk
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content))
        return
    waiting = default_storage.save(f"{name}.new", ContentFile(content))
    Path(default_storage.path(waiting)).replace(path)


@receiver(post_delete, sender=Image)
def _remove_files(sender: type[Image], instance: Image, **_: object) -> None:
    """Once a picture is gone for good, so are its files."""
    names = [instance.file.name or "", *(path for _kind, _width, path in instance.renditions)]
    transaction.on_commit(lambda: _remove(names))


def _remove(names: list[str]) -> None:
    shared = set(Image.objects.filter(file__in=names).values_list("file", flat=True))
    for name in names:
        if name and name not in shared:
            default_storage.delete(name)
