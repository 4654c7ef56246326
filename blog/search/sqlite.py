"""SQLite: FTS5 tables of tokens, one beside each table of entries (https://www.sqlite.org/fts5.html)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.db.models.expressions import RawSQL
from django.dispatch import receiver

from blog.models import PostEntry, PromptEntry
from blog.search.query import Phrase, Term
from blog.search.words import tokens


@receiver(connection_created)
def _teach(connection: Any, **_: Any) -> None:
    """The triggers take texts apart by our own function."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("roost_tokens", 1, _as_text, deterministic=True)


def _as_text(folded: str) -> str:
    return " ".join(tokens(folded))


def having(entry: type[PostEntry | PromptEntry], terms: Iterable[Term], fields: tuple[str, ...]) -> RawSQL:
    """The keys of entries that have all terms, each in any of these fields."""
    index = f"{entry._meta.db_table}_index"
    wanted = " AND ".join(f"({' OR '.join(map(_phrase, term.phrases))})" for term in terms)
    return RawSQL(f"SELECT rowid FROM {index} WHERE {index} MATCH %s", [f"{{{' '.join(fields)}}} : ({wanted})"])


def _phrase(phrase: Phrase) -> str:
    """Tokens are letters and digits alone: nothing that was typed is syntax."""
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.ends_open else ""}'


@contextmanager
def reading() -> Iterator[None]:
    """Around a query: nothing is to be said to SQLite."""
    yield


def rebuild(entry: type[PostEntry | PromptEntry]) -> None:
    """Make the index of a table anew from its rows. Readers have the old one until it is done."""
    table, key = entry._meta.db_table, entry._meta.pk.column
    columns = ", ".join(entry.FIELDS)
    values = ", ".join(f"roost_tokens({field})" for field in entry.FIELDS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table}_index({table}_index) VALUES ('delete-all')")
        cursor.execute(f"INSERT INTO {table}_index(rowid, {columns}) SELECT {key}, {values} FROM {table}")
        cursor.execute(f"INSERT INTO {table}_index({table}_index) VALUES ('optimize')")
