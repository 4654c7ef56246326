"""Importing posts whose address was changed, here or there."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from blog.models import Post, Redirect
from tests.importers.helpers import run, write

pytestmark = pytest.mark.django_db


def rename(slug: str) -> None:
    post = Post.objects.get()
    post.slug = slug
    post.save()


def test_a_post_that_has_another_address_here_is_not_imported_twice(tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    run(tmp_path)
    rename("b")
    assert run(tmp_path).out == "0 added, 0 changed, 1 unchanged, 0 problems.\n"
    assert Post.objects.get().slug == "b"
    write(tmp_path / "_posts/2024-02-19-a.md", body="Other words.")
    assert "both this file and /posts/b/ have changed" in run(tmp_path).problems[0]
    assert Post.objects.get().slug == "b"


def test_a_file_that_moved_is_found_by_the_address_it_had(tmp_path: Path) -> None:
    file = write(tmp_path / "_posts/2024-02-19-a.md")
    run(tmp_path)
    rename("b")
    (tmp_path / "_posts/old").mkdir()
    file.rename(tmp_path / "_posts/old/2024-02-19-a.md")
    run(tmp_path)
    assert Post.objects.get().slug == "b"


def test_a_new_slug_in_the_file_leaves_a_redirect(client: Client, tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    run(tmp_path)
    write(tmp_path / "_posts/2024-02-19-a.md", "title: A title\nslug: better")
    assert "changed: /posts/better/" in run(tmp_path).out
    assert client.get("/posts/a/").headers["Location"] == "/posts/better/"
    assert Redirect.objects.count() == 1


def test_a_new_slug_in_the_file_takes_no_address_of_another_post(tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    write(tmp_path / "_posts/2024-02-20-b.md", "title: B")
    run(tmp_path)
    (tmp_path / "_posts/2024-02-20-b.md").unlink()
    write(tmp_path / "_posts/2024-02-19-a.md", "title: A title\nslug: b")
    assert "slug" in run(tmp_path).problems[0]
    assert set(Post.objects.values_list("slug", flat=True)) == {"a", "b"}
