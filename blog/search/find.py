"""The posts for a query, the likeliest first: by where its terms stand, and gently by how new a post is.

Not all that have the terms are put in order: of each field that counts it is the newest MOST with a term there. So a
frequent word costs no more than a rare one, in a blog of any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from blog import lists
from blog.lists import Kind
from blog.models import Post, PostEntry, Prompt, PromptEntry
from blog.search import backend, index
from blog.search.query import Condition, Query, Term, exactly, in_address

MOST = 200
# What a term is worth in a field, on top of 1 for being found at all. A title outweighs all the rest together.
_WORTH = ((12, ("title",)), (6, ("labels", "initials")), (3, ("captions", "prompts")))
# Of two posts that say it in the same places the newer comes first; one of today gets a quarter on top, one that is
# a year old an eighth: never as much as a better field.
_FRESH, _YEAR = 0.25, 365.0
_DAY = 86_400

Place = tuple[Kind, object]  # a list, and its key


class Found(NamedTuple):
    """Some keys, in order; how many there are, and whether there are still more, which nobody has put in order."""

    keys: list[int]
    total: int
    more: bool = False


def find(
    query: Query,
    posts: QuerySet[Post],
    *,
    start: int,
    size: int,
    prompts_only: bool = False,
    places: Sequence[Place] = (),
    year: int | None = None,
) -> Found:
    """Some of the posts that have all terms, and stand in all of these lists; `posts` decides what may be found.

    Without terms it is all of them, the newest first.
    """
    places = [*places, (Kind.PROMPTED, "")] if prompts_only else places
    if query.terms:
        return _ranked(
            query.terms, posts, slice(start, start + size), ("prompts",) if prompts_only else None, places, year
        )
    if query:
        return Found([], 0)  # nothing but signs
    keys = lists.in_all(places, year)
    return Found([key[1] for key in keys.some(start, start + size)], keys.count())


def _ranked(
    terms: tuple[Term, ...],
    posts: QuerySet[Post],
    part: slice,
    fields: tuple[str, ...] | None,
    places: Sequence[Place],
    year: int | None,
) -> Found:
    """A part of those with all terms, in order."""
    has_all: list[Condition] = [(term, fields or PostEntry.FIELDS) for term in terms]
    has_all += _standing_in(places)
    anything = Term(tuple(phrase for term in terms for phrase in term.phrases))
    in_fields = [[*has_all, (anything, where)] for _points, where in _WORTH]
    first, last = _within(year)
    everywhere, *better = backend.newest(PostEntry, [has_all, *in_fields], first=first, last=last, most=MOST + 1)
    candidates = {*everywhere, *(key for keys in better for key in keys)}
    columns = [f"search_entry__{name}" for _points, where in _WORTH for name in where]
    now = timezone.now()
    scored = [
        (-_score(terms, dict(zip(columns, words, strict=True)), at, now), -at.timestamp(), -key)
        for key, at, *words in posts.filter(pk__in=candidates).order_by().values_list("pk", "publish_at", *columns)
    ]
    keys = [-key for _score, _at, key in sorted(scored)]
    return Found(keys[part], len(keys), len(everywhere) > MOST)


def _score(terms: tuple[Term, ...], words: dict[str, str], at: datetime, now: datetime) -> float:
    worth = float(len(terms))
    for points, fields in _WORTH:
        worth += sum(points for term in terms if any(term.is_in(words[f"search_entry__{name}"]) for name in fields))
    age = max((now - at).total_seconds() / _DAY, 0.0)
    return worth * (1.0 + _FRESH * _YEAR / (_YEAR + age))


def _standing_in(places: Sequence[Place]) -> list[Condition]:
    return [(exactly(index.filed(kind, key)), ("filed",)) for kind, key in places]


def _within(year: int | None) -> tuple[int, int]:
    """The places that readers can see, of a year by the clock of the moment."""
    start, end = (lists.begins((year, 1)), lists.begins((year + 1, 1))) if year is not None else (None, None)
    first = index.place_of(start) if start else index.FIRST
    return first, min(index.now(), index.place_of(end) - 1) if end else index.now()


def prompts_with(query: Query, places: Sequence[Place] = ()) -> tuple[lists.Some, bool]:
    """The newest prompts that have all terms (in caption, words, negative prompt or a translation) and stand in lists.

    And whether there are more than these.
    """
    if not query.terms:
        return lists.Some([]), False
    conditions = [*((term, PromptEntry.FIELDS) for term in query.terms), *_standing_in(places)]
    first, last = _within(None)
    (found,) = backend.newest(PromptEntry, [conditions], first=first, last=last, most=MOST + 1)
    rows = Prompt.objects.published().filter(pk__in=found[:MOST]).newest_first()
    return lists.Some(list(rows.values_list("post__publish_at", "post_id", "position"))), len(found) > MOST


def drafts_too(query: Query, most: int, author: int | None = None) -> list[int]:
    """The newest posts that have all terms, or what was typed in their address; those that readers can't see first.

    Of one author, if one is given.
    """
    own: list[Condition] = [(exactly(index.written_by(author)), ("filed",))] if author is not None else []
    address = in_address(query.text)
    wanted: list[list[Condition]] = [[*((term, PostEntry.FIELDS) for term in query.terms), *own]] if query.terms else []
    wanted += [[(address, ("address",)), *own]] if address.phrases[0].units else []
    return _all(PostEntry, wanted, most)


def embedding(query: Query, most: int) -> list[int]:
    """The newest posts, drafts too, that have all terms in their titles and captions."""
    return _all(PostEntry, [[(term, ("title", "captions")) for term in query.terms]] if query.terms else [], most)


def hidden_too(query: Query, most: int) -> list[int]:
    """The newest prompts that have all terms, those that readers can't see first."""
    return _all(PromptEntry, [[(term, PromptEntry.FIELDS) for term in query.terms]] if query.terms else [], most)


def _all(entry: type[PostEntry | PromptEntry], wanted: list[list[Condition]], most: int) -> list[int]:
    found: list[list[int]] = (
        backend.newest(entry, wanted, first=index.FIRST, last=index.LAST, most=most) if wanted else []
    )
    return list(dict.fromkeys(key for keys in found for key in keys))
