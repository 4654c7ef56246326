"""Shapes of films and pictures."""

from __future__ import annotations

import re

# The shapes that clips come in; the style sheet has a class for each.
SHAPES = {"21:9": 21 / 9, "16:9": 16 / 9, "4:3": 4 / 3, "1:1": 1.0, "4:5": 4 / 5, "9:16": 9 / 16}


def ratio(width: int, height: int) -> str:
    """The nearest shape of a clip of this size, "" if one is 0: "16:9"."""
    if not width or not height:
        return ""
    return min(SHAPES, key=lambda shape: abs(SHAPES[shape] - width / height) / SHAPES[shape])


def nearest(aspect: str) -> str:
    """The nearest shape to "1920:1080" or "9:16"; "16:9" for what is no ratio."""
    match = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", aspect)
    return (ratio(int(match[1]), int(match[2])) if match else "") or "16:9"
