"""The models (generators) that prompts are written for."""

from __future__ import annotations

import re

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.models.slug import free_slug

# "Veo 3", "Midjourney v6.1": the number at the end is the version of a model nobody knows yet.
_NAME_AND_NUMBER = re.compile(r"(.*\S)\s(v?\d[\w.]*)", re.IGNORECASE)


class GeneratorManager(models.Manager["Generator"]):
    """Generators by what authors call them."""

    def named(self, written: str, *, make: bool = True) -> tuple[Generator, str]:
        """(the generator, its version) that a line such as "Sora 1.0" names; a generator nobody knows is made.

        Without `make` it isn't stored, and its key is one that no row has: a preview shows what saving would give.
        """
        written = " ".join(written.split())
        known = [generator for generator in self.all() if _begins_with(written, generator.name)]
        if known:
            best = max(known, key=lambda generator: len(generator.name))
            return best, _version(written[len(best.name) :])[:100]
        match = _NAME_AND_NUMBER.fullmatch(written)
        name, version = (match[1], match[2]) if match else (written, "")
        name = name[:100].strip()
        new = Generator(name=name, slug=free_slug(Generator, name, "model"))
        if make:
            new.save()
        else:
            new.pk = -1
        return new, version[:100]


def _begins_with(written: str, name: str) -> bool:
    """Whether the name ends where a word of `written` ends, whatever the case of either."""
    return written[: len(name)].casefold() == name.casefold() and not re.match(r"\w", written[len(name) :])


def _version(rest: str) -> str:
    rest = rest.strip(" ,")
    return rest[1:-1].strip() if re.fullmatch(r"\([^()]*\)", rest) else rest


class Generator(models.Model):
    """A model that makes media: Sora, Veo, Midjourney."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("in service")
        RETIRED = "retired", _("retired")

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    vendor = models.CharField(_("vendor"), max_length=100, blank=True)
    url = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("What it is; stands on its page."))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.ACTIVE)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = GeneratorManager()

    class Meta:
        verbose_name = _("generator")
        verbose_name_plural = _("generators")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["active", "retired"]), name="generator_status_known"),
            models.CheckConstraint(
                condition=Q(status="retired") | Q(retired_on=None), name="generator_active_has_no_end"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the model."""
        return reverse("model", args=[self.slug])

    @property
    def is_retired(self) -> bool:
        """Whether nobody can run its prompts any more."""
        return self.status == self.Status.RETIRED
