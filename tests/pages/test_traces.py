"""A page that was made before is made again only if the database says something else; readers can't tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from taggit.models import Tag

from blog import clock, questions, version
from blog.models import Category, Embed, Generator, Image, Page, Post, Prompt, Series, SiteSettings
from blog.pagecache import Key
from blog.questions import Record, recorded
from blog.traces import Traces

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.whole]

MakePost = Callable[..., Post]

TEXT = """Some words, and a film.

https://x.com/OpenAI/status/1758192965703647443
tokyo walk
> Prompt: A stylish woman walks down a Tokyo street.
> Model: Sora
"""
ADDRESSES = [
    *("/", "/posts/one/", "/posts/two/", "/posts/one.md", "/categories/", "/categories/ai/", "/tags/", "/tags/a/"),
    *("/archives/", "/archives/2024/", "/series/", "/series/s/", "/authors/ada/", "/about/", "/search/", "/llms.txt"),
    *("/prompts/", "/models/", "/models/sora/", "/feed.xml", "/rss.xml", "/feed.json", "/prompts/feed.xml"),
    *("/categories/ai/feed.xml", "/tags/a/rss.xml", "/series/s/feed.xml", "/authors/ada/feed.xml"),
    *("/sitemap.xml", "/sitemap-posts.xml", "/sitemap-prompts.xml", "/sitemap-tags.xml", "/sitemap-lists.xml"),
]


@pytest.fixture
def posts(make_post: MakePost) -> list[Post]:
    ada = User.objects.create_user("ada", first_name="Ada")
    series = Series.objects.create(title="S", slug="s")
    Page(title="About", slug="about", body="Words.", published=True).save()
    shared: dict[str, Any] = {"category": "AI", "tags": ["a"], "author": ada, "series": series}
    return [make_post(title=f"Post {name}", slug=name, body=TEXT, **shared) for name in ("one", "two", "three")]


def got(client: Client, address: str) -> tuple[int, bytes]:
    response = client.get(address)
    policy = sorted(response.headers.get("Content-Security-Policy", "").split("; "))
    kept = {name: response.headers.get(name) for name in ("Content-Type", "Last-Modified", "X-Robots-Tag")}
    return response.status_code, response.content + repr((policy, kept)).encode()


def templates(client: Client, address: str) -> list[Any]:
    """Those that making an answer took."""
    return list(client.get(address).templates)


# --- What stays the same --------------------------------------------------------------------------------------------


def test_a_page_of_which_nothing_has_changed_takes_no_template(client: Client, posts: list[Post]) -> None:
    shown = {address: got(client, address) for address in ADDRESSES}
    assert {status for status, _body in shown.values()} == {200}
    User.objects.create_user("nobody", first_name="Nobody")  # what readers may see has changed, though
    for address in ADDRESSES:
        assert templates(client, address) == []
        assert got(client, address) == shown[address]


def test_an_unknown_parameter_changes_nothing_of_a_page(client: Client, posts: list[Post]) -> None:
    for address in ADDRESSES:
        assert got(client, f"{address}?utm_source=x") == got(client, address)
        assert templates(client, f"{address}?utm_source=y") == []


def test_nothing_else_that_somebody_sends_gets_into_a_page(client: Client, posts: list[Post]) -> None:
    odd = {
        "User-Agent": "evil",
        "Referer": "https://evil.example/",
        "X-Forwarded-Host": "evil.example",
        "Cookie": "e=v",
    }
    for address in ADDRESSES:
        client.get(f"{address}?evil=evil", headers=odd)
        assert b"evil" not in got(client, address)[1]
        assert got(client, address) == got(Client(), address)


# --- What changes ---------------------------------------------------------------------------------------------------


CHANGES: dict[str, Callable[[list[Post]], object]] = {
    "a title": lambda posts: save(posts[0], title="Another"),
    "a text": lambda posts: save(posts[0], body="Other words."),
    "a draft again": lambda posts: save(posts[0], status="draft"),
    "an update by a query": lambda posts: Post.objects.filter(slug="one").update(title="Another", excerpt="Other"),
    "a new post": lambda posts: Post(title="New", slug="new", body="New.", status="published").save(),
    "a deleted post": lambda posts: posts[1].delete(),
    "a pinned post": lambda posts: save(posts[0], pinned=True),
    "a new tag": lambda posts: posts[0].tags.add("b"),
    "a tag less": lambda posts: posts[0].tags.clear(),
    "the name of a tag": lambda posts: save(Tag.objects.get(), name="Another"),
    "the name of a category": lambda posts: save(Category.objects.get(), name="Another"),
    "an author's name": lambda posts: User.objects.filter(username="ada").update(first_name="Another"),
    "a series": lambda posts: save(Series.objects.get(), title="Another"),
    "what was said in an embed": lambda posts: Embed.objects.update(text="What was said", author_name="OpenAI"),
    "a tweet that is gone": lambda posts: Embed.objects.update(status="gone"),
    "a model that has retired": lambda posts: Generator.objects.update(status="retired"),
    "notes on a prompt": lambda posts: Prompt.objects.update(notes="What it did not do"),
    "a cover": lambda posts: save(posts[0], image=Image.objects.create(file="a.png", width=800, height=400, alt="a")),
    "a page": lambda posts: save(Page.objects.get(), title="Another"),
    "the settings": lambda posts: save(SiteSettings.load(), title="Another", tagline="Words", language="ko"),
    "the zone": lambda posts: save(SiteSettings.load(), time_zone="Pacific/Apia"),
    "hand-written SQL": lambda posts: connection.cursor().execute('UPDATE "blog_post" SET "title" = %s', ["Another"]),
}


def save(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize("change", CHANGES)
def test_each_page_is_what_one_gets_who_never_came_before(client: Client, posts: list[Post], change: str) -> None:
    addresses = [*ADDRESSES, f"/prompts/{Prompt.objects.earliest('pk').public_id}/"]
    before = {address: got(client, address) for address in addresses}
    CHANGES[change](posts)
    after = {address: got(client, address) for address in addresses}
    assert after == {address: got(Client(), address) for address in addresses}
    assert after != before


def test_a_scheduled_post_appears_at_its_minute(
    client: Client, make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = version.monotonic()
    monkeypatch.setattr(version, "monotonic", lambda: now)
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as traveller:
        make_post(tags=["a"])
        make_post(slug="later", publish_at=timezone.now() + timedelta(minutes=1), tags=["a"])
        lists = ("/", "/feed.xml", "/sitemap-posts.xml", "/archives/", "/tags/a/", "/posts/post-1/")
        assert not any(b"later" in client.get(address).content for address in lists)
        now += 60
        traveller.shift(60)
        assert all(b"later" in client.get(address).content for address in lists)


# --- What is always asked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/search/?q=film", "/search/?q=film&part=results", "/prompts/?model=sora"])
def test_what_parameters_choose_is_made_each_time(client: Client, posts: list[Post], address: str) -> None:
    first = templates(client, address)
    assert first
    assert len(templates(client, address)) == len(first)


def test_whoever_is_logged_in_is_answered_anew(client: Client, posts: list[Post]) -> None:
    client.get("/")
    client.force_login(User.objects.create_superuser("root"))
    assert templates(client, "/")


def test_what_is_not_there_is_looked_for_each_time(client: Client, make_post: MakePost) -> None:
    assert client.get("/posts/late/").status_code == 404
    make_post(slug="late")
    assert client.get("/posts/late/").status_code == 200


def test_what_has_moved_takes_its_parameters_along(client: Client, posts: list[Post]) -> None:
    save(posts[0], slug="new")
    assert client.get("/posts/one/?utm_source=x").headers["Location"] == "/posts/new/?utm_source=x"


def test_an_address_in_hangul_is_found(client: Client, make_post: MakePost) -> None:
    make_post(slug="영상-생성")
    for _ in range(2):
        assert client.get(f"/posts/{quote('영상-생성')}/?a=b").status_code == 200


def test_none_are_kept_while_templates_are_written(settings: LazySettings, posts: list[Post]) -> None:
    settings.TRACE_BYTES = 0
    client = Client()
    client.get("/")
    assert templates(client, "/")


# --- Memory ---------------------------------------------------------------------------------------------------------


def test_memory_is_bounded_and_the_pages_nobody_asks_for_go_first(db: None) -> None:
    traces, made = Traces(limit=100_000), []

    def ask(path: str) -> None:
        def make() -> HttpResponse:
            made.append(path)
            return HttpResponse(b"x" * 10_000)

        traces.answer(Key("http", "localhost", path, "*/*"), make)

    for number in range(50):
        ask("/")
        ask(f"/{number}/")
        assert traces.size <= 100_000
    assert made.count("/") == 1
    ask("/0/")
    assert made.count("/0/") == 2


# --- Questions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def record(posts: list[Post]) -> Iterator[Record]:
    with recorded() as record:
        yield record


def test_a_question_is_asked_again_by_the_clock_of_then(make_post: MakePost) -> None:
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as traveller:
        make_post(publish_at=timezone.now() + timedelta(minutes=1))
        with recorded() as record:
            assert not Post.objects.published().exists()
        ((question, digest),) = record.own.items()
        assert question.ask() == digest
        traveller.shift(60)
        assert question.ask() != digest


def test_answers_are_read_as_they_would_be_without_a_record(record: Record) -> None:
    slugs = list(Post.objects.order_by("pk").values_list("slug", flat=True))
    assert (
        slugs == [post.slug for post in Post.objects.order_by("pk").iterator(chunk_size=1)] == ["one", "two", "three"]
    )
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute('SELECT "slug" FROM "blog_post" ORDER BY "id"')
            assert cursor.fetchone() == ("one",)
            assert cursor.fetchmany(1) == [("two",)]
            assert list(cursor) == [("three",)]
            assert cursor.fetchone() is None
        assert cursor.description[0][0] == "slug"
    assert record.is_complete


@pytest.mark.parametrize(
    "asked",
    [
        lambda: Post.objects.filter(publish_at__lte=timezone.now()).count(),
        lambda: Post.objects.update(title="New"),
        lambda: connection.cursor().execute('SELECT "id" FROM "blog_post" WHERE "id" = %(id)s', {"id": 1}),
    ],
    ids=["by a clock of its own", "a write", "parameters with names"],
)
def test_what_asking_again_would_not_tell_makes_a_record_incomplete(record: Record, asked: Callable[[], Any]) -> None:
    asked()
    assert not record.is_complete


def test_what_is_remembered_brings_its_questions(posts: list[Post]) -> None:
    def asked() -> Record:
        with version.showing(version.current()), recorded() as record:
            version.remembered("posts there are", Post.objects.count)
        return record

    first, second = asked(), asked()
    assert len(first.shared) == 1
    assert first.shared == second.shared
    assert first.own == second.own == {}


def test_an_inner_record_is_the_inner_ones_alone(record: Record) -> None:
    with recorded() as inner:
        Post.objects.count()
    assert (len(inner.own), len(record.own)) == (1, 0)
    questions.include(inner)
    assert record.shared == inner.own


def test_the_clock_stands_while_questions_are_recorded(record: Record) -> None:
    assert clock.now() == clock.now()
