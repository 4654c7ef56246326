"""A draft behind a secret link."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from blog.models import Post, ShareLink
from blog.views.posts import render_post


@require_safe
def draft(request: HttpRequest, token: str) -> HttpResponseBase:
    """The post as readers will get it; once it is public, the way there. Nothing keeps or finds this page."""
    link = ShareLink.find(token)
    if link is None:
        raise Http404
    shown = get_object_or_404(Post.objects.with_byline().select_related("generator"), pk=link.post_id)
    response = redirect(shown) if shown.is_public else render_post(request, shown)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
