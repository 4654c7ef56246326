"""What a save asks, and what it does without an answer."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from blog import snapshots
from blog.models import Embed, Post, PostEmbed, Prompt
from tests.conftest import EMBED, TOKYO
from tests.fake_provider import FakeProvider
from tests.fake_provider.recordings import RECORDINGS
from tests.snapshots.helpers import SIX, Commit, MakePost, asked, statuses, x

pytestmark = pytest.mark.django_db

ALL_SIX = "\n\n".join(f"https://x.com/i/status/{number}\nnumber {number}\n>Prompt: take {number}" for number in SIX)


def test_a_save_keeps_what_a_post_says(fake: FakeProvider, make_post: MakePost, commit: Commit) -> None:
    with commit():
        make_post(body=EMBED)
        assert fake.requests == []  # nobody holds a transaction while somebody is asked
    embed = Embed.objects.get()
    assert (embed.author_name, embed.author_handle, embed.text_lang) == ("OpenAI", "OpenAI", "en")
    assert embed.text.startswith(
        "One woman, one wet street, a whole city of lights in the puddles.\n\nA minute of Tokyo"
    )
    assert embed.posted_at == datetime(2024, 2, 15, 18, 14, 3, tzinfo=UTC)
    assert embed.status == "live"
    assert embed.fetched_at == embed.checked_at == embed.status_since
    assert (embed.failures, embed.missing_since) == (0, None)


def test_the_html_of_a_provider_is_never_printed(
    fake: FakeProvider, make_post: MakePost, commit: Commit, client: Client
) -> None:
    with commit():
        make_post(body=EMBED)
    for address in ("/", "/posts/post-1/", "/feed.xml", "/rss.xml", "/feed.json"):
        html = client.get(address).content.decode()
        assert "One woman, one wet street" in html
        assert "twitter-tweet" not in html
        assert "twsrc" not in html


def test_the_real_post_gives_six_snapshots(fake: FakeProvider, seed: Path, client: Client, db: None) -> None:
    out = StringIO()
    call_command("import_jekyll", seed, stdout=out)
    assert "embeds: 6 of 6 fetched." in out.getvalue()
    placed = [row.embed for row in PostEmbed.objects.select_related("embed").order_by("position")]
    assert [embed.provider_id for embed in placed] == SIX
    for embed in placed:
        said = RECORDINGS[embed.provider_id]
        assert embed.status == "live"
        assert embed.text.startswith(said.text)
        assert (embed.author_name, embed.author_handle, embed.text_lang) == ("OpenAI", "OpenAI", "en")
        assert embed.posted_at is not None
        assert embed.posted_at.year == 2024
    html = client.get("/posts/SoraAI/").content.decode()
    assert html.count('<blockquote class="subtitle"') == 6
    assert "Physics doesn’t &amp; we kept the clip" in html
    assert 'lang="en" dir="auto">Hello from the beach! 🐕<br><br>Today’s guide' in html


def test_a_transaction_that_is_taken_back_asks_nobody(fake: FakeProvider, make_post: MakePost, commit: Commit) -> None:
    with commit(), pytest.raises(RuntimeError), transaction.atomic():
        make_post(body=EMBED)
        raise RuntimeError
    assert fake.requests == []
    assert not Embed.objects.exists()


def test_what_is_known_is_not_asked_about_again(fake: FakeProvider, make_post: MakePost, commit: Commit) -> None:
    with commit():
        post = make_post(body=EMBED)
    with commit():
        post.body = f"More.\n\n{EMBED}"
        post.save()
        make_post(body=EMBED)
    assert len(asked(fake)) == 1


def test_a_post_without_embeds_asks_nobody(fake: FakeProvider, make_post: MakePost, commit: Commit) -> None:
    with commit():
        make_post()
    assert fake.requests == []


def test_a_draft_is_asked_about_as_well(fake: FakeProvider, make_post: MakePost, commit: Commit) -> None:
    with commit():
        make_post(body=EMBED, status="draft", publish_at=None)
    assert statuses() == ["live"]


def test_what_was_taken_down_is_not_asked_about_by_a_save(
    fake: FakeProvider, make_post: MakePost, commit: Commit
) -> None:
    x(takedown=True)
    with commit():
        make_post(body=EMBED)
    assert fake.requests == []


def test_a_site_that_says_nothing_is_not_waited_for(
    fake: FakeProvider, make_post: MakePost, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SAVE_SECONDS", 0.3)
    fake.all("silent")
    with commit():
        make_post(body=ALL_SIX)
    # Not even a failure is known yet: every request is still under way.
    assert [(e.status, e.checked_at, e.failures) for e in Embed.objects.all()] == [("pending", None, 0)] * 6
    assert PostEmbed.objects.count() == Prompt.objects.count() == 6
    assert Post.objects.get().body == ALL_SIX


def test_who_answers_in_time_is_heard(
    fake: FakeProvider, make_post: MakePost, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SAVE_SECONDS", 1.5)
    for number in SIX[1:4]:
        fake.set(number, "silent")
    with commit():
        make_post(body=ALL_SIX)
    assert statuses().count("live") == 3
    assert set(Embed.objects.filter(status="pending").values_list("provider_id", flat=True)) == set(SIX[1:4])


def test_what_was_not_answered_is_fetched_by_the_command(
    fake: FakeProvider,
    make_post: MakePost,
    commit: Commit,
    monkeypatch: pytest.MonkeyPatch,
    clock: TimeMachineFixture,
) -> None:
    monkeypatch.setattr(snapshots, "SAVE_SECONDS", 0.3)
    fake.all("silent")
    with commit():
        make_post(body=ALL_SIX)
    fake.all("live")
    clock.shift(snapshots.FIRST_WAIT)
    call_command("refresh_embeds", stdout=StringIO())
    assert statuses() == ["live"] * 6


def test_a_save_without_a_network_keeps_everything(
    make_post: MakePost, commit: Commit, client: Client, settings: LazySettings
) -> None:
    settings.EMBED_GATEWAY = "127.0.0.1:9"
    with commit():
        make_post(body=ALL_SIX)
    assert statuses() == ["pending"] * 6
    html = client.get("/posts/post-1/").content.decode()
    for number in SIX:
        assert f"number {number}" in html
        assert f"take {number}" in html


@pytest.mark.parametrize(
    ("scenario", "status"),
    [
        ("live", "live"),
        ("long", "live"),
        ("deleted", "pending"),  # one answer is not enough
        ("protected", "protected"),
        ("forbidden_to_all", "unreachable"),
        ("rate_limited", "unreachable"),
        ("error", "unreachable"),
        ("oversized", "unreachable"),
        ("redirect", "unreachable"),
        ("wrong_type", "unreachable"),
        ("broken_json", "unreachable"),
        ("not_an_object", "unreachable"),
        ("deep_json", "unreachable"),
        ("compressed", "unreachable"),
    ],
)
def test_a_save_goes_through_whatever_is_answered(
    fake: FakeProvider, make_post: MakePost, commit: Commit, client: Client, scenario: str, status: str
) -> None:
    fake.set(TOKYO, scenario)
    with commit():
        make_post(body=EMBED)
    assert statuses() == [status]
    assert "tokyo walk" in client.get("/posts/post-1/").content.decode()


@pytest.mark.parametrize("scenario", ["silent", "slow_drip", "slow_headers"])
def test_a_save_goes_through_however_slow_the_answer(
    fake: FakeProvider, make_post: MakePost, commit: Commit, impatient: None, scenario: str
) -> None:
    fake.set(TOKYO, scenario)
    with commit():
        make_post(body=EMBED)
    assert statuses() == ["pending" if scenario == "silent" else "unreachable"]
    assert Prompt.objects.get().text == "A stylish woman walks down a Tokyo street."


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_while_asking_does_not_reach_the_save(
    make_post: MakePost, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(snapshots, "refresh", fail)
    with caplog.at_level(logging.ERROR):
        make_post(body=EMBED)
    assert Post.objects.get().post_embeds.count() == 1
    assert "a fault of ours" in caplog.text


def test_a_claim_of_a_save_that_got_no_answer_ends(
    fake: FakeProvider, make_post: MakePost, commit: Commit, monkeypatch: pytest.MonkeyPatch, clock: TimeMachineFixture
) -> None:
    monkeypatch.setattr(snapshots, "SAVE_SECONDS", 0.3)
    fake.all("silent")
    with commit():
        make_post(body=EMBED)
    assert not snapshots.due().exists()
    clock.shift(snapshots.FIRST_WAIT - timedelta(seconds=1))
    assert not snapshots.due().exists()
    clock.shift(timedelta(seconds=1))
    assert snapshots.due(timezone.now()).count() == 1
