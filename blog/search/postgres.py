"""PostgreSQL: columns of tokens with a GIN index; what one token can't say, the text decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from blog.models import PostEntry, PromptEntry
from blog.search.query import Phrase, Term
from blog.search.words import is_word

LETTERS = 4  # of a run that a token holds; the migration's function makes them so
_HAS = "strpos(' ' || {} || ' ', %s) > 0"


def having(entry: type[PostEntry | PromptEntry], terms: Iterable[Term], fields: tuple[str, ...]) -> RawSQL:
    """The keys of entries that have all terms, each in any of these fields."""
    columns = ["in_all"] if fields == entry.FIELDS else [f"in_{field}" for field in fields]
    conditions: list[str] = []
    params: list[str] = []
    for term in terms:
        conditions.append(f"({' OR '.join(f'{column} @@ %s::tsquery' for column in columns)})")
        params += [_tsquery(term)] * len(columns)
        if any(len(_lexemes(phrase)) > 1 for phrase in term.phrases):
            tests = [(field, phrase.needle) for field in fields for phrase in term.phrases]
            conditions.append(f"({' OR '.join(_HAS.format(field) for field, _needle in tests)})")
            params += [needle for _field, needle in tests]
    key, table = entry._meta.pk.column, entry._meta.db_table
    return RawSQL(f"SELECT {key} FROM {table} WHERE {' AND '.join(conditions)}", params)


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
def reading() -> Iterator[None]:
    """Around a query that may find most posts: the planner is to use the index all the same.

    It would go through the rows, as it doesn't know what unpacking their tokens costs: seconds instead of milliseconds.
    And it would compile what then runs for less time than compiling takes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL jit = off")
        yield


def rebuild(entry: type[PostEntry | PromptEntry]) -> None:
    """Make the index of a table anew. The columns are the database's own and can't be out of step."""
    with connection.cursor() as cursor:
        cursor.execute(f"REINDEX INDEX {entry._meta.db_table}_index")
