"""What answers make of an embed's state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from blog.models import Embed, StatusChange
from tests.conftest import TOKYO
from tests.fake_provider import FakeProvider
from tests.snapshots.conftest import START
from tests.snapshots.helpers import HELD, TROUBLE, asked, before_learning, check, x

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SLOW = ["silent", "slow_drip", "slow_headers"]


def held(embed: Embed) -> dict[str, object]:
    return {name: getattr(embed, name) for name in HELD}


def history(embed: Embed) -> list[str]:
    return [change.status for change in embed.changes.order_by("at", "pk")]


# --- Gone, and back -------------------------------------------------------------------------------------------------


def test_one_answer_that_there_is_no_such_post_is_not_enough(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = check(x())
    clock.shift(DAY)
    fake.all("deleted")
    embed = check(embed)
    assert (embed.status, embed.missing_since) == ("live", START + DAY)
    assert embed.next_check == START + 2 * DAY


def test_a_post_is_gone_after_two_answers_a_day_apart(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = check(x())
    fake.all("deleted")
    embed = check(embed)
    clock.shift(DAY - timedelta(seconds=1))
    assert check(embed).status == "live"
    clock.shift(timedelta(seconds=1))
    embed = check(embed)
    assert (embed.status, embed.status_since) == ("gone", START + DAY)
    assert embed.text.startswith("One woman")
    assert history(embed) == ["live", "gone"]


def test_a_post_that_was_never_seen_can_be_gone(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    fake.all("deleted")
    embed = check(x())
    assert embed.status == "pending"
    clock.shift(DAY)
    assert check(embed).status == "gone"


def test_an_answer_in_between_starts_the_day_anew(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = check(x())
    for scenario in ("deleted", "live", "deleted"):
        fake.all(scenario)
        embed = check(embed)
        clock.shift(DAY / 2)
    clock.shift(DAY / 4)  # a day and a quarter since the first, three quarters since the last
    assert check(embed).status == "live"
    clock.shift(DAY / 4)
    assert check(embed).status == "gone"


def test_trouble_in_between_proves_nothing(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = check(x())
    for scenario in ("deleted", "error", "deleted"):
        fake.all(scenario)
        embed = check(embed)
        clock.shift(DAY / 3)
    assert embed.status == "unreachable"
    assert check(embed).status == "gone"


def test_what_is_gone_can_come_back(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = x(status="gone", missing_since=START - 9 * DAY, status_since=START - 8 * DAY, **HELD)
    embed = check(embed)
    assert (embed.status, embed.status_since, embed.missing_since) == ("live", START, None)
    fake.all("deleted")
    assert check(embed).status == "live"  # it takes two answers again


def test_what_is_gone_stays_gone_while_its_site_is_in_trouble(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    embed = x(status="gone", missing_since=START - 9 * DAY, status_since=START - 8 * DAY, **HELD)
    fake.all("error")
    embed = check(embed)
    assert (embed.status, embed.status_since, embed.failures) == ("gone", START - 8 * DAY, 1)
    fake.all("deleted")
    assert check(embed).status == "gone"


def test_what_is_gone_can_turn_out_to_be_protected(fake: FakeProvider) -> None:
    embed = x(status="gone", missing_since=START, **HELD)
    fake.set(TOKYO, "protected")
    assert check(embed).status == "protected"


# --- Protected, or everybody refused --------------------------------------------------------------------------------


def test_a_post_is_protected_if_a_public_one_is_shown(fake: FakeProvider) -> None:
    embed = x(**HELD)
    fake.set(TOKYO, "protected")
    embed = check(embed)
    assert embed.status == "protected"
    assert held(embed) == HELD
    assert len(asked(fake)) == 2
    assert "/20" in asked(fake)[1]
    fake.set(TOKYO, "live")
    assert check(embed).status == "live"


def test_who_refuses_everybody_tells_nothing(fake: FakeProvider) -> None:
    fake.set(TOKYO, "forbidden_to_all")
    embed = check(x(**HELD))
    assert embed.status == "unreachable"
    assert held(embed) == HELD


# --- Trouble --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", TROUBLE)
@pytest.mark.parametrize("fetched", [True, False])
def test_trouble_makes_an_embed_unreachable(fake: FakeProvider, scenario: str, fetched: bool) -> None:
    embed = x(status="live", fetched_at=timezone.now(), **HELD) if fetched else x()
    fake.set(TOKYO, scenario)
    embed = check(embed)
    assert (embed.status, embed.failures) == ("unreachable", 1)
    assert embed.text == (HELD["text"] if fetched else "")


@pytest.mark.parametrize("scenario", SLOW)
def test_slowness_makes_an_embed_unreachable(fake: FakeProvider, impatient: None, scenario: str) -> None:
    embed = x(status="live", fetched_at=timezone.now(), **HELD)
    fake.set(TOKYO, scenario)
    embed = check(embed)
    assert (embed.status, embed.failures) == ("unreachable", 1)
    assert held(embed) == HELD


def test_who_was_never_heard_and_is_silent_now_is_still_to_be_fetched(fake: FakeProvider, impatient: None) -> None:
    fake.set(TOKYO, "silent")
    embed = check(x())
    assert (embed.status, embed.failures) == ("pending", 1)
    fake.set(TOKYO, "error")
    assert check(embed).status == "unreachable"
    fake.set(TOKYO, "silent")
    assert check(embed).status == "unreachable"
    fake.set(TOKYO, "live")
    embed = check(embed)
    assert (embed.status, embed.failures) == ("live", 0)
    assert history(embed) == ["unreachable", "live"]


@pytest.mark.parametrize("scenario", ["deleted", "protected", *TROUBLE])
def test_a_failed_check_leaves_the_snapshot_alone(fake: FakeProvider, clock: TimeMachineFixture, scenario: str) -> None:
    embed = check(x(duration=timedelta(seconds=9), aspect="1:1", poster_alt="A street."))
    names = [*HELD, "posted_at", "fetched_at", "aspect", "duration", "poster", "poster_alt"]
    before = {name: getattr(embed, name) for name in names}
    fake.set(TOKYO, scenario)
    for _ in range(3):
        clock.shift(DAY)
        embed = check(embed)
    assert {name: getattr(embed, name) for name in names} == before
    assert embed.checked_at == START + 3 * DAY
    assert embed.status != "live"


def test_a_check_that_finds_the_post_takes_its_words_anew(fake: FakeProvider) -> None:
    embed = check(x(status="live", fetched_at=START, **HELD))
    assert embed.text.startswith("One woman, one wet street")
    assert embed.author_name == "OpenAI"


# --- History --------------------------------------------------------------------------------------------------------


def test_each_change_of_state_is_written_down_once_with_its_reason(
    fake: FakeProvider, clock: TimeMachineFixture
) -> None:
    embed = x()
    for scenario in ("live", "live", "error", "error", "deleted", "deleted", "live"):
        fake.all(scenario)
        embed = check(embed)
        clock.shift(DAY)
    changes = StatusChange.objects.order_by("at")
    assert [(change.status, change.at) for change in changes] == [
        ("live", START),
        ("unreachable", START + 2 * DAY),
        ("gone", START + 5 * DAY),
        ("live", START + 6 * DAY),
    ]
    assert "503" in changes[1].reason
    assert "404" in changes[2].reason
    assert embed.status_since == START + 6 * DAY
    assert str(changes[2]) == f"X {TOKYO}: 사라짐"


# --- Takedown -------------------------------------------------------------------------------------------------------


def test_what_was_taken_down_is_never_asked_about(fake: FakeProvider) -> None:
    embed = check(x(takedown=True, takedown_note="Asked for.", **HELD))
    assert fake.requests == []
    assert (embed.takedown, embed.takedown_note, embed.checked_at) == (True, "Asked for.", None)


@pytest.mark.parametrize("scenario", ["live", "deleted", "error"])
def test_no_check_undoes_a_takedown(fake: FakeProvider, scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    embed = x()
    fake.all(scenario)
    before_learning(monkeypatch, lambda: Embed.objects.update(takedown=True, takedown_note="Asked for."))
    embed = check(embed)
    assert embed.checked_at is not None
    assert (embed.takedown, embed.takedown_note, embed.shows_snapshot) == (True, "Asked for.", False)
