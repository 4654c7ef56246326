"""What is written down of posts and prompts, to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from blog.models import Post, PostEntry, Prompt, PromptEntry
from blog.search.words import fold, fold_all, initials

INDEX_VERSION = 2  # raise it when the same post gives other entries: `manage.py reindex --stale` finds what is older
BATCH = 100
# Letters of a field that are searched; posts end before.
_MOST = {"title": 600, "labels": 5_000, "initials": 2_000, "captions": 10_000, "prompts": 50_000, "text": 120_000}

_Entry = TypeVar("_Entry", PostEntry, PromptEntry)


def posts(keys: Iterable[int], *, add: bool = False) -> int:
    """Bring the entries of posts in step; with `add` those that have none get one. Returns how many were written.

    Only saving a post adds: else what goes away with a post would bring its entry back.
    """
    with transaction.atomic():
        wanted = list(keys)
        stored = _locked(PostEntry, wanted)
        found = _posts().filter(pk__in=wanted if add else stored)
        return _write(PostEntry, PostEntry.FIELDS, stored, [_post_entry(post) for post in found])


def prompts(keys: Iterable[int], *, add: bool = False) -> int:
    """The same for prompts."""
    with transaction.atomic():
        wanted = list(keys)
        stored = _locked(PromptEntry, wanted)
        found = _prompts().filter(pk__in=wanted if add else stored)
        return _write(PromptEntry, PromptEntry.FIELDS, stored, [_prompt_entry(prompt) for prompt in found])


def labels(found: QuerySet[Post]) -> int:
    """Bring tags, categories and models of many posts in step, without reading their texts."""
    written = 0
    for keys in batches(list(found.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            stored = _locked(PostEntry, keys)
            changed = []
            for post in _posts().defer("text").filter(pk__in=stored):
                entry = stored[post.pk]
                before = (entry.labels, entry.initials)
                entry.labels, entry.initials = _labels(post)
                changed += [entry] if before != (entry.labels, entry.initials) else []
            PostEntry.objects.bulk_update(changed, ["labels", "initials"])
            written += len(changed)
    return written


def batches(keys: list[int]) -> Iterator[list[int]]:
    """So many that a transaction stays short."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _locked(entry: type[_Entry], keys: list[int]) -> dict[int, _Entry]:
    """What is stored. Whoever else changes it waits, and then reads what was committed here."""
    return {row.pk: row for row in entry._default_manager.select_for_update().filter(pk__in=keys).order_by("pk")}


def _write(model: type[_Entry], fields: tuple[str, ...], stored: dict[int, _Entry], entries: list[_Entry]) -> int:
    columns = ["indexed_by", *fields]
    changed = [
        entry
        for entry in entries
        if entry.pk not in stored or any(getattr(entry, c) != getattr(stored[entry.pk], c) for c in columns)
    ]
    key = model._meta.pk.name
    model._default_manager.bulk_create(changed, update_conflicts=True, unique_fields=[key], update_fields=columns)
    return len(changed)


def _posts() -> QuerySet[Post]:
    columns = ("title", "text", "category__names", "generator__name")
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


def _post_entry(post: Post) -> PostEntry:
    names, first = _labels(post)
    rows = sorted(post.post_embeds.all(), key=lambda row: row.position)
    return PostEntry(
        post_id=post.pk,
        indexed_by=INDEX_VERSION,
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
    return PromptEntry(
        prompt_id=prompt.pk,
        indexed_by=INDEX_VERSION,
        caption=_cut("captions", fold(prompt.caption)),
        text=_cut("prompts", fold_all(_parts(prompt))),
    )


def _cut(field: str, folded: str) -> str:
    """As much as is searched, ending between units."""
    if len(folded) <= _MOST[field]:
        return folded
    return folded[: _MOST[field]].rpartition(" ")[0]
