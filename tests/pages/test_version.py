"""The content version: new with each commit that readers may see, and with nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from taggit.models import Tag

from blog import version
from blog.models import Category, Clip, ContentChange, Embed, Post, Revision, SiteSettings

pytestmark = pytest.mark.django_db(transaction=True)

MakePost = Callable[..., Post]


def is_new(write: Callable[[], object]) -> bool:
    before = version.current()
    write()
    return version.current() is not before


class Undone(Exception):
    pass


# --- What makes a new one -------------------------------------------------------------------------------------------


def test_reading_makes_no_new_version(make_post: MakePost) -> None:
    make_post()
    assert not is_new(lambda: list(Post.objects.all()))


WRITES: dict[str, Callable[[Post], object]] = {
    "a save": lambda post: post.save(),
    "an update by a query": lambda post: Post.objects.filter(pk=post.pk).update(summary="New"),
    "a bulk update": lambda post: Post.objects.bulk_update([post], ["summary"]),
    "a bulk insert": lambda post: Tag.objects.bulk_create([Tag(name="a", slug="a")], ignore_conflicts=True),
    "a tag": lambda post: post.tags.add("b"),
    "a refreshed embed": lambda post: Embed.objects.create(
        provider="x", provider_id="1", url="https://x.com/a/status/1"
    ),
    "the settings": lambda post: SiteSettings(title="New").save(),
    "somebody's name": lambda post: User.objects.create_user("ada", first_name="Ada"),
    "a deletion": lambda post: post.delete(),
    "a deletion by a query": lambda post: Post.objects.filter(pk=post.pk).delete(),
    "hand-written SQL": lambda post: connection.cursor().execute('UPDATE "blog_post" SET "title" = %s', ["New"]),
}


@pytest.mark.parametrize("what", WRITES)
def test_whatever_readers_may_see_makes_a_new_version_however_it_is_written(make_post: MakePost, what: str) -> None:
    post = make_post()
    assert is_new(lambda: WRITES[what](post))


def test_emptying_all_tables_makes_a_new_version(make_post: MakePost) -> None:
    make_post()
    assert is_new(lambda: call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True))


def test_what_only_authors_see_makes_none(make_post: MakePost) -> None:
    post, user = make_post(), User.objects.create_user("ada")

    def write() -> None:
        Revision.objects.create(post=post, kind=Revision.Kind.COPY, version=1, user=user, data={"body": "half a wo"})
        Session.objects.create(session_key="a", session_data="b", expire_date=timezone.now())

    assert not is_new(write)


def test_a_transaction_that_is_rolled_back_changes_nothing(make_post: MakePost) -> None:
    post = make_post()

    def write() -> None:
        with pytest.raises(Undone), transaction.atomic():
            post.save()
            raise Undone

    changes = ContentChange.objects.count()
    assert not is_new(write)
    assert ContentChange.objects.count() == changes


def test_a_version_begins_with_the_commit_and_not_before(make_post: MakePost) -> None:
    post = make_post()
    with transaction.atomic():
        before = version.current()
        post.save()
        assert version.current() is before
    assert version.current() is not before


def test_a_write_after_one_that_a_savepoint_took_back_counts(make_post: MakePost) -> None:
    post = make_post()

    def write() -> None:
        with transaction.atomic():
            with pytest.raises(Undone), transaction.atomic():
                post.save()
                raise Undone
            Post.objects.filter(pk=post.pk).update(summary="New")

    changes = ContentChange.objects.count()
    assert is_new(write)
    assert ContentChange.objects.count() == changes + 1


def test_a_transaction_leaves_one_row_whatever_it_writes(make_post: MakePost) -> None:
    changes = ContentChange.objects.count()
    with transaction.atomic():
        for _ in range(3):
            make_post(status=Post.Status.DRAFT, tags=["a", "b"])
    assert ContentChange.objects.count() == changes + 1


def test_old_rows_go_and_that_counts_as_nothing_but_a_change(
    make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version, "KEPT_CHANGES", 5)
    post = make_post()
    for _ in range(30):
        assert is_new(post.save)
    assert ContentChange.objects.count() < 11


def test_old_rows_go_with_an_insert_outside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "KEPT_CHANGES", 1)
    for name in "abc":
        User.objects.create_user(name)
    assert ContentChange.objects.count() == 1


def test_an_insert_outside_a_transaction_is_there_when_the_version_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[int] = []

    def count_elsewhere() -> None:
        found.append(Clip.objects.count())
        connection.close()

    def change() -> None:
        thread = Thread(target=count_elsewhere)
        thread.start()
        thread.join()

    monkeypatch.setattr(version, "change", change)
    Clip.objects.create(file="a.mp4")
    assert found[-1] == 1


# --- Who learns of it -----------------------------------------------------------------------------------------------


def test_another_process_of_this_machine_learns_of_it_at_once(make_post: MakePost) -> None:
    make_post()
    elsewhere = f"""
import mmap, os
with open({str(settings.DATA_DIR / "content-version")!r}, "r+b") as file:
    mmap.mmap(file.fileno(), 8)[:8] = os.urandom(8)
"""
    assert is_new(lambda: subprocess.run([sys.executable, "-c", elsewhere], check=True))


def test_another_machine_learns_of_it_within_a_second(make_post: MakePost, monkeypatch: pytest.MonkeyPatch) -> None:
    make_post()
    clock = version.monotonic()
    monkeypatch.setattr(version, "monotonic", lambda: clock)
    before = version.current()
    ContentChange.objects.create()  # its commit leaves a row here, and a number in its own memory
    assert version.current() is before
    clock += 1
    assert version.current() is not before


def test_a_version_that_nothing_has_changed_stays_the_same(
    make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_post()
    clock = version.monotonic()
    monkeypatch.setattr(version, "monotonic", lambda: clock)
    before = version.current()
    for _ in range(5):
        clock += 1
        assert version.current() is before


def test_it_ends_when_the_next_scheduled_post_appears(make_post: MakePost, monkeypatch: pytest.MonkeyPatch) -> None:
    make_post()
    clock = version.monotonic()
    monkeypatch.setattr(version, "monotonic", lambda: clock)
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as traveller:
        for minutes in (10, 20):
            make_post(publish_at=timezone.now() + timedelta(minutes=minutes))
        for _ in range(2):
            before = version.current()
            clock += 599
            traveller.shift(599)
            assert version.current() is before
            clock += 1
            traveller.shift(1)
            assert version.current() is not before
        before = version.current()
        clock += 100_000
        traveller.shift(100_000)
        assert version.current() is before


def test_while_the_database_does_not_answer_the_version_stays_and_what_was_missed_is_noticed(
    make_post: MakePost, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_post()
    clock = version.monotonic()
    monkeypatch.setattr(version, "monotonic", lambda: clock)
    before = version.current()

    def fail(*_: Any, **__: Any) -> None:
        raise DatabaseError("it is being restarted")

    with connection.execute_wrapper(fail):
        clock += 1
        assert version.current() is before
    assert "it is being restarted" in caplog.text
    clock += 1
    assert version.current() is not before


# --- What is remembered ---------------------------------------------------------------------------------------------


def counted() -> int:
    return version.remembered("posts", lambda: Post.objects.count())


def test_what_is_remembered_is_asked_once_a_version(make_post: MakePost, django_assert_num_queries: Any) -> None:
    make_post()
    assert counted() == 1
    with django_assert_num_queries(0):
        assert counted() == 1
    make_post()
    assert counted() == 2


def test_a_transaction_that_has_written_remembers_nothing(make_post: MakePost) -> None:
    assert counted() == 0
    with pytest.raises(Undone), transaction.atomic():
        make_post()
        assert counted() == 1
        raise Undone
    assert counted() == 0


def test_a_page_reads_one_state_whatever_is_committed_meanwhile(make_post: MakePost) -> None:
    post = make_post(title="Before")
    shown = version.current()
    with version.showing(shown):
        assert Post.objects.get(pk=post.pk).title == "Before"
        in_another_thread(lambda: Category(name="New", slug="new").save())
        assert not Category.objects.exists()
        assert version.remembered("categories", Category.objects.count) == 0
    assert Category.objects.count() == 1
    assert version.remembered("categories", Category.objects.count) == 1


def in_another_thread(write: Callable[[], object]) -> None:
    """On a connection of its own."""

    def run() -> None:
        write()
        connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive(), "it waits for those who only read"
