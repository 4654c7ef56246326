"""Texts as units: words of a–z and numbers as they are, everything else by runs of letters.

A folded text is its units with single spaces between. A word stands there by its stem. Of a run, which Korean,
Japanese and Chinese put together without spaces, any part is found: the index holds it as overlapping pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from blog.search.normal import normalised

BREAK = "¶"  # between texts that have nothing to do with each other: no phrase goes across it
LONGEST_WORD = 40
BEGINNING = 3  # letters of a word
LONGEST_RUN = 300  # a database takes a run apart in time that grows with its square
_UNIT = re.compile(r"[a-z]+|[0-9]+|[^\W_a-z0-9]+")
_HANGUL = re.compile(r"[가-힣]+")
# Words that only look as if they had an ending, and would fall together with others: "new", "canva", "even".
_WHOLE = frozenset("canvas embed evening lens news species wedding".split())
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def units(text: str) -> list[str]:
    """The units of a normalised text, words not yet stemmed."""
    found = []
    for unit in _UNIT.findall(text):
        if is_word(unit):
            found.append(unit[:LONGEST_WORD])
        else:
            found += [unit[i : i + LONGEST_RUN] for i in range(0, len(unit), LONGEST_RUN)]
    return found


def fold(text: str) -> str:
    """A text as it is kept for the search."""
    return " ".join(stem(unit) for unit in units(normalised(text)))


def fold_all(texts: Iterable[str]) -> str:
    """Several texts as one, with breaks between."""
    return f" {BREAK} ".join(filter(None, map(fold, texts)))


def fold_address(slug: str) -> str:
    """A slug as it is kept for who mistypes it: words are taken apart, too, so that any part of one is found."""
    return " ".join(piece for unit in units(normalised(slug)) for piece in _pairs(unit))


def _pairs(unit: str) -> list[str]:
    return [unit[i : i + 2] for i in range(max(1, len(unit) - 1))] if is_word(unit) else [unit]


def is_word(unit: str) -> bool:
    """Whether a unit is found as a whole only."""
    return unit.isascii()


def tokens(folded: str) -> list[str]:
    """What an index holds of a folded text, in order: a word is one; in a run, one begins at each letter.

    SQLite's index is made by this very function: to change it takes a migration.
    """
    found = []
    for unit in folded.split():
        found += [unit] if is_word(unit) else [unit[i : i + 2] for i in range(len(unit))]
    return found


def beginnings(folded: str) -> set[str]:
    """What of a folded text's tokens may be all that is known of them: one letter of a run, two or three of a word.

    Much begins so. What begins with more is few words, which can be looked for one by one.
    """
    found: set[str] = set()
    for unit in folded.split():
        found.update((unit[:2], unit[:BEGINNING]) if is_word(unit) else unit)
    return found


def initials(text: str) -> str:
    """The first consonants of Hangul syllables, folded: people type ㅅㄹㅇㅅ for 소라 영상, without the space."""
    joined = re.sub(r"(?<=[가-힣])\s+(?=[가-힣])", "", normalised(text))
    return " ".join("".join(_INITIALS[(ord(s) - 0xAC00) // 588] for s in run) for run in _HANGUL.findall(joined))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without the endings of plurals and verbs; always a beginning of the word.

    >>> [stem(word) for word in "prompts generating generated puppies running".split()]
    ['prompt', 'generat', 'generat', 'pupp', 'run']
    """
    if len(word) < 4 or not is_word(word) or word.isdigit():
        return word
    for without in (_without_plural, _without_verb_ending):
        word = word if word in _WHOLE else without(word)
    while len(word) > 3 and (word[-1] in "ei" or (word[-1] == "y" and word[-2] not in "aeiou")):
        word = word[:-1]  # image, imaging; movie, movies; puppy, puppies
    return word


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "uses", "xes", "zes", "ches", "shes", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_verb_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base == word or len(base) < 3 or not re.search("[aeiouy]", base) or word.endswith("eed"):
            continue
        doubled = base[-1] == base[-2] and base[-1] not in "aeiouls" and len(base) > 3
        return base[:-1] if doubled else base
    return word
