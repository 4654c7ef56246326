"""The site's settings in the admin: who changes them, and what they understand."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.translation import override

from blog.models import Page, SiteSettings
from tests.people.conftest import Enter
from tests.test_admin import errors

FORM = "/admin/blog/sitesettings/1/change/"
VALUES = {
    "title": "Night",
    "language": "en",
    "time_zone": "Asia/Seoul",
    "feed_content": "full",
    "place_archives": "1",
    "place_tags": "-2",
    "mastodon_instances": "mastodon.social",
}


@pytest.fixture
def admin(enter: Enter) -> Client:
    client = enter("max")
    client.get("/admin/blog/sitesettings/")  # makes the row
    return client


def refused(client: Client, **values: Any) -> str:
    """What the form says against the values."""
    response = client.post(FORM, {**VALUES, **values})
    assert response.status_code == 200
    return unescape(errors(response.content.decode()))


@pytest.mark.parametrize("name", ["ada", "eve", "guest"])
def test_authors_and_editors_have_no_site_settings(admin: Client, enter: Enter, name: str) -> None:
    client = enter(name)
    assert client.get(FORM).status_code == 403
    assert client.post(FORM, VALUES).status_code == 403
    assert "sitesettings" not in client.get("/admin/").content.decode()
    assert SiteSettings.load().title == "Roost"


def test_an_admin_changes_them_and_the_log_says_what(admin: Client, people: dict[str, Any]) -> None:
    links = "https://github.com/roost\r\n\r\n  https://x.com/roost  \r\n"
    response = admin.post(FORM, {**VALUES, "social_links": links, "footer": "Hello", "author_bio": "I watch."})
    assert response.status_code == 302
    site = SiteSettings.load()
    assert (site.title, site.footer, site.author_bio) == ("Night", "Hello", "I watch.")
    assert site.social_links == ["https://github.com/roost", "https://x.com/roost"]
    entry = LogEntry.objects.get(user=people["max"])
    assert "Footer line" in entry.get_change_message()
    assert "Time zone" not in entry.get_change_message()


def test_what_was_not_touched_is_no_change(admin: Client) -> None:
    admin.post(FORM, VALUES)
    admin.post(FORM, VALUES)
    with override("en"):
        assert LogEntry.objects.latest("pk").get_change_message() == "No fields changed."


def test_the_menu_is_ordered_by_numbers_and_shown(admin: Client) -> None:
    page = Page.objects.create(title="Guide", slug="guide")
    admin.post(FORM, VALUES)
    assert SiteSettings.load().menu == [["", "tags"], ["Guide", "/guide/"], ["", "archives"]]
    html = admin.get(FORM).content.decode()
    shown = re.findall(r"<li>(.*?)</li>", html.split('<ol class="derived">')[1].split("</ol>")[0])
    assert [re.sub("<[^>]+>", "", line) for line in shown] == ["Tags -2", "Guide 0", "Archives 1"]
    assert f'href="/admin/blog/page/{page.pk}/change/"' in shown[1]
    assert 'name="place_tags" value="-2"' in html


def test_every_time_zone_can_be_chosen_by_region(admin: Client) -> None:
    html = admin.get(FORM).content.decode()
    select = html.split('<select name="time_zone"')[1].split("</select>")[0]
    assert set(re.findall(r'<option value="([^"]+)"', select)) == available_timezones()
    assert '<optgroup label="Asia">' in select
    assert ">Ho Chi Minh</option>" in select


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "required"),
        ({"time_zone": "Mars/Base"}, "Mars/Base"),
        ({"language": "tlh"}, "tlh"),
        ({"social_links": "github.com/me"}, "“github.com/me” is no web address; write one such as"),
        ({"social_links": "javascript:alert(1)"}, "is no web address"),
        ({"social_links": "\n".join(f"https://a.example/{i}" for i in range(11))}, "at most 10"),
        ({"licence_url": "not an address"}, "valid URL"),
        ({"google_code": "<b>"}, "code alone"),
        ({"place_tags": "first"}, "whole number"),
        ({"place_tags": "1000"}, "999"),
        ({"mastodon_instances": "https://mastodon.social"}, "is no host name"),
        ({"avatar": "99"}, "valid choice"),
    ],
)
def test_what_cant_be_meant_is_refused_in_words(admin: Client, values: dict[str, str], said: str) -> None:
    assert said in refused(admin, **values)
    assert SiteSettings.load().title == "Roost"


def test_a_pasted_tag_gives_its_code(admin: Client) -> None:
    tag = '<meta name="google-site-verification" content="abc_DEF-1" />'
    assert admin.post(FORM, {**VALUES, "google_code": tag, "naver_code": " 0a1b "}).status_code == 302
    site = SiteSettings.load()
    assert (site.google_code, site.naver_code) == ("abc_DEF-1", "0a1b")


def test_an_address_without_a_scheme_is_a_secure_one(admin: Client) -> None:
    admin.post(FORM, {**VALUES, "licence_url": "creativecommons.org/licenses/by/4.0/"})
    assert SiteSettings.load().licence_url == "https://creativecommons.org/licenses/by/4.0/"


def test_the_form_leads_to_the_site_and_speaks_korean(admin: Client) -> None:
    html = admin.get(FORM, headers={"Accept-Language": "ko"}).content.decode()
    assert '<a href="/" class="viewsitelink">' in html
    for part in ("시간대", "바닥글", "검색 엔진", "지금 메뉴", "프로필 그림", "아시아"):
        assert part in html
