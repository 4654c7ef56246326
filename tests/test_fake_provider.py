"""The fake provider itself: what it must do for other tests to mean anything."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC

import pytest

from blog.embeds.registry import PROVIDERS
from blog.importers import jekyll
from blog.rendering import render
from tests.fake_provider import FakeProvider, demo
from tests.fake_provider.answers import find_post, find_still


def ask(fake: FakeProvider, request: bytes) -> bytes:
    host, port = fake.address.split(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        while piece := connection.recv(65536):
            answer += piece
    return answer


def test_it_notes_what_it_is_asked() -> None:
    with FakeProvider() as fake:
        ask(fake, b"GET /oembed?url=x HTTP/1.1\r\nHost: publish.x.com\r\n\r\n")
    assert fake.requests == [("publish.x.com", "/oembed?url=x")]


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /oembed HTTP/1.1\r\nHost: publish.x.com\r\n\r\n",
        b"GET /oembed?url=https%3A%2F%2Fx.com%2FOpenAI HTTP/1.1\r\nHost: publish.x.com\r\n\r\n",
        b"GET /oembed?url=https%3A%2F%2Fx.com%2Fi%2Fstatus%2F1 HTTP/1.1\r\nHost: www.youtube.com\r\n\r\n",
        b"GET /api/v1/statuses/abc HTTP/1.1\r\nHost: mastodon.social\r\n\r\n",
        b"GET /oembed HTTP/1.0\r\n\r\n",
    ],
)
def test_it_has_nothing_at_other_addresses(request_: bytes) -> None:
    with FakeProvider() as fake:
        assert ask(fake, request_).startswith(b"HTTP/1.1 404 ")


def test_it_refuses_a_scenario_that_it_doesnt_know() -> None:
    with FakeProvider() as fake:
        with pytest.raises(ValueError, match="no scenario"):
            fake.set("20", "lively")
        with pytest.raises(ValueError, match="no scenario"):
            fake.all("")


def test_it_ends_whatever_it_is_doing() -> None:
    before = threading.active_count()
    connections = []
    with FakeProvider() as fake:
        host, port = fake.address.split(":")
        for scenario in ("", "silent", "slow_drip", "slow_headers", "oversized"):
            connection = socket.create_connection((host, int(port)), timeout=10)
            connections.append(connection)
            if scenario:
                fake.set("20", scenario)
                connection.sendall(
                    b"GET /oembed?url=https%3A%2F%2Fx.com%2Fjack%2Fstatus%2F20 HTTP/1.1\r\nHost: publish.x.com\r\n\r\n"
                )
                while len(fake.requests) < len(connections) - 1:
                    time.sleep(0.01)
    assert threading.active_count() == before
    for connection in connections:
        connection.close()


def test_its_stills_have_the_shape_of_their_films() -> None:
    upright = find_still("i.ytimg.com", "/vi/RoostShort1/hqdefault.jpg")
    wide = find_still("i.ytimg.com", "/vi/RoostDemo01/hqdefault.jpg")
    assert upright is not None
    assert wide is not None
    assert upright.startswith(b"\xff\xd8")
    assert upright != wide
    assert find_still("i.ytimg.com", "/vi/../etc/passwd") is None


def test_a_post_is_known_by_its_number() -> None:
    found = find_post("vimeo.com", "/api/oembed.json?url=https%3A%2F%2Fvimeo.com%2F1000000101%2F8272103f6e&dnt=1")
    assert found is not None
    assert found.id == "1000000101"


def test_the_post_of_the_demonstration_has_an_embed_of_every_provider() -> None:
    [file] = jekyll.find_posts(demo.POSTS)
    post = jekyll.read_post(file, jekyll.read_site(demo.POSTS, zone=UTC, lang="en"))
    rendered = render(post.body, variables=post.variables, instances=["mastodon.social"])
    assert rendered.warnings == ()
    assert {embed.provider for embed in rendered.embeds} == {provider.name for provider in PROVIDERS}
    assert all(embed.caption for embed in rendered.embeds)
    fated = {demo.LONG, demo.GONE, demo.GONE_BEFORE, demo.PROTECTED, demo.LIMITED, demo.PENDING, demo.TAKEN_DOWN}
    assert fated < {embed.provider_id for embed in rendered.embeds}
