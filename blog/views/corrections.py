"""What was corrected in a post, where its author asks for that to be seen."""

from __future__ import annotations

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from blog.corrections import corrections_of, diffs
from blog.models import Post
from blog.views.common import UNUSED_IN_LISTS, normalized, paged, render
from blog.views.moved import moved

A_PAGE = 10


@paged
def corrections(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """All corrections, the newest first."""
    shown = Post.objects.published().defer(*UNUSED_IN_LISTS).filter(slug=normalized(slug)).first()
    if shown is None:
        return moved(request, "post", normalized(slug))
    if not shown.show_corrections:
        raise Http404
    try:
        page = Paginator(corrections_of(shown), A_PAGE).page(number)
    except EmptyPage:
        raise Http404 from None
    names = {"title": _("Title"), "summary": _("Summary"), "body": _("Text")}
    entries = [
        (one.at, [(names[name], pieces) for name, pieces in changes.items()])
        for one, changes in diffs(shown, list(page.object_list))
    ]
    return render(request, "blog/corrections.html", {"post": shown, "page": page, "entries": entries})
