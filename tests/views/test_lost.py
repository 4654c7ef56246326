"""What somebody gets who comes to an address at which there is nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from blog.models import Page, Post, SiteSettings
from blog.views.lost import NEWEST, SHOWN, guesses, words_of
from tests.conftest import in_a_week, make_category

MakePost = Callable[..., Post]


def titles(path: str) -> list[str]:
    return [guess.title for guess in guesses(path)]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/posts/sora-ai/", "sora ai"),
        ("/2024/02/19/SoraAI.html", "SoraAI"),
        ("/posts/2024-02-19-sora_ai/", "sora ai"),
        ("/tags/영상-생성/", "영상 생성"),
        ("/tags/영상/", "영상"),
        ("/categories/ai/news/", "ai news"),
        ("/posts/veo-3.1이-왔다/", "veo 1이 왔다"),
        ("/posts/", ""),
        ("/123/", ""),
        ('/"><script>alert(1)</script>/', "script alert script"),
    ],
)
def test_the_words_of_an_address_are_those_that_name_something(path: str, words: str) -> None:
    assert words_of(path) == words


def test_no_words_are_longer_than_a_search_takes() -> None:
    assert len(words_of(f"/posts/{'ab-' * 500}/")) <= 100


def test_what_is_of_the_kind_that_was_asked_for_comes_first(make_post: MakePost) -> None:
    make_post(title="The film", slug="SoraAI", tags=["sora"], category="Sora")
    assert titles("/posts/Sora-A1/")[0] == "The film"
    assert titles("/tags/Sora-A1/")[0] == "#sora"
    assert titles("/categories/Sora-A1/")[0] == "Sora"
    assert titles("/posts/sora/")[0] in ("#sora", "Sora")  # its very name counts more


@pytest.mark.parametrize(
    "path",
    [
        *("/posts/welcom/", "/posts/wellcome/"),
        *("/posts/wlecome/", "/posts/elcome/", "/posts/WELCOME/", "/welcome/"),
        *("/2026/11/02/welcome.html", "/posts/2026-11-02-welcome/", "/blog/welcome", "/welcome.md"),
    ],
)
def test_a_mistyped_or_older_address_of_a_post_names_it(make_post: MakePost, path: str) -> None:
    make_post(title="Hello", slug="welcome")
    make_post(title="Other", slug="numbers-on-a-wall")
    assert titles(path) == ["Hello"]


@pytest.mark.parametrize(
    "path", ["/posts/늘어나는-늑대/", "/posts/늘어나는-늑때들/", "/늑대들/", "/posts/늘어난는늑대들/"]
)
def test_hangul_is_compared_too(make_post: MakePost, path: str) -> None:
    make_post(title="Wolves", slug="늘어나는-늑대들")
    assert titles(path) == ["Wolves"]


def test_pages_categories_and_tags_are_named(make_post: MakePost) -> None:
    make_post(category="Cinema/Reviews", tags=["videos"])
    Page(title="About us", slug="about").save()
    assert titles("/abuot/") == ["About us"]
    assert titles("/categories/cinema/review/") == ["Cinema / Reviews"]
    assert titles("/categories/cinma/") == ["Cinema"]
    assert titles("/tags/vidoes/") == ["#videos"]


def test_the_likest_comes_first_and_few_are_named(make_post: MakePost) -> None:
    for i in range(9):
        make_post(title=f"Walk {i}", slug=f"a-long-walk-{i}")
    make_post(title="Walks", slug="a-long-walks")
    found = titles("/posts/a-long-walks-/")
    assert found[0] == "Walks"
    assert len(found) == SHOWN


def test_what_readers_cant_see_is_not_named(make_post: MakePost) -> None:
    make_post(slug="secret-plan", status="draft", category="Hidden", tags=["secretive"])
    make_post(slug="secret-plans", publish_at=in_a_week())
    Page(title="Secret", slug="secret-page", published=False).save()
    make_category("Secrets")
    Tag.objects.create(name="secret", slug="secret")
    for path in ("/posts/secret-plan/", "/secret/", "/categories/hidden/", "/tags/secretive/"):
        assert titles(path) == []


@pytest.mark.parametrize("path", ["/", "/x/", "/%/", "/posts/zzzzz/", "/posts/___/", f"/{'q' * 3000}/"])
def test_what_is_like_nothing_names_nothing(make_post: MakePost, path: str) -> None:
    make_post(slug="welcome")
    assert titles(path) == []


def test_the_page_helps_and_is_not_to_be_indexed(client: Client, make_post: MakePost) -> None:
    for i in range(NEWEST + 1):
        make_post(title=f"Film {i}", slug=f"film-{i}", lang="en")
    response = client.get("/posts/film0/")
    html = response.content.decode()
    assert response.status_code == 404
    assert '<meta name="robots" content="noindex">' in html
    assert 'rel="canonical"' not in html
    assert "이것을 찾으셨나요?" in html
    assert '<a href="/posts/film-0/" lang="en">Film 0</a>' in html
    assert html.count("<time") == NEWEST
    assert '<html lang="ko">' in html


def test_the_page_speaks_the_language_of_the_site(client: Client, make_post: MakePost) -> None:
    SiteSettings(language="en").save()
    make_post(slug="film")
    html = client.get("/filmm/").content.decode()
    assert "Did you mean" in html
    assert '<html lang="en">' in html


def test_an_address_cant_write_into_the_page(client: Client, db: None) -> None:
    html = client.get("/posts/%22%3E%3Cscript%3Ealert(1)%3C/script%3E/").content.decode()
    assert "<script>alert" not in html


@pytest.mark.parametrize("path", ["/wp-login.php/", "/.env/", "/.git/config/", "/posts/a.aspx/", "/backup.zip/"])
def test_who_looks_for_other_software_costs_nothing_more(
    client: Client, make_post: MakePost, settings: LazySettings, path: str
) -> None:
    settings.TRACE_BYTES = 0  # it would ask for one state of the database
    make_post(slug="wp-login")
    with CaptureQueriesContext(connection) as captured:
        html = client.get(path).content.decode()
    assert not re.search("<time|/posts/wp-login/", html)
    assert len(captured) <= 3


def test_help_takes_the_same_few_queries_however_much_is_like_it(
    client: Client, make_post: MakePost, settings: LazySettings
) -> None:
    settings.TRACE_BYTES = 0

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/posts/film-of-the-day/")
        return len(captured)

    def add(number: int) -> None:
        for i in range(number):
            make_post(slug=f"film-of-{Post.objects.count()}", category=f"Film-{i}", tags=[f"film {i}"])

    add(2)
    few = count()
    add(12)
    assert count() == few <= 14
