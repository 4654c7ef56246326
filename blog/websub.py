"""Telling a hub that feeds have changed, so that subscribers needn't ask: https://www.w3.org/TR/websub/.

The specification leaves it to hub and publisher how they talk. The known hubs take the form of its predecessor:
https://pubsubhubbub.github.io/PubSubHubbub/pubsubhubbub-core-0.3.html#rfc.section.7.1
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse

from blog import announce
from blog.models import Post, SiteSettings

KINDS = ("atom", "rss", "json")


def hub(site: SiteSettings) -> str:
    """The hub that is told, "" if none is: it must not be named in feeds then."""
    return site.websub_hub if announce.origin() else ""


@receiver(announce.news)
def _on_news(post: Post, **_: Any) -> None:
    if announce.origin():
        transaction.on_commit(partial(_ping, post.pk), robust=True)


def _ping(pk: int) -> None:
    post = Post.objects.published().select_related("category", "series", "author__profile").filter(pk=pk).first()
    url = hub(SiteSettings.load())
    if post is None or not url:
        return
    topics = [
        announce.origin() + reverse(f"{name}{kind}", kwargs=arguments)
        for name, arguments in _feeds_with(post)
        for kind in KINDS
    ]
    announce.post_form(url, [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)])


def _feeds_with(post: Post) -> Iterator[tuple[str, dict[str, str]]]:
    """(name, arguments) of the addresses of the feeds that a post or its prompts stand in."""
    yield "", {}
    for _name, path in post.category.trail if post.category else []:
        yield "category_", {"category": path}
    for slug in post.tags.order_by("slug").values_list("slug", flat=True):
        yield "tag_", {"tag": slug}
    if post.series:
        yield "series_", {"series": post.series.slug}
    if post.author and hasattr(post.author, "profile"):
        yield "author_", {"author": post.author.profile.slug}
    models = list(post.prompts.current().order_by("generator__slug").values_list("generator__slug", flat=True))
    if models:
        yield "prompts_", {}
    for slug in dict.fromkeys(filter(None, models)):
        yield "model_", {"model": slug}
