"""What posts said before, what is being written, and links to drafts."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Saves and working copies apart."""

    def saves(self) -> RevisionQuerySet:
        """What was saved, the newest first."""
        return self.filter(kind=Revision.Kind.SAVE).order_by("-number")

    def copies(self) -> RevisionQuerySet:
        """What was being written, the newest first."""
        return self.filter(kind=Revision.Kind.COPY).order_by("-at", "-pk")


class Revision(models.Model):
    """A post as one save left it; or a working copy: a form as it was when somebody typed in it last."""

    class Kind(models.TextChoices):
        SAVE = "save", _("save")
        COPY = "autosave", _("working copy")

    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="revisions")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.SAVE)
    number = models.PositiveIntegerField(_("number"), null=True)  # counts the saves of a post; copies have none
    version = models.PositiveIntegerField(_("version"))  # the post's: that a save made, that a copy started from
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    # Of a save the authored columns and the tags' names; of a copy what the form's fields held, by name.
    data = models.JSONField(default=dict)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        indexes = [models.Index(fields=["post", "kind", "user"], name="revision_of_post")]
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="revision_unique_number"),
            models.UniqueConstraint(
                fields=["post", "version"], condition=Q(kind="save"), name="revision_one_a_version"
            ),
            models.CheckConstraint(
                condition=Q(kind="save", number__isnull=False) | Q(kind="autosave", number__isnull=True),
                name="revision_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}#{self.number or self.kind}"

    @property
    def author(self) -> str:
        """Who wrote it, as people are called; "" if no person did."""
        return (self.user.get_full_name() or self.user.get_username()) if self.user else ""

    def value(self, name: str) -> Any:
        """One field, "" if it isn't there."""
        return self.data.get(name, "")


class ShareLink(models.Model):
    """A secret address of a draft. Only a digest of it is stored."""

    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="share_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("draft link")
        verbose_name_plural = _("draft links")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.created_at:%Y-%m-%d %H:%M}"

    @classmethod
    def issue(cls, post: models.Model, user: models.Model, expires_at: datetime) -> str:
        """A new link's token. Nobody can be told it again."""
        token = secrets.token_urlsafe(32)
        cls.objects.create(post=post, created_by=user, expires_at=expires_at, digest=digest_of(token))
        return token

    @classmethod
    def find(cls, token: str) -> ShareLink | None:
        """The link of that token, if it still opens anything."""
        valid = cls.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
        return valid.filter(digest=digest_of(token)).first()

    @property
    def is_open(self) -> bool:
        """Whether it still leads to its post."""
        return self.revoked_at is None and self.expires_at > timezone.now()


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
