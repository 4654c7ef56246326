"""HTML as feed readers want it: no classes, ids, scripted or responsive parts, which mean nothing to them."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.html import format_html
from django.utils.translation import gettext as _

from blog.feeds.document import clean
from blog.models import SiteSettings
from blog.presentation import is_right_to_left

# A tag as the sanitiser and the templates write it: values always in double quotes, in which ">" may stand.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>')
_DROPPED = re.compile(
    r" (?:class|id|role|tabindex|target|translate|hidden|loading|decoding|fetchpriority|srcset|sizes"
    r"|(?:data|aria)-[a-z-]+)"
    r'(?:="[^"]*")?(?=[ />]|$)'
)
_FORMULA = re.compile(r'<math(?: [a-z]+="[^"]*")* alttext="([^"]*)"[^>]*>.*?</math>', re.DOTALL)
_UNWRAPPED = frozenset(["picture", "source"])
_STYLE = re.compile(r' style="([^"]*)"')
# What the W3C's validator takes for harmless: other values would be warned about, by readers dropped.
_PLAIN_STYLE = re.compile(r"\s*(?:color|font-(?:size|style|weight)|text-(?:align|decoration))\s*:\s*[#\w.% -]+\s*")


def content(site: SiteSettings, whole: Callable[[], str], summary: str, url: str, lang: str = "") -> str:
    """What an entry shows: its whole text, or a summary that leads to it, as the site wishes."""
    if site.feed_content == "full":
        html = plain(whole())
    else:
        html = format_html('<p>{}</p>\n<p><a href="{}">{}</a></p>', summary, url, _("Read the whole"))
    return clean(f'<div dir="rtl">{html}</div>' if is_right_to_left(lang) else html)


def plain(html: str) -> str:
    """The same text without what is for pages. Formulas are their TeX: hardly a reader draws MathML."""
    html = _FORMULA.sub(r"<code>\1</code>", html)
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
