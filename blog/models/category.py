"""Categories: a tree of any depth, addressed by path."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A branch or leaf of the tree. A post stands in one; its ancestors list it too."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=100, allow_unicode=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    description = models.TextField(_("description"), blank=True)
    # Derived from the ancestors by save().
    path = models.CharField(_("path"), max_length=500, unique=True, editable=False)
    names = models.JSONField(default=list, editable=False)  # of the ancestors and itself, outermost first

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(slug=""), name="category_has_name_and_slug"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("id")), name="category_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return " / ".join(self.names) or self.name

    def save(self, **kwargs: Any) -> None:
        """Derive path and names, here and in everything below. Raises ValidationError if it would be below itself."""
        self._check_ancestors()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {"path", "names", *kwargs["update_fields"]}
        self.path = f"{self.parent.path}/{self.slug}" if self.parent else self.slug
        self.names = [*(self.parent.names if self.parent else []), self.name]
        with transaction.atomic():
            super().save(**kwargs)
            for child in self.children.all():
                child.parent = self
                child.save()

    def get_absolute_url(self) -> str:
        """Chirpy's address, with the whole path."""
        return reverse("category", args=[self.path])

    @property
    def trail(self) -> list[tuple[str, str]]:
        """(name, path) of the ancestors and itself, outermost first; needs no query."""
        slugs = self.path.split("/")
        return [(name, "/".join(slugs[: i + 1])) for i, name in enumerate(self.names)]

    def clean(self) -> None:
        """A category can't stand below itself, and siblings differ in slug."""
        self._check_ancestors()
        path = f"{self.parent.path}/{self.slug}" if self.parent else self.slug
        if Category.objects.filter(path=path).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": _("There is such a category at this place already.")})

    def _check_ancestors(self) -> None:
        ancestor = self.parent
        while ancestor is not None and self.pk is not None:
            if ancestor.pk == self.pk:
                raise ValidationError({"parent": _("A category can't be below itself.")})
            ancestor = ancestor.parent
