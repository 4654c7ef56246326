"""Posts stay whole, whatever becomes of their embeds."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from time_machine import TimeMachineFixture

from blog.models import Embed, PostEmbed
from tests.conftest import EMBED
from tests.fake_provider import FakeProvider
from tests.fake_provider.recordings import RECORDINGS
from tests.snapshots.conftest import START
from tests.snapshots.helpers import HELD, SIX, TROUBLE, MakePost, statuses, texts, x

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
CAPTIONS = ["tokyo walk", "blue eyed fluff ball", "paper airplanes"]
CAPTIONS += ["puppy cloning", "basketball explosion", "vlogger corgi"]


@pytest.mark.parametrize(
    ("scenario", "status"),
    [("live", "live"), ("deleted", "gone"), ("protected", "protected"), *((name, "unreachable") for name in TROUBLE)],
)
def test_everything_stays_whole_whatever_becomes_of_the_embeds(
    fake: FakeProvider,
    clock: TimeMachineFixture,
    seed: Path,
    admin_client: Client,
    scenario: str,
    status: str,
) -> None:
    call_command("import_jekyll", seed, stdout=StringIO())
    assert statuses() == ["live"] * 6
    prompts = list(PostEmbed.objects.values_list("prompts__text", flat=True))
    for number in SIX:
        fake.set(number, scenario)
    for _ in range(3):  # a day later, and again
        clock.shift(DAY * 1.1)
        for _ in range(6):  # who is asked to wait asks no more in a run
            Embed.objects.exclude(status=status).update(next_check=None)
            call_command("refresh_embeds", stdout=StringIO())
    assert statuses() == [status] * 6
    for address in ("/posts/SoraAI/", "/feed.xml", "/rss.xml", "/feed.json"):
        response = admin_client.get(address)
        assert response.status_code == 200
        shown = response.content.decode()
        for words in (*CAPTIONS, "Count again: that is the hard part.", "가능성이 있습니다"):
            assert words in shown, address
    page = admin_client.get("/posts/SoraAI/").content.decode()
    assert all(str(prompt) in texts(page) for prompt in prompts)
    assert all(RECORDINGS[number].author_name in page for number in SIX)
    assert page.count("X에서 사라진 게시물") == (6 if status == "gone" else 0)
    for address in ("/admin/", "/admin/blog/embed/", f"/admin/blog/embed/{Embed.objects.first().pk}/change/"):  # type: ignore[union-attr]
        assert admin_client.get(address).status_code == 200


def test_a_post_with_a_gone_embed_can_be_saved_and_read(
    fake: FakeProvider, make_post: MakePost, client: Client
) -> None:
    x(status="gone", status_since=START, checked_at=START, missing_since=START, next_check=START + 900 * DAY, **HELD)
    post = make_post(body=EMBED)
    post.body += "\n\nMore."
    post.save()
    html = client.get("/posts/post-1/").content.decode()
    assert "Both lines of it." in html
    assert "tokyo walk" in html
    assert "A stylish woman" in html
    assert statuses() == ["gone"]
