"""Series: posts in an order of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from blog.models import Post, Redirect, Series
from tests.browser.stage import MakePost
from tests.conftest import in_a_week
from tests.importers.helpers import run, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def film() -> Series:
    return Series.objects.create(title="영화 만들기", slug="영화-만들기", description="처음부터.")


def listed(client: Client, film: Series) -> list[str]:
    response = client.get(film.get_absolute_url())
    return [post.title for post in response.context["parts"]] if response.status_code == 200 else []


def test_numbered_parts_come_first_then_the_others_by_date(client: Client, make_post: MakePost, film: Series) -> None:
    for title, part in (("later", None), ("two", 2), ("latest", None), ("one", 1)):
        make_post(title=title, series=film, series_part=part)
    assert listed(client, film) == ["one", "two", "later", "latest"]


def test_a_post_leads_to_the_parts_beside_it(client: Client, make_post: MakePost, film: Series) -> None:
    parts = [make_post(title=f"Part {n}", slug=f"part-{n}", series=film, series_part=n) for n in (1, 2, 3)]
    place = client.get("/posts/part-2/").context["place"]
    assert (place.number, place.previous, place.next, place.parts) == (2, parts[0], parts[2], parts)
    html = client.get("/posts/part-2/").content.decode()
    assert "3편 가운데 2편" in html
    assert html.count(f'href="{film.get_absolute_url()}"') == 1
    first, last = (client.get(f"/posts/part-{n}/").context["place"] for n in (1, 3))
    assert first.previous is None
    assert last.next is None


def test_a_post_without_a_series_says_nothing_of_one(client: Client, make_post: MakePost) -> None:
    make_post(slug="a")
    response = client.get("/posts/a/")
    assert response.context["place"] is None
    assert 'class="series"' not in response.content.decode()


def test_readers_see_published_parts_only_and_scheduled_ones_from_their_minute_on(
    client: Client, make_post: MakePost, film: Series
) -> None:
    make_post(title="open", slug="open", series=film, series_part=1)
    make_post(title="draft", series=film, series_part=2, status="draft")
    make_post(title="scheduled", series=film, series_part=3, publish_at=in_a_week())
    assert listed(client, film) == ["open"]
    assert len(client.get("/posts/open/").context["place"].parts) == 1
    with time_machine.travel(timezone.now() + timezone.timedelta(days=8)):
        assert listed(client, film) == ["open", "scheduled"]
        assert client.get("/posts/open/").context["place"].next.title == "scheduled"


def test_a_series_of_drafts_is_nobodys_business(client: Client, make_post: MakePost, film: Series) -> None:
    make_post(series=film, status="draft")
    assert client.get(film.get_absolute_url()).status_code == 404
    assert client.get("/series/nothing/").status_code == 404
    assert film.title not in client.get("/series/").content.decode()
    assert unquote(film.get_absolute_url()) not in unquote(client.get("/sitemap-series.xml").content.decode())


def test_the_series_with_the_newest_part_comes_first(client: Client, make_post: MakePost, film: Series) -> None:
    other = Series.objects.create(title="A", slug="a")
    make_post(series=other)
    make_post(series=film, category="AI")
    make_post(series=other, publish_at=in_a_week())
    assert list(client.get("/series/").context["all_series"]) == [film, other]
    assert unquote(film.get_absolute_url()) in unquote(client.get("/sitemap-series.xml").content.decode())
    assert 'href="/series/"' in client.get("/categories/").content.decode()


def test_the_draft_of_a_part_shows_where_it_will_stand(admin_client: Client, make_post: MakePost, film: Series) -> None:
    make_post(title="one", series=film, series_part=1)
    draft = make_post(title="two", series=film, series_part=2, status="draft", publish_at=None)
    place = admin_client.get(f"/admin/blog/post/{draft.pk}/preview/").context["place"]
    assert (place.number, len(place.parts)) == (2, 2)


def test_another_address_leaves_a_redirect(client: Client, make_post: MakePost, film: Series) -> None:
    make_post(series=film)
    film.slug = "new"
    film.save()
    gone = client.get("/series/영화-만들기/")
    assert (gone.status_code, gone.headers["Location"]) == (301, "/series/new/")
    Post.objects.update(status="draft")
    assert client.get("/series/영화-만들기/").status_code == 404
    film.delete()
    assert not Redirect.objects.exists()
    assert Post.objects.get().series is None


def test_a_redirect_of_a_series_leads_to_nothing_else(make_post: MakePost, film: Series) -> None:
    for values in ({"post": make_post()}, {"series": None}, {"series": film, "post": make_post()}):
        with pytest.raises(IntegrityError, match="redirect_leads_to_one_thing"), transaction.atomic():
            Redirect.objects.create(kind="series", old="a", **values)


def test_the_series_of_a_file_is_made_once(tmp_path: Path) -> None:
    write(tmp_path / "_posts" / "2024-01-01-a.md", "title: A\nseries: 영화 만들기\nseries_part: 2")
    write(tmp_path / "_posts" / "2024-01-02-b.md", "title: B\nseries: 영화 만들기\nseries_part: first")
    assert run(tmp_path).error == ""
    series = Series.objects.get()
    assert (series.title, series.slug) == ("영화 만들기", "영화-만들기")
    assert list(series.posts.order_by("slug").values_list("slug", "series_part")) == [("a", 2), ("b", None)]
    assert "2 unchanged" in run(tmp_path).out


def test_the_form_of_a_series_puts_its_posts_in_order(admin_client: Client, make_post: MakePost, film: Series) -> None:
    first, second = make_post(title="first", series=film, series_part=2), make_post(title="second", series=film)
    address = f"/admin/blog/series/{film.pk}/change/"
    html = admin_client.get(address).content.decode()
    assert html.index(">first<") < html.index(">second<")
    sent: dict[str, Any] = {
        "title": film.title,
        "slug": "new",
        "description": "",
        "lang": "ko",
        "posts-TOTAL_FORMS": "2",
        "posts-INITIAL_FORMS": "2",
        "posts-0-id": first.pk,
        "posts-0-series": film.pk,
        "posts-0-series_part": "2",
        "posts-1-id": second.pk,
        "posts-1-series": film.pk,
        "posts-1-series_part": "1",
    }
    response = admin_client.post(address, sent, follow=True, headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert list(film.posts.in_parts()) == [second, first]
    second.refresh_from_db()
    assert second.version == 2
    assert second.revisions.saves().first().data["series_part"] == 1
    assert "leads here" in response.content.decode()


def test_editors_make_series_and_authors_choose_them(
    client: Client, django_user_model: Any, film: Series, make_post: MakePost
) -> None:
    for role, status in (("editors", 200), ("authors", 403)):
        user = django_user_model.objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        assert client.get("/admin/blog/series/add/").status_code == status
        query = {"app_label": "blog", "model_name": "post", "field_name": "series", "term": "영화"}
        found = client.get("/admin/autocomplete/", query).json()["results"]
        assert [row["text"] for row in found] == ["영화 만들기"]
