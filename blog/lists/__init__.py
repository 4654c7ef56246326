"""Long lists, a page at a time: whatever a list's length, a page of it costs a page.

It is read in two steps: the keys of the page, in order, from an index that holds all that this takes; then the rows
with these keys, of which `published()` has the last word. How many there are, and from where to go on to a page far
behind, is remembered for a content version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Case, CharField, Count, Exists, Max, Min, Model, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, Mod, RowNumber
from django.utils import timezone
from taggit.models import Tag

from blog import clock
from blog.models import Listing, Post, Prompt
from blog.questions import Record, include, recorded
from blog.version import remembered

STEP = 1000  # rows that are skipped one by one at most
FEW, KNOWN = 300, 200  # keys of an intersection, and intersections, that are remembered at most

Kind = Listing.Kind
Row = TypeVar("Row", bound=Model)
_Key = tuple[Any, ...]  # a moment, the post, what else is needed


class Listed(Protocol):
    """The keys of a list in its order."""

    def count(self) -> int: ...

    def some(self, start: int, stop: int) -> list[_Key]: ...


@dataclass(frozen=True)
class Some:
    """Keys that are all known."""

    keys: list[_Key]

    def count(self) -> int:
        """How many there are."""
        return len(self.keys)

    def some(self, start: int, stop: int) -> list[_Key]:
        """Those of a page."""
        return self.keys[start:stop]


@dataclass(frozen=True)
class Keys:
    """The keys of a list in its order, the newest first. `name` says which list it is.

    `rows_until` gives those until a moment. It must be the only end: of two, SQLite begins to read at the first.
    """

    name: Any  # it can be hashed
    rows_until: Callable[[datetime], QuerySet[Any]]
    columns: tuple[str, ...] = ("publish_at", "pk")

    @property
    def rows(self) -> QuerySet[Any]:
        """Those that readers get now."""
        return self.rows_until(clock.now())

    def count(self) -> int:
        """How many there are."""
        return remembered(("count", self.name), lambda: self.rows.count())

    def some(self, start: int, stop: int) -> list[_Key]:
        """Those of a page."""
        rows = self.rows
        if start >= STEP:
            steps = remembered(("steps", self.name), self._steps)
            if start // STEP >= len(steps):
                return []
            rows = self._from(steps[start // STEP])
            start, stop = start % STEP, stop - start + start % STEP
        return list(rows.values_list(*self.columns)[start:stop])

    def _steps(self) -> list[_Key]:
        """Each thousandth, from the first on."""
        rows = self.rows
        order: Any = rows.query.order_by
        numbered = rows.annotate(number=Window(RowNumber(), order_by=order))
        return list(numbered.annotate(rest=Mod("number", Value(STEP))).filter(rest=1).values_list(*self.columns))

    def _from(self, key: _Key) -> QuerySet[Any]:
        """From that one on."""
        (at, moment), (post, number), *place = zip(self.columns, key, strict=True)
        before = Q(**{f"{post}__gt": number})
        for position, value in place:
            before |= Q(**{post: number, f"{position}__lt": value})
        return self.rows_until(moment).exclude(Q(**{at: moment}) & before)


class PinnedFirst(Keys):
    """Pinned posts, then the others."""

    def _from(self, key: _Key) -> QuerySet[Any]:
        at, post, pinned = key
        later = Q(publish_at__gt=at) | Q(publish_at=at, pk__gt=post)
        if pinned:
            return self.rows.exclude(later, pinned=True)
        # `=False` would be a bare column, which SQLite doesn't look up in an index.
        return self.rows_until(at).filter(pinned__in=[False]).exclude(later)


def home() -> Keys:
    """All posts, as the front page has them."""

    def rows(until: datetime) -> QuerySet[Post]:
        return Post.objects.published(until).order_by("-pinned", "-publish_at", "-pk")

    return PinnedFirst("home", rows, ("publish_at", "pk", "pinned"))


def posts() -> Keys:
    """All posts."""
    return Keys("posts", lambda until: Post.objects.published(until).newest_first())


def by(author: int) -> Keys:
    """Somebody's posts."""
    return Keys(("by", author), lambda until: Post.objects.published(until).filter(author=author).newest_first())


def of_series(series: int) -> Keys:
    """The parts of a series, the newest first."""
    return Keys(("series", series), lambda until: Post.objects.published(until).filter(series=series).newest_first())


def listed(kind: Kind, key: object = "") -> Keys:
    """The posts, or prompts, of one list."""

    def rows(until: datetime) -> QuerySet[Listing]:
        found = Listing.objects.filter(kind=kind, key=str(key), at__lte=until)
        return found.order_by("-at", "-post_id", "position")

    return Keys((kind, str(key)), rows, ("at", "post_id", "position"))


def in_all(places: Sequence[tuple[Kind, object]], year: int | None = None) -> Keys:
    """The posts, or prompts, that stand in all of several lists; those of a year."""
    found = sorted((listed(kind, key) for kind, key in places), key=lambda keys: keys.count())
    if not found:
        return posts() if year is None else within(year)
    shortest, *others = found

    def rows(until: datetime) -> QuerySet[Listing]:
        found = shortest.rows_until(until) if year is None else _during(shortest.rows_until, "at", until, *_year(year))
        for other in others:
            kind, key = other.name
            place = Listing.objects.filter(post=OuterRef("post"), kind=kind, key=key, position=OuterRef("position"))
            found = found.filter(Exists(place))
        return found

    name = (year, str(timezone.get_current_timezone()), *sorted(keys.name for keys in found))
    return (InAll if others else Keys)(name, rows, shortest.columns)


class InAll(Keys):
    """A list that no index holds as such: a long one is walked through for what is in the others too.

    Where there is little of that, it may take all of the list to fill a page; then all of it is remembered.
    """

    def count(self) -> int:
        few = self._few()
        return len(few) if len(few) <= FEW else super().count()

    def some(self, start: int, stop: int) -> list[_Key]:
        few = self._few()
        return few[start:stop] if len(few) <= FEW else super().some(start, stop)

    def _few(self) -> list[_Key]:
        """All of them if they are few, else some."""
        known: dict[Hashable, tuple[list[_Key], Record]] = remembered("few", dict)
        try:
            found, record = known[self.name]
        except KeyError:
            if len(known) >= KNOWN:
                known.clear()
            with recorded() as record:
                found = super().some(0, FEW + 1)
            known[self.name] = found, record
        include(record)
        return found


def counts(kind: Kind) -> dict[Any, int]:
    """How many there are in each list of a kind that has any: by the keys of rows, or by languages."""

    def counted() -> dict[Any, int]:
        rows = Listing.objects.filter(kind=kind, at__lte=clock.now()).order_by()
        found = rows.values_list("key").annotate(count=Count("pk"))
        return {key if kind == Kind.PROMPTS_IN else int(key): count for key, count in found}

    return remembered(("counts", kind), counted)


def used(kind: Kind, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of some tags, models … whose list of a kind has something in it."""
    key = Cast(OuterRef("pk"), CharField(max_length=20))
    return rows.filter(Exists(Listing.objects.filter(kind=kind, key=key, at__lte=clock.now())))


def tags() -> list[Any]:
    """All tags of posts, the most used first, each with its `count`."""

    def counted() -> list[Any]:
        used = counts(Kind.TAG)
        found = list(Tag.objects.filter(pk__in=used).order_by("name"))
        for tag in found:
            tag.count = used[tag.pk]
        return sorted(found, key=lambda tag: -tag.count)

    return remembered("tags", counted)


# --- By date --------------------------------------------------------------------------------------------------------


_Month = tuple[int, int]


def within(year: int, month: int | None = None) -> Keys:
    """The posts of a year, or of a month, by the clock of the moment."""
    first, then = ((year, month), _following(year, month)) if month else _year(year)

    def rows(until: datetime) -> QuerySet[Post]:
        return _during(posts().rows_until, "publish_at", until, first, then)

    return Keys(("within", first, then, str(timezone.get_current_timezone())), rows)


def _year(year: int) -> tuple[_Month, _Month]:
    return (year, 1), (year + 1, 1)


def _following(year: int, month: int) -> _Month:
    return (year, month + 1) if month < 12 else (year + 1, 1)


def begins(month: _Month) -> datetime | None:
    """When a month begins by the clock of the moment; None where calendars end, or clocks can't be converted."""
    return datetime(*month, 1, tzinfo=timezone.get_current_timezone()) if (1, 1) < month <= (9999, 12) else None


def _during(
    rows_until: Callable[[datetime], QuerySet[Row]], column: str, until: datetime, first: _Month, then: _Month
) -> QuerySet[Row]:
    """Those from one month on, and before another."""
    start, end = begins(first), begins(then)
    rows = rows_until(min(until, end - timedelta.resolution) if end else until)
    return rows.filter(**{f"{column}__gte": start}) if start else rows


def years() -> dict[int, int]:
    """How many posts each year has that has any, the newest first, by the clock of the moment."""
    zone = timezone.get_current_timezone()

    def counted() -> dict[int, int]:
        public = Post.objects.published().order_by()
        ends = public.aggregate(first=Min("publish_at"), last=Max("publish_at"))
        if ends["first"] is None:
            return {}
        first, last = (timezone.localtime(ends[name], zone).year for name in ("first", "last"))
        since = [
            When(publish_at__gte=datetime(year, 1, 1, tzinfo=zone), then=Value(year)) for year in range(last, first, -1)
        ]
        rows = public.annotate(year=Case(*since, default=Value(first))).values_list("year").annotate(count=Count("pk"))
        return dict(sorted(rows, reverse=True))

    return remembered(("years", str(zone)), counted)


# --- For the paginator, and feeds -----------------------------------------------------------------------------------


class Rows(Generic[Row]):
    """A list that can be counted and sliced."""

    def __init__(self, keys: Listed, load: Callable[[list[_Key]], list[Row]]) -> None:
        self.keys, self.load = keys, load

    def count(self) -> int:
        """How many there are."""
        return self.keys.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Row]:
        keys = self.keys.some(part.start or 0, part.stop)
        return self.load(keys) if keys else []


def rows_of(keys: Listed, found: QuerySet[Post]) -> Rows[Post]:
    """The posts with these keys, as `found` loads them."""

    def load(some: list[_Key]) -> list[Post]:
        wanted = [key[1] for key in some]
        rows = found.in_bulk(wanted)
        return [rows[pk] for pk in wanted if pk in rows]

    return Rows(keys, load)


def prompts_of(keys: Listed, found: QuerySet[Prompt]) -> Rows[Prompt]:
    """The same of prompts."""

    def load(some: list[_Key]) -> list[Prompt]:
        places: defaultdict[int, list[int]] = defaultdict(list)
        for _at, post, position in some:
            places[post].append(position)
        wanted = reduce(or_, (Q(post=post, position__in=positions) for post, positions in places.items()))
        rows = {(prompt.post_id, prompt.position): prompt for prompt in found.filter(wanted)}
        return [rows[key[1:]] for key in some if key[1:] in rows]

    return Rows(keys, load)
