"""What is written down of posts and prompts, to be searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import floor
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from blog.lists.listings import branches
from blog.models import Listing, Post, PostEntry, Prompt, PromptEntry
from blog.search.words import fold, fold_address, fold_all, initials

INDEX_VERSION = 3  # raise it when the same post gives other entries: `manage.py reindex --stale` finds what is older
BATCH = 100
# Letters of a field that are searched; posts end before.
_MOST = {"title": 600, "labels": 5_000, "initials": 2_000, "captions": 10_000, "prompts": 50_000, "text": 120_000}

_Entry = TypeVar("_Entry", PostEntry, PromptEntry)
Kind = Listing.Kind

_UNUSED = [f"post__{name}" for name in ("body", "body_html", "text", "toc", "variables", "warnings", "related")]
_SAME_SECOND = 24  # bits that tell apart what readers get in the same second
_HIDDEN = 1 << 62  # where the places of what readers can't see begin
FIRST, LAST = -_HIDDEN, 2 * _HIDDEN - 1  # before and behind all others


def posts(keys: Iterable[int], *, add: bool = False) -> int:
    """Bring the entries of posts in step; with `add` those that have none get one. Returns how many were written.

    Only saving a post adds: else what goes away with a post would bring its entry back.
    """
    with transaction.atomic():
        wanted = list(keys)
        stored = _locked(PostEntry, wanted)
        found = _posts().filter(pk__in=wanted if add else stored)
        return _write(PostEntry, stored, _post_entries(found))


def prompts(keys: Iterable[int], *, add: bool = False) -> int:
    """The same for prompts."""
    with transaction.atomic():
        wanted = list(keys)
        stored = _locked(PromptEntry, wanted)
        found = _prompts().filter(pk__in=wanted if add else stored).select_related("post")
        found = found.prefetch_related("failure_modes", "post__tags").defer(*_UNUSED)  # type: ignore[misc]
        return _write(PromptEntry, stored, [_prompt_entry(prompt) for prompt in found])


def labels(found: QuerySet[Post]) -> int:
    """Bring tags, categories and models of many posts in step, without reading their texts."""
    written = 0
    for keys in batches(list(found.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            stored = _locked(PostEntry, keys)
            changed, above = [], branches()
            for post in _posts().defer("text").filter(pk__in=stored):
                entry = stored[post.pk]
                before = (entry.labels, entry.initials, entry.filed)
                entry.labels, entry.initials = _labels(post)
                entry.filed = _filed(post, above)
                changed += [entry] if before != (entry.labels, entry.initials, entry.filed) else []
            PostEntry.objects.bulk_update(changed, ["labels", "initials", "filed"])
            written += len(changed)
    return written


def tags(found: QuerySet[Post]) -> int:
    """Bring the tags of many posts in step, with their prompts', which are filed under them."""
    written, keys = (
        labels(found),
        list(Prompt.objects.filter(post__in=found).order_by("pk").values_list("pk", flat=True)),
    )
    return written + sum(prompts(batch) for batch in batches(keys))


def batches(keys: list[int]) -> Iterator[list[int]]:
    """So many that a transaction stays short."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _locked(entry: type[_Entry], keys: list[int]) -> dict[int, _Entry]:
    """What is stored. Whoever else changes it waits, and then reads what was committed here."""
    return {row.pk: row for row in entry._default_manager.select_for_update().filter(pk__in=keys).order_by("pk")}


def _write(model: type[Any], stored: Mapping[int, Any], entries: Sequence[Any]) -> int:
    columns = ["indexed_by", "place", *model.FIELDS, *model.OTHERS]
    changed = [
        entry
        for entry in entries
        if entry.pk not in stored or any(getattr(entry, c) != getattr(stored[entry.pk], c) for c in columns)
    ]
    key = model._meta.pk.name
    model._default_manager.bulk_create(changed, update_conflicts=True, unique_fields=[key], update_fields=columns)
    return len(changed)


def _posts() -> QuerySet[Post]:
    columns = ("title", "slug", "text", "status", "publish_at", "author", "category__names", "generator__name")
    return (
        Post.objects.select_related("category", "generator")
        .prefetch_related("post_embeds", Prefetch("prompts", _prompts().filter(position__isnull=False)))
        .prefetch_related("tags")  # type: ignore[misc]  # taggit is untyped
        .only(*columns)
    )


def _prompts() -> QuerySet[Prompt]:
    return (
        Prompt.objects.select_related("generator", "post_embed").prefetch_related("translations").order_by("position")
    )


def place_of(at: datetime, key: int = 0) -> int:
    """Where in the order of time something stands that readers get at a moment."""
    return (floor(at.timestamp()) << _SAME_SECOND) + key % (1 << _SAME_SECOND)


def now() -> int:
    """The last place that readers can see."""
    return place_of(timezone.now() + timedelta(seconds=1)) - 1


def place(post: Post, key: int, hidden: bool = False) -> int:
    """That of a post, or of a prompt of it, by its key."""
    if hidden or post.status != Post.Status.PUBLISHED or post.publish_at is None:
        return _HIDDEN + key
    return place_of(post.publish_at, key)


def filed(kind: Kind, key: object = "") -> str:
    """A list as a word that no text has: "1x12"."""
    return f"{kind:d}x{re.sub('[^a-z0-9]', '', str(key).lower())}"


def written_by(author: int | None) -> str:
    """An author as such a word."""
    return f"0x{author or ''}"


def _filed(post: Post, above: dict[int, list[int]]) -> str:
    words = [written_by(post.author_id)]
    words += [filed(Kind.TAG, tag.pk) for tag in post.tags.all()]
    words += [filed(Kind.CATEGORY, branch) for branch in above[post.category_id]] if post.category_id else []
    words += [filed(Kind.PROMPTED)] if post.prompts.all() else []
    return " ".join(sorted(words))


def _post_entries(found: QuerySet[Post]) -> list[PostEntry]:
    rows = list(found)
    above = branches() if any(post.category_id for post in rows) else {}
    return [_post_entry(post, above) for post in rows]


def _post_entry(post: Post, above: dict[int, list[int]]) -> PostEntry:
    names, first = _labels(post)
    rows = sorted(post.post_embeds.all(), key=lambda row: row.position)
    return PostEntry(
        post_id=post.pk,
        indexed_by=INDEX_VERSION,
        place=place(post, post.pk),
        filed=_filed(post, above),
        address=fold_address(post.slug),
        title=_cut("title", fold(post.title)),
        labels=names,
        initials=first,
        captions=_cut("captions", fold_all(row.caption for row in rows)),
        prompts=_cut("prompts", fold_all(part for prompt in post.prompts.all() for part in _parts(prompt))),
        text=_cut("text", fold_all(post.text.split("\n"))),
    )


def _labels(post: Post) -> tuple[str, str]:
    """What a post is filed under; and the initials of that and of its title."""
    names = labels_of(post)
    first = " ".join(filter(None, map(initials, [post.title, *names])))
    return _cut("labels", fold_all(names)), _cut("initials", first)


def labels_of(post: Post) -> list[str]:
    """Tags, category and models by their names. The way to a category is one: "AI/News" is found in "AI / News"."""
    models = [post.generator, *(prompt.generator for prompt in post.prompts.all())]
    return [
        *sorted(tag.name for tag in post.tags.all()),
        *([str(post.category)] if post.category else []),
        *dict.fromkeys(generator.name for generator in models if generator),
    ]


def _parts(prompt: Prompt) -> list[str]:
    """All that a prompt says, in any language."""
    return [prompt.text, prompt.negative_prompt, *(translation.text for translation in prompt.translations.all())]


def _prompt_entry(prompt: Prompt) -> PromptEntry:
    words = [filed(Kind.PROMPTS_IN, prompt.lang)]
    words += [filed(Kind.PROMPTS_FOR, prompt.generator_id)] if prompt.generator_id else []
    words += [filed(Kind.PROMPTS_FAILING, mode.pk) for mode in prompt.failure_modes.all()]
    words += [filed(Kind.PROMPTS_TAGGED, tag.pk) for tag in prompt.post.tags.all()]
    return PromptEntry(
        prompt_id=prompt.pk,
        indexed_by=INDEX_VERSION,
        place=place(prompt.post, prompt.pk, hidden=prompt.position is None),
        filed=" ".join(sorted(words)),
        caption=_cut("captions", fold(prompt.caption)),
        text=_cut("prompts", fold_all(_parts(prompt))),
    )


def _cut(field: str, folded: str) -> str:
    """As much as is searched, ending between units."""
    if len(folded) <= _MOST[field]:
        return folded
    return folded[: _MOST[field]].rpartition(" ")[0]
