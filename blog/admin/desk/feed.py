"""The entry that subscribers will get, in the very words of the feeds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from blog.admin.desk.frame import framed, post_to_see
from blog.feeds.posts import entry_of
from blog.models import Post, SiteSettings
from blog.presentation import page_styles
from blog.views.common import allowing, embeds_with_posters, prompts_with_models, site_url

if TYPE_CHECKING:
    from blog.admin.posts import PostAdmin


def urls(admin: PostAdmin) -> list[URLPattern]:
    """A page for a frame."""
    view = admin.admin_site.admin_view(require_safe(partial(feed, admin)))
    return [path("<int:pk>/feed/", view, name="blog_post_feed")]


def feed(admin: PostAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The entry as a program for feeds may show it, without this site's style sheet."""
    post = as_published(post_to_see(admin, request, pk))
    prefetch_related_objects([post], "tags", embeds_with_posters(), prompts_with_models())
    site = SiteSettings.load()
    with translation.override(site.language):
        entry = entry_of(post, site_url(request), site)
        html, sheet, source = page_styles(entry.html)
        context = {"entry": entry, "html": mark_safe(html), "sheet": sheet}  # as the feeds have it
        response = render(request, "admin/blog/post/feed.html", context)
    return framed(allowing(response, [], source))


def as_published(post: Post) -> Post:
    """The post as it will be once it is public, without storing that."""
    if not post.is_public:
        post.status = Post.Status.PUBLISHED
        post.publish_at = min(post.publish_at or timezone.now(), timezone.now())
    return post
