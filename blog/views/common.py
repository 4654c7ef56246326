"""What all pages share."""

from __future__ import annotations

import re
import unicodedata
from datetime import MAXYEAR, MINYEAR
from typing import Any, TypeVar

from django.conf import settings
from django.core.paginator import EmptyPage, Page as PageOf, Paginator
from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.utils.encoding import iri_to_uri

from blog.models import PostEmbed, Prompt
from blog.presentation import PlacedEmbed, policy

_Row = TypeVar("_Row", bound=Model)

POSTS_A_PAGE = 10
LINES_A_PAGE = 50

# Columns that lists of posts don't show.
UNUSED_IN_LISTS = ("body", "body_html", "text", "toc", "variables", "warnings")


def site_url(request: HttpRequest) -> str:
    """The site's absolute address without a slash at its end: ROOST_URL, else where the request came to."""
    return settings.ROOST_URL or request.build_absolute_uri("/").rstrip("/")


def canonical(request: HttpRequest) -> str:
    """The address of this page among those that show the same; the pages of a list are different ones."""
    page = request.GET.get("page", "")
    numbered = page.isascii() and page.isdigit() and len(page) < 7 and int(page) > 1
    return f"{site_url(request)}{iri_to_uri(request.path)}{f'?page={int(page)}' if numbered else ''}"


def render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page in the site's frame."""
    site = getattr(request, "site_settings", None)
    section = request.path_info.split("/")[1]  # which entry of the menu this belongs to
    base = {"site": site, "canonical": canonical(request), "section": section}
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
    return Prefetch("post_embeds", PostEmbed.objects.select_related("embed__poster"))


def prompts_with_models() -> Prefetch[Any]:
    """A post's prompts by one query."""
    return Prefetch("prompts", Prompt.objects.select_related("generator", "post_embed"))


def normalized(value: str) -> str:
    """Some systems send Hangul decomposed (NFD); everything here is stored composed (NFC)."""
    return unicodedata.normalize("NFC", value)


def page_number(request: HttpRequest) -> int:
    """`?page=`; anything but a number is no page."""
    value = request.GET.get("page", "1")
    if not (value.isascii() and value.isdigit() and len(value) < 7):
        raise Http404
    return int(value)


def year_or_404(value: str | int) -> int:
    """A year whose beginning and end every clock has: neither the first nor the last that Python knows."""
    if not re.fullmatch(r"[0-9]{4}", str(value), re.ASCII) or not MINYEAR < int(value) < MAXYEAR:
        raise Http404
    return int(value)


def page_of(rows: QuerySet[_Row], number: int, size: int) -> PageOf[_Row]:
    """One page of a list; 404 beyond its end."""
    try:
        return Paginator(rows, size).page(number)
    except EmptyPage:
        raise Http404 from None
