"""The search: a form that works alone, and its results alone for the script that asks while one types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from taggit.models import Tag

from blog import lists
from blog.lists import Kind
from blog.models import Category, Post, Prompt
from blog.search import near
from blog.search.find import find
from blog.search.index import labels_of
from blog.search.marks import marked, named, passage, rest
from blog.search.query import Query, parse
from blog.views.common import POSTS_A_PAGE, normalized, page_number, render, year_or_404
from blog.views.gallery import Filter

_TAGS_OFFERED = 12
_TAGS_TO_CHOOSE = 50  # from a list; another one may stand in the address
_NARROWING = ("category", "tag", "year")
PARAMETERS = ("q", "in", "part", *_NARROWING)
_COLUMNS = (
    *("title", "slug", "lang", "publish_at", "pinned", "summary", "excerpt", "text"),
    *("category__name", "category__path", "category__names", "generator"),
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
        """Whatever stands there; whether that is offered is another question."""
        values = {name: normalized(request.GET.get(name, "").replace("\x00", "")) for name in _NARROWING}
        if values["year"]:
            year_or_404(values["year"])
        return cls(parse(request.GET.get("q", "")), **values, prompts_only=request.GET.get("in") == "prompts")

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

    @property
    def places(self) -> list[tuple[Kind, object]]:
        """The lists that a post must stand in; what isn't there is in no list."""
        found: list[tuple[Kind, object]] = []
        if self.category:
            category = Category.objects.filter(path=self.category).values_list("pk", flat=True).first()
            found.append((Kind.CATEGORY, category or 0))
        if self.tag:
            tag = Tag.objects.filter(slug=self.tag).values_list("pk", flat=True).first()
            found.append((Kind.TAG, tag or 0))
        return found

    @property
    def is_offered(self) -> bool:
        """Whether category, tag and year have posts, each alone."""
        in_lists = all(key in lists.counts(kind) for kind, key in self.places)
        return in_lists and (not self.year or int(self.year) in lists.years())


@dataclass(frozen=True, slots=True)
class Hit:
    """A post with what was found of it."""

    post: Post
    title: SafeString
    passage: SafeString
    labels: list[SafeString] = field(default_factory=list)  # those that have what neither of these has


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What has all the words, the likeliest first. `?part=results` gives the results alone."""
    asked, number = Asked.by(request), page_number(request.GET.get("page", "1"))
    if number < 1:
        raise Http404
    if request.GET.get("part") == "results":
        if not asked.is_offered:
            raise Http404
        return render(request, "blog/_results.html", _results(asked, number))
    context = {"section": "search", "filters": _filters(request), **_results(asked, number)}
    return render(request, "blog/search.html", context)


def _results(asked: Asked, number: int) -> dict[str, Any]:
    """One page of them; where there are none, what else there is."""
    if not asked.query and not asked.narrowed:
        return {"asked": asked, "tags": lists.tags()[:_TAGS_OFFERED]}
    start = (number - 1) * POSTS_A_PAGE
    keys, total, is_more = find(
        asked.query,
        Post.objects.published(),
        start=start,
        size=POSTS_A_PAGE,
        prompts_only=asked.prompts_only,
        places=asked.places,
        year=int(asked.year) if asked.year else None,
    )
    if not keys and number > 1:
        raise Http404
    more = start + len(keys) < total
    numbers = {"number": number, "last": max(1, -(-total // POSTS_A_PAGE)), "next": number + 1 if more else None}
    found = {
        "asked": asked,
        "hits": _hits(keys, asked),
        "total": total,
        "is_more": is_more,
        "previous": number - 1,
        **numbers,
    }
    if total or not asked.query.terms:
        return found
    return {**found, "near": near.titles(asked.query, Post.objects.published()), "tags": _tags_like(asked.query)}


def _hits(keys: list[int], asked: Asked) -> list[Hit]:
    shown = Post.objects.published().select_related("category").only(*_COLUMNS)
    if asked.prompts_only:
        shown = shown.prefetch_related("prompts__translations")
    posts = shown.in_bulk(keys)
    hits = [_hit(posts[key], asked) for key in keys if key in posts]
    return hits if asked.prompts_only else _with_labels(hits, asked.query)


def _hit(post: Post, asked: Asked) -> Hit:
    text = "\n".join(_prompt_texts(post)) if asked.prompts_only else post.text
    summary = passage(text, asked.query) or marked(post.description, asked.query)
    return Hit(post, named(post.title, asked.query), summary)


def _with_labels(hits: list[Hit], query: Query) -> list[Hit]:
    """With the tags, category and models that some were found by. Only those ask the database."""
    unseen = [rest(query, hit.title, hit.passage) for hit in hits]
    posts = [hit.post for hit, query in zip(hits, unseen, strict=True) if query.terms]
    prompts = Prompt.objects.current().select_related("generator")
    prefetch_related_objects(posts, "tags", "generator", Prefetch("prompts", prompts))
    for hit, query in zip(hits, unseen, strict=True):
        if query.terms:
            labels = (named(label, query) for label in labels_of(hit.post))
            hit.labels.extend(label for label in labels if "<mark>" in label)
    return hits


def _prompt_texts(post: Post) -> Iterable[str]:
    current = (prompt for prompt in post.prompts.all() if prompt.position is not None)
    for prompt in sorted(current, key=lambda prompt: prompt.position or 0):
        yield prompt.text
        yield prompt.negative_prompt
        yield from (translation.text for translation in prompt.translations.all())


def _filters(request: HttpRequest) -> dict[str, Filter]:
    """What readers can choose. A value that isn't offered names nothing: 404."""
    filed = Category.objects.filter(pk__in=lists.counts(Kind.CATEGORY))
    tags = {tag.slug: tag.name for tag in lists.tags()[:_TAGS_TO_CHOOSE]}
    if (chosen := Asked.by(request).tag) and chosen not in tags:
        tags |= {tag.slug: tag.name for tag in lists.tags() if tag.slug == chosen}
    return {
        "category": Filter.of(request, "category", sorted((category.path, str(category)) for category in filed)),
        "tag": Filter.of(request, "tag", sorted(tags.items(), key=lambda tag: tag[1])),
        "year": Filter.of(request, "year", [(str(year), str(year)) for year in lists.years()]),
    }


def _tags_like(query: Query) -> list[Tag]:
    tags = {tag.name: tag for tag in sorted(lists.tags(), key=lambda tag: tag.name)}
    return [tags[name] for name in near.names(query, tags)]
