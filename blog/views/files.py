"""What isn't a page: uploads, the icon, the health check; and the pages for what went wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render as render_plainly
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django.views.defaults import permission_denied
from django.views.static import serve

from blog.embeds.media import AUDIO_TYPES, VIDEO_TYPES
from blog.models import Clip, Image
from blog.views import lost
from blog.views.common import normalized, render

# What Roost makes, lighter copies and cards: another picture's have other names. Uploads may be replaced in place.
_MADE = re.compile(r"(?:images|stills)/.*-[0-9a-f]{8,16}-[0-9]+\.(?:avif|webp)|cards/[0-9]+-[0-9a-f]{16}(?:_\w+)?\.jpg")
_YEAR, _MINUTES = 31_536_000, 600

FILE_ENDINGS = ("png", "jpe?g", "gif", "webp", "avif", *VIDEO_TYPES, *AUDIO_TYPES)


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
    if "If-None-Match" in request.headers:
        request.META.pop("HTTP_IF_MODIFIED_SINCE", None)  # RFC 9110, 13.1.3; a second may have two pictures
    response = _part(request, _tagged(request, serve(request, path, document_root=str(settings.MEDIA_ROOT))))
    made = _MADE.fullmatch(path)
    response["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if made else f"public, max-age={_MINUTES}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"  # the middleware leaves it as it is
    return response


def _tagged(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """With a tag that changes with the file; 304 for a cache that has this very one."""
    if not isinstance(response, FileResponse):
        return response
    file: Any = response.file_to_stream
    state = os.fstat(file.fileno())
    response["ETag"] = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
    answer = get_conditional_response(request, response["ETag"])
    if answer is None:
        return response
    response.close()
    answer["ETag"] = response["ETag"]
    return answer


def _part(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The part of a file that is asked for (RFC 9110, 14): films are sought in, and Safari plays none without."""
    if not isinstance(response, FileResponse):
        return response
    response["Accept-Ranges"] = "bytes"
    size = int(response["Content-Length"])
    wanted = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", request.headers.get("Range", ""))
    same = request.headers.get("If-Range", response["ETag"]) in (response["ETag"], response["Last-Modified"])
    if wanted is None or wanted[0] == "bytes=-" or not same:
        return response
    start = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2]))
    end = min(int(wanted[2]) if wanted[1] and wanted[2] else size - 1, size - 1)
    if start > end:
        response.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file: Any = response.file_to_stream
    file.seek(start)
    part = StreamingHttpResponse(
        _pieces(file, end - start + 1),
        status=206,
        content_type=response["Content-Type"],
        headers={
            "Accept-Ranges": "bytes",
            "Content-Length": str(end - start + 1),
            "Content-Range": f"bytes {start}-{end}/{size}",
            "Last-Modified": response["Last-Modified"],
            "ETag": response["ETag"],
        },
    )
    part._resource_closers.append(file.close)  # type: ignore[attr-defined]  # the file ends with the answer
    return part


def _pieces(file: Any, left: int) -> Iterator[bytes]:
    while left and (piece := file.read(min(left, 64 * 1024))):
        left -= len(piece)
        yield piece


@require_safe
def moved_file(request: HttpRequest, path: str) -> HttpResponsePermanentRedirect:
    """A file's address on the site that posts were imported from."""
    old = f"/{normalized(path)}"
    found = Image.objects.filter(path=old).first() or get_object_or_404(Clip, path=old)
    return HttpResponsePermanentRedirect(found.file.url)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _at_the_desk(request, 404) or render(request, "404.html", lost.help_for(request.path_info), status=404)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. Only the admin has pages that some may not see."""
    return _at_the_desk(request, 403) or permission_denied(request, exception)


def _at_the_desk(request: HttpRequest, status: int) -> HttpResponse | None:
    """The admin's own page for those who are in it; its menu leads on."""
    user = getattr(request, "user", None)
    if not request.path_info.startswith(reverse("admin:index")) or not getattr(user, "is_staff", False):
        return None
    return render_plainly(request, f"admin/{status}.html", admin.site.each_context(request), status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Uses nothing that may just have failed: no database, no context processors, no files that must be there."""
    files = {"sheet": _static("css/site.css"), "icon": _static("icon.svg")}
    return HttpResponse(loader.get_template("500.html").render(files), status=500)


def _static(name: str) -> str:
    try:
        return static(name)
    except ValueError:  # nobody has collected them
        return ""
