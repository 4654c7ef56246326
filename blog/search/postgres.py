"""PostgreSQL: a column of tokens with a GIN index; where a term is more than one of them, the text decides."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL

from blog.models import PostEntry, PromptEntry
from blog.search.query import Phrase, Term


def having(entry: type[PostEntry | PromptEntry], terms: Iterable[Term], fields: tuple[str, ...]) -> RawSQL:
    """The keys of entries that have all terms, each in any of these fields."""
    wanted = list(terms)
    conditions, params = ["tokens @@ %s::tsquery"], [" & ".join(map(_tsquery, wanted))]
    for term in wanted:
        if set(fields) < set(entry.FIELDS) or any(len(phrase.tokens) > 1 for phrase in term.phrases):
            needles = [phrase.needle for phrase in term.phrases]
            tests = [(field, needle) for field in fields for needle in needles]
            conditions.append(f"({' OR '.join(_HAS.format(field) for field, _needle in tests)})")
            params += [needle for _field, needle in tests]
    key, table = entry._meta.pk.column, entry._meta.db_table
    return RawSQL(f"SELECT {key} FROM {table} WHERE {' AND '.join(conditions)}", params)


_HAS = "strpos(' ' || {} || ' ', %s) > 0"


def _tsquery(term: Term) -> str:
    return f"({' | '.join(map(_phrase, term.phrases))})"


def _phrase(phrase: Phrase) -> str:
    """Tokens are letters and digits alone: nothing that was typed is syntax."""
    *before, last = [f"'{token}'" for token in phrase.tokens]
    return f"({' & '.join([*before, last + (':*' if phrase.ends_open else '')])})"


def rebuild(entry: type[PostEntry | PromptEntry]) -> None:
    """Make the index of a table anew. The column is the database's own and can't be out of step."""
    with connection.cursor() as cursor:
        cursor.execute(f"REINDEX INDEX {entry._meta.db_table}_index")
