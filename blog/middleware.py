"""What every request needs before a view sees it, and every answer after."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import timezone, translation

from blog import pagecache, revisions, version
from blog.models import SiteSettings

_View = Callable[[HttpRequest], HttpResponse]


def site(get_response: _View) -> _View:
    """Put the site's settings on `request.site_settings`; speak its language and use its clock.

    The admin speaks its user's language instead. Django's LocaleMiddleware would make every public page vary by
    Accept-Language, and so hardly cacheable.
    """
    admin = reverse("admin:index")

    def middleware(request: HttpRequest) -> HttpResponse:
        settings = version.remembered(SiteSettings, SiteSettings.load)
        request.site_settings = settings  # type: ignore[attr-defined]
        in_admin = request.path_info.startswith(admin)
        language = translation.get_language_from_request(request) if in_admin else settings.language
        user = request.user if in_admin else None  # reading it asks the database
        with translation.override(language), timezone.override(settings.zone), revisions.signed(user):
            response = get_response(request)
        if in_admin:
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def caching(get_response: _View) -> _View:
    """Say who may keep an answer: everybody, if it was made for everybody; else at most the one who asked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        shown = request.META.get(pagecache.ALIKE)
        with version.showing(shown) if shown else nullcontext():
            response = get_response(request)
        public = shown and response.status_code == 200 and not response.cookies
        response.headers.setdefault("Cache-Control", pagecache.PUBLIC if public else "private, no-cache")
        return response

    return middleware


class Compression(GZipMiddleware):
    """Compresses what gets smaller by it: not pictures, films and sounds, nor parts of them."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As Django does, for the rest."""
        if response.headers.get("Content-Type", "").startswith(("image/", "video/", "audio/")):
            return response
        return super().process_response(request, response)


def permissions_policy(get_response: _View) -> _View:
    """Nothing here needs a camera: https://www.w3.org/TR/permissions-policy/."""
    features = ["camera", "geolocation", "microphone", "payment", "usb", "browsing-topics"]
    policy = ", ".join(f"{feature}=()" for feature in features)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = policy
        return response

    return middleware
