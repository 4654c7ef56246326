"""Feeds of prompts: of all, of a model."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog import presentation
from blog.feeds.writers import ENTRIES, Entry, Kind, answer, clean, feed_of
from blog.models import Generator, Prompt, SiteSettings
from blog.prompts import texts
from blog.rendering.excerpt import EXCERPT_LENGTH
from blog.rendering.text import shorten
from blog.views.common import normalized, site_url


@require_safe
def feed(request: HttpRequest, kind: Kind, model: str | None = None) -> HttpResponse:
    """A feed of the newest prompts."""
    prompts, title, home = Prompt.objects.published(), _("Prompts"), reverse("prompts")
    if model is not None:
        found = get_object_or_404(Generator, slug=normalized(model))
        prompts, title, home = prompts.filter(generator=found), found.name, found.get_absolute_url()
    newest = (
        prompts.newest_first()
        .with_place()
        .select_related("post__author__profile")
        .prefetch_related("failure_modes")
        .prefetch_related("post__tags")  # type: ignore[misc]  # taggit is untyped
    )
    entries = [_entry(request, prompt) for prompt in newest[:ENTRIES]]
    if model is not None and not entries:
        raise Http404
    return answer(kind, feed_of(request, title, home, entries))


def _entry(request: HttpRequest, prompt: Prompt) -> Entry:
    site: SiteSettings = request.site_settings  # type: ignore[attr-defined]
    base, post = site_url(request), prompt.post
    url = base + prompt.get_absolute_url()
    assert post.publish_at is not None
    tags = [
        *([prompt.generator.name] if prompt.generator else []),
        *(mode.name for mode in prompt.failure_modes.all()),
        *sorted(tag.name for tag in post.tags.all()),
    ]
    return Entry(
        url=url,
        title=clean(prompt.title),
        html=clean(presentation.prompt_entry(prompt, url)),
        summary=clean(shorten(prompt.text, EXCERPT_LENGTH)),
        author=clean(post.byline or site.author_name or site.title),
        author_url=base + post.author_url if post.author_url else "",
        lang=prompt.lang,
        published=post.publish_at,
        updated=post.modified_at or post.publish_at,
        tags=[clean(tag) for tag in dict.fromkeys(tags)],
        extension={"_prompt": texts.data(prompt, base)},
    )
