"""Which prompts a list shows: its filters, its search, its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page as PageOf
from django.http import Http404, HttpRequest
from taggit.models import Tag

from blog import lists
from blog.lists import Kind, Listed, prompts_of
from blog.models import FailureMode, Generator, Prompt
from blog.presentation import language_name
from blog.search.find import prompts_with
from blog.search.query import Query, parse
from blog.version import remembered
from blog.views.common import UNUSED_IN_LISTS, normalized, page_of

PROMPTS_A_PAGE = 12
_KINDS = {
    "model": Kind.PROMPTS_FOR,
    "lang": Kind.PROMPTS_IN,
    "tag": Kind.PROMPTS_TAGGED,
    "failure": Kind.PROMPTS_FAILING,
}
PARAMETERS = ("q", *_KINDS)


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
    is_more: bool  # prompts than it counts: with words, the newest are enough

    @property
    def address(self) -> str:
        """The filters as they stand in an address, "" if there are none."""
        chosen = {each.name: each.chosen for each in (self.model, self.lang, self.tag, self.failure)}
        return urlencode({name: value for name, value in {**chosen, "q": self.query.text}.items() if value})


def gallery(request: HttpRequest, number: int) -> Gallery:
    """The prompts that an address asks for."""
    offered = remembered("gallery", _offered)
    filters = {
        name: Filter.of(request, name, [(value, label) for value, label, _key in options])
        for name, options in offered.items()
    }
    chosen = [
        (_KINDS[name], key)
        for name, options in offered.items()
        for value, _label, key in options
        if value == filters[name].chosen
    ]
    query = parse(normalized(request.GET.get("q", "")))
    keys, is_more = prompts_with(query, chosen) if query else (lists.in_all(chosen or [(Kind.PROMPTS, "")]), False)
    return Gallery(list_page(keys, number), query=query, is_more=is_more, **filters)


def _offered() -> dict[str, list[tuple[str, str, object]]]:
    """What each filter offers: (value, label, key of its list)."""
    models = lists.used(Kind.PROMPTS_FOR, Generator.objects.order_by("name"))
    tags = lists.used(Kind.PROMPTS_TAGGED, Tag.objects.order_by("name"))
    failures = lists.used(Kind.PROMPTS_FAILING, FailureMode.objects.all())
    return {
        "model": list(models.values_list("slug", "name", "pk")),
        "lang": [(code, language_name(code), code) for code in sorted(lists.counts(Kind.PROMPTS_IN))],
        "tag": list(tags.values_list("slug", "name", "pk")),
        "failure": list(failures.values_list("slug", "name", "pk")),
    }


def list_page(keys: Listed, number: int) -> PageOf[Prompt]:
    """One page of prompts with all that a list shows of them."""
    unused = [f"post__{column}" for column in UNUSED_IN_LISTS]
    shown = Prompt.objects.published().with_place().prefetch_related("failure_modes").defer(*unused)
    return page_of(prompts_of(keys, shown), number, PROMPTS_A_PAGE)
