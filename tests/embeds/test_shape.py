"""The shapes that clips come in."""

from __future__ import annotations

import pytest

from blog.embeds.shape import SHAPES, nearest, ratio


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [
        (1920, 1080, "16:9"),
        (200, 113, "16:9"),
        (1080, 1920, "9:16"),
        (113, 200, "9:16"),
        (640, 480, "4:3"),
        (1000, 1001, "1:1"),
        (1080, 1350, "4:5"),
        (480, 190, "21:9"),
        (10_000, 1, "21:9"),
        (1, 10_000, "9:16"),
        (0, 100, ""),
        (100, 0, ""),
        (0, 0, ""),
    ],
)
def test_a_size_has_the_nearest_shape(width: int, height: int, shape: str) -> None:
    assert ratio(width, height) == shape


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_nearest_to_itself(shape: str) -> None:
    assert nearest(shape) == shape


@pytest.mark.parametrize(
    ("aspect", "shape"),
    [("1920:1080", "16:9"), ("3:4", "4:5"), ("999:1000", "1:1"), ("2:1", "16:9"), ("239:100", "21:9")],
)
def test_a_ratio_has_the_nearest_shape(aspect: str, shape: str) -> None:
    assert nearest(aspect) == shape


@pytest.mark.parametrize(
    "aspect",
    [
        "",
        ":",
        "16",
        "16:",
        ":9",
        "0:9",
        "16:0",
        "16:9:1",
        "-1:1",
        "1.5:1",
        "16 : 9",
        "１６:９",
        "²:³",
        "a:b",
        "9" * 5000 + ":1",
    ],
)
def test_what_is_no_ratio_is_taken_for_a_film(aspect: str) -> None:
    assert nearest(aspect) == "16:9"
