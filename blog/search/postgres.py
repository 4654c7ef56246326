"""PostgreSQL: columns of tokens with a GIN index; what one token can't say, the text decides.

The index knows no order. So the newest entries are looked at first: what many of them have is looked for from one to
the next until there is enough of it, and only what few have by the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from blog.models import PostEntry, PromptEntry
from blog.search.query import Condition, Phrase, Term
from blog.search.words import is_word

LETTERS = 4  # of a run that a token holds; the migration's function makes them so
LOOKED_AT = 100  # the newest entries, to learn how frequent something is
MANY = 10  # of them: from one entry to the next takes less than by the index
_HAS = "strpos(' ' || {} || ' ', %s) > 0"


def newest(
    entry: type[PostEntry | PromptEntry], wanted: Sequence[Sequence[Condition]], *, first: int, last: int, most: int
) -> list[list[int]]:
    """For each of `wanted` the keys of entries that meet all its conditions, the newest first, of these places."""
    keys: list[list[int]] = [[] for _ in wanted]
    with _planned():
        frequent = _frequent(entry, wanted, first, last)
        for by_index in (False, True):
            numbers = [number for number in range(len(wanted)) if frequent[number] != by_index]
            if not numbers:
                continue
            if by_index:
                _set("enable_indexscan = off")
            for number, key in _some(entry, {n: wanted[n] for n in numbers}, first, last, most, by_index=by_index):
                keys[number].append(key)
    return keys


def _frequent(
    entry: type[PostEntry | PromptEntry], wanted: Sequence[Sequence[Condition]], first: int, last: int
) -> list[bool]:
    """Whether many of the newest entries, or of few entries any, meet the conditions."""
    tests = [_conditions(entry, conditions, by_index=False) for conditions in wanted]
    counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test, _params in tests)
    newest = f"SELECT * FROM {entry._meta.db_table} WHERE place BETWEEN %s AND %s ORDER BY place DESC LIMIT {LOOKED_AT}"
    with connection.cursor() as cursor:
        params: list[Any] = [value for _test, values in tests for value in values]
        cursor.execute(f"SELECT count(*), {counts} FROM ({newest}) AS newest", [*params, first, last])
        seen, *found = cursor.fetchone()
    return [seen < LOOKED_AT or count >= MANY for count in found]


def _some(
    entry: type[PostEntry | PromptEntry],
    wanted: dict[int, Sequence[Condition]],
    first: int,
    last: int,
    most: int,
    *,
    by_index: bool,
) -> list[tuple[int, int]]:
    key, table = entry._meta.pk.column, entry._meta.db_table
    parts: list[str] = []
    params: list[Any] = []
    for number, conditions in wanted.items():
        test, values = _conditions(entry, conditions, by_index=by_index)
        some = f"SELECT {number} AS number, {key} AS key, place FROM {table} WHERE {test} AND place BETWEEN %s AND %s"
        # OFFSET 0: all that the index finds, and only then the order.
        parts.append(
            f"(SELECT * FROM ({some}{' OFFSET 0' if by_index else ''}) AS one ORDER BY place DESC LIMIT {most:d})"
        )
        params += [*values, first, last]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, key FROM ({' UNION ALL '.join(parts)}) AS found ORDER BY number, place DESC", params
        )
        rows: list[tuple[int, int]] = cursor.fetchall()
        return rows


def _conditions(
    entry: type[PostEntry | PromptEntry], conditions: Sequence[Condition], *, by_index: bool
) -> tuple[str, list[str]]:
    """As SQL. The planner knows only the operator from the index, not the function behind it."""
    has = "{} @@ %s::tsquery" if by_index else "ts_match_vq({}, %s::tsquery)"
    tests: list[str] = []
    params: list[str] = []
    for term, fields in conditions:
        columns = ["in_all"] if fields == entry.FIELDS else [f"in_{field}" for field in fields]
        tests.append(f"({' OR '.join(has.format(column) for column in columns)})")
        params += [_tsquery(term)] * len(columns)
        if any(len(_lexemes(phrase)) > 1 for phrase in term.phrases):
            exact = [(field, phrase.needle) for field in fields for phrase in term.phrases]
            tests.append(f"({' OR '.join(_HAS.format(field) for field, _needle in exact)})")
            params += [needle for _field, needle in exact]
    return " AND ".join(tests), params


def _tsquery(term: Term) -> str:
    return " | ".join(f"({' & '.join(_lexemes(phrase))})" for phrase in term.phrases)


def _lexemes(phrase: Phrase) -> list[str]:
    """What an entry with the phrase has. Tokens are letters and digits alone: nothing that was typed is syntax."""
    found = []
    for number, unit in enumerate(phrase.units):
        if is_word(unit):
            is_begun = phrase.open and number == len(phrase.units) - 1
            found.append(f"'{unit}':*" if is_begun else f"'{unit}'")
        else:
            places = range(max(1, len(unit) - LETTERS + 1))
            found += [f"'{unit[place : place + LETTERS]}':*" for place in places]
    return list(dict.fromkeys(found))


@contextmanager
def _planned() -> Iterator[None]:
    """The planner doesn't know what unpacking tokens costs: it would rather go through all rows, or compile first."""
    with transaction.atomic():
        _set("enable_seqscan = off; SET LOCAL jit = off")
        yield


def _set(setting: str) -> None:
    """For this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {setting}")


def rebuild(entry: type[PostEntry | PromptEntry]) -> None:
    """Make the index of a table anew. The columns are the database's own and can't be out of step."""
    with connection.cursor() as cursor:
        cursor.execute(f"REINDEX INDEX {entry._meta.db_table}_index")
