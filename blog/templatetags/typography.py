"""How words are set: `{% load typography %}`."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.html import format_html
from django.utils.translation import get_language_bidi

from blog.presentation import is_right_to_left
from blog.rendering.text import bound as bound_text

register = template.Library()


@register.filter(is_safe=True)
@stringfilter
def bound(title: str) -> str:
    """The title as a page shows it: no line begins with a sign that separates its parts."""
    return bound_text(title)


@register.simple_tag
def direction(lang: str, within: str = "") -> str:
    """The attribute of what is written in a language, if it runs against that of the interface, or one around it."""
    right_to_left = is_right_to_left(lang)
    if right_to_left == (is_right_to_left(within) if within else get_language_bidi()):
        return ""
    return format_html(' dir="{}"', "rtl" if right_to_left else "ltr")
