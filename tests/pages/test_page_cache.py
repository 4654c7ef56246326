"""What readers get from the page cache: the page as Django makes it, once, and never somebody else's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from blog import version
from blog.models import Category, Page, Post, ShareLink, SiteSettings
from blog.pagecache import PUBLIC, encoding_for
from tests.conftest import MakePosts
from tests.pages.conftest import Got, Reader

MakePost = Callable[..., Post]
NewReader = Callable[..., Reader]

ADDRESSES = [
    *("/", "/page/2/", "/posts/post-1/", "/posts/post-1.md", "/categories/", "/categories/ai/", "/tags/", "/tags/a/"),
    *("/archives/", "/prompts/", "/models/", "/series/", "/search/", "/about/", "/feed.xml", "/rss.xml", "/feed.json"),
    *("/categories/ai/feed.xml", "/tags/a/rss.xml", "/sitemap.xml", "/sitemap-posts.xml", "/robots.txt", "/llms.txt"),
]


@pytest.fixture
def posts(db: None, make_posts: MakePosts) -> list[Post]:
    Page(title="About", slug="about", body="Words.", published=True).save()
    return make_posts(12, category="AI", tags=["a"])


# --- The same page, made once ---------------------------------------------------------------------------------------


def test_a_page_is_made_once_and_is_what_django_makes(reader: Reader, posts: list[Post]) -> None:
    own = {"Cache-Control", "ETag", "Vary", "Content-Length", "Content-Security-Policy"}
    for address in ADDRESSES:
        reader.asked.clear()
        first, second = reader.get(address), reader.get(address)
        assert (first.status, len(reader.asked)) == (200, 1), address
        assert first == second
        django = Client().get(address, headers={"host": "localhost"})
        assert first.body == django.content
        assert {**first.headers, **dict.fromkeys(own)} == {**django.headers, **dict.fromkeys(own)}
        policy = "Content-Security-Policy"
        assert sorted(first.headers[policy].split("; ")) == sorted(django.headers[policy].split("; "))


def test_anybody_may_keep_it_for_a_moment_and_asks_again(reader: Reader, posts: list[Post]) -> None:
    got = reader.get("/")
    assert got.headers["Cache-Control"] == PUBLIC
    assert got.headers["Vary"] == "Accept-Encoding"
    assert got.headers["Content-Length"] == str(len(got.body))


def test_the_pages_of_a_list_are_pages_of_their_own(reader: Reader, make_post: MakePost) -> None:
    for _ in range(51):
        make_post(tags=["a"])
    first, second = reader.get("/tags/a/"), reader.get("/tags/a/page/2/")
    assert first.body != second.body
    assert (reader.get("/tags/a/"), reader.get("/tags/a/page/2/")) == (first, second)
    assert len(reader.asked) == 2


@pytest.mark.parametrize(("accepted", "encoding"), [("br", "br"), ("gzip", "gzip"), ("gzip, deflate, br", "br")])
def test_it_is_compressed_as_the_reader_wants_it(
    reader: Reader, posts: list[Post], accepted: str, encoding: str
) -> None:
    plain, small = reader.get("/"), reader.get("/", HTTP_ACCEPT_ENCODING=accepted)
    assert small.headers["Content-Encoding"] == encoding
    assert small.text == plain.text
    assert len(small.body) < len(plain.body) / 2
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert reader.get("/", HTTP_ACCEPT_ENCODING=accepted) == small
    assert len(reader.asked) == 1


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        *[("", "identity"), ("identity", "identity"), ("zstd", "identity"), ("gzip;q=0, br;q=0", "identity")],
        *[("br;q=0, gzip", "gzip"), ("br;q=0.2, gzip;q=0.8", "gzip"), ("gzip; q=0.5, br; q=0.5", "br")],
        *[("*", "br"), ("*;q=0", "identity"), ("br;q=0, *", "gzip"), ("identity, br;q=0.5", "identity")],
        *[("GZIP", "gzip"), ("br;q=x", "br"), (",;,", "identity"), ("gzip;q=1.000", "gzip")],
    ],
)
def test_the_encoding_is_the_one_that_is_wanted_most(accepted: str, encoding: str) -> None:
    assert encoding_for(accepted) == encoding


def test_what_is_short_is_left_as_it_is(reader: Reader) -> None:
    got = reader.get("/robots.txt", HTTP_ACCEPT_ENCODING="br, gzip")
    assert "Content-Encoding" not in got.headers
    assert got.body.startswith(b"User-agent")


def test_head_says_what_get_would_bring(reader: Reader, posts: list[Post]) -> None:
    head, got = (ask("/", HTTP_ACCEPT_ENCODING="br") for ask in (reader.head, reader.get))
    assert head.body == b""
    assert head.headers == got.headers
    assert len(reader.asked) == 1
    assert (reader.head("/nothing/").status, reader.head("/nothing/").body) == (404, b"")


# --- Nothing new ----------------------------------------------------------------------------------------------------


def test_who_has_it_is_told_that_it_has_not_changed(reader: Reader, posts: list[Post]) -> None:
    for accepted in ("br", "gzip", ""):
        got = reader.get("/", HTTP_ACCEPT_ENCODING=accepted)
        etag = got.headers["ETag"]
        for tags in (etag, f'"a", {etag}', f"W/{etag}", "*"):
            answer = reader.get("/", HTTP_ACCEPT_ENCODING=accepted, HTTP_IF_NONE_MATCH=tags)
            assert (answer.status, answer.body) == (304, b"")
            assert answer.headers == {name: got.headers[name] for name in ("Cache-Control", "ETag", "Vary")}


def test_who_has_something_else_gets_the_page(reader: Reader, posts: list[Post]) -> None:
    plain, small = reader.get("/"), reader.get("/", HTTP_ACCEPT_ENCODING="br")
    for tags in ("", '"a"', small.headers["ETag"], plain.headers["ETag"].strip('"')):
        assert reader.get("/", HTTP_IF_NONE_MATCH=tags) == plain


def test_feeds_know_the_time_too(reader: Reader, posts: list[Post]) -> None:
    got = reader.get("/feed.xml")
    since = got.headers["Last-Modified"]
    assert reader.get("/feed.xml", HTTP_IF_MODIFIED_SINCE=since).status == 304
    assert reader.get("/feed.xml", HTTP_IF_MODIFIED_SINCE="Mon, 01 Jan 2001 00:00:00 GMT") == got
    assert reader.get("/feed.xml", HTTP_IF_MODIFIED_SINCE="yesterday") == got
    # RFC 9110, 13.1.3: the tag is the better witness.
    assert reader.get("/feed.xml", HTTP_IF_MODIFIED_SINCE=since, HTTP_IF_NONE_MATCH='"a"') == got


def test_a_page_that_says_the_same_keeps_its_tag_through_a_change(reader: Reader, make_post: MakePost) -> None:
    make_post(slug="old")
    before = reader.get("/posts/old/")
    Category(name="Other", slug="other").save()
    assert reader.get("/posts/old/", HTTP_IF_NONE_MATCH=before.headers["ETag"]).status == 304
    assert len(reader.asked) == 2


# --- What is new ----------------------------------------------------------------------------------------------------


def test_a_change_is_seen_by_the_next_request_everywhere(reader: Reader, make_post: MakePost) -> None:
    post = make_post(slug="one", title="Before", tags=["a"])
    addresses = ("/", "/posts/one/", "/archives/", "/tags/a/", "/feed.xml", "/rss.xml", "/feed.json", "/llms.txt")
    for number in range(3):
        post.title = f"Title {number}"
        post.save()
        assert all(f"Title {number}" in reader.get(address).text for address in addresses)


def test_a_scheduled_post_appears_at_its_minute(
    reader: Reader, make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = version.monotonic()
    monkeypatch.setattr(version, "monotonic", lambda: clock)
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as traveller:
        make_post()
        make_post(slug="later", title="Later on", publish_at=timezone.now() + timedelta(minutes=1))
        lists = ("/", "/feed.xml", "/sitemap-posts.xml", "/archives/")
        assert reader.get("/posts/later/").status == 404
        assert not any("later" in reader.get(address).text for address in lists)
        clock += 60
        traveller.shift(60)
        assert reader.get("/posts/later/").status == 200
        assert all("later" in reader.get(address).text for address in lists)


def test_what_was_made_of_an_old_version_is_not_kept_for_a_new_one(reader: Reader, make_post: MakePost) -> None:
    """Somebody publishes while the page is made: who asked before may get the old one, who asks then may not."""
    post = make_post(slug="one", title="Before")
    real, meanwhile = reader.cache.app, [lambda: Post.objects.filter(pk=post.pk).update(title="After")]

    def slow(environ: Any, start_response: Any) -> Any:
        parts = real(environ, start_response)
        if meanwhile:
            in_another_thread(meanwhile.pop())
        return parts

    reader.cache.app = slow
    assert "Before" in reader.get("/posts/one/").text
    assert "After" in reader.get("/posts/one/").text
    assert "After" in reader.get("/posts/one/").text


def test_many_who_ask_at_once_wait_for_one_page(reader: Reader, make_post: MakePost) -> None:
    make_post(slug="one", title="The page")
    real, asked, ready = reader.cache.app, threading.Event(), threading.Event()

    def slow(environ: Any, start_response: Any) -> Any:
        asked.set()
        assert ready.wait(timeout=20)
        return real(environ, start_response)

    reader.cache.app = slow
    found: list[Got] = []
    threads = [
        threading.Thread(target=lambda: (found.append(reader.get("/posts/one/")), connection.close())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    assert asked.wait(timeout=20)
    ready.set()
    for thread in threads:
        thread.join(timeout=20)
    assert len(found) == 8
    assert all("The page" in got.text for got in found)
    assert len(reader.asked) == 1


def in_another_thread(write: Callable[[], object]) -> None:
    thread = threading.Thread(target=lambda: (write(), connection.close()))
    thread.start()
    thread.join(timeout=20)


# --- What isn't kept ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        *("/?utm_source=x", "/tags/a/?page=1", "/search/?q=post", "/prompts/?lang=en", "/?x", "/feed.xml?a=b"),
    ],
)
def test_parameters_go_to_django_and_are_kept_by_nobody(reader: Reader, posts: list[Post], address: str) -> None:
    answers = [reader.get(address) for _ in range(2)]
    assert len(reader.asked) == 2
    assert all(answer.headers["Cache-Control"] == "private, no-cache" for answer in answers)


@pytest.mark.parametrize("address", ["/nothing/", "/posts/nothing/", "/page/1/", "/tags/a/page/99/", "/x.png"])
def test_errors_and_redirects_are_not_kept(reader: Reader, posts: list[Post], address: str) -> None:
    answers = [reader.get(address) for _ in range(2)]
    assert answers[0].status in (301, 404)
    assert all(answer.headers["Cache-Control"] == "private, no-cache" for answer in answers)
    assert len(reader.asked) == 2
    assert not reader.cache.edition or not reader.cache.edition.pages


def test_a_failure_is_not_kept(reader: Reader, posts: list[Post], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("blog.views.posts.page_of", lambda *_: 1 / 0)
        assert reader.get("/").status == 500
    assert reader.get("/").status == 200


def test_whoever_is_logged_in_is_answered_by_django(reader: Reader, posts: list[Post]) -> None:
    reader.get("/")
    got = reader.get("/", HTTP_COOKIE="theme=dark; sessionid=abc")
    assert got.headers["Cache-Control"] == "private, no-cache"
    assert len(reader.asked) == 2
    reader.get("/", HTTP_COOKIE="theme=dark")
    assert len(reader.asked) == 2


def test_drafts_and_their_previews_are_never_kept(reader: Reader, make_post: MakePost) -> None:
    draft = make_post(slug="secret", status=Post.Status.DRAFT, title="A secret")
    token = ShareLink.issue(draft, User.objects.create_user("ada"), timezone.now() + timedelta(days=1))
    for _ in range(2):
        got = reader.get(f"/preview/{token}/")
        assert "A secret" in got.text
        assert got.headers["Cache-Control"] == "private, no-store"
        assert reader.get("/posts/secret/").status == 404
    assert len(reader.asked) == 4


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_go_to_django(reader: Reader, posts: list[Post], method: str) -> None:
    reader.get("/")
    assert reader.get("/", method=method).status in (403, 405)
    assert len(reader.asked) == 2


def test_admin_files_and_the_health_check_go_to_django(reader: Reader) -> None:
    for address in ("/admin/login/", "/static/css/site.css", "/media/nothing.png", "/healthz"):
        for _ in range(2):
            reader.get(address)
    assert len(reader.asked) == 8
    assert reader.get("/healthz").headers["Cache-Control"] == "no-store"


# --- Poisoning ------------------------------------------------------------------------------------------------------

UNKEYED = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_FOR": "6.6.6.6",
    "HTTP_X_FORWARDED_PORT": "666",
    "HTTP_X_FORWARDED_PREFIX": "/evil",
    "HTTP_FORWARDED": "host=evil.example;proto=https",
    "HTTP_X_ORIGINAL_URL": "/evil/",
    "HTTP_X_REWRITE_URL": "/evil/",
    "HTTP_X_HOST": "evil.example",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
    "HTTP_X_SCRIPT_NAME": "/evil",
    "SCRIPT_NAME": "/evil",
    "HTTP_ACCEPT_LANGUAGE": "ko",
    "HTTP_ACCEPT": "application/evil",
    "HTTP_USER_AGENT": "evil",
    "HTTP_REFERER": "https://evil.example/",
    "HTTP_ORIGIN": "https://evil.example",
    "HTTP_COOKIE": "django_language=ko; csrftoken=evil",
    "HTTP_RANGE": "bytes=0-3",
    "HTTP_IF_RANGE": '"evil"',
    "HTTP_EXPECT": "100-continue",
    "HTTP_UPGRADE": "evil",
    "CONTENT_TYPE": "application/x-www-form-urlencoded",
    "CONTENT_LENGTH": "4",
    "REMOTE_ADDR": "6.6.6.6",
    "SERVER_NAME": "evil.example",
    "SERVER_PORT": "666",
}


@pytest.mark.parametrize("address", ["/", "/feed.xml", "/sitemap.xml", "/posts/post-1/"])
def test_nothing_else_that_a_reader_sends_gets_into_a_page(
    new_reader: NewReader, posts: list[Post], address: str
) -> None:
    expected = new_reader().get(address)
    for name, value in UNKEYED.items():
        attacked = new_reader()
        assert attacked.get(address, **{name: value}) == expected, name
        assert attacked.get(address) == expected
        assert len(attacked.asked) == 1


def test_a_strange_host_is_refused_and_leaves_nothing(reader: Reader, posts: list[Post]) -> None:
    for host in ("evil.example", "localhost@evil.example", "localhost:evil", "", "localhost, evil.example", "a" * 4000):
        assert reader.get("/", HTTP_HOST=host).status == 400
    assert not reader.cache.edition or not reader.cache.edition.pages
    assert reader.get("/").status == 200


def test_hosts_that_are_ours_have_pages_of_their_own(reader: Reader, posts: list[Post]) -> None:
    pages = {host: reader.get("/feed.xml", HTTP_HOST=host) for host in ("localhost", "localhost:81", "127.0.0.1")}
    for host, page in pages.items():
        assert f"http://{host}/feed.xml" in page.text
        assert reader.get("/feed.xml", HTTP_HOST=host) == page


def test_a_site_that_knows_its_address_has_one_page_for_all_hosts(
    new_reader: NewReader, posts: list[Post], settings: LazySettings
) -> None:
    settings.ROOST_URL = "https://blog.example.com"
    settings.ALLOWED_HOSTS = ["blog.example.com", "localhost"]
    reader = new_reader()
    for host in ("localhost", "blog.example.com", "LOCALHOST:1", "localhost:2"):
        assert "https://blog.example.com/feed.xml" in reader.get("/feed.xml", HTTP_HOST=host).text
    assert len(reader.asked) == 1


def test_the_scheme_is_believed_only_behind_a_proxy(
    new_reader: NewReader, posts: list[Post], settings: LazySettings
) -> None:
    settings.BEHIND_PROXY = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    reader = new_reader()
    assert "https://localhost/" in reader.get("/feed.xml", HTTP_X_FORWARDED_PROTO="https").text
    assert "http://localhost/" in reader.get("/feed.xml").text
    assert "http://localhost/" in reader.get("/feed.xml", HTTP_X_FORWARDED_PROTO="evil").text


def test_browsers_and_feed_readers_get_each_their_type(reader: Reader, posts: list[Post]) -> None:
    for _ in range(2):
        assert (
            reader.get("/feed.xml", HTTP_ACCEPT="text/html,*/*").headers["Content-Type"].startswith("application/xml")
        )
        assert reader.get("/feed.xml").headers["Content-Type"].startswith("application/atom+xml")
    assert reader.get("/feed.xml").headers["Vary"] == "Accept, Accept-Encoding"
    assert len(reader.asked) == 2


# --- Bounds ---------------------------------------------------------------------------------------------------------


def test_memory_is_bounded_and_the_pages_nobody_asks_for_go_first(new_reader: NewReader, make_post: MakePost) -> None:
    for number in range(40):
        make_post(slug=f"p{number}")
    reader = new_reader(200_000)
    for number in range(40):
        reader.get("/", HTTP_ACCEPT_ENCODING="br")
        reader.get(f"/posts/p{number}/", HTTP_ACCEPT_ENCODING="gzip")
    edition = reader.cache.edition
    assert edition
    assert sum(page.size for page in edition.pages.values()) == edition.size <= 200_000
    assert 3 < len(edition.pages) < 40
    assert reader.asked.count("/") == 1
    assert not edition.making


def test_a_flood_of_errors_fills_nothing(reader: Reader) -> None:
    for number in range(50):
        reader.get(f"/{number}/")
        reader.get(f"/?x={number}")
        reader.get("/nothing/", HTTP_HOST=f"{number}.example")
    edition = reader.cache.edition
    assert edition
    assert not edition.pages
    assert not edition.making


def test_a_page_that_is_larger_than_the_cache_is_sent_all_the_same(new_reader: NewReader, posts: list[Post]) -> None:
    reader = new_reader(1)
    assert reader.get("/").status == 200
    assert reader.get("/", HTTP_ACCEPT_ENCODING="br").status == 200
    assert reader.cache.edition
    assert reader.cache.edition.size == 0


# --- Warming --------------------------------------------------------------------------------------------------------


def warmed(reader: Reader) -> list[str]:
    """What has been made in the thread, once it has ended."""
    reader.cache.__dict__.pop("warm", None)
    reader.asked.clear()
    reader.cache.warm()
    assert reader.cache.warming.acquire(timeout=20)
    reader.cache.warming.release()
    return reader.asked


def test_what_was_published_the_front_page_and_the_feeds_are_ready_before_somebody_asks(
    reader: Reader, make_post: MakePost
) -> None:
    make_post(slug="old")
    reader.get("/robots.txt")  # some reader has told where the site is
    warmed(reader)
    make_post(slug="new")
    assert set(warmed(reader)) == {"/", "/feed.xml", "/rss.xml", "/feed.json", "/posts/new/"}
    reader.asked.clear()
    for address in ("/", "/feed.xml", "/posts/new/"):
        assert reader.get(address, HTTP_ACCEPT_ENCODING="br").status == 200
    assert reader.asked == []


def test_publishing_in_the_admin_warms(reader: Reader, make_post: MakePost) -> None:
    post = make_post(slug="one")
    calls: list[int] = []
    reader.cache.warm = lambda: calls.append(1)  # type: ignore[method-assign]
    real = reader.cache.app

    def publishing(environ: Any, start_response: Any) -> Any:
        Post.objects.filter(pk=post.pk).update(title="New")
        return real(environ, start_response)

    reader.get("/")
    calls.clear()
    reader.get("/admin/login/", method="POST")
    assert calls == []
    reader.cache.app = publishing
    reader.get("/admin/login/", method="POST")
    assert calls == [1]


def test_settings_show_at_once(reader: Reader, posts: list[Post]) -> None:
    site = SiteSettings.load()
    for title in ("First title", "Second title"):
        site.title = title
        site.save()
        assert title in reader.get("/").text
        assert title in reader.get("/posts/post-1/").text
