"""What the views tell about their pages: one function for each kind of page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from blog.meta import linked_data, videos
from blog.meta.head import Head, Picture, moment, of_list, picture, picture_of
from blog.models import Category, Page, Post, Profile, Prompt, Series, SiteSettings
from blog.presentation import PlacedEmbed
from blog.rendering.excerpt import EXCERPT_LENGTH, sentences
from blog.rendering.text import shorten
from blog.views.common import site_url

HIDDEN = "noindex, nofollow"
KEPT_OUT = "noindex"
LARGE = "max-image-preview:large"  # https://developers.google.com/search/docs/appearance/google-discover


def site_of(request: HttpRequest) -> SiteSettings:
    """The site's settings."""
    found: SiteSettings = request.site_settings  # type: ignore[attr-defined]
    return found


def post(request: HttpRequest, shown: Post, placed: Iterable[PlacedEmbed], languages: list[Post]) -> Head:
    """A post's. `languages` are the posts that say the same, itself among them."""
    site, base = site_of(request), site_url(request)
    cover = picture_of(shown, base)
    listed = shown.is_public and not shown.noindex
    others = [one for one in languages if one.pk != shown.pk and not one.noindex]
    return Head(
        shown.title,
        shown.description or site.description or shown.title,
        "article",
        shown.lang,
        cover,
        robots=LARGE if listed else KEPT_OUT if shown.is_public else HIDDEN,
        published=moment(shown.publish_at),
        modified=moment(shown.modified_at),
        author=base + shown.author_url if shown.author_url else "",
        section=shown.category.name if shown.category else "",
        tags=tuple(tag.name for tag in shown.tags.all()),
        alternates=_alternates([one for one in languages if not one.noindex], base) if listed else (),
        markdown=reverse("post_md", args=[shown.slug]) if shown.is_public else "",
        data=_post_data(request, shown, cover, placed, others) if listed else "",
    )


def _post_data(
    request: HttpRequest, shown: Post, cover: Picture | None, placed: Iterable[PlacedEmbed], others: list[Post]
) -> SafeString:
    site, base = site_of(request), site_url(request)
    films = videos.films_of(shown, placed, base)
    return linked_data.script(
        linked_data.posting(shown, site, base, cover, films, others),
        linked_data.breadcrumbs(site, base, linked_data.post_trail(shown)),
    )


def _alternates(languages: list[Post], base: str) -> tuple[tuple[str, str], ...]:
    """Each language with its address: https://developers.google.com/search/docs/specialty/international/localized-versions."""
    if len(languages) < 2:
        return ()
    originals = [("x-default", one) for one in languages if one.translation_of_id is None]
    named = [(one.lang, one) for one in languages]
    return tuple((lang, base + one.get_absolute_url()) for lang, one in (*named, *originals))


def home(request: HttpRequest, posts: Iterable[Post], number: int) -> Head:
    """The front page's, which also stands for the site."""
    site, base = site_of(request), site_url(request)
    found = of_list(site.title, site.description or site.tagline, posts, site, base)
    if number > 1:
        return found
    return Head(
        found.title,
        found.description,
        lang=site.language,
        picture=found.picture,
        data=linked_data.script(linked_data.website(site, base)),
        verifies=True,
    )


def posts(request: HttpRequest, title: str, shown: Iterable[Post], about: str = "") -> Head:
    """A list's."""
    return of_list(title, about, shown, site_of(request), site_url(request))


def category(request: HttpRequest, shown: Category, listed: Iterable[Post]) -> Head:
    """A category's, with the way to it."""
    site, base = site_of(request), site_url(request)
    found = of_list(str(shown), shown.description, listed, site, base)
    trail = [(name, reverse("category", args=[path])) for name, path in shown.trail]
    data = linked_data.script(linked_data.breadcrumbs(site, base, trail))
    return Head(found.title, found.description, lang=site.language, picture=found.picture, data=data)


def series(request: HttpRequest, shown: Series, parts: Iterable[Post]) -> Head:
    """A series', with the way to it."""
    site, base = site_of(request), site_url(request)
    found = of_list(shown.title, shown.description, parts, site, base)
    trail = [(_("Series"), reverse("all_series")), (shown.title, shown.get_absolute_url())]
    data = linked_data.script(linked_data.breadcrumbs(site, base, trail))
    return Head(found.title, found.description, lang=shown.lang, picture=found.picture, data=data)


def page(request: HttpRequest, shown: Page) -> Head:
    """A page's. It has no picture of its own: the site's author stands for it."""
    site, base = site_of(request), site_url(request)
    face = picture(site.avatar, base, site.avatar.alt or site.author_name or site.title) if site.avatar else None
    return Head(shown.title, shown.excerpt or site.description or shown.title, lang=shown.lang, picture=face)


def author(request: HttpRequest, shown: Profile, listed: Iterable[Post]) -> Head:
    """An author's."""
    site, base = site_of(request), site_url(request)
    found = of_list(shown.name, shown.excerpt, listed, site, base)
    portrait = picture(shown.picture, base, shown.picture.alt or shown.name) if shown.picture else None
    return Head(found.title, found.description, "profile", site.language, portrait or found.picture)


def prompts(request: HttpRequest, title: str, shown: Iterable[Prompt], about: str = "") -> Head:
    """A list of prompts': what it is about, else what they show."""
    site, base = site_of(request), site_url(request)
    listed = list(shown)
    names = dict.fromkeys(" ".join(prompt.title.split()) for prompt in listed[:8])
    found = of_list(title, about or shorten(" · ".join(names), EXCERPT_LENGTH), [], site, base)
    pictures = chain((_still(prompt, base) for prompt in listed), (picture_of(prompt.post, base) for prompt in listed))
    return Head(title, found.description, lang=site.language, picture=next(filter(None, pictures), None))


def prompt(request: HttpRequest, shown: Prompt, data: SafeString) -> Head:
    """A prompt's."""
    base = site_url(request)
    return Head(
        shown.title,
        sentences(shown.text, EXCERPT_LENGTH),
        "article",
        shown.lang,
        _still(shown, base) or picture_of(shown.post, base),
        robots=KEPT_OUT if shown.post.noindex else LARGE,
        published=moment(shown.post.publish_at),
        modified=moment(shown.post.modified_at),
        data=data,
    )


def _still(shown: Prompt, base: str) -> Picture | None:
    """What it made, if that may be shown."""
    embed = shown.post_embed.embed if shown.post_embed else None
    if embed is None or embed.poster is None or not embed.shows_snapshot:
        return None
    return picture(embed.poster, base, embed.poster_alt or embed.poster.alt or shown.title)
