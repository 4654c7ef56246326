"""Prompts, and the models (generators) they were written for."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Generator(models.Model):
    """A model that makes media: Sora, Veo, Midjourney."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("in service")
        RETIRED = "retired", _("retired")

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    vendor = models.CharField(_("vendor"), max_length=100, blank=True)
    url = models.URLField(_("website"), blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.ACTIVE)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

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


def new_public_id() -> str:
    """Ten characters for a permalink, 50 bits: short enough to read out, without look-alikes."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(10))


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Prompts."""

    def current(self) -> PromptQuerySet:
        """Those that stand in their post's text now."""
        return self.filter(position__isnull=False)


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
        Generator, verbose_name=_("generator"), null=True, blank=True, on_delete=models.PROTECT, related_name="prompts"
    )
    model_version = models.CharField(_("version of the model"), max_length=100, blank=True)
    negative_prompt = models.TextField(_("negative prompt"), blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["post", "position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "position"], name="prompt_unique_position"),
            models.CheckConstraint(condition=~Q(text=""), name="prompt_has_text"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        """Where it stands in its post."""
        return f"{reverse('post', args=[self.post.slug])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """The prompt's id on the page of its post."""
        return f"prompt-{self.public_id}"
