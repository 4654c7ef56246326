"""What a post said before: who, when, what changed, and back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from blog import revisions
from blog.admin.desk.conflict import written
from blog.admin.desk.frame import page, post_to_change, post_to_see
from blog.diff import Piece, text_diff
from blog.models import Post, Revision
from blog.rendering import RenderError
from blog.sentences import translated

if TYPE_CHECKING:
    from blog.admin.posts import PostAdmin

A_PAGE = 50
_SHOWN = ("title", "body", "summary", "tags", "variables", "slug", "lang")


def urls(admin: PostAdmin) -> list[URLPattern]:
    """The list, one revision, and restoring it."""

    def all_of(request: HttpRequest, pk: int) -> HttpResponse:
        post = post_to_see(admin, request, pk)
        shown = Paginator(post.revisions.saves().select_related("user"), A_PAGE).get_page(request.GET.get("page"))
        return page(admin, request, "revisions", post, {"page": shown})

    def one(request: HttpRequest, pk: int, number: int) -> HttpResponse:
        return _one(admin, request, post_to_see(admin, request, pk), number)

    def restore(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        return _restore(admin, request, pk, number)

    wrap = admin.admin_site.admin_view
    return [
        path("<int:pk>/revisions/", wrap(all_of), name="blog_post_revisions"),
        path("<int:pk>/revisions/<int:number>/", wrap(one), name="blog_post_revision"),
        path("<int:pk>/revisions/<int:number>/restore/", wrap(restore), name="blog_post_restore"),
    ]


def _one(admin: PostAdmin, request: HttpRequest, post: Post, number: int) -> HttpResponse:
    """What one save changed; with `?against=now`, what has changed since."""
    saves = post.revisions.saves().select_related("user")
    revision = get_object_or_404(saves, number=number)
    since = request.GET.get("against") == "now"
    other = saves.first() if since else saves.filter(number__lt=number).first()
    before, after = (revision, other) if since else (other, revision)
    context = {
        "revision": revision,
        "other": other,
        "since": since,
        "changes": _changes(before, after),
        "text": revision.value("body"),
        "newest": revision == saves.first(),
        "may_restore": admin.has_change_permission(request, post),
    }
    return page(admin, request, "revision", post, context)


def _changes(before: Revision | None, after: Revision | None) -> list[tuple[str, list[Piece]]]:
    """Fields that differ, by the names that people know, each with its diff."""
    old, new = (written(revision.data if revision else {}) for revision in (before, after))
    names = {name: str(Post._meta.get_field(name).verbose_name) for name in _SHOWN}  # type: ignore[union-attr]
    return [(names[name], text_diff(old[name], new[name])) for name in _SHOWN if old[name] != new[name]]


def _restore(admin: PostAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    with transaction.atomic():
        post = post_to_change(admin, request, pk)
        revision = get_object_or_404(post.revisions.saves(), number=number)
        try:
            revisions.restore(post, revision)
        except RenderError as error:
            messages.error(request, translated(str(error)))
            return redirect("admin:blog_post_revision", pk, number)
        message = _("Revision %(number)d was restored.") % {"number": number}
        admin.log_change(request, post, message)
    messages.success(request, message)
    return redirect("admin:blog_post_change", pk)
