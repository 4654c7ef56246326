"""Two edits of one text brought together, line by line, as `diff3` does."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from blog.diff import MOST_PAIRS, equal_pairs

MINE, BETWEEN, THEIRS = "<<<<<<<", "=======", ">>>>>>>"


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged text; where both sides changed the same lines, it has both between marks."""

    text: str
    conflicts: int


def merge(base: str, mine: str, theirs: str, names: tuple[str, str] = ("", "")) -> Merge:
    """Bring `mine` and `theirs`, both made from `base`, together. `names` stand beside the marks."""
    old, left, right = (_lines(text) for text in (base, mine, theirs))
    found: list[str] = []
    conflicts = 0
    at = (0, 0, 0)
    for start, end in _steady(old, left, right):
        between = [rows[i:j] for rows, i, j in zip((old, left, right), at, start, strict=True)]
        lines, clash = _chosen(between[0], between[1], between[2], names)
        conflicts += clash
        found += [*lines, *old[start[0] : end[0]]]
        at = end
    last = "\n" if found and (mine.endswith("\n") or theirs.endswith("\n")) else ""
    return Merge("\n".join(found) + last, conflicts)


def undecided(text: str, names: Collection[tuple[str, str]]) -> int:
    """The line (from 1) where both sides still stand between marks with such names; 0: nowhere.

    Marks with other names are the author's own words, about Git perhaps.
    """
    lines = text.splitlines()
    for pair in names:
        wanted = _marks(pair)
        begun, step = 0, 0
        for number, line in enumerate(lines, start=1):
            if line.rstrip() == wanted[0]:
                begun, step = number, 1
            elif step and line.rstrip() == wanted[step]:
                step += 1
            if step == len(wanted):
                return begun
    return 0


def _marks(names: tuple[str, str]) -> list[str]:
    pairs = zip((MINE, BETWEEN, THEIRS), (names[0], "", names[1]), strict=True)
    return [f"{mark} {name}".rstrip() for mark, name in pairs]


def _lines(text: str) -> list[str]:
    """How the last one ends is nobody's edit."""
    return text.rstrip("\n").split("\n") if text.strip("\n") else []


def _chosen(old: list[str], left: list[str], right: list[str], names: tuple[str, str]) -> tuple[list[str], bool]:
    """What becomes of a stretch that at least one side changed."""
    if left in (right, old):
        return right, False
    if right == old:
        return left, False
    marks = _marks(names)
    return [marks[0], *left, marks[1], *right, marks[2]], True


_Place = tuple[int, int, int]


def _steady(old: list[str], left: list[str], right: list[str]) -> Iterator[tuple[_Place, _Place]]:
    """Stretches of `old` that neither side changed: where each begins and ends in all three; the end comes last."""
    lefts, rights = _matches(old, left), _matches(old, right)
    i = j = 0
    while i < len(lefts) and j < len(rights):
        (a, in_left, m), (b, in_right, n) = lefts[i], rights[j]
        start, end = max(a, b), min(a + m, b + n)
        if start < end:
            first = (start, in_left + start - a, in_right + start - b)
            yield first, (end, in_left + end - a, in_right + end - b)
        if a + m <= b + n:
            i += 1
        else:
            j += 1
    last = (len(old), len(left), len(right))
    yield last, last


def _matches(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    quick = equal_pairs(old, new) > MOST_PAIRS
    blocks = SequenceMatcher(None, old, new, autojunk=quick).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]
