"""What a page is about, in the words of https://schema.org/, as JSON that can stand in a script element.

Browsers don't run it (its type is no script's), so the Content-Security-Policy has nothing to allow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.duration import duration_iso_string
from django.utils.safestring import SafeString, mark_safe

from blog.meta.head import Picture, moment, picture
from blog.meta.videos import Film
from blog.models import Post, SiteSettings

Thing = dict[str, Any]

# What would end a script element or a line of one:
# https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
_IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def script(*things: Thing) -> SafeString:
    """The content of a script element that says all of this."""
    graph = things[0] if len(things) == 1 else {"@graph": list(things)}
    text = json.dumps({"@context": "https://schema.org", **graph}, ensure_ascii=False)
    return mark_safe(text.translate(_IN_SCRIPT))  # nothing in it can end the element


def website(site: SiteSettings, base: str) -> Thing:
    """The site: its name in search results."""
    return _known(
        {
            "@type": "WebSite",
            "@id": f"{base}/#site",
            "url": f"{base}/",
            "name": site.title,
            "alternateName": site.tagline,
            "description": site.description,
            "inLanguage": site.language,
            "publisher": publisher(site, base),
        }
    )


def publisher(site: SiteSettings, base: str) -> Thing:
    """Who is behind the site: the person it names, else the site itself."""
    logo = picture(site.avatar, base, site.title) if site.avatar else None
    return _known(
        {
            "@type": "Person" if site.author_name else "Organization",
            "@id": f"{base}/#publisher",
            "name": site.author_name or site.title,
            "url": f"{base}/",
            "description": site.author_bio,
            "image" if site.author_name else "logo": _image(logo) if logo else None,
            "sameAs": list(site.social_links),
        }
    )


def posting(
    post: Post,
    site: SiteSettings,
    base: str,
    shown: Picture | None = None,
    films: Iterable[Film] = (),
    others: Iterable[Post] = (),
) -> Thing:
    """A post. `others` says the same in other languages."""
    url = base + post.get_absolute_url()
    group = [post, *others]
    original = next((one for one in group if one.pk == post.translation_of_id), None)
    translations = [] if post.translation_of_id else [one for one in group if one is not post]
    return _known(
        {
            "@type": "BlogPosting",
            "@id": f"{url}#post",
            "url": url,
            "mainEntityOfPage": url,
            "headline": post.title[:110],
            "description": post.description,
            "inLanguage": post.lang,
            "datePublished": moment(post.publish_at),
            "dateModified": moment(post.modified_at),
            "image": _image(shown) if shown else None,
            "author": _author(post, site, base),
            "publisher": publisher(site, base),
            "isPartOf": {"@type": "Blog", "@id": f"{base}/#blog", "name": site.title, "url": f"{base}/"},
            "articleSection": " / ".join(post.category.names) if post.category else "",
            "keywords": [tag.name for tag in post.tags.all()],
            "license": site.licence_url,
            "video": [video(film, url) for film in films],
            "translationOfWork": _work(original, base) if original else None,
            "workTranslation": [_work(one, base) for one in translations],
        }
    )


def video(film: Film, url: str) -> Thing:
    """A film on the page at `url`."""
    return _known(
        {
            "@type": "VideoObject",
            "@id": f"{url}#{film.anchor}" if film.anchor else "",
            "name": film.name,
            "description": film.description,
            "thumbnailUrl": [film.still],
            "uploadDate": moment(film.uploaded),
            "contentUrl": film.file,
            "embedUrl": film.player,
            "duration": duration_iso_string(film.duration) if film.duration else "",
        }
    )


def breadcrumbs(site: SiteSettings, base: str, steps: Iterable[tuple[str, str]]) -> Thing:
    """The way from the front page: (name, address) of each step after it; of the last, the page itself, no address."""
    trail = [(site.title, "/"), *steps]
    items = [
        _known({"@type": "ListItem", "position": i, "name": name, "item": base + address if address else ""})
        for i, (name, address) in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def post_trail(post: Post) -> list[tuple[str, str]]:
    """The steps to a post: its categories."""
    trail = post.category.trail if post.category else []
    return [*((name, reverse("category", args=[path])) for name, path in trail), (post.title, "")]


def _author(post: Post, site: SiteSettings, base: str) -> Thing:
    if not post.byline:
        return publisher(site, base)
    page = post.author_url
    return _known({"@type": "Person", "name": post.byline, "url": urljoin(f"{base}/", page) if page else ""})


def _work(post: Post, base: str) -> Thing:
    url = base + post.get_absolute_url()
    return {"@type": "BlogPosting", "@id": f"{url}#post", "url": url, "headline": post.title, "inLanguage": post.lang}


def _image(shown: Picture) -> Thing:
    return {"@type": "ImageObject", "url": shown.url, "width": shown.width, "height": shown.height}


def _known(thing: Thing) -> Thing:
    """Without what isn't known."""
    return {name: value for name, value in thing.items() if value not in ("", None, [])}
