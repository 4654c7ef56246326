"""Films and sounds."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.embeds.media import AUDIO_TYPES, VIDEO_TYPES

# How files of the types in blog.embeds.media begin: (offset, bytes). https://mimesniff.spec.whatwg.org/
_BEGINNINGS = (
    *((4, b"ftyp"), (4, b"moov"), (4, b"wide"), (4, b"mdat")),  # MP4 and QuickTime
    *((0, b"\x1a\x45\xdf\xa3"), (0, b"OggS"), (0, b"RIFF"), (0, b"fLaC")),
    *((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),  # MP3
    *((0, b"\xff\xf1"), (0, b"\xff\xf9")),  # AAC
)


def validate_media(file: Any) -> None:
    """Refuse a file that begins like no film or sound, whatever its name says."""
    if getattr(file, "_committed", False):
        return  # it was looked at when it came
    head = _head(file)
    if not any(head[offset:].startswith(beginning) for offset, beginning in _BEGINNINGS):
        raise ValidationError(_("This is no film or sound that browsers play (MP4, WebM, Ogg, MP3, WAV, FLAC)."))


def validate_captions(file: Any) -> None:
    """Refuse what isn't WebVTT (https://www.w3.org/TR/webvtt1/#file-structure)."""
    if not getattr(file, "_committed", False) and not _head(file).removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        raise ValidationError(_("This is no WebVTT file: its first line must be WEBVTT."))


def _head(file: Any) -> bytes:
    file.seek(0)
    head = bytes(file.read(16))
    file.seek(0)
    return head


class Clip(models.Model):
    """A film or sound in the media folder. One that came from an old site keeps its path there."""

    file = models.FileField(
        _("file"),
        upload_to="clips/%Y/%m/",
        max_length=500,
        validators=[FileExtensionValidator(sorted({*VIDEO_TYPES, *AUDIO_TYPES})), validate_media],
    )
    path = models.CharField(
        _("path on the old site"),
        max_length=400,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Such as /assets/clips/cat.mp4; texts refer to it by that."),
    )
    created_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta:
        verbose_name = _("clip")
        verbose_name_plural = _("clips")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(path=None) | Q(path__startswith="/"), name="clip_path_is_absolute"),
        ]

    def __str__(self) -> str:
        return self.path or self.file.name or ""

    @property
    def is_sound(self) -> bool:
        """Whether there is nothing to see."""
        return (self.file.name or "").rpartition(".")[2].lower() in AUDIO_TYPES
