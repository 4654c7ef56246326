"""What search engines were told of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Announced(models.Model):
    """A post's address as search engines know it from us. It outlives the post, so that its end is told too."""

    address = models.CharField(_("address"), max_length=2000, unique=True)  # percent-encoded, without the host
    post = models.ForeignKey("blog.Post", null=True, on_delete=models.SET_NULL, related_name="+")
    modified_at = models.DateTimeField()  # of the post, when they were told

    class Meta:
        verbose_name = _("announced address")
        verbose_name_plural = _("announced addresses")
        constraints = [
            models.CheckConstraint(condition=models.Q(address__startswith="/"), name="announced_address_is_path")
        ]

    def __str__(self) -> str:
        return self.address
