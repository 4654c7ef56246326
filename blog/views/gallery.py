"""Which prompts a list shows: its filters, its search, its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page as PageOf
from django.http import Http404, HttpRequest
from taggit.models import Tag

from blog.models import FailureMode, Generator, Prompt
from blog.models.prompt import PromptQuerySet
from blog.presentation import language_name
from blog.search.find import prompts_with
from blog.search.query import Query, parse
from blog.views.common import UNUSED_IN_LISTS, normalized, page_of

PROMPTS_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice readers have: (value, label) of each option, and which is chosen ("": none)."""

    name: str
    options: list[tuple[str, str]]
    chosen: str

    @property
    def divides(self) -> bool:
        """Whether choosing changes anything: each prompt has a language, but not each a model."""
        return len(self.options) > (1 if self.name == "lang" else 0)

    @classmethod
    def of(cls, request: HttpRequest, name: str, options: Iterable[tuple[str, str]]) -> Filter:
        """As the address says. A value that isn't offered names nothing: 404."""
        listed, chosen = list(options), normalized(request.GET.get(name, ""))
        if chosen and chosen not in dict(listed):
            raise Http404
        return cls(name, listed, chosen)


@dataclass(frozen=True, slots=True)
class Gallery:
    """A page of prompts, and what it was chosen by."""

    page: PageOf[Prompt]
    model: Filter
    lang: Filter
    tag: Filter
    failure: Filter
    query: Query

    @property
    def address(self) -> str:
        """The filters as they stand in an address, "" if there are none."""
        chosen = {each.name: each.chosen for each in (self.model, self.lang, self.tag, self.failure)}
        return urlencode({name: value for name, value in {**chosen, "q": self.query.text}.items() if value})


def gallery(request: HttpRequest, number: int) -> Gallery:
    """The prompts that an address asks for."""
    public = Prompt.objects.published()
    models = Generator.objects.filter(prompts__in=public).distinct().order_by("name")
    tags = Tag.objects.filter(blog_posttag_items__content_object__prompts__in=public).distinct().order_by("name")
    failures = FailureMode.objects.filter(prompts__in=public).distinct()
    langs = sorted(set(public.order_by().values_list("lang", flat=True).distinct()))
    model = Filter.of(request, "model", models.values_list("slug", "name"))
    lang = Filter.of(request, "lang", [(code, language_name(code)) for code in langs])
    tag = Filter.of(request, "tag", tags.values_list("slug", "name"))
    failure = Filter.of(request, "failure", failures.values_list("slug", "name"))
    query = parse(normalized(request.GET.get("q", "")))
    chosen = {
        "generator__slug": model.chosen,
        "lang": lang.chosen,
        "post__post_tags__tag__slug": tag.chosen,
        "failure_modes__slug": failure.chosen,
    }
    found = public.filter(**{column: value for column, value in chosen.items() if value})
    found = prompts_with(query, found)
    return Gallery(list_page(found, number), model, lang, tag, failure, query)


def list_page(prompts: PromptQuerySet, number: int) -> PageOf[Prompt]:
    """One page of prompts with all that a list shows of them."""
    unused = [f"post__{column}" for column in UNUSED_IN_LISTS]
    return page_of(
        prompts.newest_first().with_place().prefetch_related("failure_modes").defer(*unused), number, PROMPTS_A_PAGE
    )
