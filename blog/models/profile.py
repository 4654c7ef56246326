"""What readers learn about somebody who writes here."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog import elsewhere
from blog.models.post import Post

MOST_LINKS = 10


def validate_links(value: object) -> None:
    """Links are a short list of web addresses."""
    if not isinstance(value, list) or len(value) > MOST_LINKS:
        raise ValidationError(_("Write at most %(count)d addresses, a line each."), params={"count": MOST_LINKS})
    for address in value:
        if not _is_web_address(address):
            raise ValidationError(
                _("“%(value)s” is no web address; write one such as https://example.com/me."), params={"value": address}
            )


def _is_web_address(value: object) -> bool:
    if not isinstance(value, str) or any(character.isspace() for character in value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username


class ProfileQuerySet(models.QuerySet["Profile"]):
    """Who has a page."""

    def public(self) -> ProfileQuerySet:
        """People with something to read."""
        return self.filter(Exists(Post.objects.published().filter(author=OuterRef("user"))))


class Profile(models.Model):
    """One for each user, made with them. Their page is public while a post of theirs is."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="profile"
    )
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    body = models.TextField(_("about"), blank=True, help_text=_("Markdown; stands on the author's page."))
    lang = models.CharField(_("language"), max_length=20, default="ko")
    picture = models.ForeignKey(
        "blog.Image", verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    links = models.JSONField(
        _("links"),
        default=list,
        blank=True,
        validators=[validate_links],
        help_text=_("Elsewhere on the web: addresses, a line each."),
    )
    # Derived by blog.publishing when the profile is saved, as a page's are.
    body_html = models.TextField(editable=False, blank=True)
    excerpt = models.TextField(editable=False, blank=True)
    refs = models.JSONField(default=dict, editable=False)
    warnings = models.JSONField(default=list, editable=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["slug"]
        constraints = [models.CheckConstraint(condition=~Q(slug=""), name="profile_has_slug")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The author's page."""
        return reverse("author", args=[self.slug])

    @property
    def name(self) -> str:
        """As it signs posts."""
        return self.user.get_full_name() or self.user.get_username()

    @property
    def named_links(self) -> list[tuple[str, str]]:
        """(address, what it is called)."""
        return elsewhere.named(self.links)
