"""Lists of what there may be a hundred thousand of: whatever their length, a page of one costs a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from blog.memo import Memo
from blog.version import remembered

_MOST_LENGTHS = 200  # that are remembered; whoever searches makes a new list


class InTwoSteps(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Finds out which rows a page has, from an index; then reads these rows, and what is joined with them."""

    def page(self, number: Any) -> Any:
        """One page."""
        rows: Any = self.object_list
        first = (self.validate_number(number) - 1) * self.per_page
        keys = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        return self._get_page(rows.filter(pk__in=keys), number, self)  # type: ignore[attr-defined]  # not in its stubs


class CountedOnce(InTwoSteps):
    """How long a list is, narrowed or not, is counted once for a content version."""

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        rows: Any = self.object_list.order_by()  # type: ignore[attr-defined]  # a queryset
        try:
            question = str(rows.query.sql_with_params())
        except EmptyResultSet:
            return 0
        lengths = remembered("lengths of lists", lambda: Memo(_MOST_LENGTHS))
        return lengths.get(question, lambda: int(rows.count()))


class Large(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A list that may be long."""

    paginator: ClassVar[Any] = CountedOnce
    show_full_result_count = False


class KnownFilter(admin.AllValuesFieldListFilter):
    """By the values that a column has, which are looked up once for a content version."""

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        values = self.lookup_choices
        self.lookup_choices: Any = remembered(("values", model, field_path), lambda: list(values))


class MomentFilter(admin.SimpleListFilter):
    """By years; the months of the one that was chosen. Only the first and the last moment are looked up."""

    title = gettext_lazy("date")
    parameter_name = "when"
    column = ""

    def __init__(self, request: HttpRequest, params: Any, model: type[Model], model_admin: Any) -> None:
        self.model = model
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The newest year first."""
        # Two queries: SQLite finds one end in an index; for both at once, it reads all of it.
        ends = [self.model._default_manager.aggregate(end=end(self.column))["end"] for end in (Min, Max)]
        if None in ends:
            return []
        first, last = (timezone.localtime(end).year for end in ends)
        shown: list[tuple[str, str]] = []
        for year in range(last, first - 1, -1):
            shown.append((str(year), str(year)))
            if self._chosen and self._chosen[0] == year:
                shown += [(f"{year}-{month:02d}", f"{year}-{month:02d}") for month in range(1, 13)]
        return shown

    @property
    def _chosen(self) -> tuple[int, int | None] | None:
        year, _dash, month = (self.value() or "").partition("-")
        try:
            return int(year), int(month) if month else None
        except ValueError:
            return None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As chosen, by the clock of the site."""
        if self._chosen is None:
            return queryset
        year, month = self._chosen
        zone = timezone.get_current_timezone()
        try:
            start = datetime(year, month or 1, 1, tzinfo=zone)
            end = datetime(year + (month in (None, 12)), month % 12 + 1 if month else 1, 1, tzinfo=zone)
        except ValueError:
            return queryset.none()
        return queryset.filter(**{f"{self.column}__gte": start, f"{self.column}__lt": end})


def counts(model: Any, key: str) -> dict[int, int]:
    """How many rows name each value of a key; counted once for a content version."""

    def counted() -> dict[int, int]:
        return dict(model._default_manager.order_by().values_list(key).annotate(count=Count("pk")))

    return remembered(("counts", model, key), counted)


def number_of(model: Any, key: str, counted: str = "pk") -> Coalesce:
    """The same of one row, as an expression: to put rows in order."""
    named = model._default_manager.filter(**{key: OuterRef("pk")}).order_by().values(key)
    return Coalesce(Subquery(named.annotate(n=Count(counted, distinct=counted != "pk")).values("n")), 0)
