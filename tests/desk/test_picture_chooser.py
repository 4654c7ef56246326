"""The library, as the writing screen offers it."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.admin.desk import pictures
from blog.models import Image
from tests.admin_media.test_library import stored

CHOOSER = "/admin/blog/post/pictures/"

pytestmark = pytest.mark.django_db


def found(client: Client, **query: Any) -> list[str]:
    return [picture["name"] for picture in client.get(CHOOSER, query).json()["pictures"]]


def test_a_picture_is_told_with_its_markdown_and_a_light_copy(admin_client: Client) -> None:
    image = stored("lake", alt="A lake")
    light = next(path for kind, width, path in image.renditions if (kind, width) == ("image/webp", 480))
    assert admin_client.get(CHOOSER).json() == {
        "pictures": [
            {
                "name": image.name,
                "alt": "A lake",
                "markdown": image.markdown,
                "thumbnail": f"/media/{light}",
                "width": 600,
                "height": 300,
            }
        ],
        "more": False,
    }


def test_pictures_are_searched_by_words_and_names(admin_client: Client) -> None:
    lake = stored("lake", 20, alt="산 속의 호수").name
    other = stored("forest", 20, alt="산 속의 숲").name
    Image.objects.filter(alt="산 속의 숲").update(path="/assets/tree.png")
    assert found(admin_client) == [other, lake]
    assert found(admin_client, q="호수 산") == [lake]
    assert found(admin_client, q=unicodedata.normalize("NFD", "호수")) == [lake]
    assert found(admin_client, q="FOREST") == found(admin_client, q="tree") == [other]
    assert found(admin_client, q="desert") == []
    assert found(admin_client, q="\x00") == [other, lake]


def test_pictures_come_some_at_a_time(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "AT_ONCE", 2)
    names = [stored(name, 20).name for name in "abc"][::-1]
    assert found(admin_client) == names[:2]
    assert admin_client.get(CHOOSER).json()["more"] is True
    assert found(admin_client, page=2) == names[2:]
    assert admin_client.get(CHOOSER, {"page": "9"}).json()["more"] is False
    with CaptureQueriesContext(connection) as captured:
        found(admin_client)
    assert len([query for query in captured if 'FROM "blog_image"' in query["sql"]]) == 2


def test_only_those_who_see_the_library_choose_from_it(client: Client, django_user_model: Any) -> None:
    assert client.get(CHOOSER).headers["Location"].startswith("/admin/login/")
    client.force_login(
        django_user_model.objects.create_user("guest", is_staff=True), "django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(CHOOSER).status_code == 403
