"""The gallery of prompts, the page of each, and what can be taken away from it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, Literal

from django.db.models import Q, Subquery, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from blog import lists, presentation
from blog.diff import word_diff
from blog.meta import linked_data
from blog.models import FailureMode, Post, Prompt
from blog.models.post import is_published
from blog.prompts import texts
from blog.prompts.passage import passage_of
from blog.views import heads
from blog.views.common import UNUSED_IN_LISTS, allowing, normalized, paged, prompts_with_models, render, site_url
from blog.views.gallery import gallery, list_page
from blog.views.moved import moved, moved_tag

_PLAIN = "text/plain; charset=utf-8"
_TYPES = {"txt": _PLAIN, "md": "text/markdown; charset=utf-8"}


@paged
def prompts(request: HttpRequest, number: int) -> HttpResponse:
    """All prompts, the newest post's first; filtered and searched by the address."""
    try:
        shown = gallery(request, number)
    except Http404:
        if (elsewhere := moved_tag(request, normalized(request.GET.get("tag", "")))) is None:
            raise
        return elsewhere
    head = heads.prompts(request, gettext("Prompts"), shown.page)
    context = {"section": "prompts", "gallery": shown, "page": shown.page, "head": head}
    return render(request, "blog/prompts.html", context)


@require_safe
def prompt(request: HttpRequest, public_id: str) -> HttpResponse:
    """One prompt with everything that is known of it."""
    shown = _public().filter(public_id=public_id).first()
    if shown is None:
        return _taken_out(request, public_id)
    base = site_url(request)
    prefetch_related_objects([shown], "failure_modes", "translations")
    media = presentation.prompt_media(shown)
    context = {
        "section": "prompts",
        "prompt": shown,
        "media": mark_safe(presentation.render_embed(media, "page")) if media else "",  # templates escape
        "players": bool(media),
        "passage": passage_of(shown),
        "variants": [(variant, word_diff(shown.text, variant.text)) for variant in _variants(shown)],
        "with_settings": texts.with_settings(shown),
        "markdown": texts.markdown(shown, base),
        "head": heads.prompt(request, shown, _linked_data(request, shown)),
        **_neighbours(shown),
    }
    return allowing(render(request, "blog/prompt.html", context), [media] if media else [])


@require_safe
def prompt_file(request: HttpRequest, public_id: str, kind: Literal["txt", "md", "json"]) -> HttpResponse:
    """The prompt alone to the byte, as Markdown with credit, or as data."""
    shown = _public().filter(public_id=public_id).first()
    if shown is None:
        return _taken_out(request, public_id)
    if kind == "json":
        return JsonResponse(_data(shown, site_url(request)), json_dumps_params={"ensure_ascii": False, "indent": 1})
    body = shown.text if kind == "txt" else texts.markdown(shown, site_url(request))
    return HttpResponse(body, content_type=_TYPES[kind])


@require_safe
def post_prompts(request: HttpRequest, slug: str) -> HttpResponse:
    """All prompts of a post as one text."""
    post = Post.objects.published().prefetch_related(prompts_with_models()).filter(slug=normalized(slug)).first()
    if post is None:
        return moved(request, "post", normalized(slug))
    if not (found := presentation.current_prompts(post)):
        raise Http404
    return HttpResponse(texts.all_of(post, found, site_url(request)), content_type=_PLAIN)


@require_safe
def failures(request: HttpRequest) -> HttpResponse:
    """Ways in which results go wrong, the most frequent first."""
    counts = lists.counts(lists.Kind.PROMPTS_FAILING)
    modes: list[Any] = list(FailureMode.objects.filter(pk__in=counts).order_by("name"))
    for mode in modes:
        mode.count = counts[mode.pk]
    modes.sort(key=lambda mode: -mode.count)
    head = heads.posts(request, gettext("Failure modes"), [], " · ".join(mode.name for mode in modes))
    return render(request, "blog/failures.html", {"section": "prompts", "failures": modes, "head": head})


@paged
def failure(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The prompts whose results go wrong in one way."""
    found = get_object_or_404(FailureMode, slug=normalized(slug))
    page = list_page(lists.listed(lists.Kind.PROMPTS_FAILING, found.pk), number)
    if not page.paginator.count:
        raise Http404
    head = heads.prompts(request, found.name, page, found.description)
    return render(request, "blog/failure.html", {"section": "prompts", "failure": found, "page": page, "head": head})


def _public() -> Any:
    return Prompt.objects.published().with_place().select_related("post__author__profile")


def _taken_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """410 if the prompt was taken out of a post that readers can see; 404 for all else."""
    waiting = Prompt.objects.filter(is_published("post__"), position=None).select_related("post")
    gone = get_object_or_404(waiting, public_id=public_id)
    return render(request, "blog/prompt_gone.html", {"post": gone.post}, status=410)


def _variants(shown: Prompt) -> list[Prompt]:
    unused = [f"post__{column}" for column in UNUSED_IN_LISTS]
    return list(Prompt.objects.published().family(shown).newest_first().with_place().defer(*unused))


def _neighbours(shown: Prompt) -> dict[str, Prompt | None]:
    """The prompts before and after this one in time, then in the text, by one query."""
    at, post, position = shown.post.publish_at, shown.post_id, shown.position
    assert at is not None
    listed = lists.listed(lists.Kind.PROMPTS)
    # Said so that the databases begin to read their index at this post: with one end, not two.
    older = listed.rows_until(at).exclude(at=at, post__gte=post).order_by("-at", "-post_id")
    newer = listed.rows.filter(at__gte=at).exclude(at=at, post__lte=post).order_by("at", "post_id")
    current = Prompt.objects.current()
    candidates = (
        current.filter(post=post, position__lt=position).order_by("-position"),
        current.filter(post=post, position__gt=position).order_by("position"),
        current.filter(post=Subquery(older.values("post")[:1])).order_by("-position"),
        current.filter(post=Subquery(newer.values("post")[:1])).order_by("position"),
    )
    wanted = reduce(or_, (Q(pk=Subquery(rows.values("pk")[:1])) for rows in candidates))
    found = Prompt.objects.filter(wanted).select_related("post", "post_embed")
    near = sorted([*found.defer(*[f"post__{column}" for column in UNUSED_IN_LISTS]), shown], key=_when)
    place = near.index(shown)
    return {
        "older": near[place - 1] if place else None,
        "newer": near[place + 1] if place + 1 < len(near) else None,
    }


def _when(prompt: Prompt) -> tuple[Any, ...]:
    return prompt.post.publish_at, prompt.post_id, prompt.position


def _data(shown: Prompt, base: str) -> dict[str, Any]:
    """What `<id>.json` says: the feed's `_prompt`, and what only this prompt's page shows."""
    generator = shown.generator
    return {
        "url": base + shown.get_absolute_url(),
        **texts.data(shown, base),
        "caption": shown.caption,
        "model_status": generator.status if generator else None,
        "notes": shown.notes or None,
        "translations": {row.lang: row.text for row in shown.translations.all()},
        "variants": [variant.public_id for variant in _variants(shown)],
        "post_title": shown.post.title,
        "date_published": shown.post.publish_at.isoformat() if shown.post.publish_at else None,
    }


def _linked_data(request: HttpRequest, shown: Prompt) -> SafeString:
    """https://schema.org/CreativeWork as JSON that can stand in a script element."""
    base, site = site_url(request), getattr(request, "site_settings", None)
    post_url = base + shown.post.get_absolute_url()
    author = shown.post.byline or (site.author_name if site else "")
    work: dict[str, Any] = {
        "@type": "CreativeWork",
        "url": base + shown.get_absolute_url(),
        "name": shown.title,
        "text": shown.text,
        "inLanguage": shown.lang,
        "datePublished": shown.post.publish_at.isoformat() if shown.post.publish_at else None,
        "isPartOf": {"@type": "BlogPosting", "headline": shown.post.title, "url": post_url},
    }
    if author:
        page = shown.post.author_url
        work["author"] = {"@type": "Person", "name": author, **({"url": base + page} if page else {})}
    if shown.post_embed:
        work["associatedMedia"] = {"@type": "MediaObject", "url": shown.post_embed.embed.url}
    if site and site.licence:
        work["license"] = {"@type": "CreativeWork", "name": site.licence}
    return linked_data.script(work)
