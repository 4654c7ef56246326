"""What isn't a page: uploads, robots.txt, the icon, the health check; and the pages for what went wrong."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.static import serve

from blog.models import Image
from blog.views.common import normalized, render, site_url


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {site_url(request)}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For load balancers: answers when the database does (the site's settings have been read by now)."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@require_safe
def favicon(request: HttpRequest) -> HttpResponseBase:
    """For what asks without having read a page."""
    return redirect(static("icon.svg"))


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """An uploaded file. It can't run anything, even if it is opened on its own."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "public, max-age=86400"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"  # the middleware leaves it as it is
    return response


@require_safe
def moved_image(request: HttpRequest, path: str) -> HttpResponsePermanentRedirect:
    """A picture's address on the site that posts were imported from."""
    image = get_object_or_404(Image, path=f"/{normalized(path)}")
    return HttpResponsePermanentRedirect(image.file.url)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return render(request, "404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Uses nothing that may just have failed: no database, no context processors."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
