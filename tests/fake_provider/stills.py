"""Pictures for the fake sites: a low sun over hills, in colours that the name decides."""

from __future__ import annotations

import math
from colorsys import hsv_to_rgb
from functools import lru_cache
from io import BytesIO
from zlib import crc32

from PIL import Image, ImageDraw, ImageOps

WIDE = (1280, 720)
UPRIGHT = (1080, 1920)
SQUARE = (640, 640)

_Colour = tuple[int, int, int]


@lru_cache(maxsize=64)
def jpeg(name: str, size: tuple[int, int] = WIDE) -> bytes:
    """The picture of this name, as a JPEG file."""
    seed = crc32(name.encode())
    hue = seed % 360 / 360
    picture = _sky(size, _colour(hue, 0.75, 0.22), _colour(hue + 0.12, 0.55, 0.95))
    _sun(picture, seed, _colour(hue + 0.14, 0.25, 1.0))
    for layer in range(3):
        _hills(picture, seed >> layer, layer, _colour(hue, 0.6, 0.34 - 0.1 * layer))
    file = BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def _colour(hue: float, saturation: float, value: float) -> _Colour:
    red, green, blue = (round(255 * part) for part in hsv_to_rgb(hue % 1, saturation, value))
    return red, green, blue


def _sky(size: tuple[int, int], above: _Colour, below: _Colour) -> Image.Image:
    return ImageOps.colorize(Image.linear_gradient("L").resize(size), above, below)


def _sun(picture: Image.Image, seed: int, colour: _Colour) -> None:
    width, height = picture.size
    radius = min(width, height) // 6
    x, y = width * (25 + seed % 50) // 100, height * 56 // 100
    ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _hills(picture: Image.Image, seed: int, layer: int, colour: _Colour) -> None:
    width, height = picture.size
    top, swing = height * (62 + 11 * layer) / 100, height * 0.05
    ridge = [
        (x, top + swing * math.sin(seed % 628 / 100 + x / width * math.pi * (2 + layer)))
        for x in range(0, width + 8, 8)
    ]
    ImageDraw.Draw(picture).polygon([*ridge, (width, height), (0, height)], fill=colour)
