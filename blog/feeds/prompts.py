"""Feeds of prompts: of all, of a model."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog import feed_ids, lists, presentation
from blog.feeds.answer import Wanted, answer
from blog.feeds.document import Address, Entry, Kind, Picture, Topic, clean, topics
from blog.feeds.plain import content
from blog.feeds.posts import told_apart
from blog.lists import Listed, Rows, prompts_of
from blog.models import Generator, Prompt, SiteSettings
from blog.prompts import texts
from blog.rendering.excerpt import EXCERPT_LENGTH
from blog.rendering.text import shorten
from blog.views.common import normalized


@require_safe
def feed(request: HttpRequest, kind: Kind, number: int | None = None) -> HttpResponse:
    """All prompts."""
    wanted = Wanted(request, kind, Address("prompts_"), number, _("Prompts"), may_be_empty=True)
    return answer(wanted, _whole(lists.listed(lists.Kind.PROMPTS)), _entry)


@require_safe
def model_feed(request: HttpRequest, kind: Kind, model: str, number: int | None = None) -> HttpResponse:
    """Those for one model."""
    found = get_object_or_404(Generator, slug=normalized(model))
    wanted = Wanted(request, kind, Address("model_", {"model": found.slug}), number, found.name)
    return answer(wanted, _whole(lists.listed(lists.Kind.PROMPTS_FOR, found.pk)), _entry)


def _whole(keys: Listed) -> Rows[Prompt]:
    """With all that an entry names, by a constant number of queries."""
    return prompts_of(
        keys,
        Prompt.objects.published()
        .with_place()
        .select_related("post__author__profile")
        .prefetch_related("failure_modes")
        .prefetch_related("post__tags"),  # type: ignore[misc]  # taggit is untyped
    )


def _entry(prompt: Prompt, base: str, site: SiteSettings) -> Entry:
    post = prompt.post
    url, summary = base + prompt.get_absolute_url(), shorten(prompt.text, EXCERPT_LENGTH)
    assert post.publish_at is not None
    # A second between the prompts of a post, so that readers keep the order of its text.
    place = timedelta(seconds=prompt.position or 0)
    return Entry(
        id=feed_ids.of_prompt(prompt, base),
        url=url,
        title=clean(prompt.title),
        html=content(site, lambda: presentation.prompt_entry(prompt, url), summary, url),
        summary=clean(summary),
        author=clean(post.byline or site.author_name or site.title),
        author_url=base + post.author_url if post.author_url else "",
        lang=prompt.lang,
        published=post.publish_at - place,
        updated=told_apart(post) - place,
        topics=_topics(prompt, base),
        picture=_picture(prompt, base),
        extension={"_prompt": texts.data(prompt, base)},
    )


def _topics(prompt: Prompt, base: str) -> list[Topic]:
    named = [
        *([("models", prompt.generator.name)] if prompt.generator else []),
        *(("failures", mode.name) for mode in prompt.failure_modes.all()),
        *(("tags", name) for name in sorted(tag.name for tag in prompt.post.tags.all())),
    ]
    return topics((name, base + reverse(page)) for page, name in named)


def _picture(prompt: Prompt, base: str) -> Picture | None:
    media = presentation.prompt_media(prompt)
    return Picture.of(media.poster, base, media.poster_alt or prompt.caption) if media else None
