"""Posts that are like a post: by what they have in common, the rarer the heavier.

Tags, embeds, models and the place among the categories count; parts of the same series and the post in other languages
don't, as its page leads there anyway. Derived when a post is saved, and only looked up when it is read.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet, Value

from blog.models import Post, PostEmbed, PostTag, Prompt
from blog.together import Together

SHOWN = 4
KEPT = 12  # some may become drafts again
LEAST = 0.1  # what every post has in common is no likeness
OTHER_LANGUAGE = 0.5

# What bounds the work, however many posts there are: what more posts have only sorts those found by something rarer.
MOST_POSTS = 200
BATCH = 100  # posts whose features are counted together
MOST_FEATURES = 60
MOST_CANDIDATES = 300

NEEDED = ("status", "lang", "series", "translation_of", "related")
_Rows: TypeAlias = QuerySet[Any]
_Feature = tuple[int, int]  # the number of a kind, and a key


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table that says which posts have which features."""

    weight: float
    model: type[Model]
    feature: str
    post: str
    conditions: Q = Q()  # noqa: RUF009  # never changed


_KINDS = (
    _Kind(3.0, PostTag, "tag_id", "content_object_id"),
    _Kind(4.0, PostEmbed, "embed_id", "post_id"),
    _Kind(2.0, Prompt, "generator_id", "post_id", Q(position__isnull=False)),  # in the text
    _Kind(2.0, Post, "generator_id", "pk"),
    _Kind(2.0, Post, "category_id", "pk"),
    _Kind(1.0, Post, "category__parent_id", "pk"),
)


def refresh(post: Post) -> None:
    """Derive a post's list; after the commit, enter the post into the lists of those that it names, or named before."""
    if postponed.leave(post.pk):
        return
    before = derive(post)
    if post.status == Post.Status.PUBLISHED:
        # Not before: two people who save two posts would each hold the row that the other needs.
        transaction.on_commit(lambda: _enter(post, before), robust=True)


def _enter(post: Post, before: list[list[float]]) -> None:
    likeness = dict(_pairs(post.related))
    for other in Post.objects.filter(pk__in={*likeness, *dict(_pairs(before))}).only("related"):
        pairs = [pair for pair in _pairs(other.related) if pair[0] != post.pk]
        if score := likeness.get(other.pk):
            pairs.append((post.pk, score))
        _store(other, _first(pairs))


def derive(post: Post) -> list[list[float]]:
    """Derive a post's list and store it. Returns what it was."""
    before: list[list[float]] = Post.objects.values_list("related", flat=True).get(pk=post.pk)
    post.related = before
    rarities = _rarities([post.pk])
    _store(post, _likest(post, rarities[post.pk], _Known(rarities)))
    return before


def derive_all(keys: list[int]) -> Iterator[bool]:
    """The same for many posts: whether each list has changed. What is gone has no list."""
    for start in range(0, len(keys), BATCH):
        posts = Post.objects.only(*NEEDED).in_bulk(keys[start : start + BATCH])
        rarities = _rarities(list(posts))
        known = _Known(rarities)
        changed = set()
        for key, post in posts.items():
            before, post.related = post.related, _likest(post, rarities[key], known)
            if post.related != before:
                changed.add(key)
        Post.objects.bulk_update([posts[key] for key in sorted(changed)], ["related"])
        yield from (key in changed for key in keys[start : start + BATCH])


# For many saves: each list is derived once, when all of them are there.
postponed = Together("related", lambda keys: deque(derive_all(sorted(keys)), maxlen=0))


def shown(post: Post) -> list[Post]:
    """Those of its list that readers may see, the likest first; by one query, or none."""
    keys = [key for key, _score in _pairs(post.related)]
    found = Post.objects.published().only("title", "slug", "lang", "publish_at").in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found][:SHOWN]


def _pairs(related: list[list[float]]) -> list[tuple[int, float]]:
    """(key, likeness), as a post's row holds them."""
    return [(int(key), score) for key, score in related]


def _first(pairs: Iterable[tuple[int, float]]) -> list[list[float]]:
    """As many as are kept, the likest first; of equals the newest. The same on every database."""
    return [[key, score] for key, score in sorted(pairs, key=lambda pair: (-pair[1], -pair[0]))[:KEPT]]


def _store(post: Post, pairs: list[list[float]]) -> None:
    if pairs != post.related:
        post.related = pairs
        Post.objects.filter(pk=post.pk).update(related=pairs)


class _Other(NamedTuple):
    """A post that another may be like."""

    lang: str
    status: str
    series: int | None
    translation_of: int | None


class _Known:
    """What is asked of other posts, kept while the lists of many are derived: most of them ask about the same ones."""

    def __init__(self, rarities: dict[int, dict[_Feature, tuple[int, float]]]) -> None:
        counts = {feature: count for own in rarities.values() for feature, (count, _weight) in own.items()}
        self._common = [feature for feature, count in counts.items() if count > MOST_POSTS]
        self._newest: dict[_Feature, list[int]] = {}
        self._common_of: dict[int, set[_Feature]] = {}
        self._others: dict[int, _Other] = {}

    def newest(self, feature: _Feature) -> list[int]:
        """The newest posts with a feature."""
        if feature not in self._newest:
            self._newest[feature] = _newest(*feature)
        return self._newest[feature]

    def common_of(self, keys: list[int]) -> dict[int, set[_Feature]]:
        """What posts have of what many have."""
        if missing := [key for key in keys if key not in self._common_of]:
            self._common_of.update((key, set()) for key in missing)
            for number, feature, key in _union(_with(self._common, missing)):
                self._common_of[key].add((number, feature))
        return self._common_of

    def others(self, keys: Iterable[int]) -> dict[int, _Other]:
        """The posts of these keys, and some more."""
        if missing := [key for key in keys if key not in self._others]:
            columns = ("pk", "lang", "status", "series_id", "translation_of_id")
            for key, *row in Post.objects.filter(pk__in=missing).order_by().values_list(*columns):
                self._others[key] = _Other(*row)
        return self._others


def _likest(post: Post, rarities: dict[_Feature, tuple[int, float]], known: _Known) -> list[list[float]]:
    """The posts that are most like a stored post, whether their time has come or not."""
    scores = _scores(rarities, known)
    others = known.others(scores)
    found = []
    for key, score in scores.items():
        other = others.get(key)
        if other and other.status == Post.Status.PUBLISHED and not _told_apart(post, key, other):
            likeness = round(score * (1 if other.lang == post.lang else OTHER_LANGUAGE), 4)
            found += [(key, likeness)] if likeness >= LEAST else []
    return _first(found)


def _told_apart(post: Post, key: int, other: _Other) -> bool:
    """The post itself, and those that its page leads to by other ways."""
    root = post.translation_of_id or post.pk
    return key in (post.pk, root) or other.translation_of == root or (other.series or -1) == post.series_id


def _rarities(keys: list[int]) -> dict[int, dict[_Feature, tuple[int, float]]]:
    """How many posts have each feature of some posts, and what having it in common weighs; the rarest first."""
    own: dict[int, set[_Feature]] = {key: set() for key in keys}
    all_of_kind: dict[int, set[int]] = defaultdict(set)
    for number, feature, key in _union(_rows(n).filter(**{f"{k.post}__in": keys}) for n, k in enumerate(_KINDS)):
        own[key].add((number, feature))
        all_of_kind[number].add(feature)
    total = Post.objects.count()
    weights: dict[_Feature, tuple[int, float]] = {}
    for number, feature, count in _union(_counts(n, sorted(features)) for n, features in all_of_kind.items()):
        if count > 1:
            weights[number, feature] = (count, _KINDS[number].weight * math.log((total + 1) / count))

    def rarest(features: set[_Feature]) -> dict[_Feature, tuple[int, float]]:
        found = sorted((weights[feature][0], feature) for feature in features if feature in weights)
        return {feature: weights[feature] for _count, feature in found[:MOST_FEATURES]}

    return {key: rarest(features) for key, features in own.items()}


def _scores(rarities: dict[_Feature, tuple[int, float]], known: _Known) -> dict[int, float]:
    """What other posts have in common with the one that has these features, in all."""
    rare = {feature: weight for feature, (count, weight) in rarities.items() if count <= MOST_POSTS}
    common = {feature: weight for feature, (_count, weight) in rarities.items() if feature not in rare}
    scores: dict[int, float] = defaultdict(float)
    for number, feature, key in sorted(set(_union(_with(rare)))):
        scores[key] += rare[number, feature]
    best = sorted(scores, key=lambda key: (-scores[key], -key))[:MOST_CANDIDATES]
    if common and len(best) < MOST_CANDIDATES:
        best += known.newest(next(iter(common)))
    common_of = known.common_of(best) if common else {}
    for key in set(best) if common else ():
        scores[key] += sum(common[feature] for feature in sorted(common_of[key] & common.keys()))
    return {key: scores[key] for key in best}


def _newest(number: int, feature: int) -> list[int]:
    """The newest posts with a feature."""
    kind = _KINDS[number]
    rows = _rows(number).filter(**{kind.feature: feature}).order_by(f"-{kind.post}").distinct()
    return [key for _number, _feature, key in rows[:MOST_POSTS]]


def _with(features: Iterable[_Feature], posts: list[int] | None = None) -> Iterator[_Rows]:
    """The rows that have any of these, of these posts if some are named."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for number, feature in features:
        wanted[number].append(feature)
    for number, keys in wanted.items():
        of_posts = {} if posts is None else {f"{_KINDS[number].post}__in": posts}
        yield _rows(number).filter(**{f"{_KINDS[number].feature}__in": keys}, **of_posts)


def _counts(number: int, features: list[int]) -> _Rows:
    """(kind, feature, number of posts)."""
    kind = _KINDS[number]
    rows = _rows(number).filter(**{f"{kind.feature}__in": features}).values("number", kind.feature)
    counted: _Rows = rows.annotate(posts=Count(kind.post, distinct=True)).values_list("number", kind.feature, "posts")
    return counted


def _rows(number: int) -> _Rows:
    """(kind, feature, post)."""
    kind = _KINDS[number]
    rows = kind.model._default_manager.filter(kind.conditions).order_by().annotate(number=Value(number))
    listed: _Rows = rows.values_list("number", kind.feature, kind.post)
    return listed


def _union(parts: Iterable[_Rows]) -> Iterable[tuple[int, int, int]]:
    """The rows of several queries, by one; those without a feature aren't worth a condition."""
    first, *more = [*parts] or [Post.objects.none()]
    return [row for row in first.union(*more, all=True) if row[1] is not None]
