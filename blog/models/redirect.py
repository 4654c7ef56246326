"""Addresses that something has had."""

from __future__ import annotations

from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from blog.models.category import Category
from blog.models.page import Page
from blog.models.post import Post
from blog.models.series import Series

Addressed: TypeAlias = Post | Page | Category | Tag | Series


class Redirect(models.Model):
    """An old address of a post, page, category, tag or series.

    It leads to the thing, not to an address: there are no chains and no loops, however often the thing moves.
    """

    class Kind(models.TextChoices):
        POST = "post", _("post")
        PAGE = "page", _("page")
        CATEGORY = "category", _("category")
        TAG = "tag", _("tag")
        SERIES = "series", _("series")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    old = models.CharField(_("old address"), max_length=500)  # a slug; of a category its path
    post = models.ForeignKey(Post, verbose_name=_("post"), null=True, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, verbose_name=_("page"), null=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(
        Category, verbose_name=_("category"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    tag = models.ForeignKey(Tag, verbose_name=_("tag"), null=True, on_delete=models.CASCADE, related_name="+")
    series = models.ForeignKey(Series, verbose_name=_("series"), null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "old"], name="redirect_unique"),
            models.CheckConstraint(
                condition=Q(kind="post", post__isnull=False, page=None, category=None, tag=None, series=None)
                | Q(kind="page", page__isnull=False, post=None, category=None, tag=None, series=None)
                | Q(kind="category", category__isnull=False, post=None, page=None, tag=None, series=None)
                | Q(kind="tag", tag__isnull=False, post=None, page=None, category=None, series=None)
                | Q(kind="series", series__isnull=False, post=None, page=None, category=None, tag=None),
                name="redirect_leads_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.old

    @property
    def target(self) -> Addressed:
        """What it leads to."""
        target: Addressed = getattr(self, self.kind)
        return target
