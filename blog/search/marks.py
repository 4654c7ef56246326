"""Hits in <mark>, in the letters that were written, and the passage around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from blog.search.normal import aligned
from blog.search.query import Phrase, Query
from blog.search.words import initials, is_word, stem

PASSAGE = 140  # characters
BEFORE = 40  # of them before the first hit
_MOST_HITS = 200  # of a term in one text
_LETTER = r"[^\W_a-z0-9]"  # of a run
_CONSONANTS = re.compile("[ㄱ-ㅎ]+")
_SYLLABLES = re.compile(r"[가-힣](?:\s*[가-힣])*")
_SPACE = re.compile(r"\s")
_MARKS = re.compile("[\u0300-\u036f\u1160-\u11ff\u3099\u309a]+")  # a letter isn't cut from these


@dataclass(frozen=True, slots=True)
class _Hit:
    """Where which term is."""

    start: int
    end: int
    term: int


def marked(text: str, query: Query) -> SafeString:
    """The text, escaped, with what was searched for in <mark>."""
    return _with_marks(text, _hits(text, query), 0, len(text))


def named(text: str, query: Query) -> SafeString:
    """`marked` for a title or a label: they are found by the initials of their syllables, too."""
    return _with_marks(text, sorted([*_hits(text, query), *_by_initials(text, query)], key=_in_order), 0, len(text))


def rest(query: Query, title: SafeString, passage: SafeString) -> Query:
    """The query without the terms that are marked in a title or a passage."""
    written, around = (unescape(re.sub("</?mark>", "", shown)) for shown in (title, passage))
    hits = (*_hits(written, query), *_by_initials(written, query), *_hits(around, query))
    seen = {hit.term for hit in hits}
    return Query(query.text, tuple(term for number, term in enumerate(query.terms) if number not in seen))


def passage(text: str, query: Query) -> SafeString:
    """What stands around the place where most of the terms are close together, marked; "" if none is there."""
    text = " ".join(text.split())
    hits = _hits(text, query)
    if not hits:
        return mark_safe("")
    first = max(hits, key=lambda hit: (len(_terms_near(hit, hits)), -hit.start))
    start = _beginning(text, first.start)
    end = _ending(text, start, first.end)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(before + _with_marks(text, hits, start, end) + after)  # escaped there


def _terms_near(first: _Hit, hits: list[_Hit]) -> set[int]:
    return {hit.term for hit in hits if first.start <= hit.start and hit.end <= first.start + PASSAGE - BEFORE}


def _beginning(text: str, hit: int) -> int:
    """Where the passage begins: a little before the hit, between words if there is a space."""
    start = max(0, hit - BEFORE)
    if start == 0:
        return 0
    space = _SPACE.search(text, start - 1, hit)
    return space.end() if space else _whole(text, start)


def _ending(text: str, start: int, hit_end: int) -> int:
    end = max(start + PASSAGE, hit_end)
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", max(hit_end, end - BEFORE), end + 1)
    return space if space >= 0 else _whole(text, end)


def _whole(text: str, place: int) -> int:
    marks = _MARKS.match(text, place)
    return marks.end() if marks else place


def _with_marks(text: str, hits: list[_Hit], start: int, end: int) -> SafeString:
    pieces, done = [], start
    for hit in hits:
        if hit.end > end or hit.start < done:
            continue
        pieces.append(f"{escape(text[done : hit.start])}<mark>{escape(text[hit.start : hit.end])}</mark>")
        done = hit.end
    return mark_safe("".join([*pieces, escape(text[done:end])]))  # every piece was escaped


def _hits(text: str, query: Query) -> list[_Hit]:
    """Where the terms are, in order; the longest first where they begin together."""
    if not query.terms:
        return []
    plain, places = aligned(text)
    hits = []
    for number, term in enumerate(query.terms):
        for phrase in term.phrases:
            for count, (start, end) in enumerate(_places(phrase, plain)):
                if count == _MOST_HITS:
                    break
                hits.append(_Hit(places[start], _end(places, end), number))
    return sorted(hits, key=_in_order)


def _in_order(hit: _Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _by_initials(text: str, query: Query) -> Iterator[_Hit]:
    """The syllables that begin with the consonants of a term, one after the other."""
    phrases = ((number, " ".join(phrase.units)) for number, term in enumerate(query.terms) for phrase in term.phrases)
    wanted = [(number, typed) for number, typed in phrases if _CONSONANTS.fullmatch(typed)]
    plain, places = aligned(text) if wanted else ("", [])
    for run in _SYLLABLES.finditer(plain):
        syllables = [place for place in range(*run.span()) if not plain[place].isspace()]
        first = initials(run[0])
        for number, typed in wanted:
            for match in re.finditer(f"(?={typed})", first):
                start, end = syllables[match.start()], syllables[match.start() + len(typed) - 1] + 1
                yield _Hit(places[start], _end(places, end), number)


def _end(places: list[int], end: int) -> int:
    """Behind the written letter that the last one came from; it may have become several."""
    last = places[end - 1]
    while places[end] == last:
        end += 1
    return places[end]


def _places(phrase: Phrase, plain: str) -> list[tuple[int, int]]:
    found = []
    for match in re.finditer(_pattern(phrase), plain):
        words = match.groups()
        wanted = [unit for unit in phrase.units if is_word(unit)]
        fits = [stem(word) == unit for word, unit in zip(words, wanted, strict=True)]
        if phrase.open:
            fits[-1] = True
        if all(fits):
            found.append(match.span())
    return found


def _pattern(phrase: Phrase) -> str:
    """Units with signs and spaces between; whether the words have the right stems is looked at afterwards."""
    parts = []
    last = len(phrase.units) - 1
    for number, unit in enumerate(phrase.units):
        if is_word(unit):
            kind = "0-9" if unit.isdigit() else "a-z"
            parts.append(f"(?<![{kind}])({unit}[{kind}]*)")
        else:
            begins = f"(?<!{_LETTER})" if number else ""
            ends = f"(?!{_LETTER})" if number < last else ""
            parts.append(begins + unit + ends)
    return r"[\W_]*".join(parts)
