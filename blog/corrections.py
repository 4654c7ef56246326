"""What was changed in a post after readers had got it: the public history of a post whose author asks for one.

Only versions that readers could see count. What one person changes within a few minutes is one correction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models.fields.json import KT
from django.db.models.functions import MD5
from django.utils.dateparse import parse_datetime

from blog import clock
from blog.diff import Piece, shortened, text_diff
from blog.models import Post, Revision

TOGETHER = timedelta(minutes=10)
WORDS = ("title", "summary", "body")
# What authors note for themselves never reaches readers.
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|\{::comment\}.*?\{:/(?:comment)?\}|\{%-?\s*comment\b.*?endcomment\s*-?%\}", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Correction:
    """Two versions, by number, the second of which replaced the first for readers at a moment."""

    before: int
    after: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Seen:
    """A version that readers could see."""

    number: int
    saved_at: datetime
    at: datetime  # from when on
    by: int | None
    words: tuple[str, ...]  # digests of them


def corrections_of(post: Post) -> list[Correction]:
    """The newest first. One query, which doesn't read the texts."""
    groups: list[tuple[_Seen, _Seen]] = []
    seen = _seen(post)
    for before, after in pairwise(seen):
        if before.words == after.words:
            continue
        last = groups[-1][1] if groups else None
        if last and last.by == after.by and after.saved_at - last.saved_at <= TOGETHER:
            groups[-1] = (groups[-1][0], after)
        else:
            groups.append((before, after))
    return [
        Correction(before.number, after.number, after.at)
        for before, after in reversed(groups)
        if before.words != after.words  # else all was taken back at once
    ]


def _seen(post: Post) -> list[_Seen]:
    """The versions that readers could see, the oldest first: published, and not replaced before their time came."""
    rows = list(
        post.revisions.filter(kind=Revision.Kind.SAVE)
        .order_by("number")
        .annotate(status=KT("data__status"), publish_at=KT("data__publish_at"))
        .annotate(**{f"{name}_digest": MD5(KT(f"data__{name}")) for name in WORDS})
        .values_list("number", "at", "user_id", "status", "publish_at", *(f"{name}_digest" for name in WORDS))
    )
    ends = [row[1] for row in rows[1:]] + [clock.now()]
    found = []
    for (number, saved_at, by, status, publish_at, *words), end in zip(rows, ends, strict=True):
        due = parse_datetime(publish_at or "")
        at = max(saved_at, due) if due else saved_at
        if status == Post.Status.PUBLISHED and at <= end:
            found.append(_Seen(number, saved_at, at, by, tuple(words)))
    return found


def diffs(post: Post, corrections: list[Correction]) -> list[tuple[Correction, dict[str, list[Piece]]]]:
    """Each with what it changed: {"title": …, "summary": …, "body": …}, without those that stayed."""
    numbers = {number for one in corrections for number in (one.before, one.after)}
    data: dict[int | None, Any] = dict(post.revisions.filter(number__in=numbers).values_list("number", "data"))
    return [(one, _changes(data[one.before], data[one.after])) for one in corrections]


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Piece]]:
    texts = {name: (_public(before.get(name)), _public(after.get(name))) for name in WORDS}
    return {name: shortened(text_diff(old, new)) for name, (old, new) in texts.items() if old.split() != new.split()}


def _public(text: object) -> str:
    return _HIDDEN.sub("", str(text or ""))
