"""The site's settings, and the admin's own name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _

from blog.admin.fields import CodeField, LinksField
from blog.admin.labels import Labelled
from blog.models import Page, SiteSettings
from blog.models.site import BUILT_IN, zone_names

admin.site.site_header = admin.site.site_title = "Roost"
admin.site.index_title = _("Writing desk")

_REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}
_PLACES = tuple(f"place_{section}" for section in BUILT_IN)
_CODES = ("google_code", "naver_code", "bing_code", "yandex_code")


def zones() -> list[tuple[Any, Any]]:
    """All time zones, by region."""
    regions: dict[str, list[tuple[str, str]]] = {region: [] for region in sorted(_REGIONS)}
    others = []
    for name in sorted(zone_names()):
        region, _slash, city = name.partition("/")
        if city and region in regions:
            regions[region].append((name, city.replace("_", " ").replace("/", ", ")))
        else:
            others.append((name, name))
    return [*((_REGIONS[region], cities) for region, cities in regions.items()), (_("Others"), others)]


def _place(section: str) -> forms.IntegerField:
    wide = forms.NumberInput(attrs={"class": "vIntegerField"})
    return forms.IntegerField(label=BUILT_IN[section][0], required=False, min_value=-999, max_value=999, widget=wide)


class _Places(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Where each entry of the menu stands that the blog itself has."""

    place_archives = _place("archives")
    place_categories = _place("categories")
    place_prompts = _place("prompts")
    place_tags = _place("tags")
    place_series = _place("series")
    place_models = _place("models")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section, place in self.instance.menu_places.items():
            self.initial.setdefault(f"place_{section}", place)

    def _post_clean(self) -> None:
        if not set(self.errors).intersection(_PLACES) and set(_PLACES).issubset(self.cleaned_data):
            given = {section: self.cleaned_data[f"place_{section}"] for section in BUILT_IN}
            self.instance.menu_places = {section: place for section, place in given.items() if place is not None}
        super()._post_clean()  # type: ignore[misc]  # validates the model


class SiteSettingsForm(_Places):
    """What the site is called and how it speaks."""

    social_links = LinksField(
        required=False,
        label=_("Addresses"),
        help_text=_("Such as https://github.com/me: a line each. The footer names them, with rel=“me”."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("Of dates on pages and of “publish at”.")
    )

    class Meta:
        model = SiteSettings
        fields = ()  # the fieldsets say which
        field_classes = dict.fromkeys(_CODES, CodeField)
        help_texts = {
            "tagline": _("Beside the title of the front page, and in the footer."),
            "description": _("For search results, feeds and previews of links: a sentence or two."),
            "avatar": _("From the library; + adds a picture. Square, of 200 pixels or more, is best."),
            "licence": _("Such as CC BY 4.0. Stands in the footer."),
            "licence_url": _("Such as https://creativecommons.org/licenses/by/4.0/deed.ko"),
            "footer": _("Whatever else the foot of every page is to say."),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "author_bio": forms.Textarea(attrs={"rows": 3}),
            "mastodon_instances": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
            **dict.fromkeys(_CODES, forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false"})),
        }


@admin.register(SiteSettings)
class SiteSettingsAdmin(Labelled):
    """One row: the list leads straight to it."""

    form = SiteSettingsForm
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    autocomplete_fields = ("avatar",)
    readonly_fields = ("menu_now",)
    fieldsets = (
        (_("Site"), {"fields": ("title", "tagline", "description", "language", "time_zone")}),
        (
            _("Menu"),
            {
                "fields": (*_PLACES, "menu_now"),
                "description": _(
                    "Smaller numbers come first; without one, an entry isn't in the menu. "
                    "The numbers of pages stand in the list of pages."
                ),
            },
        ),
        (
            _("Author"),
            {
                "fields": ("author_name", "author_bio", "avatar"),
                "description": _(
                    "Below posts that name no author. Those of others show what their authors say in their profiles."
                ),
            },
        ),
        (_("Elsewhere"), {"fields": ("social_links",)}),
        (_("Footer"), {"fields": ("licence", "licence_url", "footer")}),
        (_("Feeds"), {"fields": ("feed_content", "websub_hub")}),
        (
            _("Search engines"),
            {
                "fields": ("indexnow", *_CODES),
                "description": _(
                    "The codes show that the site is yours. Paste the code, or the whole tag that you were given."
                ),
            },
        ),
        (_("Embeds"), {"fields": ("mastodon_instances",)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: the row is made when it is first opened."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def view_on_site(self, site: SiteSettings) -> str:
        """What all of this is for."""
        return reverse("home")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Straight to the form."""
        settings, _made = SiteSettings.objects.get_or_create(pk=1)
        return redirect("admin:blog_sitesettings_change", settings.pk)

    @admin.display(description=_("The menu now"))
    def menu_now(self, site: SiteSettings) -> SafeString:
        """Its entries in their order; pages lead to their forms."""
        rows = Page.objects.filter(published=True, in_menu=True)
        pages = {page.get_absolute_url(): (page.pk, page.menu_order) for page in rows}
        lines = []
        for entry in site.entries:
            key, place = pages.get(entry.address, (None, site.menu_places.get(entry.section)))
            form = reverse("admin:blog_page_change", args=[key]) if key else ""
            name = format_html('<a href="{}">{}</a>', form, entry.title) if form else entry.title
            lines.append((name, "" if place is None else place))
        shown = format_html_join("", "<li>{} <small>{}</small></li>", lines)
        pages_list = reverse("admin:blog_page_changelist")
        return format_html('<ol class="derived">{}</ol><a href="{}">{}</a>', shown, pages_list, gettext("All pages"))
