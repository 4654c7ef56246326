"""The door of the admin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog.admin.login import address
from tests.people.conftest import PASSWORD, Enter

LOGIN = "/admin/login/"
STEP = "/admin/blog/profile/account/second-step/"
LIMIT = 10


def try_login(name: str, password: str = PASSWORD, code: str = "", where: str = "192.0.2.1") -> Any:
    client = Client(REMOTE_ADDR=where, headers={"Accept-Language": "en"})
    sent = {"username": name, "password": password, "code": code, "next": "/admin/"}
    response: Any = client.post(LOGIN, sent)
    response.client = client
    return response


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def code_of(user: Any) -> str:
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = timezone.now().timestamp()
    return f"{totp.token():06d}"


@pytest.fixture
def clock() -> Iterator[Any]:
    """A clock that stands still until it is moved."""
    with time_machine.travel("2026-11-22T12:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def secured(people: dict[str, Any], enter: Enter, clock: Any) -> list[str]:
    """Ada has set up a second step; her backup codes."""
    client = enter("ada")
    client.get(STEP)
    html = client.post(STEP, {"code": code_of(people["ada"])}).content.decode()
    clock.shift(timedelta(minutes=1))
    return re.findall(r"<li><code>(\w+)</code>", html)


def test_the_right_password_lets_in_with_a_new_session(people: dict[str, Any]) -> None:
    client = Client()
    client.get(LOGIN)
    response = client.post(LOGIN, {"username": "ada", "password": PASSWORD, "next": "/admin/"})
    assert response.status_code == 302
    cookie = response.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 14 * 24 * 60 * 60
    before = cookie.value
    again = client.post(LOGIN, {"username": "eve", "password": PASSWORD, "next": "/admin/"})
    assert again.cookies["sessionid"].value != before


@pytest.mark.parametrize(("names", "addresses"), [(("ada",), 10), (tuple(f"n{i}" for i in range(10)), 1)])
def test_guessing_closes_the_door_for_a_name_and_for_an_address(
    people: dict[str, Any], names: tuple[str, ...], addresses: int, clock: Any
) -> None:
    for i in range(LIMIT - 1):
        assert try_login(names[i % len(names)], "wrong", where=f"192.0.2.{i % addresses}").status_code == 200
    refused = try_login(names[-1], "wrong", where="192.0.2.0")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert "Wait 15 minutes" in refused.content.decode()
    assert try_login("ada", where="192.0.2.0").status_code == 429
    assert is_in(try_login("eve", where="198.51.100.1").client)
    clock.shift(timedelta(minutes=8))
    assert try_login("ada", where="192.0.2.0").status_code == 429  # trying on doesn't make it longer
    clock.shift(timedelta(minutes=8))
    assert is_in(try_login("ada", where="192.0.2.0").client)


def test_the_right_password_forgets_wrong_ones(people: dict[str, Any]) -> None:
    for _ in range(3):
        for _ in range(LIMIT - 1):
            try_login("ada", "wrong")
        assert is_in(try_login("ada").client)


def test_passwords_and_codes_are_never_written_down(people: dict[str, Any]) -> None:
    try_login("ada", "a very wrong one", code="654321")
    attempt = AccessAttempt.objects.get()
    assert "very wrong" not in attempt.post_data
    assert "654321" not in attempt.post_data


def test_a_closed_door_is_opened_by_a_command_or_by_an_admin(people: dict[str, Any], enter: Enter) -> None:
    def close() -> None:
        for i in range(LIMIT):
            try_login("ada", "wrong", where=f"192.0.2.{i}")
        assert try_login("ada").status_code == 429

    close()
    call_command("axes_reset_username", "ada", verbosity=0)
    assert is_in(try_login("ada").client)
    close()
    enter("max").post("/admin/auth/user/", {"action": "unlock", "_selected_action": [people["ada"].pk]})
    assert is_in(try_login("ada").client)


def test_behind_a_proxy_the_address_is_the_one_the_proxy_wrote(settings: LazySettings) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "1.1.1.1, 192.0.2.7"})
    assert address(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert address(request) == "192.0.2.7"


def test_with_a_second_step_the_password_alone_is_not_enough(
    people: dict[str, Any], secured: list[str], clock: Any
) -> None:
    refused = try_login("ada")
    assert "Write the code that your app shows now" in refused.content.decode()
    assert not is_in(refused.client)
    assert not is_in(try_login("ada", code="000000").client)
    clock.shift(timedelta(minutes=1))
    assert not is_in(try_login("ada", "wrong", code_of(people["ada"])).client)
    assert is_in(try_login("ada", code=code_of(people["ada"])).client)
    assert not is_in(try_login("ada", code=code_of(people["ada"])).client)  # each code is good once
    assert is_in(try_login("eve").client)


def test_wrong_codes_count_as_wrong_passwords_do(people: dict[str, Any], secured: list[str]) -> None:
    statuses = [try_login("ada", code="000000").status_code for _ in range(LIMIT)]
    assert statuses == [200] * (LIMIT - 1) + [429]


def test_a_backup_code_lets_in_once(people: dict[str, Any], secured: list[str], clock: Any) -> None:
    assert len(secured) == 10
    assert is_in(try_login("ada", code=secured[0]).client)
    clock.shift(timedelta(minutes=1))
    assert not is_in(try_login("ada", code=secured[0]).client)


def test_a_second_step_begins_only_with_a_right_code(people: dict[str, Any], enter: Enter, clock: Any) -> None:
    client = enter("ada")
    html = client.get(STEP).content.decode()
    assert "<svg" in html
    assert "otpauth://totp/" in html
    assert "isn&#x27;t right" in client.post(STEP, {"code": "000000"}).content.decode()
    assert is_in(try_login("ada").client)
    assert not StaticToken.objects.exists()


def test_setting_it_up_logs_out_elsewhere_and_is_in_the_log(people: dict[str, Any], enter: Enter, clock: Any) -> None:
    elsewhere, client = try_login("ada").client, try_login("ada").client
    client.get(STEP)
    response = client.post(STEP, {"code": code_of(people["ada"])})
    assert "no-store" in response.headers["Cache-Control"]
    assert is_in(client)
    assert not is_in(elsewhere)
    assert LogEntry.objects.filter(user=people["ada"], change_message="The second step was set up.").exists()


def test_turning_it_off_and_new_backup_codes_need_a_code(
    people: dict[str, Any], secured: list[str], enter: Enter, clock: Any
) -> None:
    client = enter("ada")
    client.post(STEP, {"code": "000000", "_off": "1"})
    client.post(STEP, {"_off": "1"})
    assert TOTPDevice.objects.exists()
    clock.shift(timedelta(minutes=1))
    html = client.post(STEP, {"code": code_of(people["ada"]), "_codes": "1"}).content.decode()
    new = re.findall(r"<li><code>(\w+)</code>", html)
    assert len(new) == 10
    assert not set(new) & set(secured)
    clock.shift(timedelta(minutes=1))
    client.post(STEP, {"code": code_of(people["ada"]), "_off": "1"})
    assert not TOTPDevice.objects.exists()
    assert is_in(try_login("ada").client)


def test_an_admin_helps_who_has_lost_the_phone(people: dict[str, Any], secured: list[str], enter: Enter) -> None:
    action = {"action": "remove_second_step", "_selected_action": [people["ada"].pk]}
    assert enter("eve").post("/admin/auth/user/", action).status_code == 403
    assert not is_in(try_login("ada").client)
    enter("max").post("/admin/auth/user/", action)
    assert is_in(try_login("ada").client)


def test_logging_out_everywhere_ends_all_sessions_of_one_person(people: dict[str, Any]) -> None:
    one, other, eve = try_login("ada").client, try_login("ada").client, try_login("eve").client
    assert one.get("/admin/blog/profile/account/log-out-everywhere/").status_code == 405
    one.post("/admin/blog/profile/account/log-out-everywhere/")
    assert [is_in(client) for client in (one, other, eve)] == [False, False, True]


def test_secrets_of_second_steps_have_no_page(people: dict[str, Any], enter: Enter) -> None:
    for page in ("otp_totp/totpdevice/", "otp_static/staticdevice/", "axes/accessattempt/"):
        assert enter("root").get(f"/admin/{page}").status_code == 404
