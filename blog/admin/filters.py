"""Filters for the list of posts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from blog.models import Post

# A picture without words for it, as the sanitiser writes it.
WITHOUT_ALT = Q(body_html__contains=' alt=""') | Q(image__isnull=False, image__alt="")


def in_state(posts: QuerySet[Post], state: str) -> QuerySet[Post]:
    """Those that are drafts (not submitted), submitted, scheduled or published."""
    now = timezone.now()
    conditions = {
        "draft": Q(status=Post.Status.DRAFT, submitted_at=None),
        "submitted": Q(submitted_at__isnull=False),
        "scheduled": Q(status=Post.Status.PUBLISHED, publish_at__gt=now),
        "published": Q(status=Post.Status.PUBLISHED, publish_at__lte=now),
    }
    return posts.filter(conditions[state]) if state in conditions else posts


def lacking(posts: QuerySet[Post], what: str) -> QuerySet[Post]:
    """Those without a summary, or with a picture without alt text."""
    conditions = {"summary": Q(summary=""), "alt": WITHOUT_ALT}
    return posts.filter(conditions[what]) if what in conditions else posts


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
        return in_state(queryset, self.value() or "")


class LacksFilter(admin.SimpleListFilter):
    """What would still do a post good."""

    title = gettext_lazy("what is missing")
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Summary and alt text."""
        return [("summary", _("summary")), ("alt", _("alt text"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        """As chosen."""
        return lacking(queryset, self.value() or "")
