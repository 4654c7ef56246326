"""Where somebody may have wanted to go who came to an address at which there is nothing.

Nothing here may cost much: most addresses that aren't there are asked for by machines that look for other software.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import chain, combinations
from operator import or_
from typing import Any

from django.db.models import Case, Model, Q, QuerySet, When
from django.urls import reverse
from taggit.models import Tag

from blog import lists
from blog.models import Category, Page, Post, PostEntry
from blog.search import backend, index
from blog.search.query import in_address
from blog.views.common import normalized

SHOWN = 5
NEWEST = 5
_CANDIDATES = 100  # rows of each kind are compared at most
_LEAST = 0.5  # likeness, from 0 to 1
_OF_THE_KIND = 0.3  # is added to what is of the kind that the address begins with
_MOST = 100  # letters of an address that are looked at
_PARTS = 6  # of its name that are looked for

# What stands in addresses and isn't what somebody looked for.
_FRAME = frozenset("archives authors categories models page posts prompts search series tags".split())
_ENDING = re.compile(r"\.(?:html?|md)$", re.IGNORECASE)
_DATE = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """What may have been meant."""

    title: str
    address: str
    lang: str = ""


def words_of(path: str) -> str:
    """The words of an address, for a search: "/2024/02/19/sora-ai.html" → "sora ai"; "" if it has none."""
    parts = [part for part in normalized(path)[: 2 * _MOST].split("/") if part and part not in _FRAME]
    words = [word for part in parts for word in _WORD.findall(_bare(part))]
    return " ".join(word for word in words if not word.isdecimal())[:_MOST].strip()


def is_asked_by_a_reader(path: str) -> bool:
    """Whether the address looks like one of a blog's pages: "/wp-login.php" and "/.env" don't."""
    name = path.rstrip("/").rpartition("/")[2]
    return "/." not in path and "." not in _ENDING.sub("", name)


def guesses(path: str) -> list[Guess]:
    """Posts, pages, categories and tags whose addresses are much like this one; the likest first."""
    name = _name(path)
    parts = _parts(name)
    if not parts:
        return []
    first = path.lstrip("/").partition("/")[0]
    found = {
        guess: likeness + (_OF_THE_KIND if _KINDS.get(first) is model else 0)
        for model, shown in _SHOWN.items()
        if (likest := _likest(model, name, parts))
        for likeness, guess in shown(likest)
    }
    return sorted(found, key=lambda guess: (-found[guess], guess.title))[:SHOWN]


def newest() -> QuerySet[Post]:
    """What there is anyway."""
    return Post.objects.published().newest_first().only("title", "slug", "lang", "publish_at")[:NEWEST]


def _name(path: str) -> str:
    """The part of an address that names something: its last, without a date before it or an ending behind."""
    parts = [part for part in normalized(path).split("/") if part and part not in _FRAME]
    return _bare(parts[-1])[:_MOST].casefold() if parts else ""


def _bare(part: str) -> str:
    return _DATE.sub("", _ENDING.sub("", part))


def _parts(name: str) -> list[str]:
    """What of a name is likely right if a letter or two are wrong: its words, or pieces of one or two."""
    words = sorted(set(_WORD.findall(name)), key=lambda word: (-len(word), word))
    if len(words) < 3:
        words = [piece for word in words for piece in _pieces(word)]
    return [part for part in dict.fromkeys(words) if len(part) > 1 or not part.isascii()][:_PARTS]


def _pieces(word: str) -> list[str]:
    short = 2 if word.isascii() or len(word) > 3 else 1  # a syllable says as much as two letters
    size = short if len(word) < 7 else -(-len(word) // 3)
    return [word[start : start + size] for start in range(0, len(word), size)]


def _likest(model: type[Model], name: str, parts: list[str]) -> dict[int, float]:
    """How like the name the likest rows are, by key."""
    rows: QuerySet[Any] = model._default_manager.order_by()
    if model is Post:
        candidates = rows.filter(pk__in=_sharing(parts))
    else:  # there are few
        matched = reduce(or_, (Q(slug__icontains=part) for part in parts))
        count = sum(Case(When(slug__icontains=part, then=1), default=0) for part in parts)
        candidates = rows.filter(matched).annotate(count=count).order_by("-count", "-pk")[:_CANDIDATES]
    asked = _grams(name)
    scored = {key: _likeness(asked, _grams(slug.casefold())) for key, slug in candidates.values_list("pk", "slug")}
    best = sorted(scored, key=lambda key: -scored[key])[: 2 * SHOWN]  # not all of them are public
    return {key: scored[key] for key in best if scored[key] >= _LEAST}


def _sharing(parts: list[str]) -> list[int]:
    """The newest posts that share these parts of their addresses: all, else all but one; of few, all but two."""
    terms = [term for term in map(in_address, parts) if term.phrases[0].units]
    least = max(1, len(terms) - (1 if len(terms) > 4 else 2))
    wanted = [
        [(term, ("address",)) for term in some]
        for size in range(len(terms), least - 1, -1)
        for some in combinations(terms, size)
    ]
    found = backend.newest(PostEntry, wanted, first=index.FIRST, last=index.now(), most=_CANDIDATES) if wanted else []
    return list(dict.fromkeys(chain.from_iterable(found)))[:_CANDIDATES]


_Guesses = Iterator[tuple[float, Guess]]


def _posts(likest: dict[int, float]) -> _Guesses:
    for post in Post.objects.published().filter(pk__in=likest).only("title", "slug", "lang"):
        yield likest[post.pk], Guess(post.title, post.get_absolute_url(), post.lang)


def _pages(likest: dict[int, float]) -> _Guesses:
    for page in Page.objects.filter(pk__in=likest, published=True).only("title", "slug", "lang"):
        yield likest[page.pk], Guess(page.title, page.get_absolute_url(), page.lang)


def _categories(likest: dict[int, float]) -> _Guesses:
    for category in lists.used(lists.Kind.CATEGORY, Category.objects.filter(pk__in=likest)):
        yield likest[category.pk], Guess(str(category), category.get_absolute_url())


def _tags(likest: dict[int, float]) -> _Guesses:
    for tag in lists.used(lists.Kind.TAG, Tag.objects.filter(pk__in=likest)):
        yield likest[tag.pk], Guess(f"#{tag.name}", reverse("tag", args=[tag.slug]))


_SHOWN: dict[type[Model], Callable[[dict[int, float]], _Guesses]] = {
    Post: _posts,
    Page: _pages,
    Category: _categories,
    Tag: _tags,
}
_KINDS: dict[str, type[Model]] = {"posts": Post, "categories": Category, "tags": Tag}


def _grams(name: str) -> set[str]:
    """Pairs of neighbouring letters; where words begin and end counts."""
    spaced = f" {' '.join(_WORD.findall(name))} "
    return {spaced[i : i + 2] for i in range(len(spaced) - 1)}


def _likeness(asked: set[str], own: set[str]) -> float:
    """Dice's coefficient; or three quarters of the share of what was asked for that is in a longer name."""
    common = len(asked & own)
    return max(2 * common / (len(asked) + len(own)), 0.75 * common / len(asked))


def help_for(path: str) -> dict[str, Any]:
    """What the page says beside that there is nothing."""
    if not is_asked_by_a_reader(path):
        return {}
    return {"words": words_of(path), "guesses": guesses(path), "newest": newest()}
