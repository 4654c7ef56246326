"""The databases read a page of a list from an index, in its order: none is scanned, none is sorted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from blog import lists
from blog.lists import Kind
from blog.models import Category, FailureMode, Generator, Post, Prompt, Series

pytestmark = pytest.mark.whole

MakePost = Callable[..., Post]
MANY = 400


@pytest.fixture
def many(make_post: MakePost) -> None:
    """So many posts that an index is worth it, and statistics about them."""
    body = "> Prompt: a night\n> Model: Sora\n> Failure: physics"
    series = Series.objects.create(title="Nights", slug="nights")
    ada = User.objects.create_user("ada")
    post = make_post(slug="a", body=body, category="AI/News", tags=["film"], author=ada, series=series)
    prompt, listed = Prompt.objects.get(), list(post.listings.all())
    posts, prompts, rows = [], [], []
    for number in range(MANY):
        at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=number)
        key = post.pk + 1 + number
        posts.append(_copy(post, pk=key, slug=f"p{number}", feed_id=f"p{number}", publish_at=at))
        prompts.append(_copy(prompt, pk=prompt.pk + 1 + number, public_id=f"p{number}", post_id=key, post_embed=None))
        rows += [_copy(row, pk=None, post_id=key, at=at) for row in listed]
    for copies in (posts, prompts, rows):
        type(copies[0])._default_manager.bulk_create(copies)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # it would rather scan so small a table
            cursor.execute("SET LOCAL enable_bitmapscan = off")


def _copy(row: Any, **values: Any) -> Any:
    names = [field.attname for field in row._meta.concrete_fields]
    return type(row)(**{**{name: getattr(row, name) for name in names if name != "id"}, **values})


LISTS: dict[str, Callable[[], lists.Keys]] = {
    "home": lists.home,
    "all posts, archives and feeds": lists.posts,
    "an author": lambda: lists.by(User.objects.get(username="ada").pk),
    "a series": lambda: lists.of_series(Series.objects.get().pk),
    "a year": lambda: lists.within(2020),
    "a month": lambda: lists.within(2020, 3),
    "a tag": lambda: lists.listed(Kind.TAG, Tag.objects.get().pk),
    "a category": lambda: lists.listed(Kind.CATEGORY, Category.objects.get(path="ai").pk),
    "a model's posts": lambda: lists.listed(Kind.MODEL, Generator.objects.get(name="Sora").pk),
    "prompts": lambda: lists.listed(Kind.PROMPTS),
    "a model's prompts": lambda: lists.listed(Kind.PROMPTS_FOR, Generator.objects.get(name="Sora").pk),
    "a failure's prompts": lambda: lists.listed(Kind.PROMPTS_FAILING, FailureMode.objects.get(slug="physics").pk),
    "prompts of a tag": lambda: lists.listed(Kind.PROMPTS_TAGGED, Tag.objects.get().pk),
    "a tag in a year": lambda: lists.in_all([(Kind.TAG, Tag.objects.get().pk)], 2020),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("start", [0, 100])
def test_a_page_is_read_from_an_index_in_its_order(
    many: None, monkeypatch: pytest.MonkeyPatch, name: str, start: int
) -> None:
    monkeypatch.setattr(lists, "STEP", 50)
    keys = LISTS[name]()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(keys.some(start, start + 10)) == (10 if keys.count() > start + 10 else max(keys.count() - start, 0))
    asked = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    assert asked
    for sql in asked:
        if "COUNT(*)" not in sql and " OVER (" not in sql:  # these are remembered for a content version
            _is_ordered_by_an_index(sql)


@pytest.mark.parametrize(
    "address", ["/", "/tags/film/", "/feed.xml", "/prompts/", "/archives/", "/authors/ada/", "/models/sora/"]
)
def test_no_page_scans_posts_prompts_or_lists(many: None, client: Client, address: str) -> None:
    client.get(address)
    _scans_nothing(client, address)


@pytest.mark.parametrize(
    "address",
    [
        *("/admin/", "/admin/blog/post/", "/admin/blog/post/?lacks=summary", "/admin/blog/post/?lang=ko"),
        *("/admin/blog/post/?state=published", "/admin/blog/post/?when=2020-03", "/admin/blog/post/?q=post"),
        *("/admin/blog/prompt/", "/admin/blog/prompt/?q=night", "/admin/taggit/tag/"),
        *("/admin/blog/prompt/?lang=en", "/admin/blog/prompt/?in_text=0", "/admin/admin/logentry/?when=2020-03"),
    ],
)
def test_no_list_of_the_admin_scans_them(many: None, admin_client: Client, address: str) -> None:
    admin_client.get(address)
    _scans_nothing(admin_client, address)


def _scans_nothing(client: Client, address: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    for query in captured:
        if query["sql"].startswith("SELECT"):
            scanned = _scanned(_plan(query["sql"]))
            assert not scanned, (query["sql"], scanned)


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{how} {sql}".replace("%", "%%") if connection.vendor == "postgresql" else f"{how} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def _scanned(plan: str) -> list[str]:
    """Tables that grow with the blog and are read as a whole."""
    growing = "(?:blog_(?:post|prompt|listing|embed|postembed|posttag|postentry|promptentry)|django_admin_log)"
    found = re.findall(rf"(?m)SCAN {growing}$|Seq Scan on {growing}\b", plan)
    return [str(one) for one in found]


def _is_ordered_by_an_index(sql: str) -> None:
    plan = _plan(sql)
    assert not _scanned(plan), plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
    assert not re.search(r"(?m)^\s*(?:->\s+)?Sort\b", plan), plan
    assert "INDEX" in plan.upper(), plan
