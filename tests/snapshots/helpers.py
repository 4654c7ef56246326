"""Embeds to ask about, and what was asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from blog import snapshots
from blog.models import Embed, Post
from tests.conftest import TOKYO
from tests.fake_provider import FakeProvider

MakePost = Callable[..., Post]
Commit = Callable[..., Any]
SIX = ["1758192965703647443", "1758397696745054665", "1758207083441455272"]  # on X, in the order of the real post
SIX += ["1758243737778729301", "1758569961595822332", "1758502908742570445"]
# Scenarios in which a site answers, but tells nothing about a post.
TROUBLE = ["forbidden_to_all", "rate_limited", "error", "oversized", "redirect"]
TROUBLE += ["wrong_type", "broken_json", "not_an_object", "deep_json", "compressed"]
YOUTUBE = "RoostDemo01"
HELD = {  # what a snapshot is made of
    "author_name": "Ada",
    "author_handle": "ada",
    "text": "Kept.\n\nBoth lines of it.",
    "text_lang": "en",
    "details": {"did": "did:plc:abc"},
}


def x(number: str = TOKYO, **values: Any) -> Embed:
    """A post on X."""
    url = f"https://x.com/i/status/{number}"
    return Embed.objects.create(**{"provider": "x", "provider_id": number, "url": url, **values})


def youtube(video: str = YOUTUBE, **values: Any) -> Embed:
    """A film on YouTube."""
    url = f"https://www.youtube.com/watch?v={video}"
    return Embed.objects.create(**{"provider": "youtube", "provider_id": video, "url": url, **values})


def some(count: int) -> list[Embed]:
    """Posts on X."""
    return [x(str(1800000000000000000 + i)) for i in range(count)]


def check(embed: Embed) -> Embed:
    """Ask about it now, due or not; returns it as it is stored then."""
    snapshots.refresh([Embed.objects.get(pk=embed.pk)])
    return Embed.objects.get(pk=embed.pk)


def asked(fake: FakeProvider) -> list[str]:
    """The addresses of the posts that were asked about, in order."""
    queries = [parse_qs(urlsplit(path).query) for _, path in fake.requests]
    return [query["url"][0] for query in queries if "url" in query]


def statuses() -> list[str]:
    """Of all embeds, in the order they came."""
    return list(Embed.objects.order_by("pk").values_list("status", flat=True))


def texts(html: str) -> str:
    """A page without its tags."""
    return re.sub(r"<[^>]*>", "", html)


def before_learning(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    """Do something between a question and its answer."""
    learn = snapshots.learn

    def act_and_learn(*arguments: Any) -> None:
        action()
        learn(*arguments)

    monkeypatch.setattr(snapshots, "learn", act_and_learn)
