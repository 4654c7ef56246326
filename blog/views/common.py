"""What all pages share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.paginator import EmptyPage, Page as PageOf, Paginator
from django.db.models import Model, Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render as render_template
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from blog.lists import Listed, Rows, rows_of
from blog.models import Post, PostEmbed, Prompt
from blog.presentation import PlacedEmbed, policy

_Row = TypeVar("_Row", bound=Model)
_View = Callable[..., HttpResponseBase]

POSTS_A_PAGE = 10
LINES_A_PAGE = 50
_NUMBERED = re.compile(r"page/[0-9]+/$")

# Columns that lists of posts don't show.
UNUSED_IN_LISTS = ("body", "body_html", "text", "toc", "variables", "warnings")


def site_url(request: HttpRequest) -> str:
    """The site's absolute address without a slash at its end: ROOST_URL, else where the request came to."""
    return settings.ROOST_URL or request.build_absolute_uri("/").rstrip("/")


def canonical(request: HttpRequest) -> str:
    """The address of this page among those that show the same."""
    return f"{site_url(request)}{iri_to_uri(request.path)}"


def render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page in the site's frame."""
    site = getattr(request, "site_settings", None)
    section = request.path_info.split("/")[1]  # which entry of the menu this belongs to
    base = {"site": site, "canonical": canonical(request), "section": section, "list_address": list_address(request)}
    return render_template(request, template, {**base, **context}, status=status)


def allowing(response: HttpResponse, embeds: list[PlacedEmbed], style_source: str = "") -> HttpResponse:
    """Allow this page, and no other, what its embeds and its author's colours need."""
    update = policy(embeds)
    if style_source:
        update["style-src"] = [style_source]
    response._csp_update = update  # type: ignore[attr-defined]  # as csp_update would
    return response


def embeds_with_posters() -> Prefetch[Any]:
    """A post's embeds by one query."""
    return Prefetch("post_embeds", PostEmbed.objects.select_related("embed__poster").order_by("position"))


def prompts_with_models() -> Prefetch[Any]:
    """A post's prompts by one query."""
    return Prefetch("prompts", Prompt.objects.select_related("generator", "post_embed").order_by("position"))


def normalized(value: str) -> str:
    """Some systems send Hangul decomposed (NFD); everything here is stored composed (NFC)."""
    return unicodedata.normalize("NFC", value)


def list_address(request: HttpRequest) -> str:
    """The first page of the list that a page belongs to."""
    return _NUMBERED.sub("", request.path)


def paged(view: _View) -> _View:
    """A list in pages: the second is at `page/2/` below it. `?page=2`, and all other ways to say it, lead there."""

    @require_safe
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, number: int = 1, **kwargs: Any) -> HttpResponseBase:
        query = request.GET.copy()
        number = page_number(query.pop("page")[-1]) if "page" in query else number
        address = list_address(request) + (f"page/{number}/" if number != 1 else "")
        if address != request.path or "page" in request.GET:
            return redirect(f"{address}?{query.urlencode()}" if query else address, permanent=True)
        return view(request, *args, number=number, **kwargs)

    return inner


def page_number(value: str) -> int:
    """The number that an address says; anything else is no page."""
    if not (value.isascii() and value.isdigit() and len(value) < 7):
        raise Http404
    return int(value)


def lines_of(keys: Listed) -> Rows[Post]:
    """The posts of a list, as lists show them."""
    return rows_of(keys, Post.objects.published().with_byline().defer(*UNUSED_IN_LISTS))


def year_or_404(value: str | int) -> int:
    """A year whose beginning and end every clock has: neither the first nor the last that Python knows."""
    if not re.fullmatch(r"[0-9]{4}", str(value), re.ASCII) or not MINYEAR < int(value) < MAXYEAR:
        raise Http404
    return int(value)


def page_of(rows: Rows[_Row], number: int, size: int) -> PageOf[_Row]:
    """One page of a list; 404 beyond its end."""
    try:
        found: PageOf[_Row] = Paginator(cast(Any, rows), size).page(number)
        return found
    except EmptyPage:
        raise Http404 from None
