"""When embeds are asked about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone
from time_machine import TimeMachineFixture

from blog import snapshots
from blog.models import Embed
from tests.fake_provider import FakeProvider, scenarios
from tests.snapshots.conftest import START
from tests.snapshots.helpers import asked, check, some, statuses, x, youtube

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots.random, "uniform", lambda low, high: (low + high) / 2)


def wait_of(embed: Embed) -> timedelta:
    assert embed.next_check is not None
    return embed.next_check - timezone.now()


# --- Regular checks -------------------------------------------------------------------------------------------------


def test_checks_come_often_at_first_and_then_every_ninety_days(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = check(x())
    days = []
    for _ in range(7):
        assert embed.next_check is not None
        clock.move_to(embed.next_check - timedelta(seconds=1), tick=False)
        assert not snapshots.due().exists()
        clock.shift(timedelta(seconds=1))
        assert snapshots.refresh(snapshots.due()) == 1
        days.append((timezone.now() - START).days)
        embed.refresh_from_db()
    assert days == [1, 7, 30, 46, 136, 226, 316]


def test_a_check_that_came_late_does_not_shift_the_others(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = check(x())
    clock.shift(3 * DAY)
    assert check(embed).next_check == START + 7 * DAY


@pytest.mark.parametrize("scenario", ["live", "protected"])
def test_what_is_protected_is_asked_about_as_often(
    fake: FakeProvider, clock: TimeMachineFixture, scenario: str
) -> None:
    embed = x()
    fake.set(embed.provider_id, scenario)
    assert check(embed).next_check == START + DAY


def test_what_is_gone_is_looked_for_now_and_then(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = x(missing_since=START - DAY)
    fake.all("deleted")
    clock.shift(50 * DAY)
    embed = check(embed)
    assert (embed.status, embed.next_check) == ("gone", START + 140 * DAY)


# --- Who is due -----------------------------------------------------------------------------------------------------


def test_who_was_never_asked_about_is_due_first_then_the_most_overdue(db: None, clock: TimeMachineFixture) -> None:
    late = x("1800000000000000001", next_check=START - DAY)
    x("1800000000000000002", next_check=START + timedelta(seconds=1))
    later = x("1800000000000000003", next_check=START - 2 * DAY)
    never = x("1800000000000000004")
    now = x("1800000000000000005", next_check=START)
    assert list(snapshots.due()) == [never, later, late, now]


def test_nobody_is_due_who_was_taken_down_or_tells_nothing(db: None) -> None:
    x(takedown=True)
    Embed.objects.create(provider="twitch", provider_id="videos/1", url="https://www.twitch.tv/videos/1")
    Embed.objects.create(provider="bilibili", provider_id="BV1", url="https://www.bilibili.com/video/BV1")
    Embed.objects.create(provider="video", provider_id="/media/a.mp4", url="/media/a.mp4")
    assert not snapshots.due().exists()


def test_who_tells_nothing_is_not_asked_even_if_somebody_wants_it(fake: FakeProvider) -> None:
    twitch = Embed.objects.create(provider="twitch", provider_id="videos/1", url="https://www.twitch.tv/videos/1")
    assert snapshots.refresh([twitch]) == 0
    assert fake.requests == []
    assert Embed.objects.get().next_check is None


# --- One at a time --------------------------------------------------------------------------------------------------


def test_two_checks_at_once_ask_once(fake: FakeProvider) -> None:
    some(3)
    mine, theirs = list(snapshots.due()), list(snapshots.due())
    assert snapshots.refresh(mine) == 3
    assert snapshots.refresh(theirs) == 0
    assert len(asked(fake)) == 3


def test_what_somebody_is_asking_about_is_not_due(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    x()
    fake.all("silent")
    snapshots.refresh(snapshots.due(), seconds=0.3)  # left before anything was said
    assert not snapshots.due().exists()
    clock.shift(snapshots.FIRST_WAIT)
    assert snapshots.due().count() == 1


def test_a_claim_for_an_embed_that_is_not_due_does_not_lose_its_place(
    fake: FakeProvider, clock: TimeMachineFixture
) -> None:
    embed = x(status="live", next_check=START + 60 * DAY)
    assert check(embed).next_check == START + DAY


# --- After a failure ------------------------------------------------------------------------------------------------


def test_each_failure_doubles_the_wait_up_to_a_week(
    fake: FakeProvider, clock: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_jitter(monkeypatch)
    fake.all("error")
    embed = x()
    waits = []
    for _ in range(12):
        embed = check(embed)
        waits.append(wait_of(embed))
        clock.move_to(timezone.now() + waits[-1], tick=False)
    doubled = [15 * MINUTE * 2**i for i in range(10)]
    assert waits == [*doubled, 7 * DAY, 7 * DAY]
    assert embed.failures == 12


def test_an_embed_that_has_failed_for_years_is_still_asked_about(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    fake.all("error")
    assert 5 * DAY < wait_of(check(x(failures=100_000))) < 9 * DAY


def test_no_two_embeds_wait_equally_long(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    fake.all("error")
    embeds = some(8)
    snapshots.refresh(embeds)
    waits = [wait_of(embed) for embed in Embed.objects.all()]
    assert len(set(waits)) == 8
    assert all(11 * MINUTE < wait < 19 * MINUTE for wait in waits)


def test_an_answer_ends_the_waiting(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = check(x(failures=6))
    assert (embed.failures, embed.next_check) == (0, START + DAY)


def test_a_provider_says_how_long_to_wait(
    fake: FakeProvider, clock: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "RETRY_AFTER", 7200)
    fake.all("rate_limited")
    embed = check(x())
    assert wait_of(embed) == 2 * HOUR
    monkeypatch.setattr(scenarios, "RETRY_AFTER", 60)
    embed = check(embed)
    assert wait_of(embed) > 15 * MINUTE  # our own patience is longer


@pytest.mark.parametrize("seconds", ["999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_provider_can_make_us_wait_for_ever(
    fake: FakeProvider, clock: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    monkeypatch.setattr(scenarios, "RETRY_AFTER", seconds)
    fake.all("rate_limited")
    some(12)
    snapshots.refresh(snapshots.due())
    assert max(wait_of(embed) for embed in Embed.objects.all()) == 7 * DAY


# --- A provider in trouble is left alone ----------------------------------------------------------------------------


def test_who_asks_us_to_wait_is_asked_nothing_more(
    fake: FakeProvider, clock: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "RETRY_AFTER", 7200)
    fake.set("publish.x.com", "rate_limited")
    some(20)
    film = youtube()
    snapshots.refresh(snapshots.due())
    assert 1 <= len([url for url in asked(fake) if "x.com" in url]) <= 4  # those that were under way
    film.refresh_from_db()
    assert film.status == "live"
    others = Embed.objects.filter(provider="x")
    assert all(wait_of(embed) == 2 * HOUR for embed in others)
    assert statuses().count("pending") >= 16
    assert others.filter(failures=0).count() >= 16  # nobody has asked about them


def test_the_others_are_asked_about_when_the_wait_is_over(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    fake.all("rate_limited")
    some(8)
    snapshots.refresh(snapshots.due())
    fake.all("live")
    clock.shift(19 * MINUTE)
    snapshots.refresh(snapshots.due())
    assert statuses() == ["live"] * 8


def test_a_provider_that_stays_silent_is_left_alone(
    fake: FakeProvider, clock: TimeMachineFixture, impatient: None
) -> None:
    for embed in some(20):
        fake.set(embed.provider_id, "silent")
    snapshots.refresh(snapshots.due())
    assert 3 <= len(asked(fake)) <= 7
    assert statuses() == ["pending"] * 20
    assert all(wait_of(embed) > 11 * MINUTE for embed in Embed.objects.all())


def test_without_a_network_not_everybody_is_asked_about(
    db: None, settings: LazySettings, clock: TimeMachineFixture
) -> None:
    settings.EMBED_GATEWAY = "127.0.0.1:9"
    some(20)
    assert snapshots.refresh(snapshots.due()) <= 7
    assert not snapshots.due().exists()
