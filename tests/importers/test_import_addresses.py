"""The addresses of imported posts are those that Jekyll gave them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from django.test import Client

from blog.models import Post
from tests.importers.helpers import run, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("2024-02-19-SoraAI", "SoraAI"),
        ("2024-02-19-비-오는-날", "비-오는-날"),
        ("2024-02-19-雨の日", "雨の日"),
        ("2024-02-19-Été", "Été"),
        ("2024-02-19-rain  and   snow", "rain-and-snow"),
        ("2024-02-19-rain--snow-", "rain-snow"),
        ("2024-02-19-v1.2_final", "v1.2_final"),
        ("2024-02-19-Q&A, really!", "Q&A,-really!"),
        ("2024-02-19-take #1", "take-1"),
        ("2024-02-19-2024-02-20", "2024-02-20"),
    ],
)
@pytest.mark.parametrize("suffix", [".md", ".markdown", ".MD"])
def test_a_slug_comes_from_the_file_name(tmp_path: Path, client: Client, name: str, slug: str, suffix: str) -> None:
    result = run(write(tmp_path / "_posts" / f"{name}{suffix}").parent)
    post = Post.objects.get()
    assert (result.error, post.slug) == ("", slug)
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_decomposed_file_name_gives_a_composed_slug(tmp_path: Path, client: Client) -> None:
    run(write(tmp_path / unicodedata.normalize("NFD", "2024-02-19-한글.md")))
    assert Post.objects.get().slug == unicodedata.normalize("NFC", "한글")
    assert client.get("/posts/한글/").status_code == 200


def test_the_case_of_an_address_is_kept(tmp_path: Path, client: Client) -> None:
    run(write(tmp_path / "2024-02-19-SoraAI.md"))
    assert client.get("/posts/SoraAI/").status_code == 200
    assert client.get("/posts/soraai/").status_code == 404


@pytest.mark.parametrize(("value", "slug"), [("My-Own", "My-Own"), ("2024", "2024"), ("a/b c", "a-b-c")])
def test_a_slug_in_the_front_matter_wins(tmp_path: Path, value: str, slug: str) -> None:
    run(write(tmp_path / "2024-02-19-file.md", f"slug: {value}"))
    assert Post.objects.get().slug == slug


@pytest.mark.parametrize("name", ["2024-02-19-#.md", "2024-02-19-...md", f"2024-02-19-{'x' * 201}.md"])
def test_a_name_that_gives_no_address_is_refused(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / "_posts" / name)
    write(tmp_path / "_posts" / "2024-02-20-good.md")
    result = run(tmp_path)
    (problem,) = result.problems
    assert problem.startswith(f"{file}:1: ")
    assert result.error.startswith("1 of 2 files were not imported")
    assert [post.slug for post in Post.objects.all()] == ["good"]


def test_two_posts_of_one_slug_are_not_both_imported(tmp_path: Path) -> None:
    first = write(tmp_path / "_posts" / "2024-02-19-rain.md", "title: First")
    second = write(tmp_path / "_posts" / "2024-02-20-rain.md", "title: Second")
    result = run(tmp_path)
    assert result.problems == [f"{second}:1: its address /posts/rain/ is taken by {first}."]
    assert result.error.startswith("1 of 2 files were not imported")
    assert Post.objects.get().title == "First"


def test_slugs_that_differ_in_case_are_two_posts(tmp_path: Path) -> None:
    write(tmp_path / "_posts" / "2024-02-19-Rain.md")
    write(tmp_path / "_posts" / "2024-02-20-rain.md")
    assert run(tmp_path).error == ""
    assert set(Post.objects.values_list("slug", flat=True)) == {"Rain", "rain"}
