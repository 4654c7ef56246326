"""What each person has seen at the writing desk."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskVisit(models.Model):
    """Until when somebody has seen the news about embeds."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_visit")
    embeds_seen_at = models.DateTimeField(_("embeds seen at"))

    class Meta:
        verbose_name = _("visit to the desk")
        verbose_name_plural = _("visits to the desk")

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: models.Model) -> datetime | None:
        """Until when `user` has seen them; None: never yet."""
        return cls.objects.filter(user=user).values_list("embeds_seen_at", flat=True).first()
