"""What a post's address could be, and what taking it would mean."""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from blog import moves, people
from blog.admin.desk.access import refusal
from blog.models import Post
from blog.models.slug import free_post_slug, validate_slug


def urls(admin: ModelAdmin[Post]) -> list[URLPattern]:
    """Asked while somebody writes a title or an address."""

    @require_GET
    def slug(request: HttpRequest) -> JsonResponse:
        """A free address for a title; or what is to be said of an address."""
        pk = request.GET.get("post", "")
        post = get_object_or_404(Post, pk=int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
        if not (admin.has_change_permission(request, post) if post else admin.has_add_permission(request)):
            return JsonResponse({"error": refusal(request, post)}, status=403)
        if "slug" in request.GET:
            return JsonResponse({"note": _note(request, post or Post(), request.GET["slug"].strip())})
        return JsonResponse({"slug": free_post_slug(request.GET.get("title", ""), post.pk if post else None)})

    return [path("slug/", admin.admin_site.admin_view(slug), name="blog_post_slug")]


def _note(request: HttpRequest, post: Post, slug: str) -> str:
    """What should be known before saving; "" if nothing."""
    try:
        validate_slug(slug or "-")  # without one, saving makes one
    except ValidationError as error:
        return " ".join(error.messages)
    other = Post.objects.filter(slug=slug).exclude(pk=post.pk).first()
    if other is not None and not people.may_name(request.user, other):
        return _("Another post has this address.")
    if other is not None:
        return _("“%(title)s” has this address.") % {"title": other.title}
    loser = moves.taken_over(post, slug)
    if isinstance(loser, Post) and not people.may_name(request.user, loser):
        return _("This address leads to another post, which had it before. Publishing this ends that.")
    if loser is not None:
        return _("This address leads to “%(title)s”, which had it before. Publishing this ends that.") % {
            "title": loser
        }
    if post.pk and slug and slug != post.slug and post.publish_at is not None:
        return _("Readers who have the old address will be led to this one.")
    return ""
