"""Long lists of the admin: narrowed by dates and values, searched by words, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from blog.admin.posts import PostAdmin
from blog.models import Embed, FailureMode, Post, Prompt

MakePost = Callable[..., Post]
LIST = "/admin/blog/post/"


def shown(client: Client, query: str, address: str = LIST) -> int:
    response = client.get(f"{address}{query}")
    assert response.status_code == 200
    return response.content.decode().count('<th class="field-')


@pytest.mark.parametrize(
    ("when", "total"),
    [("2023", 1), ("2024", 2), ("2024-02", 1), ("2024-12", 1), ("2024-03", 0), ("2024-13", 0), ("nonsense", 3)],
)
def test_posts_are_narrowed_by_years_and_months(
    admin_client: Client, make_post: MakePost, when: str, total: int
) -> None:
    for at in (datetime(2023, 5, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 12, 31, tzinfo=UTC)):
        make_post(publish_at=at)
    assert shown(admin_client, f"?when={when}") == total


def test_the_months_of_a_chosen_year_are_offered(admin_client: Client, make_post: MakePost) -> None:
    make_post()
    assert "?when=2024" in admin_client.get(LIST).content.decode()
    assert "?when=2024-05" not in admin_client.get(LIST).content.decode()
    assert "?when=2024-05" in admin_client.get(f"{LIST}?when=2024").content.decode()


def test_a_blog_without_posts_has_a_list(admin_client: Client) -> None:
    assert shown(admin_client, "") == 0


def test_pages_follow_each_other(admin_client: Client, make_post: MakePost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PostAdmin, "list_per_page", 2)
    for _ in range(5):
        make_post()
    assert [shown(admin_client, f"?p={page}") for page in (1, 2, 3)] == [2, 2, 1]
    first, last = (admin_client.get(f"{LIST}?o=1&p={page}").content.decode() for page in (1, 3))
    assert "Post 1" in first
    assert "Post 5" in last


@pytest.mark.parametrize(
    ("typed", "total"),
    [("고래", 1), ("래가", 1), ("whal", 1), ("deep-sea", 1), ("eep-se", 1), ("film", 1), ("nothing", 0), ("…", 0)],
)
def test_posts_are_found_by_words_tags_and_addresses_drafts_too(
    admin_client: Client, make_post: MakePost, typed: str, total: int
) -> None:
    make_post(title="고래가", slug="deep-sea", body="Whales sing.", tags=["film"], status="draft")
    make_post(slug="other")
    assert shown(admin_client, f"?q={typed}") == total


def test_prompts_are_found_by_their_words_their_post_and_their_address(
    admin_client: Client, make_post: MakePost
) -> None:
    make_post(title="Whales", body="> Prompt: a night")
    make_post(title="Other", body="> Prompt: a day")
    prompt = Prompt.objects.get(text="a night")
    for typed in ("night", "whales", prompt.public_id):
        assert shown(admin_client, f"?q={typed}", "/admin/blog/prompt/") == 1


def test_lists_are_put_in_order_by_how_often_something_is_used(admin_client: Client, make_post: MakePost) -> None:
    make_post(tags=["rare", "often"], body="> Prompt: a\n> Failure: physics")
    make_post(tags=["often"], body="https://x.com/a/status/1\n\nhttps://x.com/a/status/2")
    make_post(body="https://x.com/a/status/2")
    html = admin_client.get("/admin/taggit/tag/?o=-3").content.decode()
    assert html.index(">often<") < html.index(">rare<")
    modes = admin_client.get("/admin/blog/failuremode/?o=-3").content.decode()
    used = f"/{FailureMode.objects.get(slug='physics').pk}/change/"
    assert re.findall(r"/admin/blog/failuremode(/[0-9]+/change/)", modes)[0] == used
    embeds = admin_client.get("/admin/blog/embed/?o=-4").content.decode()
    assert Embed.objects.count() == 2
    assert embeds.index('field-used_count">2<') < embeds.index('field-used_count">1<')
