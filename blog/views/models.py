"""The models that prompts were written for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from blog import lists
from blog.models import Generator
from blog.views import heads
from blog.views.common import LINES_A_PAGE, lines_of, normalized, paged, render
from blog.views.gallery import list_page


def public_models() -> QuerySet[Generator]:
    """Models that readers can read about."""
    return Generator.objects.filter(pk__in=lists.counts(lists.Kind.MODEL))


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """All of them."""
    shown: list[Any] = list(public_models().order_by("name"))
    counts = lists.counts(lists.Kind.PROMPTS_FOR)
    for generator in shown:
        generator.count = counts.get(generator.pk, 0)
    head = heads.posts(request, gettext("Models"), [], " · ".join(model.name for model in shown))
    return render(request, "blog/models.html", {"section": "prompts", "models": shown, "head": head})


@paged
def model(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What one is, its prompts, and the posts that name it."""
    found = get_object_or_404(public_models(), slug=normalized(slug))
    page = list_page(lists.listed(lists.Kind.PROMPTS_FOR, found.pk), number)
    context = {
        "section": "prompts",
        "model": found,
        "head": heads.prompts(request, found.name, page, found.description),
        "page": page,
        "posts": lines_of(lists.listed(lists.Kind.MODEL, found.pk))[:LINES_A_PAGE],
    }
    return render(request, "blog/model.html", context)
