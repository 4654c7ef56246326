"""Which text names which file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

_HOLDERS = ("post", "page", "profile", "revision")


class Mention(models.Model):
    """A file of the media folder that a text names, whether it is there or not. Derived when the text is saved."""

    name = models.CharField(max_length=500, db_index=True)  # as the storage calls it
    # The text: one of these. The unique constraints are their indexes.
    post = models.ForeignKey("blog.Post", models.CASCADE, null=True, db_index=False, related_name="mentions")
    page = models.ForeignKey("blog.Page", models.CASCADE, null=True, db_index=False, related_name="mentions")
    profile = models.ForeignKey("blog.Profile", models.CASCADE, null=True, db_index=False, related_name="mentions")
    revision = models.ForeignKey("blog.Revision", models.CASCADE, null=True, db_index=False, related_name="mentions")

    class Meta:
        constraints = [
            *(models.UniqueConstraint(fields=[one, "name"], name=f"mention_once_a_{one}") for one in _HOLDERS),
            models.CheckConstraint(
                condition=Q(post__isnull=False, page=None, profile=None, revision=None)
                | Q(page__isnull=False, post=None, profile=None, revision=None)
                | Q(profile__isnull=False, post=None, page=None, revision=None)
                | Q(revision__isnull=False, post=None, page=None, profile=None),
                name="mention_in_one_text",
            ),
        ]

    def __str__(self) -> str:
        return self.name
