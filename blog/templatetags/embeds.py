"""Tags that show embeds in any template: `{% load embeds %}`.

{% post_body post %}
{% embed some_embed %}   {% embed "https://x.com/OpenAI/status/1758…" caption="tokyo walk" %}
{% tweet "1758192965703647443" %}
"""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from blog import presentation
from blog.embeds.x import X
from blog.models import Embed, Post, PostEmbed
from blog.presentation import PlacedEmbed, Target

register = template.Library()


@register.simple_tag
def post_body(post: Post, target: Target = "page", base_url: str = "") -> SafeString:
    """A post's body for "page", "feed" (give the post's absolute address as well) or "text"."""
    return presentation.body(post, target, base_url)


@register.simple_tag
def embed(what: Embed | PostEmbed | PlacedEmbed | str, caption: str = "", target: Target = "page") -> SafeString:
    """An embed, by record or address; an address that no provider knows becomes a link, anything else its own text."""
    if isinstance(what, PlacedEmbed):
        placed = what
    elif isinstance(what, PostEmbed):
        placed = PlacedEmbed(what.embed, caption or what.caption, what.anchor)
    elif isinstance(what, Embed):
        placed = PlacedEmbed(what, caption)
    else:
        found = presentation.find_embed(str(what).strip())
        if not isinstance(found, Embed):
            return _link(found, caption or str(what)) if found else format_html("{}", what)
        placed = PlacedEmbed(found, caption)
    return mark_safe(presentation.render_embed(placed, target))  # templates escape what they show


@register.simple_tag
def tweet(value: str | int, caption: str = "", target: Target = "page") -> SafeString:
    """A post on X by its number, path or address."""
    identity = X().from_id(str(value).strip())
    return embed(identity.url if identity else str(value), caption, target)


def _link(url: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text)
