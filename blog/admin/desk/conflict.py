"""Two people saved one post: what each changed, and both together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from blog import merge
from blog.diff import Piece, shortened, text_diff
from blog.models import Post
from blog.rendering import front_matter
from blog.revisions import data_of

FIRST = 1  # the version that a post's first save makes
TEXTS = ("body", "summary")  # merged by lines; of other fields one side is taken
_PLAIN = ("title", "slug", "body", "summary", "lang", "series_part")
_KEYS = ("category", "author", "image", "generator", "series", "translation_of")
BOXES = ("pinned", "show_corrections", "noindex")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Their save against my form."""

    author: str
    at: datetime | None
    pieces: list[Piece]  # from their text to mine
    theirs: str
    others: list[tuple[str, str, str]]  # further fields that differ: name, theirs, mine
    merged: dict[str, str]  # by name of the form's inputs
    clashes: int

    @classmethod
    def between(cls, post: Post, base: int, current: int, form: Mapping[str, str]) -> Conflict:
        """What became of version `base` in version `current`, and in a form that was sent."""
        saves = post.revisions.saves().select_related("user")
        last = saves.filter(version=current).first()
        theirs = written(last.data if last else data_of(Post.objects.get(pk=post.pk)))
        first = saves.filter(version=base).first()
        old = written(first.data) if first else dict(theirs)
        mine = {name: form.get(name, "").replace("\r\n", "\n") for name in theirs}
        merged, clashes = _merged(old, mine, theirs)
        return cls(
            author=last.author if last else "",
            at=last.at if last else None,
            pieces=shortened(text_diff(theirs["body"], mine["body"])),
            theirs=theirs["body"],
            others=_others(mine, theirs),
            merged=merged,
            clashes=clashes,
        )


def undecided(text: str) -> int:
    """The line where a merge still has both versions, in whatever language it was made; 0 if all is decided."""
    return merge.undecided(text, _names_in_all_languages()) if merge.MINE in text else 0


def _names() -> tuple[str, str]:
    return _("mine"), _("theirs")


def _names_in_all_languages() -> set[tuple[str, str]]:
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(_names())
    return found


def locked_version(post: Post) -> int | None:
    """The version that is stored, which nobody can change before this transaction ends; None for a new post."""
    posts = Post.objects.filter(pk=post.pk).order_by()
    if transaction.get_connection().in_atomic_block:
        posts = posts.select_for_update()
    return posts.values_list("version", flat=True).first() if post.pk else None


def written(data: Mapping[str, Any]) -> dict[str, str]:
    """What a revision holds, as the form's inputs hold it."""
    found = {name: str(data.get(name) or "").replace("\r\n", "\n") for name in _PLAIN}
    found |= {name: str(data.get(f"{name}_id") or "") for name in _KEYS}
    found["variables"] = front_matter.dump(data.get("variables") or {})
    found["tags"] = ", ".join(data.get("tags") or [])
    found |= {name: "on" if data.get(name) else "" for name in BOXES}
    at = parse_datetime(data.get("publish_at") or "")
    local = timezone.localtime(at) if at else None
    found["publish_at_0"] = f"{local:%Y-%m-%d}" if local else ""
    found["publish_at_1"] = f"{local:%H:%M:%S}" if local else ""
    return found


def _merged(old: dict[str, str], mine: dict[str, str], theirs: dict[str, str]) -> tuple[dict[str, str], int]:
    """Each field from the side that changed it; mine where both did, but texts line by line."""
    found, clashes = {}, 0
    for name, value in mine.items():
        if name in TEXTS:
            merge_of = merge.merge(old[name], value, theirs[name], _names())
            found[name] = merge_of.text
            clashes += merge_of.conflicts
        else:
            found[name] = theirs[name] if _same(name, value, old[name]) else value
    for name in BOXES:
        if not found[name]:
            del found[name]  # a box without a tick sends nothing
    return found, clashes


def _same(name: str, one: str, other: str) -> bool:
    if name == "tags":
        return sorted(tag.strip() for tag in one.split(",")) == sorted(tag.strip() for tag in other.split(","))
    return one.strip() == other.strip()


def _others(mine: dict[str, str], theirs: dict[str, str]) -> list[tuple[str, str, str]]:
    """Names of fields as people know them, with both values."""
    fields = ("title", "slug", "summary", "tags", "variables", "lang")
    return [
        (str(Post._meta.get_field(name).verbose_name), theirs[name], mine[name])  # type: ignore[union-attr]
        for name in fields
        if not _same(name, mine[name], theirs[name])
    ]
