"""What the pages about one post share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from blog.models import Post

if TYPE_CHECKING:
    from blog.admin.posts import PostAdmin


def post_to_see(admin: PostAdmin, request: HttpRequest, pk: int) -> Post:
    """The post, for those who may see it in the admin."""
    post = get_object_or_404(Post.objects.with_byline(), pk=pk)
    if not admin.has_view_permission(request, post):
        raise PermissionDenied
    return post


def post_to_change(admin: PostAdmin, request: HttpRequest, pk: int) -> Post:
    """The post, for those who may change it."""
    post = get_object_or_404(Post.objects.with_byline(), pk=pk)
    if not admin.has_change_permission(request, post):
        raise PermissionDenied
    return post


def framed(response: HttpResponse) -> HttpResponse:
    """Allow a page to stand in a frame of this site, and nowhere else. Nothing keeps it."""
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]  # as csp_replace would
    return response


def page(admin: PostAdmin, request: HttpRequest, name: str, post: Post, context: dict[str, Any]) -> HttpResponse:
    """A page of the admin about a post. It is nobody else's, and never kept."""
    frame = {**admin.admin_site.each_context(request), "opts": admin.opts, "post": post, "original": post}
    response = TemplateResponse(request, f"admin/blog/post/{name}.html", {**frame, **context})
    response["Cache-Control"] = "private, no-store"
    return response
