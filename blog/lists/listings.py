"""Which lists a post and its prompts stand in. A post's rows are derived as a whole, whatever was edited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from blog.models import Category, Listing, Post, PostTag, Prompt

BATCH = 200  # posts of a transaction
_Kind = Listing.Kind
_Place = tuple[int, int, str, int, datetime]  # post, kind, key, position, moment
_Row = tuple[int, datetime, int | None, int | None]  # post, moment, category, model


def refresh(keys: Iterable[int], *, add: bool = True) -> int:
    """Bring the listings of posts in step; returns how many rows that changed.

    Without `add` it only takes away: what goes away with a post would bring its listings back.
    """
    wanted, changed = sorted(set(keys)), 0
    for start in range(0, len(wanted), BATCH):
        with transaction.atomic():
            changed += _refresh(wanted[start : start + BATCH], add)
    return changed


def _refresh(keys: list[int], add: bool) -> int:
    wanted = set(_places(_locked(keys)))
    columns = ("post", "kind", "key", "position", "at", "pk")
    stored: dict[_Place, int] = {
        (post, kind, key, position, at): pk
        for post, kind, key, position, at, pk in Listing.objects.filter(post__in=keys).values_list(*columns)
    }
    gone = [pk for place, pk in stored.items() if place not in wanted]
    new = [
        Listing(post_id=post, kind=kind, key=key, position=position, at=at)
        for post, kind, key, position, at in sorted(wanted - stored.keys() if add else ())
    ]
    if gone:
        Listing.objects.filter(pk__in=gone).delete()
    Listing.objects.bulk_create(new)
    return len(gone) + len(new)


def _locked(keys: list[int]) -> list[_Row]:
    """(key, moment, category, model) of those that may be listed. Whoever else edits them waits."""
    posts: Any = Post.objects.select_for_update().filter(pk__in=keys, status=Post.Status.PUBLISHED).order_by("pk")
    return list(posts.values_list("pk", "publish_at", "category", "generator"))


def _places(posts: list[_Row]) -> Iterator[_Place]:
    """What these posts' listings should be."""
    moments = {post: at for post, at, _category, _model in posts}
    models: defaultdict[int, set[int]] = defaultdict(set)
    above = branches() if any(category for _post, _at, category, _model in posts) else {}
    for post, at, category, model in posts:
        for branch in above[category] if category else ():
            yield post, _Kind.CATEGORY, str(branch), 0, at
        models[post].update([model] if model else [])
    tags: defaultdict[int, list[str]] = defaultdict(list)
    for post, tag in PostTag.objects.filter(content_object__in=moments).values_list("content_object", "tag"):
        tags[post].append(str(tag))
        yield post, _Kind.TAG, str(tag), 0, moments[post]
    prompts = Prompt.objects.current().filter(post__in=moments).order_by()
    # A row for each way in which one fails; whoever gets these places puts equal ones together.
    for post, position, model, lang, mode in prompts.values_list(
        "post", "position", "generator", "lang", "failure_modes"
    ):
        assert position is not None
        yield post, _Kind.PROMPTED, "", 0, moments[post]
        yield post, _Kind.PROMPTS, "", position, moments[post]
        yield post, _Kind.PROMPTS_IN, lang, position, moments[post]
        for tag in tags[post]:
            yield post, _Kind.PROMPTS_TAGGED, tag, position, moments[post]
        if model:
            models[post].add(model)
            yield post, _Kind.PROMPTS_FOR, str(model), position, moments[post]
        if mode:
            yield post, _Kind.PROMPTS_FAILING, str(mode), position, moments[post]
    for post, named in models.items():
        for model in named:
            yield post, _Kind.MODEL, str(model), 0, moments[post]


def branches() -> dict[int, list[int]]:
    """Each category with those above it."""
    parents = dict(Category.objects.order_by().values_list("pk", "parent"))

    def line(category: int | None) -> Iterator[int]:
        while category is not None:
            yield category
            category = parents[category]

    return {category: list(line(category)) for category in parents}
