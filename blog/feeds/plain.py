"""HTML as feed readers want it: no classes, ids, scripted or responsive parts, which mean nothing to them."""

from __future__ import annotations

import re

# A tag as the sanitiser and the templates write it: values always in double quotes, in which ">" may stand.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>')
_DROPPED = re.compile(
    r" (?:class|id|role|tabindex|target|translate|loading|decoding|fetchpriority|srcset|sizes|hidden|(?:data|aria)-[a-z-]+)"
    r'(?:="[^"]*")?(?=[ />]|$)'
)
_UNWRAPPED = frozenset(["picture", "source"])
_STYLE = re.compile(r' style="([^"]*)"')
# What the W3C's validator takes for harmless: other values would be warned about, by readers dropped.
_PLAIN_STYLE = re.compile(r"\s*(?:color|font-(?:size|style|weight)|text-(?:align|decoration))\s*:\s*[#\w.% -]+\s*")


def plain(html: str) -> str:
    """The same text without what is for pages."""
    kept_spans: list[bool] = []

    def plain_tag(tag: re.Match[str]) -> str:
        slash, name, attributes = tag.groups()
        attributes = _STYLE.sub(_plain_style, _DROPPED.sub("", attributes))
        if name == "span":  # one that says nothing any more goes, such as those that colour code
            if not slash:
                kept_spans.append(bool(attributes))
            if not (kept_spans[-1] if not slash else kept_spans.pop()):
                return ""
        return "" if name in _UNWRAPPED else f"<{slash}{name}{attributes}>"

    return _TAG.sub(plain_tag, html)


def _plain_style(style: re.Match[str]) -> str:
    kept = [part.strip() for part in style[1].split(";") if _PLAIN_STYLE.fullmatch(part)]
    return f' style="{"; ".join(kept)}"' if kept else ""
