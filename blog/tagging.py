"""Tags that are saved along with their post, by few queries (taggit asks several times for each)."""

from __future__ import annotations

from dataclasses import dataclass

from taggit.models import Tag

from blog.models import Post, PostTag


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a post's tags."""

    added: list[Tag]
    removed: list[int]


def prepare(post: Post) -> Change | None:
    """What `post.save(tags=…)` is going to change; None if it changes no tag, or names none."""
    names: list[str] | None = post.__dict__.pop("_new_tags", None)
    if names is None:
        return None
    wanted = {tag.pk: tag for tag in _tags(names)}
    have = set(PostTag.objects.filter(content_object=post.pk).values_list("tag", flat=True)) if post.pk else set()
    change = Change([tag for key, tag in wanted.items() if key not in have], sorted(have - wanted.keys()))
    post._tag_change = change if change.added or change.removed else None  # type: ignore[attr-defined]
    return post._tag_change  # type: ignore[attr-defined, no-any-return]


def settle(post: Post) -> None:
    """Change the tags of a post whose row is there."""
    change: Change | None = post.__dict__.pop("_tag_change", None)
    if change is None:
        return
    if change.removed:
        PostTag.objects.filter(content_object=post, tag__in=change.removed).delete()
    PostTag.objects.bulk_create([PostTag(content_object=post, tag=tag) for tag in change.added])
    getattr(post, "_prefetched_objects_cache", {}).pop("tags", None)


def _tags(names: list[str]) -> list[Tag]:
    """The tags of these names, made where there are none: letter case doesn't tell tags apart."""
    exact = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    return [exact.get(name) or _alike(name) for name in names]


def _alike(name: str) -> Tag:
    return Tag.objects.filter(name__iexact=name).order_by("pk").first() or Tag.objects.get_or_create(name=name)[0]


def changes_tags(action: str, pk_set: set[int] | None) -> bool:
    """Whether a signal `m2m_changed` says that a post has other tags: taggit sends it for none, too."""
    return action == "post_clear" or (action in ("post_add", "post_remove") and bool(pk_set))
