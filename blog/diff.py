"""What one text says otherwise than another, word by word."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Literal

Piece = tuple[Literal["same", "ins", "del"], str]

MOST_WORDS = 2000
MOST_PAIRS = 100_000  # of equal words; difflib visits them again and again


def word_diff(old: str, new: str) -> list[Piece] | None:
    """`new` in pieces, with what it has more (ins) and less (del) than `old`; None if comparing would take long."""
    before, after = _words(old), _words(new)
    keys = [[word.strip() for word in words] for words in (before, after)]
    if len(before) + len(after) > MOST_WORDS or equal_pairs(keys[0], keys[1]) > MOST_PAIRS:
        return None
    pieces: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        less, more = "".join(before[i:j]), "".join(after[k:m])
        if kind == "equal":
            pieces.append(("same", more))
            continue
        word = more.lstrip()
        pieces.append(("same", more[: len(more) - len(word)]))  # a space isn't new because the word after it is
        pieces.append(("del", less.lstrip() if word else less))
        pieces.append(("ins", word))
    return [piece for piece in pieces if piece[1]]


def text_diff(old: str, new: str) -> list[Piece]:
    """The same for long texts: by lines, and by words within lines that differ. Never takes long."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    quick = equal_pairs(before, after) > MOST_PAIRS
    pieces: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=quick).get_opcodes():
        less, more = "".join(before[i:j]), "".join(after[k:m])
        if kind == "equal":
            pieces.append(("same", more))
        else:
            pieces += word_diff(less, more) or [("del", less), ("ins", more)]
    return [piece for piece in pieces if piece[1]]


def shortened(pieces: list[Piece], around: int = 160) -> list[Piece]:
    """A diff whose long equal stretches are cut to what stands around a change."""
    found: list[Piece] = []
    for number, (kind, text) in enumerate(pieces):
        if kind != "same" or len(text) <= 3 * around:
            found.append((kind, text))
            continue
        head = text[:around] if number else ""
        tail = text[-around:] if number < len(pieces) - 1 else ""
        found.append(("same", f"{head}\n⋯\n{tail}"))
    return found


def _words(text: str) -> list[str]:
    """Words and signs, each with the space before it."""
    return re.findall(r"\s*(?:\w+|[^\w\s])|\s+\Z", text)


def equal_pairs(before: list[str], after: list[str]) -> int:
    """How many pairs of equal words two texts have: what comparing them costs."""
    counts = Counter(after)
    return sum(counts[word] for word in before)
