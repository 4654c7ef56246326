"""The people who write here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import mark_safe

from blog import lists, presentation
from blog.models import Profile
from blog.views import heads
from blog.views.common import LINES_A_PAGE, allowing, lines_of, normalized, page_of, paged, render


@paged
def author(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """What somebody says of themselves, and their posts."""
    if slug != normalized(slug):
        return redirect("author", normalized(slug), permanent=True)
    found = get_object_or_404(Profile.objects.public().select_related("user", "picture"), slug=slug)
    body, embeds = presentation.page_body(found)
    html, sheet, source = presentation.page_styles(body)
    page = page_of(lines_of(lists.by(found.user_id)), number, LINES_A_PAGE)
    context = {
        "author": found,
        "head": heads.author(request, found, page),
        "page": page,
        "body": mark_safe(html),  # presentation's, with classes for styles
        "sheet": sheet,
        "players": bool(embeds),
        "has_code": presentation.has_code(html),
    }
    return allowing(render(request, "blog/author.html", context), embeds, source)
