"""Draft, scheduled, published and back: buttons, and a look at everything before readers get it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _

from blog.admin.desk import checks
from blog.admin.desk.access import may_publish
from blog.admin.desk.conflict import locked_version, undecided
from blog.admin.desk.frame import page, post_to_change, post_to_see
from blog.meta import cards
from blog.models import Post
from blog.views.common import embeds_with_posters, prompts_with_models, site_url

if TYPE_CHECKING:
    from blog.admin.posts import PostAdmin


_NEVER_KEPT = {"Cache-Control": "private, no-store"}


def urls(admin: PostAdmin) -> list[URLPattern]:
    """The check with its buttons, and what a date comes to."""

    def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
        return _publish(admin, request, pk)

    def card(request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponse(
            cards.preview(post_to_see(admin, request, pk)), content_type="image/jpeg", headers=_NEVER_KEPT
        )

    wrap = admin.admin_site.admin_view
    return [
        path("when/", wrap(_when), name="blog_post_when"),
        path("<int:pk>/publish/", wrap(publish), name="blog_post_publish"),
        path("<int:pk>/card.jpg", wrap(card), name="blog_post_card"),
    ]


def spelled(at: datetime) -> str:
    """A moment on the site's clock, in words: “Sunday 22 November 2026, 18:00 KST, in 3 hours”."""
    # Translators: a date in Django's format characters, such as "Sunday 22 November 2026, 18:00 KST".
    text = date_format(timezone.localtime(at), _("l j F Y, H:i T"))
    if at <= timezone.now():
        return text
    return _("%(moment)s, in %(time)s") % {"moment": text, "time": timeuntil(at, depth=2)}


def moment(text: str) -> datetime | None:
    """What a date and time field says, on the site's clock; None if it says nothing."""
    try:
        at = parse_datetime(text.strip())
    except ValueError:
        return None
    if at is None or at.year < 1900:
        return None
    return at if timezone.is_aware(at) else timezone.make_aware(at)


def _when(request: HttpRequest) -> JsonResponse:
    """A typed moment in words."""
    at = moment(request.GET.get("at", ""))
    if at is None:
        return JsonResponse({"error": _("Write a date and a time.")}, status=400)
    return JsonResponse({"text": spelled(at), "future": at > timezone.now()})


def _publish(admin: PostAdmin, request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET shows what readers and others will get, POST does it."""
    post = post_to_change(admin, request, pk)
    if not may_publish(request):
        raise PermissionDenied
    if request.method == "POST":
        with transaction.atomic():
            refusal = _change(admin, request, post)
        if refusal is None:
            return redirect("admin:blog_post_change", pk)
        messages.error(request, refusal)
    prefetch_related_objects([post], embeds_with_posters(), prompts_with_models())
    at = timezone.localtime(post.publish_at) if post.publish_at and not post.is_public else None
    context = {
        "previews": checks.previews(post, site_url(request)),
        "warnings": checks.warnings(post, site_url(request)),
        "at": f"{at:%Y-%m-%dT%H:%M}" if at else "",
        "spelled": spelled(at) if at else "",
        "zone": timezone.get_current_timezone_name(),
    }
    response = page(admin, request, "publish", post, context)
    response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # as csp_update would
    return response


def _change(admin: PostAdmin, request: HttpRequest, post: Post) -> str | None:
    """Do what a button says; else why not."""
    if request.POST.get("version") != str(locked_version(post)) or str(post.version) != request.POST.get("version"):
        return _("Somebody saved this post after you opened this page. Look at it again.")
    if not {"_publish", "_schedule"}.isdisjoint(request.POST) and undecided(post.body):
        return _("The text still has both versions of a merge. Choose, save, and come back.")
    now = timezone.now()
    if "_publish" in request.POST:
        if post.publish_at is None or post.publish_at > now:
            post.publish_at = now
        post.status, message = Post.Status.PUBLISHED, _("Published.")
    elif "_schedule" in request.POST:
        at = moment(request.POST.get("at", ""))
        if at is None or at <= now:
            return _("Choose a moment in the future.")
        post.publish_at, post.status = at, Post.Status.PUBLISHED
        message = _("Scheduled: %(moment)s.") % {"moment": spelled(at)}
    else:
        post.status, message = Post.Status.DRAFT, _("It is a draft again. Readers don't see it.")
    post.save()
    admin.log_change(request, post, message)
    messages.success(request, message)
    return None


def after_save(request: HttpRequest, post: Post) -> HttpResponse | None:
    """Where a button of the form leads after the save; None: where the admin would go."""
    if "_check" in request.POST and may_publish(request):
        return redirect("admin:blog_post_publish", post.pk)
    if "_to_draft" in request.POST or "_keep" in request.POST:
        return redirect("admin:blog_post_change", post.pk)
    return None


def context(request: HttpRequest, post: Post | None) -> dict[str, Any]:
    """What the form's buttons depend on."""
    if post is None:
        return {"state": "new", "may_publish": may_publish(request)}
    state = "public" if post.is_public else "scheduled" if post.is_scheduled else "draft"
    at = post.publish_at
    return {
        "state": state,
        "may_publish": may_publish(request),
        "spelled": spelled(at) if at and state != "draft" else "",
        "publish_url": reverse("admin:blog_post_publish", args=[post.pk]),
    }
