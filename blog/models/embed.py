"""Posts of other sites, and where they stand in ours."""

from __future__ import annotations

from datetime import datetime

from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.embeds import provider
from blog.models.clip import validate_captions
from blog.rendering import EmbedRef
from blog.rendering.sanitize import safe_id

_RATIO = r"^[1-9][0-9]{0,3}:[1-9][0-9]{0,3}$"


class Embed(models.Model):
    """One post, clip or song on another site: our own record of it, shared by all posts that show it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("not fetched yet")
        LIVE = "live", _("live")
        GONE = "gone", _("gone")
        PROTECTED = "protected", _("protected")
        UNREACHABLE = "unreachable", _("unreachable")

    class DateSource(models.TextChoices):
        SNOWFLAKE = "snowflake", _("its id")
        PROVIDER = "provider", _("the provider")
        AUTHOR = "author", _("the author")

    provider = models.CharField(_("provider"), max_length=20)
    provider_id = models.CharField(_("id there"), max_length=500)
    url = models.CharField(_("address"), max_length=500)
    author_name = models.CharField(_("author's name"), max_length=200, blank=True)
    author_handle = models.CharField(_("author's handle"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    text_lang = models.CharField(_("language of the text"), max_length=20, blank=True)
    posted_at = models.DateTimeField(_("posted at"), null=True, blank=True)
    posted_at_source = models.CharField(
        _("date taken from"), max_length=20, choices=DateSource.choices, blank=True, default=""
    )
    poster = models.ForeignKey(
        "blog.Image",
        verbose_name=_("poster"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # see "embed_posters"
    )
    poster_alt = models.CharField(_("what the poster shows"), max_length=500, blank=True)
    aspect = models.CharField(
        _("aspect ratio"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(_RATIO, _("Write width:height, such as 16:9."))],
        help_text=_("Width:height, such as 16:9."),
    )
    duration = models.DurationField(_("duration"), null=True, blank=True)
    captions = models.FileField(
        _("captions"),
        upload_to="captions/%Y/%m/",
        blank=True,
        validators=[FileExtensionValidator(["vtt"]), validate_captions],
        help_text=_("What is said and heard, for a film of this site: a WebVTT file (.vtt)."),
    )
    captions_lang = models.CharField(_("language of the captions"), max_length=20, blank=True, default="")
    keep_words = models.BooleanField(
        _("keep these words"),
        default=False,
        help_text=_("Checks leave author, text, date and picture as they are here."),
    )
    details = models.JSONField(default=dict, editable=False, blank=True)  # what only the provider's own code reads
    # Set by blog.snapshots alone.
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.PENDING)
    status_since = models.DateTimeField(_("since"), default=timezone.now)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    fetched_at = models.DateTimeField(_("fetched at"), null=True, blank=True)
    checked_at = models.DateTimeField(_("last check"), null=True, blank=True)
    missing_since = models.DateTimeField(_("missing since"), null=True, blank=True, editable=False)
    next_check = models.DateTimeField(_("next check"), null=True, blank=True, db_index=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    takedown = models.BooleanField(
        _("taken down"), default=False, help_text=_("Hides the text and poster; no check undoes it.")
    )
    takedown_note = models.TextField(_("note on the takedown"), blank=True)

    class Meta:
        verbose_name = _("embed")
        verbose_name_plural = _("embeds")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-status_since"], name="embed_lost"),
            models.Index(fields=["posted_at"], name="embed_posted"),
            # Of those that have one: SQLite takes it that what nearly all lack is in nearly all of them.
            models.Index(fields=["poster"], condition=Q(poster__isnull=False), name="embed_posters"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="embed_unique_identity"),
            models.CheckConstraint(condition=~Q(provider="") & ~Q(provider_id=""), name="embed_has_identity"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "live", "gone", "protected", "unreachable"]),
                name="embed_status_known",
            ),
            models.CheckConstraint(
                condition=Q(aspect="") | Q(aspect__regex=_RATIO),
                name="embed_aspect_is_ratio",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider_label} {self.provider_id}"

    @classmethod
    def named_by(cls, ref: EmbedRef) -> Embed:
        """An embed, not saved, that knows what its address alone tells."""
        return cls(
            provider=ref.provider,
            provider_id=ref.provider_id,
            url=ref.url,
            author_handle=ref.author_handle,
            posted_at=datetime.fromisoformat(ref.posted_at) if ref.posted_at else None,
            posted_at_source=cls.DateSource.SNOWFLAKE if ref.posted_at else "",
            aspect=ref.options.get("aspect", ""),
        )

    @property
    def provider_label(self) -> str:
        """The provider's name as readers know it."""
        return provider(self.provider).label

    @property
    def author_url(self) -> str:
        """The author's page at the provider's, or ""."""
        return provider(self.provider).author_url(self.author_handle) if self.author_handle else ""

    @property
    def author(self) -> str:
        """The author as a byline: "OpenAI (@OpenAI)", or "" if nothing is known."""
        named = self.author_handle and "/" not in self.author_handle  # "channel/UC…" says nothing to people
        handle = f"@{self.author_handle.removeprefix('@')}" if named else ""
        return f"{self.author_name} ({handle})" if self.author_name and handle else self.author_name or handle

    @property
    def shows_snapshot(self) -> bool:
        """Whether the text and poster that we hold may be shown."""
        return not self.takedown

    @property
    def shown_in(self) -> list[models.Model]:
        """The posts that show it, each once; uses what was prefetched."""
        return list({row.post_id: row.post for row in self.post_embeds.all()}.values())

    @property
    def is_lost(self) -> bool:
        """Whether a reader who goes there finds nothing."""
        return self.status in (self.Status.GONE, self.Status.PROTECTED)


class StatusChange(models.Model):
    """When an embed went from one state to another, and why: its history, one row a change."""

    embed = models.ForeignKey(Embed, on_delete=models.CASCADE, related_name="changes")
    status = models.CharField(_("status"), max_length=20, choices=Embed.Status.choices)
    at = models.DateTimeField(_("at"), db_index=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.embed}: {self.get_status_display()}"


class PostEmbed(models.Model):
    """An embed at its place in a post. Derived from the text when the post is saved."""

    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="post_embeds")
    embed = models.ForeignKey(Embed, on_delete=models.PROTECT, related_name="post_embeds")
    key = models.CharField(_("key"), max_length=200)
    caption = models.TextField(_("caption"), blank=True)
    options = models.JSONField(default=dict, blank=True)  # how to show it here: {"start": "90"}
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("embed in a post")
        verbose_name_plural = _("embeds in posts")
        ordering = ["post", "position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "position"], name="postembed_unique_position"),
            models.UniqueConstraint(fields=["post", "key"], name="postembed_unique_key"),
        ]

    def __str__(self) -> str:
        return self.caption or self.key

    @property
    def anchor(self) -> str:
        """The figure's id on the page."""
        return safe_id(self.key) or ""
