"""What the head of a page says of it, for search engines and for previews of links (https://ogp.me/)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urljoin

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.safestring import SafeString

from blog.meta import cards, drawing
from blog.models import Image, Post, SiteSettings
from blog.rendering.excerpt import EXCERPT_LENGTH, sentences
from blog.rendering.text import shorten

# Facebook wants a territory; of languages that aren't here, nothing is said.
_LOCALES = {
    "ko": "ko_KR",
    "en": "en_US",
    "ja": "ja_JP",
    "zh": "zh_CN",
    "de": "de_DE",
    "fr": "fr_FR",
    "es": "es_ES",
    "it": "it_IT",
    "pt": "pt_BR",
    "ru": "ru_RU",
    "vi": "vi_VN",
}
_WIDE = 600  # X shows smaller pictures as a thumbnail


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its absolute address."""

    url: str
    width: int
    height: int
    alt: str

    @property
    def is_wide(self) -> bool:
        """Whether it is one to show large."""
        return self.width >= _WIDE and self.width > self.height


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself. Everything but the title may be missing."""

    title: str
    description: str = ""
    kind: Literal["website", "article", "profile"] = "website"
    lang: str = ""
    picture: Picture | None = None
    robots: str = ""
    published: str = ""
    modified: str = ""
    author: str = ""  # the address of a page, as the protocol wants it
    section: str = ""
    tags: tuple[str, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()  # (language, absolute address), also of the page itself
    markdown: str = ""
    data: SafeString | str = ""  # for machines: blog.meta.linked_data
    verifies: bool = False  # whether search engines look here for the codes of the site's owner

    @property
    def locale(self) -> str:
        """The page's language as Facebook writes it; "" if it doesn't know it."""
        return locale(self.lang)

    @property
    def other_locales(self) -> list[str]:
        """Those of its translations."""
        found = [locale(lang) for lang, _address in self.alternates if lang not in (self.lang, "x-default")]
        return [one for one in found if one]


def moment(at: datetime | None) -> str:
    """With the offset of the site's clock: search engines show the day."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def locale(lang: str) -> str:
    """`ko` → `ko_KR`, `pt-PT` → `pt_PT`; "" for languages that aren't known."""
    language, _, territory = lang.partition("-")
    if len(territory) == 2 and language in _LOCALES:
        return f"{language}_{territory.upper()}"
    return _LOCALES.get(language, "")


def picture_of(post: Post, base: str) -> Picture | None:
    """What stands for a post: the author's cover, else its card. Needs no query if the cover was joined."""
    if cover := cards.own_cover(post):
        return picture(cover, base, cover.alt or post.title)
    if not post.card:
        return None
    return Picture(urljoin(f"{base}/", default_storage.url(post.card)), *drawing.SIZE, post.title)


def picture(image: Image, base: str, alt: str) -> Picture:
    """A picture of the library."""
    return Picture(urljoin(f"{base}/", image.file.url), image.width, image.height, alt)


def of_list(title: str, about: str, posts: Iterable[Post], site: SiteSettings, base: str) -> Head:
    """The head of a list of posts: what it is about, else what stands in it."""
    posts = list(posts)
    listed = shorten(" · ".join(post.title for post in posts[:6]), EXCERPT_LENGTH)
    description = sentences(about, EXCERPT_LENGTH) or listed or site.description or site.tagline or site.title
    pictures = (picture_of(post, base) for post in posts)
    return Head(title, description, lang=site.language, picture=next(filter(None, pictures), None))
