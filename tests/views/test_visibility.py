"""Drafts and future posts appear nowhere: one walk over everything a reader can ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from blog.models import Category, Generator, Post, Prompt, PromptTranslation, Series
from tests.conftest import EMBED, in_a_week

SECRET = "Unseen"
FEEDS = ("feed.xml", "rss.xml", "feed.json")
# What the hidden posts say of prompts, in Korean so that it has a language of its own.
HIDDEN_PROMPT = f"> 프롬프트: {SECRET}: 비밀 문장\n> Model: Hidden\n> Failure: hidden, open\n> Notes: {SECRET}"
OPEN_PROMPT = "> Prompt: First\n> Model: Sora\n> Failure: open"
SECOND_PROMPT = "> Prompt: Second\n> Model: Sora"
ADDRESSES = [
    *("/", "/page/2/", "/posts/draft/", "/posts/future/", "/posts/shown/", "/posts/shown-too/"),
    *("/categories/", "/categories/open/", "/categories/hidden/", "/categories/hidden/deeper/", "/categories/deeper/"),
    *("/tags/", "/tags/open/", "/tags/hidden/", "/archives/", "/archives/2024/", "/archives/2024/6/"),
    *("/feed.xml", "/rss.xml", "/feed.json", "/sitemap.xml", "/robots.txt", "/nothing/", "/preview/nothing/"),
    *(f"/sitemap-{name}.xml" for name in ("posts", "categories", "tags", "authors", "prompts", "models", "failures")),
    *("/llms.txt", "/posts/draft.md", "/posts/future.md", "/posts/shown.md"),
    *(
        "/prompts/",
        "/prompts/?q=%EB%B9%84%EB%B0%80",
        "/prompts/?q=street",
        "/prompts/?tag=open",
        "/prompts/?tag=hidden",
    ),
    *("/prompts/?model=hidden", "/prompts/?failure=hidden", "/prompts/?lang=ko", "/prompts/?model=sora"),
    *("/prompts/failures/", "/prompts/failures/open/", "/prompts/failures/hidden/"),
    *("/models/", "/models/sora/", "/models/hidden/", "/authors/open-author/", "/authors/hidden-author/"),
    *(f"/authors/{name}-author/{file}" for name in ("open", "hidden") for file in FEEDS),
    *(f"/{path}/{file}" for path in ("prompts", "models/sora", "models/hidden") for file in FEEDS),
    *(f"/posts/{slug}/prompts.txt" for slug in ("shown", "draft", "future")),
    *(f"/posts/{slug}/corrections/" for slug in ("shown", "draft", "future")),
    *("/series/", "/series/open/", "/series/hidden/"),
    *(f"/series/{name}/{file}" for name in ("open", "hidden") for file in FEEDS),
    *("/feed/archive/1.xml", "/rss/archive/1.xml", "/feed/archive/1.json", "/tags/hidden/feed/archive/1.xml"),
    *(f"/categories/{path}/{file}" for path in ("open", "hidden") for file in FEEDS),
    *(f"/tags/{tag}/{file}" for tag in ("open", "hidden") for file in FEEDS),
]


@pytest.fixture
def hidden(make_post: Callable[..., Post], django_user_model: Any) -> list[Post]:
    """A draft and a future post between two public ones, sharing and not sharing their categories and tags."""
    about: dict[str, Any] = {"title": SECRET, "body": f"{SECRET}\n\n{EMBED}\n{HIDDEN_PROMPT}", "summary": SECRET}
    about["show_corrections"] = True
    open_series = Series.objects.create(title="Open", slug="open")
    hidden_series = Series.objects.create(title=SECRET, slug="hidden")
    known, unknown = (django_user_model.objects.create_user(f"{name}-author") for name in ("open", "hidden"))
    told = {"series": open_series, "show_corrections": True}
    shown = make_post(
        title="Shown", author=known, slug="shown", category="Open", tags=["open"], body=OPEN_PROMPT, **told
    )
    draft = make_post(
        slug="draft",
        author=unknown,
        category="Hidden/Deeper",
        tags=["hidden", "open"],
        pinned=True,
        status="draft",
        series=hidden_series,
        **about,
    )
    dated = Post.objects.get(pk=draft.pk).publish_at
    assert dated is not None
    assert dated < timezone.now()
    about["series"] = open_series
    future = make_post(slug="future", author=known, category="Open", tags=["hidden"], publish_at=in_a_week(), **about)
    make_post(title="Shown too", slug="shown-too", publish_at=datetime(2024, 6, 1, tzinfo=UTC), body=SECOND_PROMPT)
    original = shown.prompts.get()
    for prompt in Prompt.objects.exclude(pk=original.pk).exclude(text="Second"):
        prompt.variant_of = original
        prompt.generator = prompt.generator or Generator.objects.get(name="Sora")
        prompt.save()
        PromptTranslation.objects.create(prompt=prompt, lang="en", text=SECRET)
    return [draft, future]


def test_nothing_hidden_shows_at_any_address(client: Client, hidden: list[Post]) -> None:
    for address in ADDRESSES:
        response = client.get(address, follow=True)
        text = response.content.decode()
        assert SECRET not in text, address
        assert "tokyo walk" not in text, address
        for trace in ("/posts/draft/", "/posts/future/", "/tags/hidden/", "/categories/hidden/"):
            assert f'href="{trace}"' not in text, (address, trace)
            assert f"<loc>http://testserver{trace}</loc>" not in text, (address, trace)
        for trace in ("/models/hidden/", "/prompts/failures/hidden/", ">hidden<", ">Hidden<"):
            assert trace not in text.replace('">hidden</a></li>', ""), (address, trace)
        hidden_words = ("hidden", "draft", "future", "deeper", "nothing", "page/2", "lang=ko", "archive/1")
        absent = any(word in address for word in hidden_words)
        assert response.status_code == (404 if absent else 200), address


def test_archives_of_feeds_hold_public_posts_alone(
    client: Client, hidden: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blog.feeds.answer.ENTRIES", 1)
    for kind in ("feed/archive/{}.xml", "rss/archive/{}.xml", "feed/archive/{}.json"):
        first, second = (client.get(f"/{kind.format(number)}").content.decode() for number in (1, 2))
        assert "Shown too" in first + second
        assert SECRET not in first + second
        assert client.get(f"/{kind.format(3)}").status_code == 404


def test_counts_leave_hidden_posts_out(client: Client, hidden: list[Post]) -> None:
    assert '>#open</a> <span class="count">1</span>' in client.get("/tags/").content.decode()
    assert '>Open</a> <span class="count">1</span>' in client.get("/categories/").content.decode()


def test_the_prompts_of_hidden_posts_show_nowhere(client: Client, hidden: list[Post]) -> None:
    for prompt in Prompt.objects.filter(post__in=hidden):
        for suffix in ("/", ".txt", ".md", ".json"):
            assert client.get(f"/prompts/{prompt.public_id}{suffix}").status_code == 404
        for address in [*ADDRESSES, *(f"/prompts/{p.public_id}/" for p in Prompt.objects.published())]:
            assert prompt.public_id not in client.get(address).content.decode(), address


def test_counts_and_lists_of_prompts_leave_hidden_ones_out(client: Client, hidden: list[Post]) -> None:
    assert "프롬프트 2개" in client.get("/prompts/").content.decode()
    assert '/models/sora/">Sora</a> <span class="count">2</span>' in client.get("/models/").content.decode()
    assert (
        '/prompts/failures/open/">open</a> <span class="count">1</span>'
        in client.get("/prompts/failures/").content.decode()
    )
    assert [item["title"] for item in client.get("/prompts/feed.json").json()["items"]] == ["Second", "First"]


def test_a_prompt_leads_to_no_hidden_variant_or_neighbour(client: Client, hidden: list[Post]) -> None:
    first, second = (Prompt.objects.get(text=text) for text in ("First", "Second"))
    html = client.get(f"/prompts/{first.public_id}/").content.decode()
    assert "변형" not in html
    assert SECRET not in html
    assert f'rel="next" class="newer" href="/prompts/{second.public_id}/"' in html
    assert client.get(f"/prompts/{first.public_id}.json").json()["variants"] == []


def test_a_scheduled_posts_prompt_appears_with_it(client: Client, make_post: Callable[..., Post]) -> None:
    at = timezone.now() + timedelta(hours=1)
    address = f"/prompts/{make_post(body=OPEN_PROMPT, publish_at=at).prompts.get().public_id}/"
    for moment, status in ((at - timedelta(seconds=1), 404), (at, 200)):
        with time_machine.travel(moment, tick=False):
            assert client.get(address).status_code == status
            assert client.get("/models/sora/").status_code == status
            assert (address in client.get("/sitemap-prompts.xml").content.decode()) == (status == 200)


def test_neighbours_step_over_hidden_posts(client: Client, hidden: list[Post]) -> None:
    html = client.get("/posts/shown/").content.decode()
    assert 'rel="next" class="newer" href="/posts/shown-too/"' in html


def test_the_walk_knows_every_public_address(db: None) -> None:
    walked = {"home", "post", "categories", "category", "tags", "tag", "sitemap", "robots", "page"}
    walked |= {"archives", "archive_year", "archive_month"}
    lists = ("", "category_", "tag_", "author_", "series_", "prompts_", "model_")
    feeds = {f"{kind}{feed}" for kind in lists for feed in ("atom", "rss", "json")}
    walked |= feeds | {f"{feed}_archive" for feed in feeds}
    walked |= {"prompts", "prompt", "prompt_txt", "prompt_md", "prompt_json", "post_prompts"}
    walked |= {
        "failures",
        "failure",
        "models",
        "model",
        "author",
        "draft",
        "all_series",
        "series",
        "corrections",
        "search",
    }
    walked |= {"sitemap_section", "sitemap_page", "llms", "post_md"}
    # The same views as for their first pages.
    in_pages = ("home", "corrections", "archives", "archive_year", "archive_month", "category", "tag", "author")
    walked |= {f"{name}_page" for name in (*in_pages, "prompts", "failure", "model")}
    without_posts = {"healthz", "media", "moved_file", "favicon", "indexnow_key"}
    names = {name for name in get_resolver("blog.urls").reverse_dict if isinstance(name, str)}
    assert names == walked | without_posts


def test_a_scheduled_post_appears_at_its_minute(client: Client, make_post: Callable[..., Post]) -> None:
    at = timezone.now() + timedelta(hours=1)
    make_post(slug="soon", title="Soon", publish_at=at, category="Open")
    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        assert client.get("/posts/soon/").status_code == 404
    with time_machine.travel(at, tick=False):
        assert client.get("/posts/soon/").status_code == 200
        for address in ("/", "/feed.xml", "/sitemap-posts.xml", "/llms.txt", "/categories/", "/archives/"):
            shown = "Open" if address == "/categories/" else "oon"
            assert shown in client.get(address).content.decode(), address


def test_a_category_whose_only_post_is_hidden_is_not_in_the_tree(client: Client, hidden: list[Post]) -> None:
    assert Category.objects.filter(path="hidden").exists()
    assert "/categories/hidden/" not in client.get("/categories/").content.decode()
