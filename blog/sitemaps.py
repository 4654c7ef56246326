"""The sitemaps: an index, and for each kind of page its own, in parts that don't change when posts are added.

https://www.sitemaps.org/protocol.html, with Google's extensions for pictures and films:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/combine-sitemap-extensions
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from urllib.parse import urljoin

from django.core.files.storage import default_storage
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.illustrations import names
from blog.meta.cards import own_cover
from blog.meta.videos import Film, films_of
from blog.models import Image, Page, Post, Prompt
from blog.presentation import embeds_of
from blog.views.common import embeds_with_posters, prompts_with_models, site_url

PAGE = 1000  # of the 50,000 that are allowed: a part stays small to make and to read
_MOST_PICTURES = 1000  # a page may have
# When readers got what they see of a post.
_MODIFIED = Greatest("publish_at", Coalesce("updated_at", "publish_at"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A page."""

    address: str
    modified: datetime | None = None
    pictures: tuple[str, ...] = ()
    films: list[Film] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of page. `count` says when each last changed, in order; `entries` gives some of them, by place."""

    dates: Callable[[], list[datetime | None]]
    entries: Callable[[str, slice], Iterable[Entry]]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All parts, each with its newest date."""
    base = site_url(request)
    parts = []
    for name, kind in SECTIONS.items():
        dates = kind.dates()
        for number, start in enumerate(range(0, len(dates), PAGE), 1):
            known = [date for date in dates[start : start + PAGE] if date]
            address = _address(name, number)
            parts.append(Entry(base + address, max(known, default=None)))
    return _xml("blog/sitemap_index.xml", {"parts": parts})


@require_safe
def section(request: HttpRequest, name: str, number: int = 1) -> HttpResponse:
    """One part."""
    kind = SECTIONS.get(name)
    if kind is None or (number == 1) != (request.path_info == _address(name, 1)):
        raise Http404
    base = site_url(request)
    entries = list(kind.entries(base, slice((number - 1) * PAGE, number * PAGE))) if number > 0 else []
    if not entries:
        raise Http404
    return _xml("blog/sitemap.xml", {"entries": entries, "base": base})


def _address(name: str, number: int) -> str:
    return reverse("sitemap_section", args=[name]) if number == 1 else reverse("sitemap_page", args=[name, number])


def _xml(template: str, context: dict[str, object]) -> HttpResponse:
    # Search engines read it, but don't list it.
    headers = {"X-Robots-Tag": "noindex"}
    return HttpResponse(render_to_string(template, context), content_type="application/xml", headers=headers)


def _posts() -> QuerySet[Post]:
    """The oldest first: new posts come last, and leave the other parts as they are."""
    return Post.objects.indexable().order_by("pk")


def _post_dates() -> list[datetime | None]:
    return list(_posts().annotate(modified=_MODIFIED).values_list("modified", flat=True))


def _post_entries(base: str, part: slice) -> Iterable[Entry]:
    unused = ("body", "text", "toc", "variables", "warnings", "related")
    rows = _posts().select_related("image").defer(*unused)
    posts = list(rows.prefetch_related(embeds_with_posters(), prompts_with_models())[part])
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


def _pages() -> list[Entry]:
    return [Entry(page.get_absolute_url(), page.updated_at) for page in Page.objects.filter(published=True)]


def _categories() -> list[Entry]:
    """Those with something to read in them or below."""
    newest: dict[str, datetime] = {}
    for path, at in _newest("category__path"):
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            branch = "/".join(parts[:end])
            newest[branch] = max(at, newest.get(branch, at))
    return [Entry(reverse("category", args=[path]), newest[path]) for path in sorted(newest)]


def _tags() -> list[Entry]:
    return [Entry(reverse("tag", args=[slug]), at) for slug, at in _newest("post_tags__tag__slug")]


def _authors() -> list[Entry]:
    return [Entry(reverse("author", args=[slug]), at) for slug, at in _newest("author__profile__slug")]


def _series() -> list[Entry]:
    return [Entry(reverse("series", args=[slug]), at) for slug, at in _newest("series__slug")]


def _newest(column: str) -> list[tuple[str, datetime]]:
    """(value, newest date of the posts that have it) for each value of a column, by value."""
    posts = Post.objects.indexable().filter(**{f"{column}__isnull": False}).order_by(column)
    return list(posts.values_list(column).annotate(at=Max(_MODIFIED)))


def _prompts() -> QuerySet[Prompt]:
    return Prompt.objects.published().filter(post__noindex=False).order_by("pk")


_PROMPT_MODIFIED = Greatest("post__publish_at", Coalesce("post__updated_at", "post__publish_at"))


def _prompt_dates() -> list[datetime | None]:
    return list(_prompts().annotate(modified=_PROMPT_MODIFIED).values_list("modified", flat=True))


def _prompt_entries(base: str, part: slice) -> Iterable[Entry]:
    rows = _prompts().annotate(modified=_PROMPT_MODIFIED).values_list("public_id", "modified")
    return [Entry(reverse("prompt", args=[public_id]), at) for public_id, at in rows[part]]


def _models() -> list[Entry]:
    """A model's page shows its prompts, and the posts that name it."""
    newest: dict[str, datetime] = dict(_newest("generator__slug"))
    prompts = _prompts().exclude(generator=None).order_by("generator__slug").values_list("generator__slug")
    for slug, at in prompts.annotate(at=Max(_PROMPT_MODIFIED)):
        newest[slug] = max(at, newest.get(slug, at))
    return [Entry(reverse("model", args=[slug]), newest[slug]) for slug in sorted(newest)]


def _failures() -> list[Entry]:
    rows = _prompts().exclude(failure_modes=None).order_by("failure_modes__slug").values_list("failure_modes__slug")
    return [Entry(reverse("failure", args=[slug]), at) for slug, at in rows.annotate(at=Max(_PROMPT_MODIFIED))]


def _lists() -> list[Entry]:
    """The pages that are always there; they change with the newest post."""
    at = Post.objects.indexable().aggregate(at=Max(_MODIFIED))["at"]
    views = ["home", "categories", "tags", "archives", "prompts", "failures", "models", "all_series"]
    return [Entry(reverse(name), at) for name in views]


def _small(entries: Callable[[], list[Entry]]) -> Section:
    """A section whose entries are few, and all known at once."""
    return Section(lambda: [entry.modified for entry in entries()], lambda _base, part: entries()[part])


SECTIONS = {
    "lists": _small(_lists),
    "posts": Section(_post_dates, _post_entries),
    "pages": _small(_pages),
    "categories": _small(_categories),
    "tags": _small(_tags),
    "authors": _small(_authors),
    "series": _small(_series),
    "prompts": Section(_prompt_dates, _prompt_entries),
    "models": _small(_models),
    "failures": _small(_failures),
}
