"""The way from an old address to the new one. Looked for only where nothing is found."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import ResolverMatch, reverse

from blog.models import Category, Page, Post, Redirect, Series
from blog.models.redirect import Addressed


def moved(request: HttpRequest, kind: str, old: str) -> HttpResponse:
    """Lead to the same page, feed or file of what had the address `old`; 404 if nothing had, or readers can't see it.

    Permanent, but asked for again each time: an address may be given back, and a browser that remembers both ways
    would go round in circles.
    """
    target = _target(kind, old)
    if target is None:
        raise Http404
    match = request.resolver_match
    assert match is not None  # a view was found, so its address was
    address = reverse(str(match.url_name), kwargs=_renamed(match, _address(target)))
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    response["Cache-Control"] = "no-cache"
    return response


def _target(kind: str, old: str) -> Addressed | None:
    found = Redirect.objects.filter(kind=kind, old=old).select_related(kind).first()
    if found is None and kind == Redirect.Kind.CATEGORY and "/" not in old:  # Chirpy's flat address
        found = Redirect.objects.filter(kind=kind, old__endswith=f"/{old}").select_related(kind).first()
    target = found.target if found else None
    return target if target is not None and _is_public(target) else None


def _is_public(target: Addressed) -> bool:
    """The address of a draft, or of a category of drafts, is nobody's business."""
    posts = Post.objects.published()
    if isinstance(target, Post):
        return target.is_public
    if isinstance(target, Page):
        return target.published
    if isinstance(target, Category):
        return posts.in_category(target.path).exists()
    if isinstance(target, Series):
        return posts.filter(series=target).exists()
    return posts.filter(post_tags__tag=target).exists()


def _address(target: Addressed) -> str:
    return target.path if isinstance(target, Category) else str(target.slug)


def _renamed(match: ResolverMatch, new: str) -> dict[str, object]:
    """The arguments of the address that was asked for, with the new name in the old one's place."""
    names = ("slug", "path", "category", "tag", "series")
    return {name: new if name in names else value for name, value in match.kwargs.items()}
