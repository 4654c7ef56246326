"""The way from an old address to the new one. Looked for only where nothing is found."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.urls import ResolverMatch, reverse

from blog import moves
from blog.models import Category, Redirect
from blog.models.redirect import Addressed


def moved(request: HttpRequest, kind: str, old: str) -> HttpResponse:
    """Lead to the same page, feed or file of what had the address `old`; 404 if nothing that readers can see had."""
    target = moves.found(kind, old)
    if target is None:
        raise Http404
    match = request.resolver_match
    assert match is not None  # a view was found, so its address was
    return _to(reverse(str(match.url_name), kwargs=_renamed(match, _address(target))), request.META["QUERY_STRING"])


def moved_tag(request: HttpRequest, old: str) -> HttpResponse | None:
    """The same list with the tag's slug in the place of the old one in `?tag=`; None if no tag had it."""
    target = moves.found(Redirect.Kind.TAG, old)
    if target is None:
        return None
    query: QueryDict = request.GET.copy()
    query["tag"] = _address(target)
    return _to(request.path, query.urlencode())


def _to(address: str, query: str) -> HttpResponse:
    """Permanent, but asked for again each time.

    An address may be given back, and a browser that remembers both ways would go round in circles.
    """
    response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    response["Cache-Control"] = "no-cache"
    return response


def _address(target: Addressed) -> str:
    return target.path if isinstance(target, Category) else str(target.slug)


def _renamed(match: ResolverMatch, new: str) -> dict[str, object]:
    """The arguments of the address that was asked for, with the new name in the old one's place."""
    names = ("slug", "path", "category", "tag", "series")
    return {name: new if name in names else value for name, value in match.kwargs.items()}
