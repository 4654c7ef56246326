"""Series: posts that are parts of one thing, in an order of their own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Series(models.Model):
    """An ordered row of posts."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    description = models.TextField(_("description"), blank=True)
    lang = models.CharField(_("language"), max_length=20, default="ko")

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title"]
        constraints = [models.CheckConstraint(condition=~Q(title="") & ~Q(slug=""), name="series_has_title_and_slug")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """All parts, the first first."""
        return reverse("series", args=[self.slug])
