"""Draft, scheduled, published and back; what is said before; links to drafts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from blog.admin.desk.checks import cells_of, cut, warnings
from blog.admin.desk.publish import moment, spelled
from blog.models import Embed, Image, Post, ShareLink
from blog.presentation import page_styles
from tests.conftest import EMBED, in_a_week
from tests.desk.helpers import press
from tests.test_admin import ADD, form

SITE = "http://testserver"


@pytest.fixture
def draft(make_post: Callable[..., Post]) -> Post:
    return make_post(status="draft", publish_at=None, slug="soon", title="Soon")


def test_a_draft_is_published_by_a_button_and_becomes_a_draft_again(
    admin_client: Client, client: Client, draft: Post
) -> None:
    press(admin_client, draft, "_publish")
    post = Post.objects.get()
    assert post.is_public
    assert client.get("/posts/soon/").status_code == 200
    press(admin_client, post, "_to_draft")
    assert client.get("/posts/soon/").status_code == 404
    assert Post.objects.get().publish_at == post.publish_at


def test_a_post_is_scheduled_in_the_sites_zone_and_appears_at_its_minute(
    admin_client: Client, client: Client, draft: Post
) -> None:
    with time_machine.travel("2026-11-22T06:00:00+00:00", tick=False):
        admin_client.force_login(admin_client.get("/admin/").wsgi_request.user)
        html = press(admin_client, draft, "_schedule", at="2026-11-22T18:00").content.decode()
        assert "Sunday 22 November 2026, 18:00 KST, in 3" in html
        assert Post.objects.get().is_scheduled
    with time_machine.travel("2026-11-22T08:59:59+00:00", tick=False):
        assert client.get("/posts/soon/").status_code == 404
    with time_machine.travel("2026-11-22T09:00:00+00:00", tick=False):
        assert client.get("/posts/soon/").status_code == 200


def test_a_scheduled_post_is_nowhere_before_its_minute_and_everywhere_after(
    admin_client: Client, client: Client, make_post: Callable[..., Post]
) -> None:
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    post = make_post(slug="soon", title="Sooner", body=EMBED, tags=["film"], category="AI", publish_at=at)
    other = make_post(title="Older", tags=["film"], category="AI")
    public = [
        *("/", "/archives/", "/categories/ai/", "/tags/film/", "/sitemap-posts.xml"),
        *("/feed.xml", "/rss.xml", "/feed.json", "/categories/ai/feed.xml", "/tags/film/rss.xml"),
    ]
    user = admin_client.get("/admin/").wsgi_request.user
    for moment_, shown in ((at - timedelta(seconds=1), False), (at, True)):
        with time_machine.travel(moment_, tick=False):
            for address in public:
                html = client.get(address).content.decode()
                assert (post.slug in html) == shown, address
                assert other.slug in html, address
            assert ("tokyo walk" in client.get("/prompts/").content.decode()) == shown
            admin_client.force_login(user)
            for state, found in (("scheduled", not shown), ("published", shown)):
                html = admin_client.get(f"/admin/blog/post/?q=sooner&state={state}").content.decode()
                assert ("Sooner" in html) == found, state


def saved(client: Client, post: Post, **values: str) -> str:
    sent = form(title=post.title, slug=post.slug, opened_version=str(post.version), **values)
    address = reverse("admin:blog_post_change", args=[post.pk])
    return client.post(address, sent, headers={"Accept-Language": "en"}, follow=True).content.decode()


def dated(at: datetime) -> dict[str, str]:
    local = timezone.localtime(at, ZoneInfo("Asia/Seoul"))
    return {"publish_at_0": f"{local:%Y-%m-%d}", "publish_at_1": f"{local:%H:%M:%S}"}


def test_a_date_in_the_form_neither_publishes_nor_hides(admin_client: Client, make_post: Callable[..., Post]) -> None:
    past, future = datetime(2024, 1, 1, tzinfo=UTC), in_a_week().replace(microsecond=0)
    draft, public = make_post(status="draft"), make_post()
    scheduled = make_post(publish_at=in_a_week())
    assert "This date would publish the post." in saved(admin_client, scheduled, **dated(past))
    assert "This date would hide the post" in saved(admin_client, public, **dated(future))
    for post in (scheduled, public):  # an empty field leaves the date as it is
        saved(admin_client, post, summary="saved")
        assert Post.objects.get(pk=post.pk).publish_at == post.publish_at
        assert Post.objects.get(pk=post.pk).summary == "saved"
    for post, at in ((draft, future), (draft, past), (public, past), (scheduled, future + timedelta(days=1))):
        saved(admin_client, Post.objects.get(pk=post.pk), **dated(at))
        assert Post.objects.get(pk=post.pk).publish_at == at
    assert Post.objects.get(pk=draft.pk).status == "draft"


def test_a_button_of_the_form_hides_a_post_and_the_log_says_so(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post()
    html = saved(admin_client, post, _to_draft="1", **dated(in_a_week()))
    assert Post.objects.get().status == "draft"
    assert 'name="_to_draft"' not in html
    assert LogEntry.objects.filter(change_message="Back to draft").count() == 1


@pytest.mark.parametrize("at", ["", "tomorrow", "2020-01-01T10:00", "2026-13-01T10:00", "0001-01-01T00:00"])
def test_a_moment_that_is_none_or_past_schedules_nothing(admin_client: Client, draft: Post, at: str) -> None:
    html = press(admin_client, draft, "_schedule", at=at).content.decode()
    assert "Choose a moment in the future." in html
    assert Post.objects.get().status == "draft"


def test_what_was_saved_since_the_check_is_not_published(admin_client: Client, draft: Post) -> None:
    Post.objects.update(version=draft.version + 1)
    html = press(admin_client, draft, "_publish").content.decode()
    assert "Look at it again" in html
    assert Post.objects.get().status == "draft"


def test_publishing_now_replaces_a_future_date_and_keeps_a_past_one(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    future, past = make_post(publish_at=in_a_week()), make_post(status="draft")
    dated = past.publish_at
    press(admin_client, future, "_publish")
    press(admin_client, past, "_publish")
    assert Post.objects.get(pk=future.pk).is_public
    assert Post.objects.get(pk=past.pk).publish_at == dated


def test_the_form_saves_first_and_then_leads_to_the_check(admin_client: Client) -> None:
    response = admin_client.post(ADD, form(_check="1"))
    post = Post.objects.get()
    assert response.headers["Location"] == reverse("admin:blog_post_publish", args=[post.pk])
    assert post.status == "draft"


def test_the_check_shows_what_others_will_show(admin_client: Client, draft: Post) -> None:
    html = admin_client.get(
        reverse("admin:blog_post_publish", args=[draft.pk]), headers={"Accept-Language": "en"}
    ).content.decode()
    for part in ("http://testserver/posts/soon/", "X (1.91:1)", "KakaoTalk (2:1)", "card.jpg", "Feed"):
        assert part in html
    for name in ("preview", "feed"):
        assert f'<iframe src="{reverse(f"admin:blog_post_{name}", args=[draft.pk])}"' in html


def test_only_what_the_check_shows_in_frames_may_be_framed(admin_client: Client, draft: Post) -> None:
    for name, framed in (("preview", True), ("feed", True), ("publish", False), ("change", False)):
        headers = admin_client.get(reverse(f"admin:blog_post_{name}", args=[draft.pk])).headers
        assert headers["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY")
        policy = headers["Content-Security-Policy"]
        assert ("frame-ancestors 'self'" if framed else "frame-ancestors 'none'") in policy
        assert ("frame-src 'self'" in policy) != framed
        assert "no-store" in headers["Cache-Control"]
    press(admin_client, draft, "_publish")
    assert admin_client.get("/posts/soon/").headers["X-Frame-Options"] == "DENY"


def test_the_check_shows_the_entry_that_feeds_will_get(
    admin_client: Client, client: Client, make_post: Callable[..., Post]
) -> None:
    body = f'{EMBED}\n<p style="color:red">Red.</p>\n\n[here](/about/)'
    post = make_post(body=body, status="draft", publish_at=None, title="A walk", tags=["film"])
    shown = admin_client.get(reverse("admin:blog_post_feed", args=[post.pk])).content.decode()
    assert Post.objects.get().status == "draft"
    press(admin_client, post, "_publish")
    entry = client.get("/feed.json").json()["items"][0]
    assert "http://testserver/about/" in entry["content_html"]
    html, sheet, _source = page_styles(entry["content_html"])
    assert html in shown
    assert sheet in shown
    for part in (entry["title"], entry["url"], *entry["tags"], entry["authors"][0]["name"]):
        assert part in shown


def test_the_frames_speak_the_sites_language_whoever_looks(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(body=EMBED, status="draft")
    for name in ("preview", "feed"):
        address = reverse(f"admin:blog_post_{name}", args=[post.pk])
        korean, english = (
            admin_client.get(address, headers={"Accept-Language": lang}).content.decode() for lang in ("ko", "en")
        )
        assert (
            korean.partition("<main")[2].partition("</main>")[0]
            == english.partition("<main")[2].partition("</main>")[0]
        )
        assert re.search("[가-힣]", english)


def test_cards_get_the_picture_that_the_check_shows(
    admin_client: Client, client: Client, make_post: Callable[..., Post]
) -> None:
    cover = Image.objects.create(file="cover.png", width=1200, height=630, alt="Rain")
    post = make_post(image=cover, title="가" * 80, summary="A summary.")
    html = admin_client.get(reverse("admin:blog_post_publish", args=[post.pk])).content.decode()
    assert html.count('<img src="/media/cover.png" alt="Rain">') == 2
    assert f'<p class="title">{"가" * 69}…</p>' in html  # X
    assert f'<p class="title">{"가" * 80}</p>' in html  # KakaoTalk, which cuts by lines
    page = client.get(post.get_absolute_url()).content.decode()
    assert '<meta property="og:image" content="http://testserver/media/cover.png">' in page
    assert '<meta property="og:description" content="A summary.">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    plain = client.get(make_post().get_absolute_url()).content.decode()
    assert "og:image" not in plain
    assert '<meta name="twitter:card" content="summary">' in plain


def test_what_may_have_been_forgotten_is_said(make_post: Callable[..., Post]) -> None:
    body = f"{EMBED}\n\n![](/media/a.png)"
    post = make_post(body=body, slug="2026-11-22", title="가" * 40, publish_at=in_a_week())
    Embed.objects.update(status="gone")
    with translation.override("en"):
        said = " ".join(warnings(post, SITE))
        empty = warnings(make_post(body=""), SITE)
    for part in ("no summary", "no category", "doesn't look final", "future", "title is long", "without words"):
        assert part in said, (part, said)
    assert "tokyo walk" in said
    assert "The text is empty." in empty
    whole = make_post(summary="A summary.", category="AI", slug="a-walk-through-tokyo", title="A walk")
    assert warnings(whole, SITE) == []


FINDINGS = {
    "https://x.com/OpenAI/status/": "This doesn’t become an embed",
    "![](/media/a.png)": "A picture without words",
    "## a\n\n#### b": "A heading skips a level",
    "[a](/posts/none/)": "This link leads nowhere: /posts/none/",
    "```py\na": "This code block is never closed",
    "**영상 **을": "These asterisks will be seen",
    "> Prompt: a cat": "A prompt without its model",
}


@pytest.mark.parametrize("body", FINDINGS)
def test_what_the_findings_say_is_said_once_more_and_can_be_overruled(
    admin_client: Client, make_post: Callable[..., Post], body: str
) -> None:
    post = make_post(body=f"a\n\n{body}", status="draft", publish_at=None)
    address = reverse("admin:blog_post_publish", args=[post.pk])
    html = unescape(admin_client.get(address, headers={"Accept-Language": "en"}).content.decode())
    assert re.search(rf"<li>Line [35]: {FINDINGS[body].replace('’', chr(39))}", html)
    press(admin_client, post, "_publish")
    assert Post.objects.get().is_public


def test_taking_an_old_address_is_said_before_it_happens(make_post: Callable[..., Post]) -> None:
    post = make_post(title="Rain", slug="rain")
    post.slug = "snow"
    post.save()
    with translation.override("en"):
        said = warnings(make_post(slug="rain", status="draft"), SITE)
    assert "Its address leads to “Rain”, which had it before. Publishing this ends that." in said


def test_titles_are_cut_by_their_width() -> None:
    assert cut("short", 10) == "short"
    assert cut("가나다라마바사", 10) == "가나다라…"
    assert cells_of(cut("가" * 80, 60)) <= 60


def test_a_moment_is_read_on_the_sites_clock() -> None:
    with timezone.override("Asia/Seoul"):
        at = moment("2026-11-22T18:00")
        assert at is not None
        assert at.isoformat() == "2026-11-22T18:00:00+09:00"
        assert "2026" in spelled(at)


def test_a_typed_moment_is_spelled_for_those_who_write(admin_client: Client, client: Client) -> None:
    address = reverse("admin:blog_post_when")
    assert "2099" in admin_client.get(address, {"at": "2099-01-01T10:00"}).json()["text"]
    assert admin_client.get(address, {"at": "soon"}).status_code == 400
    assert client.get(address).status_code == 302


def issued(client: Client, post: Post, days: str = "7") -> str:
    html = client.post(reverse("admin:blog_post_share", args=[post.pk]), {"days": days}).content.decode()
    link = re.search(r"http://testserver(/preview/[\w-]{43}/)", html)
    return link[1] if link else ""


def test_a_draft_link_shows_the_draft_and_nothing_keeps_or_finds_it(
    admin_client: Client, client: Client, draft: Post
) -> None:
    address = issued(admin_client, draft)
    response = client.get(address)
    html = response.content.decode()
    assert "Soon" in html
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert 'class="draft-mark"' in html
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    token = address.split("/")[2]
    assert token not in str(ShareLink.objects.values())
    again = admin_client.get(reverse("admin:blog_post_share", args=[draft.pk])).content.decode()
    assert token not in again


def test_expired_revoked_and_unknown_links_are_alike(admin_client: Client, client: Client, draft: Post) -> None:
    expired, revoked = issued(admin_client, draft, "1"), issued(admin_client, draft)
    link = ShareLink.objects.first()
    admin_client.post(reverse("admin:blog_post_share", args=[draft.pk]), {"revoke": str(link.pk if link else 0)})
    assert client.get(revoked).status_code == 404
    assert client.get("/preview/nothing/").content == client.get("/preview/nothing/").content
    assert client.get(expired).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert client.get(expired).status_code == 404


def test_a_link_leads_to_the_post_once_it_is_public(admin_client: Client, client: Client, draft: Post) -> None:
    address = issued(admin_client, draft)
    press(admin_client, draft, "_publish")
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, "/posts/soon/")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert issued(admin_client, draft) == ""


@pytest.mark.parametrize("days", ["", "0", "9999", "x"])
def test_a_link_without_an_end_is_refused(admin_client: Client, draft: Post, days: str) -> None:
    assert issued(admin_client, draft, days) == ""
    assert not ShareLink.objects.exists()
