"""The search: a form that works alone, and its results alone for the script that asks while one types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from taggit.models import Tag

from blog import lists
from blog.lists import Kind
from blog.models import Category, Post
from blog.search import near
from blog.search.find import find
from blog.search.marks import marked, passage
from blog.search.query import Query, parse
from blog.views.common import POSTS_A_PAGE, normalized, page_number, render
from blog.views.gallery import Filter

_TAGS_OFFERED = 12
_COLUMNS = (
    *("title", "slug", "lang", "publish_at", "pinned", "summary", "excerpt", "text"),
    *("category__name", "category__path"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    query: Query
    category: str
    tag: str
    year: str
    prompts_only: bool

    @classmethod
    def by(cls, request: HttpRequest) -> Asked:
        """Whatever stands there; what is offered and what isn't, `_filters` knows."""
        values = {name: normalized(request.GET.get(name, "").replace("\x00", "")) for name in ("category", "tag")}
        year = request.GET.get("year", "")
        query = parse(request.GET.get("q", ""))
        return cls(
            query, **values, year=year if _is_year(year) else "", prompts_only=request.GET.get("in") == "prompts"
        )

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than everything with those words."""
        return bool(self.category or self.tag or self.year or self.prompts_only)

    @property
    def address(self) -> str:
        """As it stands in an address."""
        only = "prompts" if self.prompts_only else ""
        values = {"q": self.query.text, "category": self.category, "tag": self.tag, "year": self.year, "in": only}
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Hit:
    """A post with what was found of it."""

    post: Post
    title: SafeString
    passage: SafeString | str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What has all the words, the likeliest first. `?part=results` gives the results alone."""
    asked, number = Asked.by(request), page_number(request.GET.get("page", "1"))
    if number < 1:
        raise Http404
    context: dict[str, Any] = {"section": "search", "asked": asked, **_results(asked, number)}
    if request.GET.get("part") == "results":
        return render(request, "blog/_results.html", context)
    context["filters"] = _filters(request)
    return render(request, "blog/search.html", context)


def _results(asked: Asked, number: int) -> dict[str, Any]:
    """One page of them; where there are none, what else there is."""
    if not asked.query and not asked.narrowed:
        return {"tags": lists.tags()[:_TAGS_OFFERED]}
    start = (number - 1) * POSTS_A_PAGE
    keys, total, is_more = find(
        asked.query,
        Post.objects.published(),
        start=start,
        size=POSTS_A_PAGE,
        prompts_only=asked.prompts_only,
        places=_places(asked),
        year=int(asked.year) if asked.year else None,
    )
    if not keys and number > 1:
        raise Http404
    more = start + len(keys) < total
    numbers = {"number": number, "last": max(1, -(-total // POSTS_A_PAGE)), "next": number + 1 if more else None}
    found = {"hits": _hits(keys, asked), "total": total, "is_more": is_more, "previous": number - 1, **numbers}
    if total or not asked.query.terms:
        return found
    return {**found, "near": near.titles(asked.query, Post.objects.published()), "tags": _tags_like(asked.query)}


def _places(asked: Asked) -> list[tuple[Kind, object]]:
    """The lists that it must stand in; what isn't there is in no list."""
    places: list[tuple[Kind, object]] = []
    if asked.category:
        category = Category.objects.filter(path=asked.category).values_list("pk", flat=True).first()
        places.append((Kind.CATEGORY, category or 0))
    if asked.tag:
        tag = Tag.objects.filter(slug=asked.tag).values_list("pk", flat=True).first()
        places.append((Kind.TAG, tag or 0))
    return places


def _hits(keys: list[int], asked: Asked) -> list[Hit]:
    shown = Post.objects.published().select_related("category").only(*_COLUMNS)
    if asked.prompts_only:
        shown = shown.prefetch_related("prompts__translations")
    posts = shown.in_bulk(keys)
    return [_hit(posts[key], asked) for key in keys if key in posts]


def _hit(post: Post, asked: Asked) -> Hit:
    text = "\n".join(_prompt_texts(post)) if asked.prompts_only else post.text
    summary = passage(text, asked.query) or marked(post.description, asked.query)
    return Hit(post, marked(post.title, asked.query), summary)


def _prompt_texts(post: Post) -> Iterable[str]:
    current = (prompt for prompt in post.prompts.all() if prompt.position is not None)
    for prompt in sorted(current, key=lambda prompt: prompt.position or 0):
        yield prompt.text
        yield prompt.negative_prompt
        yield from (translation.text for translation in prompt.translations.all())


def _filters(request: HttpRequest) -> dict[str, Filter]:
    """What readers can choose. A value that isn't offered names nothing: 404."""
    filed = Category.objects.filter(pk__in=lists.counts(Kind.CATEGORY)).order_by("path")
    tags = sorted(lists.tags(), key=lambda tag: tag.name)
    return {
        "category": Filter.of(request, "category", sorted((category.path, str(category)) for category in filed)),
        "tag": Filter.of(request, "tag", [(tag.slug, tag.name) for tag in tags]),
        "year": Filter.of(request, "year", [(str(year), str(year)) for year in lists.years()]),
    }


def _tags_like(query: Query) -> list[Tag]:
    tags = {tag.name: tag for tag in sorted(lists.tags(), key=lambda tag: tag.name)}
    return [tags[name] for name in near.names(query, tags)]


def _is_year(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) == 4 and value > "0000"
