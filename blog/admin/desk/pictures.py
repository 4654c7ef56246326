"""The pictures of the library, for the writing screen to choose from."""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from blog.models import Image, Post
from blog.views.common import normalized

AT_ONCE = 24


def urls(admin: ModelAdmin[Post]) -> list[URLPattern]:
    """Some pictures at a time."""
    return [path("pictures/", admin.admin_site.admin_view(pictures), name="blog_post_pictures")]


@require_safe
def pictures(request: HttpRequest) -> JsonResponse:
    """Those that a search finds, the newest first: `?q=…&page=…`."""
    if not request.user.has_perm("blog.view_image"):
        raise PermissionDenied
    found = Image.objects.order_by("-pk")
    for word in dict.fromkeys(normalized(request.GET.get("q", "").replace("\x00", ""))[:200].split()):
        found = found.filter(Q(alt__icontains=word) | Q(file__icontains=word) | Q(path__icontains=word))
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    return JsonResponse({"pictures": [_told(image) for image in page], "more": page.has_next()})


def _told(image: Image) -> dict[str, object]:
    return {
        "name": image.name,
        "alt": image.alt,
        "markdown": image.markdown,
        "thumbnail": image.thumbnail_url,
        "width": image.width,
        "height": image.height,
    }
