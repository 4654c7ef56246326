"""Coming in, on a phone, in Korean."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.stage import MakePost
from tests.people.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_author_comes_in_on_a_phone_writes_and_submits(
    browser: Browser, live_server: LiveServer, make_post: MakePost, django_user_model: Any
) -> None:
    ada = django_user_model.objects.create_user("ada", password=PASSWORD, is_staff=True)
    ada.groups.add(Group.objects.get(name="authors"))
    make_post(title="지난 글", author=ada)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR", color_scheme="dark")
    tab = context.new_page()
    problems: list[str] = []
    tab.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    tab.goto(f"{live_server.url}/admin/")
    tab.get_by_label("사용자 이름").fill("ada")
    tab.get_by_label("비밀번호").fill(PASSWORD)
    tab.get_by_role("button", name="로그인").click()
    expect(tab.get_by_role("heading", name="최근 발행")).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.get_by_role("link", name="새 글", exact=True).click()
    tab.get_by_label("제목", exact=True).fill("밤에 걷는 카메라")
    tab.get_by_role("button", name="편집자에게 제출").first.click()
    tab.goto(f"{live_server.url}/admin/")
    expect(tab.get_by_role("region", name="제출됨").get_by_role("link", name="밤에 걷는 카메라")).to_be_visible()
    assert problems == []
    context.close()
