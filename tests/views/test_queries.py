"""The number of queries is small and doesn't grow, with all that is remembered for a content version asked anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Page, Post, Prompt, PromptTranslation, Series
from tests.conftest import TOKYO

LIMITS = {
    "/": 6,
    "/posts/post-1/": 10,
    "/series/": 6,
    "/series/sora/": 6,
    "/posts/post-1/corrections/": 6,
    "/posts/post-1.md": 3,
    "/feed.xml": 7,
    "/rss.xml": 7,
    "/feed.json": 7,
    "/categories/ai/feed.xml": 8,
    "/categories/": 6,
    "/categories/ai/": 7,
    "/tags/": 6,
    "/tags/a/": 6,
    "/archives/": 6,
    "/sitemap.xml": 17,
    "/sitemap-posts.xml": 5,
    "/sitemap-categories.xml": 5,
    "/sitemap-tags.xml": 5,
    "/sitemap-authors.xml": 5,
    "/sitemap-prompts.xml": 4,
    "/sitemap-models.xml": 5,
    "/llms.txt": 4,
    "/sitemap-series.xml": 5,
    "/authors/ada/": 6,
    "/authors/ada/feed.xml": 8,
    "/prompts/": 10,
    "/prompts/?q=p+0&model=sora&lang=en&tag=a&failure=physics": 9,
    "/prompts/feed.xml": 6,
    "/prompts/feed.json": 6,
    "/prompts/failures/": 6,
    "/prompts/failures/physics/": 6,
    "/models/": 6,
    "/models/sora/": 9,
    "/models/sora/rss.xml": 7,
    "/posts/post-1/prompts.txt": 6,
    "/search/": 9,
    "/search/?q=p+0": 10,
    "/search/?q=post&tag=a&category=ai&in=prompts": 15,  # SQLite looks up what words begin with "post"
    "/search/?q=post&part=results": 5,
    "/search/?q=zzz": 11,
    "/about/": 6,
    "/nothing/": 8,  # four of them look for what is like it, one for the newest posts
}


@pytest.fixture(autouse=True)
def _made_each_time(settings: LazySettings) -> None:
    settings.TRACE_BYTES = 0


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(address)
    return len(captured)


def test_queries_are_few_and_constant(client: Client, make_post: Callable[..., Post], django_user_model: Any) -> None:
    ada = django_user_model.objects.create_user("ada")

    series = Series.objects.create(title="Sora", slug="sora")

    def add(number: int) -> None:
        for i in range(number):
            embeds = "\n\n".join(
                f"https://x.com/a/status/{int(TOKYO) + i + j}\nc\n"
                f"> Prompt: p {i} {j}\n> Model: Sora\n> Failure: physics"
                for j in range(3)
            )
            more = {"series": series, "show_corrections": True}
            make_post(body=embeds, author=ada, category="AI/News", tags=["a", f"t{i}"], **more)

    Page(title="About", slug="about", body="https://x.com/a/status/1").save()
    add(2)
    few = {address: count(client, address) for address in LIMITS}
    add(25)
    assert {address: count(client, address) for address in LIMITS} == few
    # PostgreSQL is told how to plan, and asked how frequent something is, around each of two searches at most.
    more = 8 if connection.vendor == "postgresql" else 0
    limits = {one: limit + more * ("q=" in one or "/nothing/" in one) for one, limit in LIMITS.items()}
    assert {address: found for address, found in few.items() if found > limits[address]} == {}


@pytest.mark.parametrize(("suffix", "limit"), [("/", 9), (".txt", 2), (".md", 2), (".json", 6)])
def test_the_page_of_a_prompt_asks_little_whatever_its_family(
    client: Client, make_post: Callable[..., Post], suffix: str, limit: int
) -> None:
    make_post(body="https://x.com/a/status/1\nc\n> Prompt: the first\n> Model: Sora\n> Failure: physics")
    prompt = Prompt.objects.get()

    def add(number: int) -> None:
        for i in range(number):
            parent = Prompt.objects.last()
            assert parent is not None
            make_post(body=f"> Prompt: take {i}\n> Model: Sora\n> Variant of: {parent.public_id}")
            PromptTranslation.objects.create(prompt=prompt, lang=f"x-{Prompt.objects.count()}", text="a")

    add(2)
    few = count(client, f"/prompts/{prompt.public_id}{suffix}")
    add(10)
    assert count(client, f"/prompts/{prompt.public_id}{suffix}") == few
    assert few <= limit
