"""Titles as they are set: `{% load typography %}`."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import stringfilter

from blog.rendering.text import bound as bound_text

register = template.Library()


@register.filter(is_safe=True)
@stringfilter
def bound(title: str) -> str:
    """The title as a page shows it: no line begins with a sign that separates its parts."""
    return bound_text(title)
