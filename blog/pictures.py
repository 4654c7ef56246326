"""Stills: whatever comes in is opened, bounded and written anew, in sizes and formats that suit a page."""

from __future__ import annotations

import io
import secrets
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image as Pillow, ImageCms, ImageOps

from blog.models import Image

MAX_PIXELS = 40_000_000  # a decompression bomb is a small file with more than that
MAX_BYTES = 8 * 1024 * 1024
MAX_SIDE = 16_383  # more than that doesn't fit into WebP
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
WIDTHS = (480, 960, 1440)  # a phone, a phone's fine screen or a still on a desk, a desk's fine screen
SMALL = 192  # a face in a circle; only upright and square pictures are shown so
_RENDITIONS = (
    ("AVIF", "image/avif", "avif", {"quality": 55, "speed": 8}),
    ("WEBP", "image/webp", "webp", {"quality": 78}),
)
# What Pillow raises for files that are broken, or made to break it.
BROKEN = (
    *(OSError, EOFError, ValueError, SyntaxError, RuntimeError, LookupError, TypeError, ArithmeticError),
    *(AttributeError, struct.error, Pillow.DecompressionBombError),
)


class PictureError(ValueError):
    """This can't be shown as a picture; the message says why."""


class TooLargeError(PictureError):
    """It might be a picture, but one of more bytes or pixels than are taken."""

    @classmethod
    def bytes_over(cls, limit: int) -> TooLargeError:
        """For a file of more than `limit` bytes."""
        return cls(_("The picture is larger than %(size)d MiB.") % {"size": limit // 2**20})

    @classmethod
    def pixels_over(cls, limit: int) -> TooLargeError:
        """For a picture of more than `limit` pixels."""
        return cls(_("The picture has more than %(count)d million pixels.") % {"count": limit // 10**6})


@dataclass(frozen=True, slots=True)
class Still:
    """A picture, written anew: nothing of the file it came from is left but what can be seen."""

    width: int
    height: int
    fallback: tuple[str, bytes]  # (ending, content) of the format that every browser and feed reader shows
    renditions: tuple[tuple[str, int, str, bytes], ...]  # (type, width, ending, content)
    colour: str = ""


def prepare(data: bytes) -> Still:
    """Open a picture and write it anew. Needs no database: may run in a thread. Raises PictureError."""
    if len(data) > MAX_BYTES:
        raise TooLargeError.bytes_over(MAX_BYTES)
    picture = opened(data)
    transparent = picture.mode == "RGBA"
    fallback = scaled(picture, WIDTHS[-1])
    content = (
        written(fallback, "PNG", {"optimize": True})
        if transparent
        else written(fallback, "JPEG", {"quality": 82, "optimize": True, "progressive": True})
    )
    return Still(
        fallback.width,
        fallback.height,
        ("png" if transparent else "jpg", content),
        tuple(lighter_copies(picture)),
        colour_of(picture),
    )


def opened(data: bytes) -> Pillow.Image:
    """The first frame, upright, as RGB or RGBA. Raises PictureError."""
    try:
        with Pillow.open(io.BytesIO(data), formats=FORMATS) as file:
            if file.width * file.height > MAX_PIXELS:
                raise TooLargeError.pixels_over(MAX_PIXELS)
            upright = ImageOps.exif_transpose(file)
            picture = _in_srgb(upright).convert("RGBA" if upright.has_transparency_data else "RGB")
    except PictureError:
        raise
    except Pillow.DecompressionBombError as error:
        raise TooLargeError.pixels_over(MAX_PIXELS) from error
    except BROKEN as error:
        raise PictureError(_("This is no picture that browsers show (PNG, JPEG, GIF, WebP or AVIF).")) from error
    picture.info.clear()  # a comment or profile would be written again
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return picture


def _in_srgb(picture: Pillow.Image) -> Pillow.Image:
    """The colours that are meant: phones write wider ones, with a profile that isn't kept."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def lighter_copies(picture: Pillow.Image) -> list[tuple[str, int, str, bytes]]:
    """(type, width, ending, content) of each."""
    small = [SMALL] if picture.width <= picture.height else []
    widths = [width for width in (*small, *WIDTHS) if width < picture.width] + [min(picture.width, WIDTHS[-1])]
    made = []
    for width in dict.fromkeys(widths):
        smaller = scaled(picture, width)
        for name, kind, ending, options in _RENDITIONS:
            made.append((kind, width, ending, written(smaller, name, options)))
    return made


def colour_of(picture: Pillow.Image) -> str:
    """The colour that most of it has, as "#rrggbb"; Image.TRANSPARENT if the page shows through."""
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] != 255:
        return Image.TRANSPARENT
    few = picture.convert("RGB").resize((32, 32), Pillow.Resampling.BOX).quantize(4)
    palette, counted = few.getpalette() or [], few.getcolors() or []
    _count, number = max((count, int(str(number))) for count, number in counted)
    return "#" + bytes(palette[3 * number : 3 * number + 3]).hex()


def _moves(data: bytes) -> bool:
    with Pillow.open(io.BytesIO(data), formats=FORMATS) as file:
        return getattr(file, "n_frames", 1) > 1


def scaled(picture: Pillow.Image, width: int) -> Pillow.Image:
    """No wider than `width`, never enlarged."""
    if picture.width <= width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Pillow.Resampling.LANCZOS)


def written(picture: Pillow.Image, name: str, options: dict[str, int]) -> bytes:
    """The picture as a file of a format."""
    buffer = io.BytesIO()
    picture.save(buffer, name, **options)
    return buffer.getvalue()


def store(still: Still, alt: str = "") -> Image:
    """Put a prepared picture with its lighter copies into the media folder."""
    stem = f"{timezone.now():stills/%Y/%m}/{secrets.token_hex(8)}"
    ending, content = still.fallback
    name = default_storage.save(f"{stem}.{ending}", ContentFile(content))
    image = Image(file=name, width=still.width, height=still.height, alt=alt[:500], colour=still.colour)
    image.renditions = stored_copies(still.renditions, stem)
    image.save()
    return image


def complete(image: Image) -> None:
    """Make the lighter copies and find the colour of a picture that lacks them.

    What moves gets no copies, which would stand still. One that can't be opened is shown as it is.
    """
    if not image.file or (image.renditions and image.colour):
        return
    try:
        with image.file.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return
    try:
        if len(data) > MAX_BYTES:
            raise TooLargeError.bytes_over(MAX_BYTES)
        picture = opened(data)
    except PictureError:
        image.colour = Image.TRANSPARENT
    else:
        image.colour = colour_of(picture)
        if not image.renditions and not _moves(data):
            name = PurePosixPath(image.file.name or "")
            copies = lighter_copies(picture)
            image.renditions = stored_copies(copies, f"stills/{name.stem}-{secrets.token_hex(4)}")
    image.save(update_fields=["renditions", "colour"])


def stored_copies(copies: Iterable[tuple[str, int, str, bytes]], stem: str) -> list[list[str | int]]:
    """Put lighter copies into the media folder; what a row says of them."""
    return [
        [kind, width, default_storage.save(f"{stem}-{width}.{ending}", ContentFile(content))]
        for kind, width, ending, content in copies
    ]
