"""What to look at before publishing: what others will show of a post, and what may have been forgotten."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog import moves, presentation, publishing
from blog.admin.desk import lint
from blog.meta.cards import own_cover
from blog.models import Post, SiteSettings
from blog.rendering import RenderError
from blog.sentences import translated

# Half-width cells that search results have room for; a Hangul syllable takes two.
TITLE_CELLS, DESCRIPTION_CELLS = 60, 156
CARD_CHARACTERS = 70  # of a title on X
_NOT_FINAL = re.compile(r"(?:\d{4}-?\d{2}-?\d{2}[-\w]{0,12}|draft|untitled|제목-없음|post)(?:-\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Previews:
    """What others will make of a post."""

    title: str  # in search results
    description: str
    card_title: str  # on X
    card_description: str  # on X and in KakaoTalk; each cuts it after two lines
    address: str
    host: str
    picture: str  # its address: the cover, else the card that is drawn
    picture_alt: str


def previews(post: Post, site_url: str) -> Previews:
    """What search results and cards will show."""
    site = SiteSettings.load()
    cover = own_cover(post)
    return Previews(
        title=cut(f"{post.title} — {site.title}", TITLE_CELLS),
        description=cut(post.description, DESCRIPTION_CELLS),
        card_title=_at_most(post.title, CARD_CHARACTERS),
        card_description=post.description,
        address=f"{site_url}{unquote(post.get_absolute_url())}",
        host=urlsplit(site_url).netloc,
        picture=cover.file.url if cover else reverse("admin:blog_post_card", args=[post.pk]),
        picture_alt=cover.alt if cover else post.title,
    )


def _at_most(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1].rstrip()}…"


def cut(text: str, cells: int) -> str:
    """As much of a text as fits; an ellipsis says that there is more."""
    text = " ".join(text.split())
    if cells_of(text) <= cells:
        return text
    used = 0
    for end, character in enumerate(text):
        used += cells_of(character)
        if used > cells - 1:
            return f"{text[:end].rstrip()}…"
    return text


def cells_of(text: str) -> int:
    """How wide it is: CJK takes two cells (https://www.unicode.org/reports/tr11/)."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def warnings(post: Post, site_url: str) -> list[str]:
    """What may have been forgotten, and what the writing screen found in the text. None of it forbids publishing."""
    return [*_of_the_post(post), *_of_its_embeds(post), *_of_its_text(post, site_url)]


def _of_the_post(post: Post) -> list[str]:
    found = []
    if not post.body.strip():
        found.append(_("The text is empty."))
    if not post.summary.strip():
        found.append(_("It has no summary: search results and cards will show the text's beginning."))
    if post.category_id is None:
        found.append(_("It has no category."))
    if cells_of(post.title) > TITLE_CELLS:
        found.append(_("The title is long: search results will cut it."))
    if _NOT_FINAL.fullmatch(post.slug):
        found.append(_("The address “%(slug)s” doesn't look final.") % {"slug": post.slug})
    loser = None if post.is_public else moves.taken_over(post, post.slug)
    if loser is not None:
        found.append(
            _("Its address leads to “%(title)s”, which had it before. Publishing this ends that.") % {"title": loser}
        )
    if post.publish_at and post.publish_at > timezone.now():
        found.append(_("Its date is in the future: “Publish now” will replace it."))
    return found


def _of_its_embeds(post: Post) -> list[str]:
    found = []
    for placed in presentation.embeds_of(post):
        if placed.embed.takedown:
            found.append(_("“%(embed)s” can't be seen where it was any more.") % {"embed": placed.title})
        elif placed.embed.status == placed.embed.Status.PENDING:
            found.append(_("“%(embed)s” has not been fetched yet.") % {"embed": placed.title})
    return found


def _of_its_text(post: Post, site_url: str) -> list[str]:
    try:
        result = publishing.rendered(post)
    except RenderError as error:
        return [translated(str(error))]
    found = lint.problems(post, result, presentation.embeds_of(post), site_url)
    return [f"{_('Line %s') % one['line']}: {one['text']}" if one["line"] else one["text"] for one in found]
