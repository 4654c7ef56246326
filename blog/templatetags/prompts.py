"""Filters for lists of prompts: `{% load prompts %}`."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from blog.presentation import language_name

register = template.Library()


@register.filter
def marked(text: str, words: list[str]) -> SafeString:
    """The text, escaped, with the words that were searched for in <mark>."""
    if not words:
        return conditional_escape(text)
    found = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)
    pieces, end = [], 0
    for match in found.finditer(text):
        pieces += [
            conditional_escape(text[end : match.start()]),
            mark_safe(f"<mark>{conditional_escape(match[0])}</mark>"),
        ]
        end = match.end()
    return mark_safe("".join([*pieces, conditional_escape(text[end:])]))  # every piece was escaped


@register.filter
def language(code: str) -> str:
    """What a language calls itself."""
    return language_name(code)
