"""The number of queries is small and doesn't grow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Page, Post
from tests.conftest import TOKYO

LIMITS = {
    "/": 6,
    "/posts/post-1/": 6,
    "/feed.xml": 6,
    "/rss.xml": 6,
    "/feed.json": 6,
    "/categories/ai/feed.xml": 6,
    "/categories/": 6,
    "/categories/ai/": 6,
    "/tags/": 6,
    "/tags/a/": 6,
    "/archives/": 6,
    "/sitemap.xml": 9,
    "/about/": 6,
    "/nothing/": 6,
}


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(address)
    return len(captured)


@pytest.mark.parametrize(("address", "limit"), LIMITS.items())
def test_queries_are_few_and_constant(client: Client, make_post: Callable[..., Post], address: str, limit: int) -> None:
    def add(number: int) -> None:
        for i in range(number):
            embeds = "\n\n".join(
                f"https://x.com/a/status/{int(TOKYO) + i + j}\nc\n> Prompt: p {i} {j}" for j in range(3)
            )
            make_post(body=embeds, category="AI/News", tags=["a", f"t{i}"])

    Page(title="About", slug="about", body="https://x.com/a/status/1").save()
    add(2)
    few = count(client, address)
    add(25)
    assert count(client, address) == few
    assert few <= limit
