"""Ids of entries: what a subscriber has seen once never comes as new again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from blog import feed_ids
from blog.models import Post, Prompt
from tests.conftest import in_a_week
from tests.feeds.helpers import MakePost, ids
from tests.importers.helpers import write

FEEDS = ["/feed.xml", "/rss.xml", "/feed.json"]
OLD, NEW = "https://old.example.com", "https://new.example.com"


@pytest.fixture
def at(settings: LazySettings) -> Callable[[str], None]:
    """Move the site to another address."""

    def move(url: str) -> None:
        settings.ROOST_URL = url
        settings.ALLOWED_HOSTS = ["*"]

    return move


@pytest.mark.parametrize("address", FEEDS)
def test_another_slug_leaves_the_id(client: Client, make_post: MakePost, address: str) -> None:
    post = make_post(slug="first")
    post.slug = "second"
    post.save()
    assert ids(client, address) == ["http://testserver/posts/first/"]
    assert b"http://testserver/posts/second/" in client.get(address).content


def test_only_an_id_that_is_the_address_is_called_a_permalink(client: Client, make_post: MakePost) -> None:
    post = make_post(slug="first")
    assert b'<guid isPermaLink="true">' in client.get("/rss.xml").content
    post.slug = "second"
    post.save()
    assert b'<guid isPermaLink="false">' in client.get("/rss.xml").content


@pytest.mark.parametrize("address", FEEDS)
def test_another_host_leaves_the_id(
    client: Client, make_post: MakePost, at: Callable[[str], None], address: str
) -> None:
    at(OLD)
    make_post(slug="밤")
    at(NEW)
    make_post(slug="b")
    assert ids(client, address) == [f"{NEW}/posts/b/", f"{OLD}/posts/%EB%B0%A4/"]


def test_prompts_keep_their_ids_too(client: Client, make_post: MakePost, at: Callable[[str], None]) -> None:
    at(OLD)
    make_post(body="> Prompt: a")
    at(NEW)
    public_id = Prompt.objects.get().public_id
    assert ids(client, "/prompts/feed.xml") == [f"{OLD}/prompts/{public_id}/"]


def test_a_blog_that_learns_its_address_later_is_told_so_by_setup(
    client: Client, make_post: MakePost, at: Callable[[str], None]
) -> None:
    make_post(slug="a")
    assert ids(client, "/feed.xml") == ["http://testserver/posts/a/"]
    feed_ids.complete()
    assert Post.objects.get().feed_id == "/posts/a/"
    at(OLD)
    feed_ids.complete()
    at(NEW)
    feed_ids.complete()
    assert ids(client, "/feed.xml") == [f"{OLD}/posts/a/"]


def test_saving_completes_an_id(make_post: MakePost, at: Callable[[str], None]) -> None:
    post = make_post(slug="a")
    at(OLD)
    post.save(update_fields=["pinned"])
    assert Post.objects.get().feed_id == f"{OLD}/posts/a/"


def test_an_imported_post_keeps_the_id_of_its_old_blog(
    client: Client, db: None, tmp_path: Path, at: Callable[[str], None]
) -> None:
    at(NEW)
    (tmp_path / "_config.yml").write_text("url: https://me.github.io/\nbaseurl: /blog\n")
    write(tmp_path / "_posts" / "2024-02-19-밤.md", "title: 밤")
    write(tmp_path / "_drafts" / "later.md", "title: Later")
    call_command("import_jekyll", tmp_path, verbosity=0, stdout=StringIO())
    assert ids(client, "/feed.xml") == ["https://me.github.io/blog/posts/%EB%B0%A4/"]
    draft = Post.objects.get(slug="later")
    assert draft.feed_id == ""
    draft.status = Post.Status.PUBLISHED
    draft.save()
    assert ids(client, "/feed.xml")[0] == f"{NEW}/posts/later/"


@pytest.mark.parametrize("url", ["", "http://localhost:4000", "http://127.0.0.1", "none", "'{{ site.x }}'"])
def test_an_old_blog_without_an_address_gives_the_ids_of_this_one(
    client: Client, db: None, tmp_path: Path, at: Callable[[str], None], url: str
) -> None:
    at(NEW)
    (tmp_path / "_config.yml").write_text(f"url: {url}\n")
    write(tmp_path / "_posts" / "2024-02-19-a.md", "title: a")
    call_command("import_jekyll", tmp_path, verbosity=0, stdout=StringIO())
    assert ids(client, "/feed.xml") == [f"{NEW}/posts/a/"]


def test_importing_again_leaves_the_id(client: Client, db: None, tmp_path: Path) -> None:
    post = tmp_path / "_posts" / "2024-02-19-a.md"
    (tmp_path / "_config.yml").write_text("url: https://me.github.io\n")
    for title in ("one", "two"):
        write(post, f"title: {title}\nslug: {title}")
        call_command("import_jekyll", tmp_path, verbosity=0, stdout=StringIO())
    assert ids(client, "/feed.xml") == ["https://me.github.io/posts/one/"]


def test_what_nobody_has_seen_yet_has_the_id_of_its_last_address(make_post: MakePost) -> None:
    draft = make_post(slug="a", status=Post.Status.DRAFT, publish_at=None)
    scheduled = make_post(slug="b", publish_at=in_a_week())
    assert (draft.feed_id, scheduled.feed_id) == ("", "/posts/b/")
    scheduled.slug = "c"
    scheduled.save()
    assert Post.objects.get(slug="c").feed_id == "/posts/c/"
    scheduled.status = Post.Status.DRAFT
    scheduled.save()
    assert Post.objects.get(slug="c").feed_id == ""


def test_a_post_that_is_taken_back_and_published_again_is_no_new_one(make_post: MakePost) -> None:
    post = make_post(slug="a")
    post.status = Post.Status.DRAFT
    post.save()
    post.slug = "b"
    post.save()
    post.status, post.publish_at = Post.Status.PUBLISHED, timezone.now() - timedelta(minutes=1)
    post.save()
    assert Post.objects.get().feed_id == "/posts/a/"


def test_columns_that_are_not_saved_do_not_count(make_post: MakePost) -> None:
    post = make_post(slug="a", publish_at=in_a_week())
    post.slug = "b"
    post.save(update_fields=["pinned"])
    assert Post.objects.get().feed_id == "/posts/a/"


def test_a_post_at_the_old_address_of_another_has_an_id_of_its_own(
    client: Client, make_post: MakePost, at: Callable[[str], None]
) -> None:
    first = make_post(slug="a")
    first.slug = "b"
    first.save()
    at(OLD)
    second = make_post(slug="a")
    second.slug = "c"
    second.save()
    make_post(slug="a")
    assert ids(client, "/feed.xml") == [f"{OLD}/posts/a/#3", f"{OLD}/posts/a/#2", f"{OLD}/posts/a/"]


def test_the_migration_gives_what_is_public_the_id_it_had(make_post: MakePost, at: Callable[[str], None]) -> None:
    make_post(slug="밤!-c")
    make_post(slug="draft", status=Post.Status.DRAFT, publish_at=None)
    Post.objects.update(feed_id="")
    at(OLD)
    import_module("blog.migrations.0011_feed_id").keep_ids(apps, None)
    assert Post.objects.get(slug="밤!-c").feed_id == f"{OLD}{Post.objects.get(slug='밤!-c').get_absolute_url()}"
    assert Post.objects.get(slug="draft").feed_id == ""
