"""Prompts, what goes wrong with them, and their translations."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from blog.models.post import is_published
from blog.models.slug import free_slug
from blog.rendering.prompt_settings import PARAMETERS
from blog.rendering.text import shorten


class FailureMode(models.Model):
    """A way in which results go wrong: object duplication, physics."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("failure mode")
        verbose_name_plural = _("failure modes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list of prompts that fail so."""
        return reverse("failure", args=[self.slug])

    @classmethod
    def named(cls, names: Iterable[str]) -> list[FailureMode]:
        """Those of the given names, whatever the case; made where they are missing."""
        stored = {mode.name.casefold(): mode for mode in cls.objects.all()} if names else {}
        for name in names:
            if name[:100].casefold() not in stored:
                new = cls.objects.create(name=name[:100], slug=free_slug(cls, name, "failure"))
                stored[new.name.casefold()] = new
        return [stored[name[:100].casefold()] for name in names]


def new_public_id() -> str:
    """Ten characters for a permalink, 50 bits: short enough to read out, without look-alikes."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(10))


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Prompts."""

    def current(self) -> PromptQuerySet:
        """Those that stand in their post's text now."""
        return self.filter(position__isnull=False)

    def published(self, now: datetime | None = None) -> PromptQuerySet:
        """What readers may see: those in the texts of posts that they may see."""
        return self.current().filter(is_published("post__", now))

    def newest_first(self) -> PromptQuerySet:
        """The newest post's first; those of one post in the order of its text."""
        return self.order_by("-post__publish_at", "-post_id", "position")

    def with_place(self) -> PromptQuerySet:
        """Joined with what is shown around a prompt: its model, its post, its medium."""
        return self.select_related("generator", "post__author", "post__image", "post_embed__embed__poster")

    def family(self, prompt: Prompt) -> PromptQuerySet:
        """The other variants of the same original, and the original."""
        return self.filter(pk__in=RawSQL(_FAMILY, [prompt.pk])).exclude(pk=prompt.pk)  # noqa: S611


# A prompt, what it is a variant of, and so on up to the original.
_ANCESTORS = """
WITH RECURSIVE line(id, parent) AS (
  SELECT id, variant_of_id FROM blog_prompt WHERE id = %s
  UNION SELECT prompt.id, prompt.variant_of_id FROM line JOIN blog_prompt prompt ON prompt.id = line.parent
) SELECT id FROM line"""
# Those, all their variants, the variants of these, and so on.
_FAMILY = """
WITH RECURSIVE line(id, parent) AS (
  SELECT id, variant_of_id FROM blog_prompt WHERE id = %s
  UNION SELECT prompt.id, prompt.variant_of_id FROM line JOIN blog_prompt prompt ON prompt.id = line.parent
), family(id) AS (
  SELECT id FROM line
  UNION SELECT prompt.id FROM family JOIN blog_prompt prompt ON prompt.variant_of_id = family.id
) SELECT id FROM family"""


class Prompt(models.Model):
    """A prompt in a post. Its text is derived; the rest is the author's and survives edits of the text."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="prompts", editable=False)
    post_embed = models.ForeignKey(
        "blog.PostEmbed", null=True, on_delete=models.SET_NULL, related_name="prompts", editable=False
    )
    # Order in the text. Null: it was taken out of the text; the row waits in case it is put back.
    position = models.PositiveIntegerField(_("position"), null=True, editable=False)
    label = models.CharField(_("label"), max_length=50, editable=False)
    text = models.TextField(_("text"), editable=False)
    lang = models.CharField(_("language"), max_length=20, editable=False)

    generator = models.ForeignKey(
        "blog.Generator",
        verbose_name=_("generator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="prompts",
        db_index=False,  # prompt_model has it
    )
    model_version = models.CharField(_("version of the model"), max_length=100, blank=True)
    negative_prompt = models.TextField(_("negative prompt"), blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)  # name → text
    failure_modes = models.ManyToManyField(
        FailureMode, verbose_name=_("failure modes"), blank=True, related_name="prompts"
    )
    variant_of = models.ForeignKey(
        "self", verbose_name=_("variant of"), null=True, blank=True, on_delete=models.SET_NULL, related_name="variants"
    )
    notes = models.TextField(_("notes"), blank=True)
    # Which of these the text itself says, and what: `blog.prompts.settings` keeps it.
    written = models.JSONField(default=dict, editable=False)

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["post", "position"]
        indexes = [
            models.Index(fields=["generator", "-post", "position"], name="prompt_model"),
            models.Index(fields=["lang", "-post", "position"], name="prompt_lang"),
            models.Index(fields=["position", "-post"], condition=Q(position__isnull=True), name="prompt_not_in_text"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["post", "position"], name="prompt_unique_position"),
            models.CheckConstraint(condition=~Q(text=""), name="prompt_has_text"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        """Its permalink."""
        return reverse("prompt", args=[self.public_id])

    def clean(self) -> None:
        """A prompt isn't a variant of itself, not even by a detour."""
        if self.variant_of_id is not None and not self.may_be_variant_of(self.variant_of_id):
            raise ValidationError({"variant_of": _("A prompt can't be a variant of itself.")})

    def may_be_variant_of(self, pk: int) -> bool:
        """Whether that would make no circle."""
        ancestors = Prompt.objects.filter(pk__in=RawSQL(_ANCESTORS, [pk]))  # noqa: S611
        return self.pk is None or not ancestors.filter(pk=self.pk).exists()

    @property
    def anchor(self) -> str:
        """The prompt's id on the page of its post."""
        return f"prompt-{self.public_id}"

    @property
    def place_url(self) -> str:
        """Where it stands in its post."""
        return f"{self.post.get_absolute_url()}#{self.anchor}"

    @property
    def caption(self) -> str:
        """That of its embed, or ""."""
        return self.post_embed.caption if self.post_embed else ""

    @property
    def title(self) -> str:
        """Its caption, else its first words."""
        return self.caption or shorten(self.text, 60)

    @property
    def is_long(self) -> bool:
        """Whether lists show its beginning only."""
        return len(self.text) > 320 or self.text.count("\n") > 5

    @property
    def model_name(self) -> str:
        """The generator with its version, or ""."""
        return f"{self.generator.name} {self.model_version}".strip() if self.generator else ""

    @property
    def labelled_parameters(self) -> list[tuple[str, Any]]:
        """Parameters with the names that readers know."""
        return [(parameter_label(key), value) for key, value in self.ordered_parameters.items()]

    @property
    def ordered_parameters(self) -> dict[str, Any]:
        """Known ones first, then by name: PostgreSQL doesn't keep the order of keys."""
        known = [key for key in PARAMETERS if key in self.parameters]
        other = sorted((key for key in self.parameters if key not in PARAMETERS), key=str.casefold)
        return {key: self.parameters[key] for key in [*known, *other]}


def parameter_label(key: str) -> str:
    """What readers call a parameter; one that isn't known keeps the author's name."""
    labels = {
        "seed": gettext("Seed"),
        "aspect": gettext("Aspect ratio"),
        "duration": gettext("Duration"),
        "resolution": gettext("Resolution"),
        "steps": gettext("Steps"),
        "cfg": gettext("CFG scale"),
        "sampler": gettext("Sampler"),
        "settings": gettext("Settings"),
    }
    return labels.get(key, key)


class PromptTranslation(models.Model):
    """A prompt in another language; the original is the prompt's own text."""

    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="translations")
    lang = models.CharField(_("language"), max_length=20, help_text=_("Such as ko, en, ja."))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["lang"]
        constraints = [
            models.UniqueConstraint(fields=["prompt", "lang"], name="prompttranslation_unique_lang"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(lang=""), name="prompttranslation_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.lang}: {self.text[:60]}"

    def clean(self) -> None:
        """One a language."""
        # The constraint holds it too, but inline forms don't ask constraints.
        others = PromptTranslation.objects.filter(prompt=self.prompt_id, lang=self.lang).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError({"lang": _("There is a translation into this language already.")})
