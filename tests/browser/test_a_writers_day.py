"""A post from its first syllable to an old revision of it, as one person works: in Korean, with the seed's means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Browser, Page as Tab, Response, expect
from pytest_django.live_server_helper import LiveServer

from blog.models import Image, Post, SiteSettings
from tests.browser.conftest import hosts
from tests.browser.desk import PASTE
from tests.browser.stage import MakePost
from tests.conftest import TOKYO
from tests.fake_provider import FakeProvider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "for this test only"
DROP = """async (names) => {
    const files = new DataTransfer(), area = document.getElementById("id_body");
    const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 36});
    canvas.getContext("2d").fillRect(0, 0, 64, 36);
    const picture = await new Promise((done) => canvas.toBlob(done));
    for (const name of names) files.items.add(new File([picture, name], name, {type: "image/png"}));
    area.dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));
}"""


class Writer:
    """Somebody at the desk."""

    def __init__(self, tab: Tab, address: str) -> None:
        self.tab, self.address = tab, address
        self.session = tab.context.new_cdp_session(tab)

    def log_in(self, name: str = "writer") -> None:
        self.tab.goto(f"{self.address}/admin/")
        self.tab.get_by_label("사용자 이름").fill(name)
        self.tab.get_by_label("비밀번호").fill(PASSWORD)
        self.tab.get_by_role("button", name="로그인").click()

    def compose(self, text: str) -> None:
        """Type as a Korean keyboard does: each syllable grows in a composition of its own."""
        for sign in text:
            if sign == "\n":
                self.tab.keyboard.press("Enter")
            elif "가" <= sign <= "힣":
                open_syllable = chr(ord(sign) - (ord(sign) - 0xAC00) % 28)
                for state in (open_syllable, sign):
                    self.session.send(
                        "Input.imeSetComposition", {"text": state, "selectionStart": 1, "selectionEnd": 1}
                    )
                self.session.send("Input.insertText", {"text": sign})
            else:
                self.tab.keyboard.type(sign)

    def paste(self, text: str) -> None:
        if self.tab.evaluate(PASTE, text):  # nobody has taken it: the browser does its part
            self.tab.keyboard.insert_text(text)

    @property
    def body(self) -> str:
        return self.tab.input_value("#id_body")

    def press(self, name: str) -> None:
        self.tab.get_by_role("button", name=name, exact=True).click()

    def read(self, path: str) -> Response | None:
        return self.tab.goto(self.address + path)


@pytest.fixture
def writer(tab: Tab, live_server: LiveServer, django_user_model: Any, settings: LazySettings) -> Iterator[Writer]:
    SiteSettings(language="ko").save()
    django_user_model.objects.create_superuser("writer", password=PASSWORD)
    tab.context.set_extra_http_headers({"Accept-Language": "ko"})
    with FakeProvider() as fake:
        settings.EMBED_GATEWAY = fake.address
        yield Writer(tab, live_server.url)


def test_a_post_is_written_kept_scheduled_published_moved_and_restored(writer: Writer) -> None:
    tab = writer.tab
    writer.log_in()
    tab.get_by_role("link", name="새 글", exact=True).click()
    tab.get_by_label("제목", exact=True).focus()
    writer.compose("밤에 걷는 카메라")
    tab.focus("#id_body")
    writer.compose("소라가 만든 영상을 모았다.\n\n")
    writer.paste(f"https://x.com/OpenAI/status/{TOKYO}")
    page = tab.frame_locator(".desk-preview iframe")
    expect(tab.locator("[data-status]")).to_contain_text("OpenAI")
    expect(page.get_by_role("heading", level=1)).to_have_text("밤에 걷는 카메라")
    expect(page.locator("figure.embed blockquote").first).to_contain_text("wet street")
    writer.compose("\n도쿄를 걷는 사람\n\n")
    tab.evaluate(DROP, ["하나.png", "둘.png"])
    expect(tab.locator(".desk-arriving li .upload-alt input")).to_have_count(2)
    for number, words in enumerate(("첫 그림", "둘째 그림")):
        field = tab.locator(".upload-alt input").nth(number)
        field.fill(words)
        field.press("Enter")
    expect(page.get_by_role("img", name="둘째 그림")).to_be_visible()
    assert re.findall(r"!\[(.*?)\]", writer.body) == ["첫 그림", "둘째 그림"]
    assert set(Image.objects.values_list("alt", flat=True)) == {"첫 그림", "둘째 그림"}

    state = tab.locator("[data-state]")
    tab.context.set_offline(True)
    tab.focus("#id_body")
    tab.keyboard.press("Control+End")
    writer.compose("끊긴 사이에 쓴 문장.")
    expect(state).to_contain_text("오프라인")
    tab.context.set_offline(False)
    expect(state).to_have_text(re.compile(r"^\d\d:\d\d에 보관함$"))
    written = writer.body
    tab.reload()
    tab.wait_for_selector(".desk-tools:not([hidden])")
    assert writer.body == written.replace("\r\n", "\n")
    post = Post.objects.get()
    assert (post.status, post.slug) == ("draft", "밤에-걷는-카메라")
    assert tab.request.get(f"{writer.address}/posts/{post.slug}/").status == 404

    writer.press("확인하고 발행…")
    at = timezone.localtime() + timedelta(days=2)
    tab.get_by_label("발행 시각").fill(f"{at:%Y-%m-%dT%H:%M}")
    expect(tab.locator("#desk\\:spelled")).to_contain_text(f"{at.day}일")
    writer.press("예약")
    expect(tab.get_by_text("예약:").first).to_be_visible()
    assert tab.request.get(f"{writer.address}/posts/{post.slug}/").status == 404
    writer.press("확인하고 발행…")
    tab.get_by_role("button", name="지금 발행").click()
    assert tab.request.get(f"{writer.address}/posts/{post.slug}/").status == 200

    tab.locator("summary", has_text="발행").click()
    tab.fill("#id_slug", "밤의-카메라")
    tab.fill("#id_body", "다시 쓴 글.")
    writer.press("업데이트")
    answer = writer.read("/posts/밤에-걷는-카메라/")
    assert answer is not None
    first = answer.request.redirected_from
    assert first is not None and first.response().status == 301  # type: ignore[union-attr]
    expect(tab.locator(".body")).to_have_text("다시 쓴 글.")

    writer.read(f"/admin/blog/post/{post.pk}/revisions/")
    tab.get_by_role("link", name=re.compile("^2판")).click()
    writer.press("이 판으로 되돌리기")
    assert writer.body == written
    writer.read("/posts/밤의-카메라/")
    expect(tab.locator("figure.embed")).to_have_count(1)
    expect(tab.get_by_role("img", name="첫 그림")).to_be_visible()
    assert hosts(tab) == {urlsplit(writer.address).hostname}
    expected = "net::ERR_INTERNET_DISCONNECTED"
    assert [problem for problem in tab.problems if expected not in problem] == []  # type: ignore[attr-defined]


def test_a_reload_in_the_middle_of_a_word_loses_nothing(writer: Writer) -> None:
    tab = writer.tab
    writer.log_in()
    tab.get_by_role("link", name="새 글", exact=True).click()
    tab.focus("#id_body")
    writer.compose("아직 서버에 없는 글")
    tab.wait_for_timeout(400)  # this browser has it by then, the server not yet
    assert not Post.objects.exists()
    tab.reload()
    tab.wait_for_url("**/change/**")
    expect(tab.locator("#id_body")).to_have_value("아직 서버에 없는 글")


def test_two_people_write_one_post_and_neither_loses_a_word(
    writer: Writer, browser: Browser, make_post: MakePost, django_user_model: Any
) -> None:
    post = make_post(title="함께", body="첫 문단.\n\n둘째 문단.\n", status="draft")
    address = f"/admin/blog/post/{post.pk}/change/"
    django_user_model.objects.create_superuser("ada", password=PASSWORD, first_name="Ada")
    context = browser.new_context(locale="ko-KR")
    other = Writer(context.new_page(), writer.address)
    other.log_in("ada")
    writer.log_in()
    for one in (writer, other):
        one.read(address)
        one.tab.wait_for_selector(".desk-tools:not([hidden])")
    other.tab.fill("#id_body", "첫 문단, Ada가 고침.\n\n둘째 문단.\n")
    other.press("초안 저장")
    writer.tab.fill("#id_body", "첫 문단.\n\n둘째 문단, 내가 고침.\n")
    writer.press("초안 저장")
    refused = writer.tab.get_by_role("region", name="이 글의 두 가지 판")
    expect(refused).to_contain_text("Ada가 고침")
    assert "내가 고침" in writer.body
    refused.get_by_role("button").click()
    assert writer.body == "첫 문단, Ada가 고침.\n\n둘째 문단, 내가 고침.\n"
    writer.press("초안 저장")
    expect(writer.tab.locator(".messagelist .success")).to_be_visible()
    post.refresh_from_db()
    assert post.body == "첫 문단, Ada가 고침.\n\n둘째 문단, 내가 고침.\n"
    context.close()
