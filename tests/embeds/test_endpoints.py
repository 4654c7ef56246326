"""Whom we ask, checked against a list of endpoints that others keep."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from micawber.providers import bootstrap_basic

from blog.embeds import identify
from blog.embeds.registry import PROVIDERS, provider

EXAMPLES = {
    "x": ["https://x.com/OpenAI/status/1758192965703647443", "https://twitter.com/jack/status/20"],
    "youtube": ["https://www.youtube.com/watch?v=jNQXAC9IVRw", "https://youtu.be/jNQXAC9IVRw"],
    "vimeo": ["https://vimeo.com/76979871", "https://vimeo.com/76979871/8272103f6e"],
    "bluesky": ["https://bsky.app/profile/bsky.app/post/3kqmooj3ems2w"],
    "spotify": ["https://open.spotify.com/track/3OuMIIFP5TxM8tLXMWYPGV"],
}


def test_every_provider_with_an_endpoint_has_an_example() -> None:
    assert {site.name for site in PROVIDERS if site.endpoint} == set(EXAMPLES)


@pytest.mark.parametrize(("name", "url"), [(name, url) for name, urls in EXAMPLES.items() for url in urls])
def test_the_list_names_the_same_endpoint(name: str, url: str) -> None:
    found = identify(url)
    assert found is not None
    identity = found[0]
    assert identity.provider == name
    for address in (url, identity.url):  # what the author wrote, and what we ask about
        listed = bootstrap_basic().provider_for_url(address)
        assert listed is not None, address
        assert listed.endpoint == provider(name).endpoint


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_question_leads_to_the_endpoint_on_a_host_that_may_be_asked(name: str) -> None:
    site = provider(name)
    question = site.question(EXAMPLES[name][0])
    assert question.partition("?")[0] == site.endpoint
    assert urlsplit(question).netloc in site.hosts_of(EXAMPLES[name][0])
