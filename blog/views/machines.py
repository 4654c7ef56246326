"""What machines read: robots.txt, llms.txt, posts as Markdown, the key for search engines."""

from __future__ import annotations

import re

from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog.meta import indexnow, markdown
from blog.models import Category, Page, Post
from blog.rendering.excerpt import EXCERPT_LENGTH, sentences
from blog.version import remembered
from blog.views.common import normalized, site_url
from blog.views.heads import site_of
from blog.views.moved import moved

_PLAIN = "text/plain; charset=utf-8"
_MOST_POSTS = 100
_MOST_OTHERS = 50


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {site_url(request)}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type=_PLAIN)


@require_safe
def post_md(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A post as its author wrote it."""
    if slug != normalized(slug):
        return redirect("post_md", normalized(slug), permanent=True)
    public = Post.objects.published().with_byline()
    found = public.filter(slug=slug).first()
    if found is None:
        return moved(request, "post", slug)
    prefetch_related_objects([found], "tags")
    response = HttpResponse(markdown.written(found), content_type="text/markdown; charset=utf-8")
    response["Link"] = f'<{site_url(request)}{found.get_absolute_url()}>; rel="canonical"'
    if found.noindex:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """The file that shows search engines that who tells them of changes may do so."""
    site = site_of(request)
    if not indexnow.is_on(site) or key != site.indexnow_key:
        raise Http404
    return HttpResponse(key, content_type=_PLAIN)


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """https://llmstxt.org: what the site is, and where its texts are as Markdown."""
    site, base = site_of(request), site_url(request)
    posts = Post.objects.indexable().newest_first().only("title", "slug", "summary", "excerpt", "publish_at")
    pages = Page.objects.filter(published=True)[:_MOST_OTHERS]
    filed = Category.objects.filter(Exists(Post.objects.indexable().filter(category=OuterRef("pk"))))
    categories = remembered("llms", lambda: list(filed.order_by("path")[:_MOST_OTHERS]))
    parts = [
        f"# {_line(site.title)}",
        f"> {_line(site.description or site.tagline or site.title)}",
        *_section(
            _("Posts"),
            [
                (post.title, base + reverse("post_md", args=[post.slug]), post.description)
                for post in posts[:_MOST_POSTS]
            ],
        ),
        *_section(_("Pages"), [(page.title, base + page.get_absolute_url(), page.excerpt) for page in pages]),
        *_section(_("Categories"), [(str(one), base + one.get_absolute_url(), one.description) for one in categories]),
        *_section(
            "Optional",  # the word that the specification gives
            [
                (_("Prompts"), base + reverse("prompts"), ""),
                (_("Archives"), base + reverse("archives"), ""),
                ("Atom", base + reverse("atom"), ""),
            ],
        ),
    ]
    return HttpResponse("\n\n".join(parts) + "\n", content_type=_PLAIN)


def _section(title: str, links: list[tuple[str, str, str]]) -> list[str]:
    lines = [f"- [{_escaped(name)}]({url}){f': {_line(about)}' if about else ''}" for name, url, about in links]
    return [f"## {title}", "\n".join(lines)] if lines else []


def _file(base: str, post: Post) -> str:
    return base + reverse("post_md", args=[post.slug])


def _line(text: str) -> str:
    return sentences(text, EXCERPT_LENGTH)


def _escaped(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", " ".join(text.split()))
