"""`manage.py refresh_embeds`."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from time_machine import TimeMachineFixture

from blog.management.commands.refresh_embeds import Command
from blog.models import Embed
from tests.conftest import TOKYO
from tests.fake_provider import FakeProvider
from tests.snapshots.conftest import START
from tests.snapshots.helpers import asked, some, statuses, x

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def run(*options: str) -> str:
    out = StringIO()
    call_command("refresh_embeds", *options, stdout=out)
    return out.getvalue()


def test_nothing_due_is_nothing_said(fake: FakeProvider) -> None:
    assert run() == ""
    x(next_check=START + 9999 * DAY)
    assert run() == ""
    assert fake.requests == []


def test_nothing_due_can_be_said(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    assert run("--verbosity=2") == "2026-03-02 18:00 0 of 0 answered: nothing due\n"


def test_what_changed_is_said_in_a_line_each(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    x()
    assert run() == f"https://x.com/i/status/{TOKYO}: pending → live\n"
    clock.shift(DAY)
    assert run() == ""  # still there
    assert len(asked(fake)) == 2
    fake.all("error")
    clock.shift(6 * DAY)
    assert run() == f"https://x.com/i/status/{TOKYO}: live → unreachable\n"


def test_what_is_lost_is_said(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    x()
    run()
    fake.all("deleted")
    clock.shift(DAY)
    assert run() == ""
    clock.shift(DAY)
    assert run() == f"https://x.com/i/status/{TOKYO}: live → gone\n"


def test_all_are_asked_about_on_demand(fake: FakeProvider, clock: TimeMachineFixture) -> None:
    for embed in some(3):
        Embed.objects.filter(pk=embed.pk).update(next_check=START + 60 * DAY)
    assert run() == ""
    said = run("--all")
    assert said.count("pending → live") == 3
    assert said.splitlines()[-1] == "2026-03-02 18:00 3 of 3 answered: 3 live"


@pytest.mark.parametrize("options", [[], ["--all"], ["--all", "--limit=5"]])
def test_what_was_taken_down_is_never_asked_about(fake: FakeProvider, options: list[str]) -> None:
    x(takedown=True)
    assert run(*options) == ""
    assert fake.requests == []
    assert statuses() == ["pending"]


def test_no_more_are_asked_about_than_was_said(fake: FakeProvider) -> None:
    some(5)
    assert run("--limit=2").count("pending → live") == 2
    assert statuses() == ["live", "live", "pending", "pending", "pending"]
    run()
    assert statuses() == ["live"] * 5


@pytest.mark.parametrize("value", ["0", "-1", "many", "", "1.5", "²", "1_000"])
def test_a_limit_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(CommandError, match="is no number above 0"):
        run(f"--limit={value}")


def test_a_limit_that_is_none_ends_with_status_2_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "refresh_embeds", "--limit", "0"])
    assert end.value.code == 2
    assert "argument --limit: 0 is no number above 0" in capsys.readouterr().err


def test_embeds_in_trouble_are_no_failure_of_the_command(
    fake: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    x()
    fake.all("error")
    Command().run_from_argv(["manage.py", "refresh_embeds"])  # it would raise SystemExit
    assert "pending → unreachable" in capsys.readouterr().out


def test_a_fault_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("blog.snapshots.refresh", fail)
    with pytest.raises(RuntimeError, match="a fault"):
        run()


def test_a_limit_larger_than_any_number_of_embeds_is_all_of_them(fake: FakeProvider) -> None:
    some(2)
    assert run(f"--limit={10**25}").count("pending → live") == 2


def test_all_means_all(fake: FakeProvider) -> None:
    for embed in some(5):
        Embed.objects.filter(pk=embed.pk).update(next_check=START + 9999 * DAY)
    for _ in range(3):
        run("--all", "--limit=2")
    assert statuses() == ["live"] * 5
