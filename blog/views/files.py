"""What isn't a page: uploads, the icon, the health check; and the pages for what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.template import loader
from django.templatetags.static import static
from django.views.decorators.http import require_safe
from django.views.static import serve

from blog.embeds.media import AUDIO_TYPES, VIDEO_TYPES
from blog.models import Clip, Image
from blog.views.common import normalized, render

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
    response = _part(request, serve(request, path, document_root=str(settings.MEDIA_ROOT)))
    response["Cache-Control"] = "public, max-age=86400"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"  # the middleware leaves it as it is
    return response


def _part(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The part of a file that is asked for (RFC 9110, 14): films are sought in, and Safari plays none without."""
    if not isinstance(response, FileResponse):
        return response
    response["Accept-Ranges"] = "bytes"
    size = int(response["Content-Length"])
    wanted = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", request.headers.get("Range", ""))
    same = request.headers.get("If-Range", response["Last-Modified"]) == response["Last-Modified"]
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
    return render(request, "404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Uses nothing that may just have failed: no database, no context processors."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
