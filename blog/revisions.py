"""Keeping what posts said: every change of version is a revision, whoever made it and however."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.dateparse import parse_datetime
from taggit.models import Tag

from blog import library
from blog.models import Post, Redirect, Revision

# What a restored revision brings back. Its address, its state and its dates are decisions of their own.
RESTORED = ("title", "body", "summary", "variables", "lang", "category_id", "image_id", "generator_id")

_writer: ContextVar[Any] = ContextVar("writer", default=None)


@contextmanager
def signed(user: Any) -> Iterator[None]:
    """Whatever is saved in here was saved by this user; None and visitors sign nothing."""
    token = _writer.set(user)
    try:
        yield
    finally:
        _writer.reset(token)


def data_of(post: Post) -> dict[str, Any]:
    """The authored columns and tags of a post as JSON holds them."""
    data = {name: getattr(post, name) for name in Post.AUTHORED_FIELDS}
    for name in ("publish_at", "updated_at"):
        data[name] = data[name].isoformat() if data[name] else None
    tags = post.post_tags.order_by("tag__name").values_list("tag__name", flat=True)
    return {**data, "tags": list(tags)}


def record(post: Post, *, is_new: bool = False) -> None:
    """Keep the post as it is stored now. What happens to it in one transaction is one revision."""
    stored = Post.objects.filter(pk=post.pk).first()  # columns that were not saved don't count
    if stored is None:
        return
    values = {"version": stored.version, "data": data_of(stored), "user": _who()}
    begun: int | None = post.__dict__.get("_revision")
    if begun is not None and Revision.objects.filter(pk=begun).update(**values):
        library.note_save(Revision.objects.get(pk=begun), stored)
        return
    number = 1
    if not is_new:
        saves = Revision.objects.filter(post=stored)
        if saves.filter(kind=Revision.Kind.SAVE, version=stored.version).exists():
            return  # nothing has changed
        number += saves.aggregate(last=Max("number"))["last"] or 0
    made = Revision.objects.create(post=stored, number=number, **values)
    library.note_save(made, stored)
    if transaction.get_connection().in_atomic_block:
        post._revision = made.pk  # type: ignore[attr-defined]
        transaction.on_commit(lambda: post.__dict__.pop("_revision", None))


def _who() -> Any:
    user = _writer.get()
    return user if user is not None and user.is_authenticated else None


def restore(post: Post, revision: Revision) -> None:
    """Give a post the words of a revision. That is a save of its own; nothing is lost. Raises RenderError."""
    with transaction.atomic():
        for name in RESTORED:
            if name in revision.data and _exists(name, revision.data[name]):
                setattr(post, name, revision.data[name])
        post.save(tags=_tags_now(revision.data.get("tags", [])))


def _tags_now(names: list[str]) -> list[str]:
    """What tags are called now: one that was merged since, or renamed, is the tag that its address leads to."""
    found = []
    for name in names:
        moved = Redirect.objects.filter(kind=Redirect.Kind.TAG, old=Tag(name=name).slugify(name)).select_related("tag")
        target = None if Tag.objects.filter(name__iexact=name).exists() else moved.first()
        found.append(target.tag.name if target and target.tag else name)
    return list(dict.fromkeys(found))


def _exists(name: str, value: Any) -> bool:
    """Whether what a key points at is still there."""
    related = Post._meta.get_field(name).related_model if name.endswith("_id") else None
    return related is None or value is None or related._default_manager.filter(pk=value).exists()


def is_kept(post: Post) -> bool:
    """Whether the newest revision says what the post says."""
    last = post.revisions.saves().first()
    if last is None or last.version != post.version:
        return False
    mine, theirs = data_of(post), dict(last.data)
    for name in ("publish_at", "updated_at"):
        mine[name], theirs[name] = (parse_datetime(data[name] or "") for data in (mine, theirs))
    return mine == theirs
