"""Pages, the menu they make, and the site's settings."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.utils.translation import override

from blog.models import Embed, Page, SiteSettings
from blog.rendering import RenderError
from tests.conftest import EMBED, TOKYO

pytestmark = pytest.mark.django_db


def menu() -> list[list[str]]:
    """The pages in it."""
    return [entry for entry in SiteSettings.load().menu if entry[0]]


def test_a_saved_page_has_everything_its_text_gives() -> None:
    Page(title="About", slug="about", body=f"We **watch** films.\n\n{EMBED}\n<svg></svg>").save()
    page = Page.objects.get()
    assert "<strong>watch</strong>" in page.body_html
    assert "<svg" not in page.body_html
    assert page.excerpt.startswith("We watch films.")
    assert page.refs["embeds"][0]["provider_id"] == TOKYO
    assert page.refs["prompts"][0]["text"] == "A stylish woman walks down a Tokyo street."
    assert "<svg> isn't allowed" in page.warnings[0]
    assert Embed.objects.get().provider_id == TOKYO


def test_a_page_that_cannot_be_rendered_is_not_saved() -> None:
    page = Page(title="About", slug="about", body="We.")
    page.save()
    page.body = "> " * 5000 + "deep"
    with pytest.raises(RenderError):
        page.save()
    assert Page.objects.get().body == "We."


def test_a_page_is_called_by_its_title_and_has_an_address() -> None:
    page = Page(title="About", slug="about")
    assert (str(page), page.get_absolute_url()) == ("About", "/about/")


@pytest.mark.parametrize("slug", ["tags", "categories", "archives", "admin"])
def test_a_page_cannot_take_an_address_of_the_blog(slug: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Page(title="A", slug=slug, lang="ko", body="A").full_clean(exclude=["refs", "warnings"])
    assert set(refusal.value.message_dict) == {"slug"}


@pytest.mark.parametrize("slug", ["about", "소개", "page", "posts"])
def test_a_page_may_take_any_other_address(slug: str) -> None:
    Page(title="A", slug=slug, body="A").full_clean(exclude=["refs", "warnings"])


def test_a_page_whose_slug_is_no_address_is_refused_for_that() -> None:
    with pytest.raises(ValidationError) as refusal:
        Page(title="A", slug="a/b/c", body="A").full_clean(exclude=["refs", "warnings"])
    assert set(refusal.value.message_dict) == {"slug"}


def test_the_menu_lists_the_pages_in_their_order() -> None:
    Page(title="Contact", slug="contact", menu_order=2).save()
    Page(title="소개", slug="소개", menu_order=1).save()
    Page(title="Archive", slug="old", menu_order=2).save()
    assert menu() == [["소개", "/%EC%86%8C%EA%B0%9C/"], ["Archive", "/old/"], ["Contact", "/contact/"]]


def test_what_is_built_in_and_pages_stand_in_one_order() -> None:
    SiteSettings(menu_places={"tags": 3, "models": -5, "archives": 0, "gone": 1}).save()
    for title, place in (("Last", 9), ("Between", 1), ("First", -9), ("B", 0), ("A", 0)):
        Page(title=title, slug=title.lower(), menu_order=place).save()
    with override("en"):
        entries = SiteSettings.load().entries
    assert [entry.title for entry in entries] == ["First", "Models", "Archives", "A", "B", "Between", "Tags", "Last"]
    assert [entry.address for entry in entries][:3] == ["/first/", "/models/", "/archives/"]


def test_other_places_of_what_is_built_in_are_another_menu() -> None:
    site = SiteSettings.load()
    site.menu_places = {"series": 0}
    site.save()
    assert SiteSettings.load().menu == [["", "series"]]


@pytest.mark.parametrize("hidden", [{"published": False}, {"in_menu": False}])
def test_hidden_pages_are_not_in_the_menu(hidden: dict[str, Any]) -> None:
    page = Page.objects.create(title="About", slug="about", **hidden)
    assert menu() == []
    page.published = page.in_menu = True
    page.save()
    assert menu() == [["About", "/about/"]]


def test_the_menu_follows_changes_and_deletions() -> None:
    about = Page.objects.create(title="About", slug="about")
    Page.objects.create(title="Contact", slug="contact")
    about.title, about.slug = "Us", "us"
    about.save()
    assert menu() == [["Contact", "/contact/"], ["Us", "/us/"]]
    about.delete()
    assert menu() == [["Contact", "/contact/"]]
    Page.objects.all().delete()
    assert menu() == []


def test_rebuilding_the_menu_keeps_the_other_settings() -> None:
    SiteSettings(title="Films", time_zone="Europe/Berlin").save()
    Page.objects.create(title="About", slug="about")
    site = SiteSettings.load()
    assert (site.title, site.time_zone, menu()) == ("Films", "Europe/Berlin", [["About", "/about/"]])


def test_a_page_of_a_fixture_is_stored_as_it_is_and_is_in_the_menu() -> None:
    values = {"title": "About", "slug": "about", "body": "**We**", "body_html": "stored"}
    fixture = [{"model": "blog.page", "pk": 1, "fields": {**values, "updated_at": "2024-01-01T00:00:00Z"}}]
    for loaded in serializers.deserialize("python", fixture):
        loaded.save()
    assert Page.objects.get().body_html == "stored"
    assert menu() == [["About", "/about/"]]


def test_without_a_row_the_settings_are_the_defaults(settings: Any) -> None:
    site = SiteSettings.load()
    assert (site.pk, site.title, site.language, menu()) == (1, "Roost", "ko", [])
    assert site.zone == ZoneInfo(settings.TIME_ZONE)
    assert not SiteSettings.objects.exists()
    site.title = "Films"
    site.save()
    assert (SiteSettings.load().title, str(site)) == ("Films", "Films")


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "+09:00"])
def test_a_time_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        SiteSettings(pk=1, time_zone=zone).full_clean()
    assert set(refusal.value.message_dict) == {"time_zone"}


def test_a_time_zone_is_the_clock_of_the_site() -> None:
    site = SiteSettings(pk=1, time_zone="Europe/Berlin")
    site.full_clean()
    assert site.zone == ZoneInfo("Europe/Berlin")
