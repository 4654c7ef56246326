"""Stage 2 of rendering: the placeholders of a stored body become what the target needs.

page   figures with links the script can turn into players
feed   the same as plain figures with absolute addresses, for readers that know no CSS and no script
text   captions, prompts and links as plain text
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Literal
from urllib.parse import urljoin

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

from blog.embeds import Player, Provider, identify, provider, resolve_include
from blog.embeds.media import MediaFile
from blog.embeds.shape import nearest
from blog.illustrations import pictures, plain
from blog.memo import Memo, contents
from blog.models import Embed, Generator, Image, Page, Post, PostEmbed, Profile, Prompt, SiteSettings
from blog.prompts import settings as prompt_settings
from blog.rendering import EmbedRef
from blog.rendering.rendered import TAG, fill
from blog.rendering.text import shorten

Target = Literal["page", "feed", "text"]

_LINK = re.compile(r' (href|src|cite|poster)="([^"]*)"')
_STILL_CHARACTERS, _STILL_LINES = 110, 3
_STYLE = re.compile(r' style="([^"]*)"')
_figures = Memo(4096)


@dataclass(frozen=True, slots=True)
class PlacedEmbed:
    """An embed with what its place in a text adds: all that a template of a provider needs."""

    embed: Embed
    caption: str = ""
    anchor: str = ""
    prompts: tuple[Prompt, ...] = ()
    position: int = 0
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def provider(self) -> Provider:
        """The site it is on."""
        return provider(self.embed.provider)

    @property
    def site(self) -> str:
        """What readers call that site."""
        return self.provider.site(self.embed.url)

    @property
    def words(self) -> str:
        """What was said, if that may be shown."""
        return self.embed.text if self.embed.shows_snapshot else ""

    @property
    def opening(self) -> str:
        """As much of that as a still has room for."""
        return shorten(self.words, _STILL_CHARACTERS)

    @property
    def is_cut(self) -> bool:
        """Whether a still has no room for all of it."""
        return len(self.words) > _STILL_CHARACTERS or self.words.count("\n") > _STILL_LINES - 1

    @property
    def title(self) -> str:
        """What to call it where it can't be seen: for a player's frame, a button's name."""
        return self.caption or self.opening or self.embed.author or str(self.embed)

    @property
    def subtitle(self) -> str:
        """The words on the still of an embed without a poster: what was said, else the caption."""
        return shorten(self.words, 90) or self.caption

    @property
    def shape(self) -> str:
        """The style sheet's class for the clip's shape: "shape-9-16"."""
        return f"shape-{nearest(self.options.get('aspect') or self.embed.aspect).replace(':', '-')}"

    @property
    def poster(self) -> Image | None:
        """The still, if there is one and it may be shown."""
        return self.embed.poster if self.embed.shows_snapshot else None

    @property
    def poster_alt(self) -> str:
        """What the still shows; "" leaves it to the caption beside it."""
        return self.embed.poster_alt or (self.poster.alt if self.poster else "")

    @property
    def player(self) -> Player | None:
        """What plays it here; None if there is nothing left to play, or it was taken down."""
        if self.embed.is_lost or self.embed.takedown:
            return None
        return self.provider.player(self.embed.provider_id, self.options, self.embed.details)

    @property
    def poster_url(self) -> str:
        """The same as an address, for a film; the text may name one too."""
        return self.poster.file.url if self.poster else self.options.get("poster", "")

    @property
    def sources(self) -> list[tuple[str, str]]:
        """(address, type) of a film's or sound's files."""
        site = self.provider
        return site.sources(self.embed.url, self.options) if isinstance(site, MediaFile) else []

    @property
    def tone(self) -> int:
        """Which of the stylesheet's six lights falls on that still: neighbours get different ones."""
        return self.position % 6


def body(post: Post, target: Target, base_url: str = "") -> SafeString:
    """A post's body for a target. `base_url` is the post's absolute address; feeds need it."""
    placed = embeds_of(post)
    prompts = {prompt.position: prompt for prompt in current_prompts(post)}

    def figure(kind: str, number: int) -> str:
        if kind == "embed":
            return render_embed(placed[number], target) if number < len(placed) else ""
        return render_prompt(prompts[number], target) if number in prompts else ""

    html = post.body_html
    if target == "page":
        html = pictures(html, eager=post.image_id is None)
    return _finish(fill(html, figure), target, base_url)


def page_body(page: Page | Profile) -> tuple[SafeString, list[PlacedEmbed]]:
    """A page's body, for the browser, and the embeds in it."""
    refs = [EmbedRef(**ref) for ref in page.refs.get("embeds", [])]
    known = Embed.objects.filter(provider_id__in=[ref.provider_id for ref in refs]).select_related("poster")
    stored = {(embed.provider, embed.provider_id): embed for embed in (known if refs else [])}
    prompts = [
        (ref["embed"], prompt_settings.unsaved(ref, f"{page.pk}-{i}"))
        for i, ref in enumerate(page.refs.get("prompts", []))
    ]
    placed = [
        PlacedEmbed(
            stored.get((ref.provider, ref.provider_id)) or Embed.named_by(ref),
            ref.caption,
            PostEmbed(key=ref.key).anchor,
            tuple(prompt for owner, prompt in prompts if owner == number),
            number,
            ref.options,
        )
        for number, ref in enumerate(refs)
    ]

    def figure(kind: str, number: int) -> str:
        return render_prompt(prompts[number][1], "page") if kind == "prompt" else render_embed(placed[number], "page")

    return _finish(fill(pictures(page.body_html, eager=True), figure), "page", ""), placed


def current_prompts(post: Post) -> list[Prompt]:
    """The prompts in a post's text, in order; uses what was prefetched."""
    return sorted(
        (prompt for prompt in post.prompts.all() if prompt.position is not None), key=lambda p: p.position or 0
    )


def embeds_of(post: Post) -> list[PlacedEmbed]:
    """A post's embeds in order; uses what was prefetched."""
    prompts = current_prompts(post)
    return [
        PlacedEmbed(
            row.embed,
            row.caption,
            row.anchor,
            tuple(p for p in prompts if p.post_embed_id == row.pk),
            row.position,
            row.options,
        )
        for row in sorted(post.post_embeds.all(), key=lambda row: row.position)
    ]


def still_of(post: Post) -> PlacedEmbed | None:
    """The embed whose still stands for the post: the first with a poster that may be shown, else the first."""
    rows = sorted(post.post_embeds.all(), key=lambda row: row.position)
    placed = [PlacedEmbed(row.embed, row.caption, position=row.position) for row in rows]
    return next((p for p in placed if p.poster), placed[0] if placed else None)


def policy(placed: Iterable[PlacedEmbed]) -> dict[str, list[str]]:
    """What a page with these embeds must allow on top of the site's Content-Security-Policy: its players' hosts."""
    sources: dict[str, list[str]] = {}
    for player in filter(None, (one.player for one in placed)):
        directive = "frame-src" if player.kind == "frame" else "media-src"
        if player.origin not in sources.setdefault(directive, []):
            sources[directive].append(player.origin)
    return sources


def render_embed(placed: PlacedEmbed, target: Target) -> str:
    """One embed by its provider's template; once for the same rows, language and clock."""
    try:
        key = (*_made_of(placed), target, get_language(), timezone.get_current_timezone_name())
    except KeyError:  # a row that was loaded in part
        return _render_embed(placed, target)
    return _figures.get(key, lambda: _render_embed(placed, target))


def _made_of(placed: PlacedEmbed) -> tuple[Hashable, ...]:
    """All that a template of a provider shows."""
    prompts = tuple((contents(prompt), contents(prompt.generator)) for prompt in placed.prompts)
    rows = (contents(placed.embed), contents(placed.embed.poster), prompts)
    return (*rows, placed.caption, placed.anchor, placed.position, tuple(placed.options.items()))


def _render_embed(placed: PlacedEmbed, target: Target) -> str:
    # A film or sound of another site is a card like any; one of this site is played by the browser.
    name = "card" if placed.sources and "://" in placed.embed.url else placed.embed.provider
    context = {
        "placed": placed,
        "embed": placed.embed,
        "caption": placed.caption,
        "prompts": [mark_safe(render_prompt(prompt, target)) for prompt in placed.prompts],
    }
    return render_to_string(f"blog/embeds/{name}.{_extension(target)}", context).strip()


def render_prompt(prompt: Prompt, target: Target) -> str:
    """One prompt."""
    return render_to_string(f"blog/embeds/prompt.{_extension(target)}", {"prompt": prompt}).strip()


def retired_models(post: Post) -> list[Generator]:
    """The models nobody can use any more that a post or its prompts name; uses what was prefetched."""
    named = [post.generator, *(prompt.generator for prompt in current_prompts(post))]
    return list(dict.fromkeys(generator for generator in named if generator and generator.is_retired))


def prompt_media(prompt: Prompt) -> PlacedEmbed | None:
    """The embed that a prompt belongs to, as the prompt's own page shows it."""
    row = prompt.post_embed
    if row is None:
        return None
    placed = PlacedEmbed(row.embed, prompt.caption, position=row.position, options=row.options)
    full = placed.poster or placed.words  # the page's title says the caption too
    return replace(placed, caption="") if full else placed


def prompt_entry(prompt: Prompt, url: str) -> SafeString:
    """A prompt with its medium and notes, for feeds. `url` is the prompt's absolute address."""
    if prompt.post_embed:
        html = render_embed(PlacedEmbed(prompt.post_embed.embed, prompt.caption, prompts=(prompt,)), "feed")
    else:
        html = render_prompt(prompt, "feed")
    return _finish(html + render_to_string("blog/embeds/prompt_more.feed.html", {"prompt": prompt}), "feed", url)


def language_name(code: str) -> str:
    """What a language calls itself; its code if nobody knows."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def is_right_to_left(code: str) -> bool:
    """Whether a language is written from the right."""
    try:
        return bool(get_language_info(code)["bidi"])
    except KeyError:
        return False


def _extension(target: Target) -> str:
    return f"{target}.txt" if target == "text" else f"{target}.html"


def find_embed(value: str) -> Embed | str | None:
    """The embed an author means by an address or an X post's id: stored or new, never saved; else the URL, or None."""
    found = identify(value, SiteSettings.load().instances) if "://" in value else None
    identity = found[0] if found else resolve_include("x", value)
    if identity:
        stored = Embed.objects.select_related("poster").filter(provider=identity.provider, provider_id=identity.id)
        return stored.first() or Embed.named_by(EmbedRef.of(identity))
    return value if value.startswith(("https://", "http://")) else None


def has_code(html: str) -> bool:
    """Whether there is a block of code to copy."""
    return "<pre" in html


def page_styles(html: str, cover: Image | None = None) -> tuple[str, str, str]:
    """Move the colours an author set out of the way of the Content-Security-Policy; that of a cover comes along.

    Returns the HTML with classes instead of style attributes, the style sheet for these classes and the source
    expression that allows it (https://www.w3.org/TR/CSP3/#grammardef-hash-source), both "" if there are none.
    """
    rules: dict[str, str] = {}

    def replace_tag(tag: re.Match[str]) -> str:
        style = _STYLE.search(tag[0])
        if style is None:
            return tag[0]
        name = rules.setdefault(unescape(style[1]), f"s-{len(rules) + 1}")
        without = tag[0].replace(style[0], "", 1)
        if ' class="' in without:
            return without.replace(' class="', f' class="{name} ', 1)
        return re.sub(r"^<[a-z0-9]+", lambda m: f'{m[0]} class="{name}"', without)

    if ' style="' in html:
        html = TAG.sub(replace_tag, html)
    sheet = "".join(f".body .{name}{{{style}}}" for style, name in rules.items())
    if cover and cover.has_colour:
        sheet += f".cover{{background-color:{cover.colour}}}"
    if not sheet:
        return html, "", ""
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return html, sheet, f"'sha256-{digest}'"


def _finish(html: str, target: Target, base_url: str) -> SafeString:
    if target == "feed":
        html = plain(html)
        html = TAG.sub(lambda tag: _absolute_links(tag[0], base_url), html)
    return mark_safe(html)  # sanitised when it was saved; templates escaped what they added


def _absolute_links(tag: str, base_url: str) -> str:
    return _LINK.sub(lambda link: f' {link[1]}="{urljoin(base_url, link[2])}"', tag)
