"""The pictures of a text, at read time: in the sizes and formats there are by now, in their own shape and colour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import unquote

from django.conf import settings

from blog.models import Image
from blog.rendering.rendered import TAG

_IMAGE = re.compile(r"<img(?: [a-z-]+(?:=\"[^\"]*\")?)*>")
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_LINKED = re.compile(
    r'<span id="h:([^"]*)">(.*?)</span><a class="anchor" href="#\1" aria-label="[^"]*"></a>', re.DOTALL
)
_FOR_PAGES = re.compile(
    r' (?:loading="lazy"|decoding="async"|tabindex="0"|data-lines="[^"]*"|aria-labelledby="h:[^"]*")'
)
_LAZY = ' loading="lazy"'
_MEASURE = 40  # rem, the style sheet's --measure
_SHARES = {"w-25": 25, "w-50": 50, "w-75": 75}
_TOP = 1_500  # characters of HTML, about a screen
_ROOT_FONT = 16  # what browsers count a rem as in `sizes`


def pictures(html: str, *, eager: bool = False) -> str:
    """The HTML with all that is known of its pictures, by one query. `eager`: the first isn't waited with."""
    found = list(dict.fromkeys(_IMAGE.findall(html)))
    if not found:
        return html
    known = _known(found)
    html = _IMAGE.sub(lambda tag: _picture(tag[0], known), html)
    if eager and _comes_first(html):
        html = html.replace(_LAZY, "", 1)
    return html


def plain(html: str) -> str:
    """For feeds: what only a page with its style sheet has a use for is left out."""
    html = _LINKED.sub(r"\2", html)
    return TAG.sub(lambda tag: _FOR_PAGES.sub("", tag[0]), html)


def names(html: str) -> list[str]:
    """The files in the media folder that its pictures show, as the storage calls them."""
    return [name for tag in _IMAGE.findall(html) if (name := _name(tag))]


def _comes_first(html: str) -> bool:
    """Whether the first picture is in sight at once: near the beginning, no embed above it."""
    start = html.find("<img")
    return start < _TOP and "<!--embed" not in html[:start]


def _name(tag: str) -> str:
    """The file that an element shows, as the storage calls it; "" if it isn't in the media folder."""
    source = dict(_ATTRIBUTE.findall(tag)).get("src", "")
    return unquote(unescape(source)).partition(settings.MEDIA_URL)[2] if settings.MEDIA_URL in source else ""


def _known(tags: list[str]) -> dict[str, Image]:
    names = {name for tag in tags if (name := _name(tag))}
    return {image.file.name or "": image for image in Image.objects.filter(file__in=names)} if names else {}


def _picture(tag: str, known: Mapping[str, Image]) -> str:
    image = known.get(_name(tag))
    if image is None:
        return tag
    attributes = dict(_ATTRIBUTE.findall(tag))
    width, height = _size(attributes, image)
    attributes |= {"width": str(width), "height": str(height)}
    if image.has_colour:
        # Becomes a class and a rule of the page's own sheet, as authors' colours do.
        attributes["style"] = ";".join(filter(None, [f"background-color:{image.colour}", attributes.get("style", "")]))
    shown = "<img" + "".join(f' {name}="{value}"' for name, value in attributes.items()) + ">"
    sizes = _sizes(attributes.get("class", "").split(), width)
    sources = "".join(
        f'<source type="{kind}" srcset="{escape(srcset)}" sizes="{sizes}">' for kind, srcset in image.sources
    )
    return f"<picture>{sources}{shown}</picture>" if sources else shown


def _size(attributes: Mapping[str, str], image: Image) -> tuple[int, int]:
    """As wide as the author says, as high as the picture then is: another shape would jump when it arrives."""
    if width := attributes.get("width"):
        return int(width), max(1, round(int(width) * image.height / image.width))
    if height := attributes.get("height"):
        return max(1, round(int(height) * image.width / image.height)), int(height)
    return image.width, image.height


def _sizes(classes: list[str], width: int) -> str:
    """How wide it is shown: on a phone as wide as the text, on a desk at most the measure, or its share of it."""
    share = next((_SHARES[name] for name in classes if name in _SHARES), 100)
    desk = min(_MEASURE * share / 100, width / _ROOT_FONT)
    return f"(min-width: 46rem) {desk:g}rem, {f'min({width}px, 92vw)' if width < 700 else '92vw'}"
