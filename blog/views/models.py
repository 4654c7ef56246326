"""The models that prompts were written for."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from blog.models import Generator, Post, Prompt
from blog.views import heads
from blog.views.common import LINES_A_PAGE, UNUSED_IN_LISTS, normalized, paged, render
from blog.views.gallery import list_page


def public_models() -> QuerySet[Generator]:
    """Models that readers can read about, each with the number of its prompts."""
    return Generator.objects.annotate(
        count=Count("prompts", filter=Q(prompts__in=Prompt.objects.published())),
        has_posts=Exists(Post.objects.published().filter(generator=OuterRef("pk"))),
    ).filter(Q(count__gt=0) | Q(has_posts=True))


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """All of them."""
    shown = public_models().order_by("name")
    head = heads.posts(request, gettext("Models"), [], " · ".join(model.name for model in shown))
    return render(request, "blog/models.html", {"section": "prompts", "models": shown, "head": head})


@paged
def model(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What one is, its prompts, and the posts that name it."""
    found = get_object_or_404(public_models(), slug=normalized(slug))
    prompts = Prompt.objects.published().filter(generator=found)
    posts = Post.objects.published().filter(Q(generator=found) | Q(pk__in=prompts.values("post"))).newest_first()
    page = list_page(prompts, number)
    context = {
        "section": "prompts",
        "model": found,
        "head": heads.prompts(request, found.name, page, found.description),
        "page": page,
        "posts": posts.defer(*UNUSED_IN_LISTS)[:LINES_A_PAGE],
    }
    return render(request, "blog/model.html", context)
