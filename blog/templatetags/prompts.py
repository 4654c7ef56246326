"""Filters for lists of prompts: `{% load prompts %}`."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from blog.presentation import language_name
from blog.search import marks
from blog.search.query import Query

register = template.Library()


@register.filter
def marked(text: str, query: Query | str) -> SafeString:
    """The text, escaped, with what was searched for in <mark>; a list that is no search has no query."""
    return marks.marked(text, query) if isinstance(query, Query) else conditional_escape(text)


@register.filter
def language(code: str) -> str:
    """What a language calls itself."""
    return language_name(code)
