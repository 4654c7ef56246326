"""The sitemaps: an index, and for each kind of page its own, in parts that don't change when posts are added.

https://www.sitemaps.org/protocol.html, with Google's extensions for pictures and films:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/combine-sitemap-extensions
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe
from taggit.models import Tag

from blog import clock
from blog.illustrations import names
from blog.lists import Kind
from blog.meta.cards import own_cover
from blog.meta.videos import Film, films_of
from blog.models import Category, FailureMode, Generator, Image, Page, Post, Profile, Prompt, Series
from blog.presentation import embeds_of
from blog.version import remembered
from blog.views.common import embeds_with_posters, prompts_with_models, site_url

PAGE = 1000  # of the 50,000 that are allowed: a part stays small to make and to read
_MOST_PICTURES = 1000  # a page may have
_ANY_SITE = "https://any.invalid"
# When readers got what they see of a post.
_MODIFIED = Greatest("publish_at", Coalesce("updated_at", "publish_at"))
# How many prompts a post has.
_PROMPTS = Subquery(
    Prompt.objects.current().filter(post=OuterRef("pk")).order_by().values("post").annotate(n=Count("pk")).values("n")
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page."""

    address: str
    modified: datetime | None = None
    pictures: tuple[str, ...] = ()
    films: list[Film] = field(default_factory=list)


class Part(NamedTuple):
    """Some pages of one kind: where they begin, and when one of them last changed."""

    first: int
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of page. `entries` gives those of a part, whose beginning and end (that of the next) it gets."""

    parts: Callable[[], list[Part]]
    entries: Callable[[str, int, int | None], Iterable[Entry]]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All parts, each with its newest date."""
    text = remembered("sitemap", _index)
    return _xml(text.replace(_ANY_SITE, escape(site_url(request))))


def _index() -> str:
    parts = [
        Entry(_ANY_SITE + _address(name, number), part.modified)
        for name, kind in SECTIONS.items()
        for number, part in enumerate(kind.parts(), 1)
    ]
    return render_to_string("blog/sitemap_index.xml", {"parts": parts})


@require_safe
def section(request: HttpRequest, name: str, number: int = 1) -> HttpResponse:
    """One part."""
    kind = SECTIONS.get(name)
    if kind is None or (number == 1) != (request.path_info == _address(name, 1)):
        raise Http404
    firsts: list[int | None] = [part.first for part in kind.parts()]
    if not 1 <= number <= len(firsts):
        raise Http404
    first, then = [*firsts, None][number - 1 : number + 1]
    assert first is not None
    base = site_url(request)
    entries = list(kind.entries(base, first, then))
    return _xml(render_to_string("blog/sitemap.xml", {"entries": entries, "base": base}))


def _address(name: str, number: int) -> str:
    return reverse("sitemap_section", args=[name]) if number == 1 else reverse("sitemap_page", args=[name, number])


def _xml(text: str) -> HttpResponse:
    # Search engines read it, but don't list it.
    return HttpResponse(text, content_type="application/xml", headers={"X-Robots-Tag": "noindex"})


# --- Posts and prompts: many, in parts that are read from the database ----------------------------------------------


# The oldest first: new posts come last, and leave the other parts as they are. The prompts of a post stay together.
_PARTS = """
WITH posts(id, modified, entries) AS ({})
SELECT MIN(id), MAX(modified)
FROM (
  SELECT id, modified, (CAST(SUM(entries) OVER (ORDER BY id) AS bigint) - entries) / %s AS part
  FROM posts
  WHERE entries > 0
) AS numbered
GROUP BY part
ORDER BY part
"""


def _parts(entries: Any) -> list[Part]:
    """Those of posts that have so many entries each."""
    posts = Post.objects.indexable().order_by().annotate(modified=_MODIFIED, entries=entries)
    sql, params = posts.values_list("pk", "modified", "entries").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_PARTS.format(sql), [*params, PAGE])
        return [Part(first, _moment(modified)) for first, modified in cursor.fetchall()]


def _moment(value: datetime | str) -> datetime:
    """A moment as SQLite, which has text for it, and PostgreSQL give it."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _post_entries(base: str, first: int, then: int | None) -> Iterable[Entry]:
    unused = ("body", "text", "toc", "variables", "warnings", "related")
    rows = _of_part(Post.objects.indexable(), "pk", first, then).order_by("pk").select_related("image").defer(*unused)
    posts = list(rows.prefetch_related(embeds_with_posters(), prompts_with_models()))
    named = {post.pk: names(post.body_html) for post in posts}
    stored = set(Image.objects.filter(file__in=chain(*named.values())).values_list("file", flat=True))
    for post in posts:
        placed = embeds_of(post)
        cover = own_cover(post)
        shown = chain(
            [cover.file.url] if cover else [],
            (default_storage.url(name) for name in named[post.pk] if name in stored),
            (one.poster.file.url for one in placed if one.poster),
        )
        pictures = dict.fromkeys(urljoin(f"{base}/", src) for src in shown)
        address = post.get_absolute_url()
        yield Entry(address, post.modified_at, tuple(pictures)[:_MOST_PICTURES], films_of(post, placed, base))


def _prompt_entries(base: str, first: int, then: int | None) -> Iterable[Entry]:
    posts = dict(_of_part(Post.objects.indexable(), "pk", first, then).order_by("pk").values_list("pk", _MODIFIED))
    prompts = _of_part(Prompt.objects.current(), "post", first, then).order_by("post", "position")
    for public_id, post in prompts.values_list("public_id", "post"):
        if post in posts:
            yield Entry(reverse("prompt", args=[public_id]), posts[post])


def _of_part(rows: Any, post: str, first: int, then: int | None) -> Any:
    rows = rows.filter(**{f"{post}__gte": first})
    return rows if then is None else rows.filter(**{f"{post}__lt": then})


# --- The other kinds: few pages, all known at once ------------------------------------------------------------------

# The newest date in each list. The join goes from the posts to their listings: both are read from indexes alone.
_NEWEST = """
SELECT listing.kind, listing.key, MAX(
  CASE WHEN post.updated_at > post.publish_at THEN post.updated_at ELSE post.publish_at END
)
FROM blog_post post CROSS JOIN blog_listing listing
WHERE post.status = 'published' AND post.noindex = %s AND post.publish_at <= %s
  AND listing.post_id = post.id AND listing.kind IN (%s, %s, %s, %s)
GROUP BY listing.kind, listing.key
"""


def _newest(kind: Kind) -> dict[int, datetime]:
    """The newest date of the indexable posts in each list of a kind that has any, by the key of what it is of."""

    def found() -> dict[int, dict[int, datetime]]:
        newest: dict[int, dict[int, datetime]] = defaultdict(dict)
        now = connection.ops.adapt_datetimefield_value(clock.now())
        with connection.cursor() as cursor:
            kinds = [Kind.CATEGORY, Kind.TAG, Kind.MODEL, Kind.PROMPTS_FAILING]
            cursor.execute(_NEWEST, [False, now, *map(int, kinds)])
            for number, key, modified in cursor.fetchall():
                newest[number][int(key)] = _moment(modified)
        return newest

    return remembered("newest of lists", found).get(kind, {})


def _listed(kind: Kind, rows: QuerySet[Any], view: str, column: str = "slug") -> list[Entry]:
    newest = _newest(kind)
    names = rows.order_by(column).filter(pk__in=newest).values_list("pk", column)
    return [Entry(reverse(view, args=[name]), newest[pk]) for pk, name in names]


def _grouped(column: str, rows: QuerySet[Any], view: str, key: str = "pk") -> list[Entry]:
    posts = Post.objects.indexable().filter(**{f"{column}__isnull": False}).order_by()
    newest = dict(posts.values_list(column).annotate(at=Max(_MODIFIED)))
    names = rows.filter(**{f"{key}__in": newest}).order_by("slug").values_list(key, "slug")
    return [Entry(reverse(view, args=[slug]), newest[found]) for found, slug in names]


def _pages() -> list[Entry]:
    return [Entry(page.get_absolute_url(), page.updated_at) for page in Page.objects.filter(published=True)]


def _lists() -> list[Entry]:
    """The pages that are always there; they change with the newest post."""
    at = Post.objects.indexable().aggregate(at=Max(_MODIFIED))["at"]
    views = ["home", "categories", "tags", "archives", "prompts", "failures", "models", "all_series"]
    return [Entry(reverse(name), at) for name in views]


def _small(entries: Callable[[], list[Entry]]) -> Section:
    """A section whose entries are few, and all known at once."""

    def known() -> list[Entry]:
        return remembered(("sitemap", entries), entries)

    def parts() -> list[Part]:
        found = known()
        return [
            Part(start, max((entry.modified for entry in found[start : start + PAGE] if entry.modified), default=None))
            for start in range(0, len(found), PAGE)
        ]

    return Section(parts, lambda _base, first, then: known()[first:then])


SECTIONS = {
    "lists": _small(_lists),
    "posts": Section(lambda: remembered("posts in sitemaps", lambda: _parts(Value(1))), _post_entries),
    "pages": _small(_pages),
    # Those with something to read in them or below.
    "categories": _small(lambda: _listed(Kind.CATEGORY, Category.objects.all(), "category", "path")),
    "tags": _small(lambda: _listed(Kind.TAG, Tag.objects.all(), "tag")),
    "authors": _small(lambda: _grouped("author", Profile.objects.all(), "author", "user")),
    "series": _small(lambda: _grouped("series", Series.objects.all(), "series")),
    "prompts": Section(lambda: remembered("prompts in sitemaps", lambda: _parts(_PROMPTS)), _prompt_entries),
    # A model's page shows its prompts, and the posts that name it.
    "models": _small(lambda: _listed(Kind.MODEL, Generator.objects.all(), "model")),
    "failures": _small(lambda: _listed(Kind.PROMPTS_FAILING, FailureMode.objects.all(), "failure")),
}
