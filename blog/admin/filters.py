"""Filters for the list of posts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from blog.models import Post
from blog.people import conditions


def _chosen(posts: QuerySet[Post], name: str | None) -> QuerySet[Post]:
    known = conditions()
    return posts.filter(known[name]) if name in known else posts


class StateFilter(admin.SimpleListFilter):
    """Where a post stands on its way to readers."""

    title = pgettext_lazy("of a post", "state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """In the order a post goes through them."""
        return [
            ("draft", _("draft")),
            ("submitted", _("submitted")),
            ("scheduled", _("scheduled")),
            ("published", _("published")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        """As chosen."""
        return _chosen(queryset, self.value())


class LacksFilter(admin.SimpleListFilter):
    """What would still do a post good."""

    title = gettext_lazy("what is missing")
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Summary and alt text."""
        return [("summary", _("summary")), ("alt", _("alt text"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        """As chosen."""
        return _chosen(queryset, self.value())
