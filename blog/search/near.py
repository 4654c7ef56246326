"""What to offer where nothing was found: posts with titles, and tags, that are spelt about so."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from blog.models import Post, PostEntry
from blog.models.post import PostQuerySet
from blog.search import backend, index
from blog.search.query import Phrase, Query, Term
from blog.search.words import fold, is_word, tokens

_LOOKED_AT = 200  # titles that share something with the query, the newest
_ALIKE = 0.6  # difflib's ratio of two words
_BEGINNING = 2  # letters of a word that are taken to be right


def titles(query: Query, posts: PostQuerySet, most: int = 3) -> list[Post]:
    """The posts whose titles have words most like those of the query."""
    pieces = _pieces(query)
    if not pieces:
        return []
    anything = Term(tuple(Phrase((piece,), open=True) for piece in pieces))
    wanted = [[(anything, ("title",))]]
    (sharing,) = backend.newest(PostEntry, wanted, first=index.FIRST, last=index.now(), most=_LOOKED_AT)
    shown = posts.filter(pk__in=sharing).newest_first().only("title", "slug", "lang", "publish_at")
    likeness = [(like(query.text, post.title), post) for post in shown]
    best = sorted((pair for pair in likeness if pair[0] >= _ALIKE), key=lambda pair: -pair[0])
    return [post for _likeness, post in best[:most]]


def names(query: Query, known: Iterable[str], most: int = 5) -> list[str]:
    """Those of the names that are spelt most like the query, or a word of it."""
    likeness = sorted(((like(query.text, name), name) for name in known), key=lambda pair: -pair[0])
    return [name for alike, name in likeness[:most] if alike >= _ALIKE]


def _pieces(query: Query) -> list[str]:
    """What a title must share some of: pairs of letters of runs, beginnings of words."""
    found = []
    for token in dict.fromkeys(tokens(fold(query.text))):
        if is_word(token):
            found += [token[:_BEGINNING]] if token.isalpha() and len(token) > _BEGINNING else []
        else:
            found += [token] if len(token) == 2 else []
    return found[:20]


def like(typed: str, title: str) -> float:
    """How like each other the two likest of their words are, or all of them together."""
    ours, theirs = fold(typed).split()[:8], fold(title).split()[:20]
    pairs = [(one, other) for one in [*ours, " ".join(ours)] for other in [*theirs, " ".join(theirs)]]
    return max((_ratio(one, other) for one, other in pairs if len(one) > 1), default=0.0)


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()
