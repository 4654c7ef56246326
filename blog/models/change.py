"""That something readers may see was written."""

from __future__ import annotations

from django.db import models


class ContentChange(models.Model):
    """One row for each transaction that wrote something readers may see; `blog.version` writes and reads them.

    Rows are only added: two transactions that change a number would each hold what the other needs. Old ones are
    removed by later changes.
    """

    id = models.BigAutoField(primary_key=True)

    class Meta:
        verbose_name = "change"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)
