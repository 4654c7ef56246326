"""Pictures that are pasted or dropped on a text: one request each."""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from blog import people, uploads
from blog.models import Image, Post
from blog.pictures import PictureError, TooLargeError


def urls(admin: ModelAdmin[Post]) -> list[URLPattern]:
    """Where pictures go, and what they show."""
    view = admin.admin_site.admin_view
    return [
        path("upload/", view(upload), name="blog_post_upload"),
        path("upload/<int:pk>/", view(describe), name="blog_post_describe_upload"),
    ]


def context() -> dict[str, object]:
    """What a browser needn't send."""
    return {"most_bytes": uploads.MAX_BYTES, "too_large": str(TooLargeError.bytes_over(uploads.MAX_BYTES))}


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Store one picture. GET gives a fresh token, for a form that was open while its author logged in again."""
    if not request.user.has_perm("blog.add_image"):
        return _refused(_("You may not upload pictures."), 403)
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)}, headers={"Cache-Control": "no-store"})
    try:
        file = request.FILES.get("file")
    except (MultiPartParserError, RequestDataTooBig):
        file = None
    if file is None:
        return _refused(_("No picture arrived. Try again."), 400)
    try:
        received = uploads.receive(file.read(uploads.MAX_BYTES + 1))
    except TooLargeError as error:
        return _refused(str(error), 413)
    except PictureError as error:
        return _refused(str(error), 415 if file.size else 400)
    image = uploads.store(received, request.POST.get("alt", ""), file.name or "", by=request.user)
    return JsonResponse({**_told(image), "note": uploads.stilled() if received.stilled else ""}, status=201)


@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a picture shows."""
    image = get_object_or_404(Image, pk=pk)
    if not people.may_describe(request.user, image):
        return _refused(_("You may not change this picture."), 403)
    image.alt = " ".join(request.POST.get("alt", "").replace("\x00", "").split())[:500]
    image.save(update_fields=["alt"])
    return JsonResponse(_told(image))


def _told(image: Image) -> dict[str, object]:
    return {
        "id": image.pk,
        "url": image.file.url,
        "markdown": image.markdown,
        "width": image.width,
        "height": image.height,
        "alt_needed": not image.alt,
    }


def _refused(message: str, status: int) -> JsonResponse:
    return JsonResponse({"error": message}, status=status)
