"""SQLite: FTS5 tables of tokens, one beside each table of entries (https://www.sqlite.org/fts5.html).

Their row ids are places, so that FTS5 itself goes from the newest on, and stops where there are enough. For that it
must never have to go through what it doesn't want:

- A token begins with the mark of its field. FTS5's own columns would share one list of all entries that have a word
  anywhere, through which it goes for the one that has it in its title.
- FTS5 puts together all that begins in some way before it looks at the first of it. So short beginnings are tokens,
  too, and longer ones are replaced by the words that begin so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from blog.models import PostEntry, PromptEntry
from blog.search.query import Condition, Phrase
from blog.search.words import BEGINNING, beginnings, is_word, tokens

Entry = type[PostEntry | PromptEntry]

_WHOLE, _BEGUN = "abcdefgh", "nopqrstu"  # the marks of fields, in the order of a table's; of tokens, and of beginnings
_MOST_ENDINGS = 100  # of a beginning: with more of them FTS5 is faster by itself


@receiver(connection_created)
def _teach(connection: Any, **_: Any) -> None:
    """The triggers take texts apart by our own functions."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("roost_marked", -1, marked, deterministic=True)
        connection.connection.create_function("roost_tokens", 1, _unmarked, deterministic=True)


def marked(*fields: str) -> str:
    """What the index holds of an entry. The migration 0019 calls it by the name roost_marked."""
    found: list[str] = []
    for whole, begun, folded in zip(_WHOLE, _BEGUN, fields, strict=False):
        found += [whole + token for token in tokens(folded)]
        found += [begun + token for token in sorted(beginnings(folded))]
    return " ".join(found)


def _unmarked(folded: str) -> str:
    """What migrations before 0019 made an index of."""
    return " ".join(tokens(folded))


def newest(entry: Entry, wanted: Sequence[Sequence[Condition]], *, first: int, last: int, most: int) -> list[list[int]]:
    """For each of `wanted` the keys of entries that meet all its conditions, the newest first, of these places."""
    table, key = entry._meta.db_table, entry._meta.pk.column
    found = f"SELECT rowid FROM {table}_index WHERE {table}_index MATCH %s AND rowid BETWEEN %s AND %s"
    parts = [
        f"SELECT {number} AS number, rowid AS place FROM ({found} ORDER BY rowid DESC LIMIT {most:d})"
        for number in range(len(wanted))
    ]
    keys: list[list[int]] = [[] for _ in wanted]
    with connection.cursor() as cursor:
        begun = (_Phrase(entry, field, phrase).begun for field, phrase in _all_phrases(wanted))
        words = _words(cursor, table, sorted({*begun} - {""}))
        params = [value for conditions in wanted for value in (_match(entry, conditions, words), first, last)]
        cursor.execute(
            f"SELECT found.number, entry.{key} FROM ({' UNION ALL '.join(parts)}) AS found "
            f"CROSS JOIN {table} AS entry WHERE entry.place = found.place ORDER BY found.number, found.place DESC",
            params,
        )
        for number, pk in cursor.fetchall():
            keys[number].append(pk)
    return keys


class _Phrase:
    """A phrase in a field, as FTS5 looks for it. Tokens are letters and digits alone: nothing typed is syntax."""

    def __init__(self, entry: Entry, field: str, phrase: Phrase) -> None:
        number = (*entry.FIELDS, *entry.OTHERS).index(field)
        *before, last = phrase.tokens
        self.before = [_WHOLE[number] + token for token in before]
        short = not before and len(last) <= (BEGINNING if is_word(last) else 1)
        self.is_begun = phrase.ends_open and not short
        self.last = (_BEGUN if phrase.ends_open and short else _WHOLE)[number] + last

    @property
    def begun(self) -> str:
        """What a token must begin with that isn't in the index by itself, or nothing."""
        return self.last if self.is_begun else ""

    def alternatives(self, words: dict[str, list[str]]) -> list[str]:
        """Any of these is it."""
        known = words.get(self.begun, [])
        if self.is_begun and not 0 < len(known) <= _MOST_ENDINGS:
            return [f'"{" ".join([*self.before, self.last])}" *']
        return [f'"{" ".join([*self.before, last])}"' for last in known or [self.last]]


def _all_phrases(wanted: Sequence[Sequence[Condition]]) -> Iterator[tuple[str, Phrase]]:
    for conditions in wanted:
        for term, fields in conditions:
            yield from product(fields, term.phrases)


def _match(entry: Entry, conditions: Sequence[Condition], words: dict[str, list[str]]) -> str:
    found = (
        [one for pair in product(fields, term.phrases) for one in _Phrase(entry, *pair).alternatives(words)]
        for term, fields in conditions
    )
    return " AND ".join(f"({' OR '.join(alternatives)})" for alternatives in found)


def _words(cursor: Any, table: str, beginnings: list[str]) -> dict[str, list[str]]:
    """The tokens that begin in some ways; of each way one more than are wanted, at most.

    From one to the next without reading where they stand, which a plain SELECT DISTINCT would.
    """
    following = f"SELECT term FROM {table}_words WHERE term BETWEEN {{}} AND beginning || char(0x10FFFF) LIMIT 1"
    found: dict[str, list[str]] = {beginning: [] for beginning in beginnings}
    if not beginnings:
        return found
    cursor.execute(
        "WITH RECURSIVE word(beginning, term, number) AS ("
        f"SELECT beginning, ({following.format('beginning')}), 1 FROM (SELECT value AS beginning FROM json_each(%s)) "
        f"UNION ALL SELECT beginning, ({following.format('word.term || char(1)')}), number + 1 FROM word "
        f"WHERE term IS NOT NULL AND number <= {_MOST_ENDINGS:d}) "
        "SELECT beginning, term FROM word WHERE term IS NOT NULL",
        [json.dumps(beginnings)],
    )
    for beginning, term in cursor.fetchall():
        found[beginning].append(term)
    return found


def rebuild(entry: Entry) -> None:
    """Make the index of a table anew from its rows. Readers have the old one until it is done."""
    table = entry._meta.db_table
    fields = ", ".join((*entry.FIELDS, *entry.OTHERS))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table}_index({table}_index) VALUES ('delete-all')")
        cursor.execute(f"INSERT INTO {table}_index(rowid, tokens) SELECT place, roost_marked({fields}) FROM {table}")
        cursor.execute(f"INSERT INTO {table}_index({table}_index) VALUES ('optimize')")
