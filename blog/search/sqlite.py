"""SQLite: FTS5 tables of tokens, one beside each table of entries (https://www.sqlite.org/fts5.html).

Their row ids are places, so that FTS5 itself goes from the newest on, and stops where there are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from blog.models import PostEntry, PromptEntry
from blog.search.query import Condition, Phrase
from blog.search.words import tokens


@receiver(connection_created)
def _teach(connection: Any, **_: Any) -> None:
    """The triggers take texts apart by our own function."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("roost_tokens", 1, _as_text, deterministic=True)


def _as_text(folded: str) -> str:
    return " ".join(tokens(folded))


def newest(
    entry: type[PostEntry | PromptEntry], wanted: Sequence[Sequence[Condition]], *, first: int, last: int, most: int
) -> list[list[int]]:
    """For each of `wanted` the keys of entries that meet all its conditions, the newest first, of these places."""
    table, key = entry._meta.db_table, entry._meta.pk.column
    found = f"SELECT rowid FROM {table}_index WHERE {table}_index MATCH %s AND rowid BETWEEN %s AND %s"
    parts = [
        f"SELECT {number} AS number, rowid AS place FROM ({found} ORDER BY rowid DESC LIMIT {most:d})"
        for number in range(len(wanted))
    ]
    params = [value for conditions in wanted for value in (_match(conditions), first, last)]
    keys: list[list[int]] = [[] for _ in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT found.number, entry.{key} FROM ({' UNION ALL '.join(parts)}) AS found "
            f"CROSS JOIN {table} AS entry WHERE entry.place = found.place ORDER BY found.number, found.place DESC",
            params,
        )
        for number, pk in cursor.fetchall():
            keys[number].append(pk)
    return keys


def _match(conditions: Sequence[Condition]) -> str:
    parts = (f"{{{' '.join(fields)}}} : ({' OR '.join(map(_phrase, term.phrases))})" for term, fields in conditions)
    return " AND ".join(parts)


def _phrase(phrase: Phrase) -> str:
    """Tokens are letters and digits alone: nothing that was typed is syntax."""
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.ends_open else ""}'


def rebuild(entry: type[PostEntry | PromptEntry]) -> None:
    """Make the index of a table anew from its rows. Readers have the old one until it is done."""
    table = entry._meta.db_table
    fields = (*entry.FIELDS, *entry.OTHERS)
    columns = ", ".join(fields)
    values = ", ".join(f"roost_tokens({field})" for field in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table}_index({table}_index) VALUES ('delete-all')")
        cursor.execute(f"INSERT INTO {table}_index(rowid, {columns}) SELECT place, {values} FROM {table}")
        cursor.execute(f"INSERT INTO {table}_index({table}_index) VALUES ('optimize')")
