"""Pictures."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
GRID = 320  # pixels that a place in the library is wide, on a fine screen


class Image(models.Model):
    """A picture in the media folder. One that came from an old site keeps its path there."""

    file = models.ImageField(
        _("file"),
        upload_to="images/%Y/%m/",
        width_field="width",
        height_field="height",
        max_length=500,
        validators=[FileExtensionValidator(list(TYPES))],
    )
    path = models.CharField(
        _("path on the old site"),
        max_length=400,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Such as /assets/img/cat.png; texts refer to the picture by it."),
    )
    alt = models.CharField(_("what it shows"), max_length=500, blank=True)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    file_size = models.PositiveIntegerField(_("bytes"), default=0, editable=False)  # 0: its file isn't there
    # Smaller and lighter copies: [[type, width, path], …]. Made by blog.pictures for pictures that need them.
    renditions = models.JSONField(default=list, editable=False)
    colour = models.CharField(max_length=7, editable=False, blank=True)  # "#rrggbb", shown until it has arrived
    created_at = models.DateTimeField(_("added at"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    TRANSPARENT = "#0000"  # the colour of a picture through which the page shows; "" is not known yet

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="image_has_size"),
            models.CheckConstraint(condition=Q(path=None) | Q(path__startswith="/"), name="image_path_is_absolute"),
        ]

    def __str__(self) -> str:
        return self.path or self.file.name or ""

    def save(self, **kwargs: Any) -> None:
        """Save; a feed names the file's size without looking at the file."""
        if kwargs.get("update_fields") is None:
            self.file_size = _size_of(self.file)
        super().save(**kwargs)

    @property
    def name(self) -> str:
        """Its file's name, without the folder."""
        return (self.file.name or "").rpartition("/")[2]

    @property
    def thumbnail_url(self) -> str:
        """The smallest of its copies that fills a place in a grid."""
        copies = sorted((width < GRID, width, path) for kind, width, path in self.renditions if kind == "image/webp")
        return default_storage.url(copies[0][2]) if copies else self.file.url

    @property
    def type(self) -> str:
        """Its file's media type, "" for one of another ending."""
        return TYPES.get(self.name.rpartition(".")[2].lower(), "")

    @property
    def markdown(self) -> str:
        """What to write in a text to show it."""
        alt = re.sub(r"([\\\[\]])", r"\\\1", " ".join(self.alt.split()))
        return f'![{alt}]({self.file.url}){{: w="{self.width}" h="{self.height}" }}'

    @property
    def has_colour(self) -> bool:
        """Whether a colour can stand for it until it has arrived."""
        return self.colour not in ("", self.TRANSPARENT)

    @property
    def sources(self) -> list[tuple[str, str]]:
        """(type, srcset) of the lighter copies, the lightest type first."""
        sets: dict[str, list[str]] = {}
        for kind, width, path in self.renditions:
            sets.setdefault(kind, []).append(f"{default_storage.url(path)} {width}w")
        return [(kind, ", ".join(sets[kind])) for kind in sorted(sets)]


def _size_of(file: Any) -> int:
    try:
        return int(file.size) if file else 0
    except FileNotFoundError:
        return 0
