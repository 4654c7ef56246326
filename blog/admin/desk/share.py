"""Links to a draft, for people without an account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.admin.desk.frame import page, post_to_change
from blog.models import Post, ShareLink
from blog.views.common import site_url

if TYPE_CHECKING:
    from blog.admin.posts import PostAdmin

DAYS = (1, 7, 30)


def urls(admin: PostAdmin) -> list[URLPattern]:
    """The list of a post's links; new ones are made there and old ones revoked."""

    def share(request: HttpRequest, pk: int) -> HttpResponseBase:
        post = post_to_change(admin, request, pk)
        token = ""
        if request.method == "POST":
            if "revoke" in request.POST:
                return _revoke(admin, request, post)
            token = _issue(admin, request, post)
        address = site_url(request) + reverse("draft", args=[token]) if token else ""
        links = post.share_links.select_related("created_by")
        return page(admin, request, "share", post, {"links": links, "address": address, "days": DAYS})

    return [path("<int:pk>/share/", admin.admin_site.admin_view(share), name="blog_post_share")]


def _issue(admin: PostAdmin, request: HttpRequest, post: Post) -> str:
    """A new link's token, or "" with a message."""
    days = request.POST.get("days", "")
    if days not in map(str, DAYS):
        messages.error(request, _("Choose how long the link works."))
        return ""
    if post.is_public:
        messages.error(request, _("This post is public: its own address can be shared."))
        return ""
    user = request.user
    assert user.pk is not None  # the admin lets nobody else in
    admin.log_change(request, post, _("A draft link was made."))
    return ShareLink.issue(post, user, timezone.now() + timedelta(days=int(days)))


def _revoke(admin: PostAdmin, request: HttpRequest, post: Post) -> HttpResponseBase:
    number = request.POST["revoke"]
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        number = "0"
    link = get_object_or_404(ShareLink, post=post, pk=int(number))
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        admin.log_change(request, post, _("A draft link was revoked."))
    messages.success(request, _("The link works no longer."))
    return redirect("admin:blog_post_share", post.pk)
