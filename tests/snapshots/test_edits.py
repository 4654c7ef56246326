"""What people do to an embed survives checks, also those under way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog import snapshots
from blog.models import Embed
from tests.conftest import TOKYO
from tests.fake_provider import FakeProvider
from tests.snapshots.helpers import HELD, before_learning, check, some, statuses, x, youtube

pytestmark = pytest.mark.django_db

THEN = datetime(2020, 5, 6, tzinfo=UTC)


def test_words_that_are_to_be_kept_are_kept(fake: FakeProvider) -> None:
    embed = check(x(keep_words=True, posted_at=THEN, posted_at_source="author", **HELD))
    assert {name: getattr(embed, name) for name in HELD if name != "details"} == {
        name: value for name, value in HELD.items() if name != "details"
    }
    assert (embed.posted_at, embed.posted_at_source) == (THEN, "author")
    assert embed.status == "live"
    assert embed.fetched_at == embed.checked_at is not None


def test_a_date_that_somebody_set_stays(fake: FakeProvider) -> None:
    embed = check(x(posted_at=THEN, posted_at_source="author"))
    assert embed.posted_at == THEN
    assert embed.author_name == "OpenAI"


def test_a_date_that_the_number_holds_stays(fake: FakeProvider) -> None:
    embed = check(x(posted_at=THEN, posted_at_source="snowflake"))
    assert (embed.posted_at, embed.posted_at_source) == (THEN, "snowflake")


def test_a_date_that_nobody_knew_comes_from_the_provider(fake: FakeProvider) -> None:
    embed = check(x("20"))
    assert embed.posted_at is not None
    assert (embed.posted_at.year, embed.posted_at_source) == (2006, "provider")


def test_shape_and_length_that_somebody_set_stay(fake: FakeProvider) -> None:
    embed = check(youtube(aspect="1:1", duration=timedelta(seconds=5)))
    assert (embed.aspect, embed.duration) == ("1:1", timedelta(seconds=5))
    assert check(youtube("RoostShort1")).aspect == "9:16"


@pytest.mark.parametrize("scenario", ["live", "deleted", "error"])
def test_an_edit_during_a_check_survives(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch, scenario: str) -> None:
    fake.all(scenario)
    embed = x()
    edits = {"text": "Mine.", "author_name": "Me", "keep_words": True, "poster_alt": "A street.", "aspect": "4:3"}
    before_learning(monkeypatch, lambda: Embed.objects.update(**edits))
    embed = check(embed)
    assert {name: getattr(embed, name) for name in edits} == edits
    assert embed.checked_at is not None


def test_an_embed_that_is_deleted_during_a_check_does_not_stop_the_others(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(3)
    x()
    before_learning(monkeypatch, lambda: Embed.objects.filter(provider_id=TOKYO).delete())
    snapshots.refresh(snapshots.due())
    assert statuses() == ["live"] * 3


def test_what_a_check_learns_stands_in_the_record_that_was_given(fake: FakeProvider) -> None:
    embed = x()
    seen: list[Embed] = []
    assert snapshots.refresh([embed], report=seen.append) == 1
    assert seen == [embed]
    assert (embed.status, embed.author_name) == ("live", "OpenAI")
    assert embed.checked_at is not None
    assert embed.checked_at <= timezone.now()
