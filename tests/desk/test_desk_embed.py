"""An address that was pasted into a text is asked about at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from blog.models import Embed
from tests.conftest import TOKYO

ADDRESS = "/admin/blog/post/embed/"
TWEET = f"https://x.com/OpenAI/status/{TOKYO}"


def ask(client: Client, url: str) -> Any:
    return client.post(ADDRESS, {"url": url}, headers={"Accept-Language": "en"})


@pytest.mark.django_db(transaction=True)
def test_a_post_that_nobody_could_be_asked_about_is_stored_and_says_so(admin_client: Client) -> None:
    answer = ask(admin_client, TWEET).json()
    assert answer == {"status": "pending", "text": "X · @OpenAI (not fetched yet)"}
    assert Embed.objects.get().provider_id == TOKYO


def test_a_post_that_is_known_is_answered_without_asking(admin_client: Client) -> None:
    known = {"author_name": "OpenAI", "author_handle": "OpenAI", "text": "tokyo walk", "status": "live"}
    Embed.objects.create(provider="x", provider_id=TOKYO, url=TWEET, **known)
    assert ask(admin_client, TWEET).json() == {"status": "live", "text": "X · OpenAI (@OpenAI): tokyo walk"}


@pytest.mark.parametrize("url", ["https://example.com/", "words", "", "javascript:alert(1)"])
def test_an_address_that_is_no_embed_is_refused_in_words(admin_client: Client, url: str) -> None:
    response = ask(admin_client, url)
    assert response.status_code == 422
    assert "link" in response.json()["error"]
    assert not Embed.objects.exists()


def test_a_text_that_was_taken_down_is_not_told(admin_client: Client) -> None:
    Embed.objects.create(provider="x", provider_id=TOKYO, url=TWEET, text="secret", status="live", takedown=True)
    assert "secret" not in ask(admin_client, TWEET).json()["text"]


def test_who_may_not_write_may_not_ask(client: Client, django_user_model: Any) -> None:
    assert ask(client, TWEET).status_code == 302
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    assert ask(client, TWEET).status_code == 403
    assert client.get(ADDRESS).status_code == 405
    assert not Embed.objects.exists()
