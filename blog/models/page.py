"""Pages outside the stream of posts: About, Contact."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Page(models.Model):
    """A page at `/<slug>/`, written in the same Markdown as posts."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    lang = models.CharField(_("language"), max_length=20, default="ko")
    published = models.BooleanField(_("published"), default=True)
    in_menu = models.BooleanField(_("in the menu"), default=True)
    menu_order = models.IntegerField(_("place in the menu"), default=0)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)
    # Derived by blog.publishing when the page is saved.
    body_html = models.TextField(editable=False, blank=True)
    excerpt = models.TextField(editable=False, blank=True)
    refs = models.JSONField(default=dict, editable=False)  # its embeds and prompts, as rendering gave them
    warnings = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["menu_order", "title"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(slug=""), name="page_has_title_and_slug"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """At the top level, as Chirpy's tabs."""
        return reverse("page", args=[self.slug])

    def clean(self) -> None:
        """A page can't take an address that the blog uses itself."""
        try:
            taken = resolve(f"/{self.slug}/").url_name != "page"
        except Resolver404:
            taken = False
        if taken:
            raise ValidationError({"slug": _("The blog itself uses this address. Choose another.")})
