"""The live preview: what is in the form, as readers would get it, and what may not be meant."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render as render_template
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from blog import publishing
from blog.admin.desk import lint, unsaved
from blog.admin.desk.access import claim, refusal
from blog.admin.desk.frame import framed
from blog.models import Post, SiteSettings
from blog.rendering import Rendered, RenderError, lint as source_lint
from blog.sentences import translated
from blog.views.common import site_url
from blog.views.posts import post_context

if TYPE_CHECKING:
    from blog.admin.posts import PostAdmin


def urls(admin: PostAdmin) -> list[URLPattern]:
    """The frame, and what is shown in it."""
    view = admin.admin_site.admin_view
    return [
        path("frame/", view(frame), name="blog_post_frame"),
        path("render/", view(require_POST(partial(render, admin))), name="blog_post_render_new"),
        path("<int:pk>/render/", view(require_POST(partial(render, admin))), name="blog_post_render"),
    ]


@require_safe
def frame(request: HttpRequest) -> HttpResponse:
    """An empty page of the site, which the writing screen fills."""
    site = SiteSettings.load()
    with translation.override(site.language):
        response = render_template(request, "admin/blog/post/frame.html", {"site": site})
    return framed(response)


def render(admin: PostAdmin, request: HttpRequest, pk: int | None = None) -> JsonResponse:
    """The page of what is in the form."""
    post = get_object_or_404(Post.objects.with_byline().select_related("generator"), pk=pk) if pk else Post()
    if not (admin.has_change_permission(request, post) if pk else admin.has_add_permission(request)):
        return JsonResponse({"error": refusal(request, post if pk else None)}, status=403)
    if not pk:
        claim(request, post)
    decided = admin.get_readonly_fields(request, post if pk else None)  # by others: their form has no such input
    form = unsaved.UnsavedForm(request.POST, instance=post, without=decided)
    form.is_valid()  # fills the post; what can't be read is said when it is saved
    try:
        result = publishing.rendered(post)
    except RenderError as error:
        return JsonResponse({"error": translated(str(error))}, status=422)
    unsaved.as_saved(post, result, unsaved.tags_of(request.POST))
    page, sheet, placed = article(request, post)
    answer = {
        "html": page,
        "sheet": sheet,
        "lang": post.lang,
        "places": source_lint.places(post.body, result),
        "problems": [*_unread(form), *lint.problems(post, result, placed, site_url(request))],
        "counts": _counts(result),
    }
    return JsonResponse(answer, headers={"Cache-Control": "private, no-store"})


def article(request: HttpRequest, post: Post) -> tuple[str, str, list[Any]]:
    """(the article as its page has it, the style sheet of its author's colours, its embeds)."""
    site = SiteSettings.load()
    with translation.override(site.language):
        context, _source = post_context(request, post)
        canonical = f"{site_url(request)}{post.get_absolute_url() if post.slug else '/'}"
        html = render_to_string("blog/_article.html", {"site": site, "canonical": canonical, **context}, request)
    return html, context["sheet"], context["embeds"]


def _unread(form: unsaved.UnsavedForm) -> list[dict[str, Any]]:
    """Variables that can't be read change everything that uses them."""
    return [{"line": 0, "kind": "variables", "text": text} for text in form.errors.get("variables", [])]


def _counts(result: Rendered) -> str:
    characters = len("".join(result.text.split()))
    return _("%(characters)s characters · %(minutes)d min") % {
        "characters": f"{characters:,}",
        "minutes": result.reading_minutes,
    }
