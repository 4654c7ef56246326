"""One spelling for what reads the same: composed Hangul, one width, one case, no accents on Latin letters."""

from __future__ import annotations

import re
import unicodedata

# Letters that stay as they are but for their case, which is nearly all of most texts; not if a mark follows.
# Compatibility jamo (ㅅㄹ) belong here: NFKC would turn them into parts of syllables.
_FOLLOWERS = "\u0300-\u036f\u1160-\u11ff\u3099\u309a\uff9e\uff9f"
_AS_IT_IS = "\x00-\x7f\u00b7\u2013-\u201d\u3041-\u3096\u30a1-\u30fa\u3131-\u318e\u4e00-\u9fff가-힣"
_PLAIN = f"(?:[{_AS_IT_IS}](?![{_FOLLOWERS}]))+"
_PIECE = re.compile(rf"({_PLAIN})|.[{_FOLLOWERS}]*", re.DOTALL)
_ACCENTED = re.compile("[\u00c0-\u03ff\u1e00-\u1fff]")
# What is between letters without being seen: soft hyphens, joiners, marks of direction, variation selectors.
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")


def normalised(text: str) -> str:
    """The text as it is compared."""
    return "".join(match[0].lower() if match[1] else _folded(match[0]) for match in _PIECE.finditer(text))


def aligned(text: str) -> tuple[str, list[int]]:
    """`normalised`, and for each of its characters (and its end) where it comes from."""
    pieces: list[str] = []
    places: list[int] = []
    for match in _PIECE.finditer(text):
        piece = match[0].lower() if match[1] else _folded(match[0])
        pieces.append(piece)
        places += range(match.start(), match.end()) if match[1] else [match.start()] * len(piece)
    return "".join(pieces), [*places, len(text)]


def _folded(cluster: str) -> str:
    """A letter with its marks. NFKC composes Hangul and kana, and makes full-width letters narrow."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    folded = _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], folded)
    return _UNSEEN.sub("", folded)
