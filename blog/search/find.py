"""The posts for a query, the likeliest first: by where its terms stand, and gently by how new a post is."""

from __future__ import annotations

from contextlib import nullcontext
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Case, Count, Expression, F, FloatField, Func, QuerySet, Value, When, Window
from django.db.models.functions import Greatest
from django.utils import timezone

from blog.models import Post, PostEntry, PromptEntry
from blog.models.prompt import PromptQuerySet
from blog.search import backend
from blog.search.query import Query, Term

# What a term is worth in a field, on top of 1 for being found at all. A title outweighs all the rest together.
_WORTH = ((12, ("title",)), (6, ("labels", "initials")), (3, ("captions", "prompts")))
# Of two posts that say it in the same places the newer comes first; one of today gets a quarter on top, one that is
# a year old an eighth: never as much as a better field.
_FRESH, _YEAR = 0.25, 365.0


class _Days(Func):
    """A moment in days, from wherever the database begins to count."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="julianday(%(expressions)s)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(EXTRACT(EPOCH FROM %(expressions)s) / 86400)::float8"
        return super().as_sql(compiler, connection, template=template, **context)


def find(
    query: Query, posts: QuerySet[Post], *, start: int, size: int, prompts_only: bool = False
) -> tuple[list[int], int]:
    """The keys of some of those posts that have all terms, in order, and how many have them.

    Without terms it is all of them, the newest first. `posts` decides what may be found.
    """
    if query and not query.terms:
        return [], 0  # nothing but signs
    if query.terms:
        fields = ("prompts",) if prompts_only else PostEntry.FIELDS
        posts = posts.filter(pk__in=backend.having(PostEntry, query.terms, fields)).alias(score=_score(query.terms))
        posts = posts.order_by("-score", "-publish_at", "-pk")
    else:
        posts = posts.order_by("-publish_at", "-pk")
    rows = posts.annotate(total=Window(Count("pk"))).values_list("pk", "total")[start : start + size]
    with backend.reading() if query.terms else nullcontext():
        found = list(rows)
    return [pk for pk, _total in found], found[0][1] if found else 0


def _score(terms: tuple[Term, ...]) -> Expression:
    worth: list[Expression] = [Value(float(len(terms)))]
    for term in terms:
        for points, fields in _WORTH:
            has = When(pk__in=backend.having(PostEntry, [term], fields), then=Value(float(points)))
            worth.append(Case(has, default=Value(0.0), output_field=FloatField()))
    age = Greatest(_Days(Value(timezone.now())) - _Days(F("publish_at")), Value(0.0), output_field=FloatField())
    freshness = Value(1.0) + Value(_FRESH * _YEAR) / (Value(_YEAR) + age)
    return reduce(add, worth) * freshness


def prompts_with(query: Query, prompts: PromptQuerySet) -> PromptQuerySet:
    """Those of the prompts that have all terms: in caption, words, negative prompt or a translation."""
    if not query:
        return prompts
    if not query.terms:
        return prompts.none()
    return prompts.filter(pk__in=backend.having(PromptEntry, query.terms, PromptEntry.FIELDS))
