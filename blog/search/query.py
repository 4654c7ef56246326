"""What somebody typed, as terms that all must be found: words, and phrases in quotes. Nothing else has a meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass

from blog.search.normal import normalised
from blog.search.words import fold_address, is_word, stem, tokens, units

LONGEST = 200  # characters
MOST_TERMS = 8  # each costs a look into the index for every field that counts
MOST_UNITS = 20  # of a term
_QUOTES = str.maketrans("“”„‟«»「」『』＂", '"' * 11)
_PART = re.compile(r'"([^"]*)"|([^\s"]+)|"')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Units one after the other. `open`: the last, if it is a word, is only the beginning of one."""

    units: tuple[str, ...]
    open: bool = False

    @property
    def needle(self) -> str:
        """What " folded text " has if it has the phrase. Runs may begin before it and go on after it."""
        before = " " if is_word(self.units[0]) else ""
        after = " " if is_word(self.units[-1]) and not self.open else ""
        return f"{before}{' '.join(self.units)}{after}"

    @property
    def tokens(self) -> list[str]:
        """The same as tokens in an index, one after the other."""
        found = tokens(" ".join(self.units))
        last = self.units[-1]
        return found[:-1] if not is_word(last) and len(last) > 1 else found  # a run may go on

    @property
    def ends_open(self) -> bool:
        """Whether the last of the tokens is only the beginning of one."""
        last = self.units[-1]
        return self.open if is_word(last) else len(last) == 1


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to be found, in any of these ways."""

    phrases: tuple[Phrase, ...]

    def is_in(self, folded: str) -> bool:
        """Whether a folded text has it. What the databases answer from their indexes is this."""
        return any(phrase.needle in f" {folded} " for phrase in self.phrases)


Condition = tuple[Term, tuple[str, ...]]  # what is to be found, and the fields of which one must have it


def exactly(*words: str) -> Term:
    """Any of these units, as they are."""
    return Term(tuple(Phrase((word,)) for word in words))


def in_address(part: str) -> Term:
    """A part of a slug, as `fold_address` keeps slugs."""
    return Term((Phrase(tuple(fold_address(part).split())),))


@dataclass(frozen=True, slots=True)
class Query:
    """All terms, and the text that they are from."""

    text: str
    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        """Whether anything was typed, even if there is nothing in it to search for."""
        return bool(self.text)


def parse(typed: str) -> Query:
    """Any text is a query. The last word may be unfinished: it is being typed."""
    text = " ".join(typed.replace("\x00", "").split())[:LONGEST].strip()
    terms: list[Term] = []
    parts = [match for match in _PART.finditer(text.translate(_QUOTES)) if match[1] or match[2]]
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        term = _phrase(part[1]) if part[1] else _word(part[2], is_last)
        if term and term not in terms:
            terms.append(term)
    return Query(text, tuple(terms[:MOST_TERMS]))


def _phrase(text: str) -> Term | None:
    found = units(normalised(text))[:MOST_UNITS]
    return Term((Phrase(tuple(map(stem, found))),)) if found else None


def _word(text: str, is_last: bool) -> Term | None:
    found = units(normalised(text))[:MOST_UNITS]
    if not found:
        return None
    if is_last and len(found) == 1 and (whole := re.fullmatch(r"(.*[가-힣])[ㄱ-ㅎ]", found[0])):
        found = [whole[1]]  # 영ㅅ: 영상 is being typed
    *before, last = found
    start = tuple(map(stem, before))
    ends = [(stem(last), False)]
    if is_last and is_word(last) and len(last) > 1:
        ends = [(last, True), *((end, False) for end in _stems(last) if not end.startswith(last))]
    return Term(tuple(Phrase((*start, end), is_open) for end, is_open in ends))


def _stems(beginning: str) -> list[str]:
    """The stems of words that may become of this: "generati" is on the way to "generating"."""
    rest = ["ng", "es"] if beginning.endswith("i") else ["g"] if beginning.endswith("in") else []
    return list(dict.fromkeys(stem(beginning + end) for end in ["", *rest]))
