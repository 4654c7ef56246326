"""Stage 2 of rendering: the placeholders of a stored body become what the target needs.

page   figures with links the script can turn into players
feed   the same as plain figures with absolute addresses, for readers that know no CSS and no script
text   captions, prompts and links as plain text
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from html import unescape
from typing import Literal
from urllib.parse import urljoin

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from blog.embeds import identify, provider, resolve_include
from blog.embeds.base import Identity
from blog.models import Embed, Generator, Page, Post, PostEmbed, Prompt
from blog.prompts import settings as prompt_settings
from blog.rendering import EmbedRef
from blog.rendering.rendered import fill
from blog.rendering.text import shorten

Target = Literal["page", "feed", "text"]

# A tag as the sanitiser writes it: values always in double quotes, in which ">" may stand.
_TAG = re.compile(r'<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>')
_LINK = re.compile(r' (href|src|cite|poster)="([^"]*)"')
_STYLE = re.compile(r' style="([^"]*)"')


@dataclass(frozen=True, slots=True)
class PlacedEmbed:
    """An embed with what its place in a text adds: all that a template of a provider needs."""

    embed: Embed
    caption: str = ""
    anchor: str = ""
    prompts: tuple[Prompt, ...] = ()
    position: int = 0

    @property
    def subtitle(self) -> str:
        """The words on the still of an embed without a poster: what was said, else the caption."""
        return shorten(self.embed.text, 90) if self.embed.text and self.embed.shows_snapshot else self.caption

    @property
    def tone(self) -> int:
        """Which of the stylesheet's six lights falls on that still: neighbours get different ones."""
        return self.position % 6


def body(post: Post, target: Target, base_url: str = "") -> SafeString:
    """A post's body for a target. `base_url` is the post's absolute address; feeds need it."""
    placed = embeds_of(post)
    prompts = {prompt.position: prompt for prompt in current_prompts(post)}

    def replace(kind: str, number: int) -> str:
        if kind == "embed":
            return render_embed(placed[number], target) if number < len(placed) else ""
        return render_prompt(prompts[number], target) if number in prompts else ""

    return _finish(fill(post.body_html, replace), target, base_url)


def page_body(page: Page) -> SafeString:
    """A page's body, for the browser."""
    refs = [EmbedRef(**ref) for ref in page.refs.get("embeds", [])]
    stored = {
        (embed.provider, embed.provider_id): embed
        for embed in (Embed.objects.filter(provider_id__in=[r.provider_id for r in refs]) if refs else [])
    }
    prompts = [
        (ref["embed"], prompt_settings.unsaved(ref, f"{page.pk}-{i}"))
        for i, ref in enumerate(page.refs.get("prompts", []))
    ]

    def replace(kind: str, number: int) -> str:
        if kind == "prompt":
            return render_prompt(prompts[number][1], "page")
        ref = refs[number]
        embed = stored.get((ref.provider, ref.provider_id)) or Embed.named_by(ref)
        own = tuple(prompt for owner, prompt in prompts if owner == number)
        anchor = PostEmbed(key=ref.key).anchor
        return render_embed(PlacedEmbed(embed, ref.caption, anchor, own, number), "page")

    return _finish(fill(page.body_html, replace), "page", "")


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
            row.embed, row.caption, row.anchor, tuple(p for p in prompts if p.post_embed_id == row.pk), row.position
        )
        for row in sorted(post.post_embeds.all(), key=lambda row: row.position)
    ]


def still_of(post: Post) -> PlacedEmbed | None:
    """The embed whose still stands for the post: the first with a poster that may be shown, else the first."""
    rows = sorted(post.post_embeds.all(), key=lambda row: row.position)
    placed = [PlacedEmbed(row.embed, row.caption, position=row.position) for row in rows]
    return next((p for p in placed if p.embed.poster and p.embed.shows_snapshot), placed[0] if placed else None)


def render_embed(placed: PlacedEmbed, target: Target) -> str:
    """One embed by its provider's template."""
    context = {
        "placed": placed,
        "embed": placed.embed,
        "caption": placed.caption,
        "provider": provider(placed.embed.provider),
        "prompts": [mark_safe(render_prompt(prompt, target)) for prompt in placed.prompts],
    }
    return render_to_string(f"blog/embeds/{placed.embed.provider}.{_extension(target)}", context).strip()


def render_prompt(prompt: Prompt, target: Target) -> str:
    """One prompt."""
    return render_to_string(f"blog/embeds/prompt.{_extension(target)}", {"prompt": prompt}).strip()


def retired_models(post: Post) -> list[Generator]:
    """The models nobody can use any more that a post or its prompts name; uses what was prefetched."""
    named = [post.generator, *(prompt.generator for prompt in current_prompts(post))]
    return list(dict.fromkeys(generator for generator in named if generator and generator.is_retired))


def prompt_media(prompt: Prompt) -> SafeString:
    """The figure of a prompt's embed for the prompt's own page; "" without one."""
    if prompt.post_embed is None:
        return mark_safe("")
    embed, position = prompt.post_embed.embed, prompt.post_embed.position
    full = embed.shows_snapshot and (embed.poster is not None or embed.text)
    placed = PlacedEmbed(embed, "" if full else prompt.caption, position=position)  # the page's title says it too
    return mark_safe(render_embed(placed, "page"))  # templates escape what they show


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


def _extension(target: Target) -> str:
    return f"{target}.txt" if target == "text" else f"{target}.html"


def find_embed(value: str) -> Embed | str | None:
    """The embed an author means by an address or an X post's id: stored or new, never saved; else the URL, or None."""
    found = identify(value)
    identity = found[0] if found else resolve_include("x", value)
    if isinstance(identity, Identity):
        stored = Embed.objects.select_related("poster").filter(provider=identity.provider, provider_id=identity.id)
        return stored.first() or Embed.named_by(EmbedRef.of(identity))
    return value if value.startswith(("https://", "http://")) else None


def page_styles(html: str) -> tuple[str, str, str]:
    """Move the colours an author set out of the way of the Content-Security-Policy.

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
        html = _TAG.sub(replace_tag, html)
    if not rules:
        return html, "", ""
    sheet = "".join(f".body .{name}{{{style}}}" for style, name in rules.items())
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return html, sheet, f"'sha256-{digest}'"


def _finish(html: str, target: Target, base_url: str) -> SafeString:
    if target == "feed":
        html = _TAG.sub(lambda tag: _absolute_links(tag[0], base_url), html)
    return mark_safe(html)  # sanitised when it was saved; templates escaped what they added


def _absolute_links(tag: str, base_url: str) -> str:
    return _LINK.sub(lambda link: f' {link[1]}="{urljoin(base_url, link[2])}"', tag)
