"""The only way HTML gets into a page: an allow list. This file alone imports bleach.

bleach 6.4 is checked more strictly than it checks itself: it takes `javascript:1` for a host with a port, so every
URL's scheme is looked at here (https://url.spec.whatwg.org/#concept-basic-url-parser: C0 controls and spaces around
a URL, and tabs and newlines inside it, are ignored by browsers).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]  # missing in the stubs
from bleach.sanitizer import Cleaner
from pygments.token import STANDARD_TYPES

TAGS = frozenset(
    (
        "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
        "figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd label li mark ol p pre q rp rt ruby s "
        "samp small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
    ).split()
)
_GLOBAL_ATTRIBUTES = frozenset(("class dir id lang style title translate").split())
_ATTRIBUTES = {
    "a": frozenset(["href", "rel", "target", "hreflang"]),
    "abbr": frozenset(),
    "blockquote": frozenset(["cite"]),
    "col": frozenset(["span"]),
    "colgroup": frozenset(["span"]),
    "del": frozenset(["cite", "datetime"]),
    "details": frozenset(["open"]),
    "div": frozenset(["tabindex"]),
    "img": frozenset(["src", "alt", "width", "height"]),
    "input": frozenset(["type", "checked", "disabled"]),
    "ins": frozenset(["cite", "datetime"]),
    "li": frozenset(["value"]),
    "ol": frozenset(["start", "reversed", "type"]),
    "pre": frozenset(["tabindex"]),
    "q": frozenset(["cite"]),
    "td": frozenset(["colspan", "rowspan"]),
    "th": frozenset(["colspan", "rowspan", "scope"]),
    "time": frozenset(["datetime"]),
}
_SCHEMES = frozenset(["http", "https", "mailto", "tel"])
_VALUES = {  # attributes whose value must look like this
    "colspan": r"[1-9][0-9]{0,2}",
    "dir": r"ltr|rtl|auto",
    "height": r"[1-9][0-9]{0,4}",
    "hreflang": r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
    "lang": r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
    "rel": r"(?:(?:nofollow|noopener|noreferrer|me|author|license|ugc|sponsored|tag)(?: |$))+",
    "rowspan": r"[1-9][0-9]{0,2}",
    "scope": r"row|col|rowgroup|colgroup",
    "span": r"[1-9][0-9]{0,2}",
    "start": r"-?[0-9]{1,9}",
    "tabindex": r"0",
    "target": r"_blank|_self",
    "translate": r"yes|no",
    "type": r"checkbox|[1aAiI]",
    "value": r"-?[0-9]{1,9}",
    "width": r"[1-9][0-9]{0,4}",
}
_VALUES_COMPILED = {name: re.compile(pattern) for name, pattern in _VALUES.items()}

# Classes an author may use (Chirpy's) and those the pipeline sets. Others are dropped, so that a text can't
# dress up as the site's own controls.
_CLASSES = frozenset(
    (
        "prompt-tip prompt-info prompt-warning prompt-danger filepath left right normal light dark shadow "
        "rounded-10 w-25 w-50 w-75 w-100 code nolineno image scroll task-list task-list-item footnote footnote-ref "
        "footnote-backref remote-image callout-note callout-important callout-caution"
    ).split()
)
_CLASS_PATTERN = re.compile(r"language-[\w.+#-]{1,30}")
_ALLOWED_CLASSES = _CLASSES.union(STANDARD_TYPES.values())  # Pygments' classes for tokens of code

# Properties that colour and set text but can't move, cover or load anything.
_STYLES = {
    "color": r"COLOR",
    "background-color": r"COLOR",
    "font-size": r"(?:0?\.[5-9]|[12](?:\.[0-9]{1,2})?)(?:em|rem)|(?:[5-9][0-9]|1[0-9]{2}|200)%"
    r"|(?:x{1,2}-)?(?:small|large)|medium|smaller|larger|(?:[89]|[1-3][0-9])(?:px|pt)",
    "font-style": r"normal|italic|oblique",
    "font-weight": r"normal|bold|bolder|lighter|[1-9]00",
    "text-align": r"left|right|center|justify|start|end",
    "text-decoration": r"none|underline|line-through|overline",
}
_COLOR = r"[a-z]{3,24}|#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([0-9.,%/ deg-]{5,40}\)"
_STYLES_COMPILED = {name: re.compile(p.replace("COLOR", _COLOR), re.IGNORECASE) for name, p in _STYLES.items()}

# An id of nothing but ASCII letters and digits may be the name of a property of window or document ("cookie",
# "forms"): such ids are prefixed. Headings keep theirs (kramdown's "#images" must work): an h2 can't clobber, see
# https://html.spec.whatwg.org/#dom-document-nameditem. A ":" is kept for the ids of the page itself and of footnotes.
_NAME = r"[^\x00-,/:-@\[-^`{-\x9f\s]{1,200}"  # letters, digits and marks of any script, "-", "." and "_"
_ID = re.compile(rf"{_NAME}|fn(?:ref)?[0-9]*:{_NAME}")
_RISKY_ID = re.compile(r"[A-Za-z0-9$]+|__.*")
ID_PREFIX = "user-"
_HEADINGS = frozenset(("h1 h2 h3 h4 h5 h6").split())

ImagePath = Callable[[str], tuple[str, bool] | None]  # (address, whether it is on this site), or None: no picture


def safe_scheme(url: str) -> bool:
    """Whether a browser that follows `url` stays on http, https, mailto or tel."""
    # Escaped once, twice, …: a value must not come alive when something unescapes it.
    previous = None
    while url != previous:
        stripped = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufffd]", "", url)
        head, colon, _ = re.split(r"[/?#\\]", stripped, maxsplit=1)[0].partition(":")
        if colon and head.lower() not in _SCHEMES:
            return False
        previous, url = url, html.unescape(url)
    return True


def safe_style(style: str) -> str:
    """The harmless declarations of a style attribute, in one spelling: `color:red;text-align:center`."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), " ".join(value.split())
        if (pattern := _STYLES_COMPILED.get(name)) and pattern.fullmatch(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def safe_id(value: str) -> str | None:
    """`value` as an id that no script can mistake for a property of window or document; None if it can't be one."""
    if not _ID.fullmatch(value):
        return None
    return ID_PREFIX + value if _RISKY_ID.fullmatch(value) else value


def sanitize(
    source: str,
    *,
    image_path: ImagePath | None = None,
    heading_ids: Collection[str] = (),
    taken_ids: Collection[str] = (),
) -> str:
    """Balanced HTML of allowed elements and attributes only; what isn't allowed leaves its text behind.

    `image_path` finds the address to show for that of a picture. One on another host becomes a link: a page asks no
    other host for anything. `heading_ids` are targets that links may keep; `taken_ids`
    belong to something else on the page.
    """
    cleaner = Cleaner(
        tags=TAGS,
        attributes=_allow_attribute,
        protocols=_SCHEMES,
        strip=True,
        strip_comments=True,
        filters=[
            partial(
                _BodyFilter,
                image_path=image_path or _as_written,
                heading_ids=frozenset(heading_ids),
                taken_ids=frozenset(taken_ids),
            )
        ],
        css_sanitizer=cast(Any, _Styles()),
    )
    return cleaner.clean(source)


class _Styles:
    def sanitize_css(self, style: str) -> str:
        return safe_style(html.unescape(style))


def _allow_attribute(tag: str, name: str, value: str) -> bool:
    if name not in _GLOBAL_ATTRIBUTES and name not in _ATTRIBUTES.get(tag, frozenset()):
        return False
    if name in ("href", "src", "cite"):
        return safe_scheme(value)
    if pattern := _VALUES_COMPILED.get(name):
        return bool(pattern.fullmatch(value))
    return True


def _as_written(src: str) -> tuple[str, bool]:
    return src, not is_remote(src)


def is_remote(url: str) -> bool:
    """Whether `url` leaves the site, read as browsers do: trimmed, no tabs or line ends, a backslash is a slash."""
    url = re.sub(r"[\t\n\r]", "", html.unescape(url)).strip("".join(map(chr, range(33)))).replace("\\", "/")
    if url.startswith("//"):
        return True
    try:
        return bool(urlsplit(url).scheme)
    except ValueError:
        return True


_Token = dict[str, Any]


class _BodyFilter(Filter):  # type: ignore[misc]  # bleach's shim is untyped
    """What an allow list of names can't say: unique ids, links of pictures, one page title, harmless checkboxes."""

    def __init__(
        self, source: Any, *, image_path: ImagePath, heading_ids: frozenset[str], taken_ids: frozenset[str]
    ) -> None:
        super().__init__(source)
        self.image_path = image_path
        self.heading_ids = heading_ids
        self.seen_ids = set(taken_ids)
        self.open_links = 0

    def __iter__(self) -> Iterator[_Token]:
        for token in super().__iter__():
            kind, name = token["type"], token.get("name")
            if name == "h1":
                token["name"] = "h2"
            if kind in ("StartTag", "EmptyTag"):
                attributes = _plain(token["data"])
                self._fix_common(token["name"], attributes)
                if name == "img":
                    yield from self._image(token, attributes)
                    continue
                if name == "input" and (attributes.get("type") != "checkbox" or "disabled" not in attributes):
                    continue
                if name == "pre":
                    attributes["tabindex"] = "0"  # wide code scrolls: the keyboard must reach it
                if name == "a":
                    self._fix_link(attributes)
                    self.open_links += kind == "StartTag"
                token["data"] = _namespaced(attributes)
            elif kind == "EndTag" and name == "a":
                self.open_links -= 1
            yield token

    def _fix_common(self, tag: str, attributes: dict[str, str]) -> None:
        if "class" in attributes:
            classes = [c for c in attributes["class"].split() if c in _ALLOWED_CLASSES or _CLASS_PATTERN.fullmatch(c)]
            attributes["class"] = " ".join(classes)
        if "id" in attributes:
            identifier = attributes["id"]
            safe = identifier if tag in _HEADINGS and _ID.fullmatch(identifier) else safe_id(identifier)
            taken = safe in self.seen_ids or (safe in self.heading_ids and tag not in _HEADINGS)
            attributes["id"] = safe if safe and not taken else ""
            self.seen_ids.add(attributes["id"])
        for name in ("class", "id", "style"):
            if attributes.get(name) == "":
                del attributes[name]

    def _fix_link(self, attributes: dict[str, str]) -> None:
        href = attributes.get("href", "")
        if href.startswith("#") and href[1:] not in {"top", *self.heading_ids} and _RISKY_ID.fullmatch(href[1:]):
            attributes["href"] = f"#{ID_PREFIX}{href[1:]}"
        if attributes.get("target") == "_blank":
            attributes["rel"] = " ".join(dict.fromkeys([*attributes.get("rel", "").split(), "noopener"]))

    def _image(self, token: _Token, attributes: dict[str, str]) -> Iterator[_Token]:
        src, alt = attributes.get("src", ""), attributes.get("alt", "")
        address, local = (self.image_path(src) if src else None) or ("", False)
        if local:
            attributes |= {"src": address, "alt": alt, "loading": "lazy", "decoding": "async"}
            token["data"] = _namespaced(attributes)
            yield token
        elif not address or self.open_links:
            yield {"type": "Characters", "data": alt}
        else:
            link = {"class": "remote-image", "href": address}
            yield {"type": "StartTag", "name": "a", "namespace": token.get("namespace"), "data": _namespaced(link)}
            yield {"type": "Characters", "data": alt or address}
            yield {"type": "EndTag", "name": "a", "namespace": token.get("namespace"), "data": {}}


def _plain(data: dict[tuple[str | None, str], str]) -> dict[str, str]:
    return {name: value for (namespace, name), value in data.items() if namespace is None}


def _namespaced(attributes: dict[str, str]) -> dict[tuple[str | None, str], str]:
    return {(None, name): value for name, value in attributes.items()}
