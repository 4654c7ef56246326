"""The site itself: one row."""

from __future__ import annotations

import re
import secrets
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog import elsewhere
from blog.embeds.http import RefusedError, split
from blog.models.profile import validate_links

# What the blog itself has for a menu: the first part of an address, with a name and the name of its view.
BUILT_IN = {
    "archives": (_("Archives"), "archives"),
    "categories": (_("Categories"), "categories"),
    "prompts": (_("Prompts"), "prompts"),
    "tags": (_("Tags"), "tags"),
    "series": (_("Series"), "all_series"),
    "models": (_("Models"), "models"),
}


class Entry(NamedTuple):
    """One line of the menu. `section` is "" for a page."""

    title: str
    address: str
    section: str


@cache  # it reads a folder of the system
def zone_names() -> frozenset[str]:
    """Every time zone there is: https://www.iana.org/time-zones."""
    return frozenset(available_timezones())


def languages() -> list[tuple[str, str]]:
    """Those that the interface speaks. A function, so that another one needs no migration."""
    return list(settings.LANGUAGES)


def _valid_zone(value: str) -> None:
    if value not in zone_names():
        raise ValidationError(_("“%(value)s” is no time zone; write one such as Asia/Seoul."), params={"value": value})


def _valid_hosts(value: str) -> None:
    for line in value.split():
        if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}", line):
            raise ValidationError(
                _("“%(value)s” is no host name; write one such as mastodon.social."), params={"value": line}
            )


def _valid_code(value: str) -> None:
    if not re.fullmatch(r"[\w.=-]+", value, re.ASCII):
        raise ValidationError(_("Write the code alone, without the tag around it."))


def new_key() -> str:
    """A key that search engines find on the site: https://www.indexnow.org/documentation."""
    return secrets.token_hex(16)


def _default_zone() -> str:
    return settings.TIME_ZONE


def default_places() -> dict[str, int]:
    """Before the pages, which start at 0."""
    return {"archives": -40, "categories": -30, "prompts": -20, "tags": -10}


def default_menu() -> list[list[str]]:
    """The menu without pages."""
    return [["", section] for section in default_places()]


class SiteSettings(models.Model):
    """What the site is called and how it speaks."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    title = models.CharField(_("title"), max_length=100, default="Roost")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("For search results and feeds."))
    author_name = models.CharField(
        _("author"), max_length=100, blank=True, help_text=_("Signs posts that name no author of their own.")
    )
    author_bio = models.TextField(
        _("about the author"), blank=True, help_text=_("A line or two below posts that name no author of their own.")
    )
    avatar = models.ForeignKey(
        "blog.Image", verbose_name=_("avatar"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    social_links = models.JSONField(
        _("social links"),
        default=list,
        blank=True,
        validators=[validate_links],
        help_text=_("Elsewhere on the web: addresses, a line each."),
    )
    licence = models.CharField(_("licence line"), max_length=200, blank=True, help_text=_("Stands in the footer."))
    licence_url = models.URLField(_("address of the licence"), blank=True)
    footer = models.CharField(_("footer line"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages, default="ko")
    mastodon_instances = models.TextField(
        _("Mastodon instances"),
        blank=True,
        default="mastodon.social",
        validators=[_valid_hosts],
        help_text=_("Whose posts become embeds: host names, a line each. Addresses of others stay links."),
    )
    feed_content = models.CharField(
        _("feeds contain"),
        max_length=10,
        choices=[("full", _("the full text")), ("summary", _("a summary"))],
        default="full",
    )
    websub_hub = models.URLField(
        _("WebSub hub"),
        blank=True,
        help_text=_(
            "Told of new posts, so that subscribers get them at once; such as https://pubsubhubbub.appspot.com/."
        ),
    )
    indexnow = models.BooleanField(
        _("tell search engines of new posts"),
        default=False,
        help_text=_("By IndexNow: Bing, Naver, Yandex and others. Only from the site's public address."),
    )
    indexnow_key = models.CharField(max_length=128, default=new_key, editable=False)
    google_code = models.CharField("Google", max_length=200, blank=True, validators=[_valid_code])
    naver_code = models.CharField("Naver", max_length=200, blank=True, validators=[_valid_code])
    bing_code = models.CharField("Bing", max_length=200, blank=True, validators=[_valid_code])
    yandex_code = models.CharField("Yandex", max_length=200, blank=True, validators=[_valid_code])
    time_zone = models.CharField(_("time zone"), max_length=64, default=_default_zone, validators=[_valid_zone])
    menu_places = models.JSONField(default=default_places, editable=False)  # of what is built in: {"archives": -40, …}
    # Derived from these and the pages by blog.publishing, so that a menu costs no query: [[title, address], …];
    # what is built in is called in the reader's language: ["", "archives"].
    menu = models.JSONField(default=default_menu, editable=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="sitesettings_one_row"),
            models.CheckConstraint(condition=~Q(title=""), name="sitesettings_has_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A hub is told by our careful client, or not at all."""
        try:
            if self.websub_hub:
                split(self.websub_hub, [urlsplit(self.websub_hub).netloc])
        except RefusedError:
            raise ValidationError({"websub_hub": _("Write an https address without a name or port in it.")}) from None

    @classmethod
    def load(cls) -> SiteSettings:
        """The row; defaults that aren't stored yet if there is none."""
        return cls.objects.select_related("avatar").filter(pk=1).first() or cls(pk=1)

    @property
    def instances(self) -> frozenset[str]:
        """Hosts of Mastodon whose posts are embedded."""
        return frozenset(self.mastodon_instances.split())

    @property
    def zone(self) -> ZoneInfo:
        """The clock that dates without a zone are on."""
        return ZoneInfo(self.time_zone)

    @property
    def entries(self) -> list[Entry]:
        """The menu in the current language."""
        return [
            Entry(title, where, "") if title else _built_in(where)
            for title, where in self.menu
            if title or where in BUILT_IN
        ]

    @property
    def links(self) -> list[tuple[str, str]]:
        """The author elsewhere: (address, what it is called)."""
        return elsewhere.named(self.social_links)


def _built_in(section: str) -> Entry:
    title, view = BUILT_IN[section]
    return Entry(str(title), reverse(view), section)
