"""Files that can't be imported: a message with file and line for each, the rest imported."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from taggit.models import Tag

from blog.models import Category, Post
from tests.importers.helpers import everything, media, run, write

pytestmark = pytest.mark.django_db

BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"Only a text.\n", 1, "there is no front matter: the first line must be ---."),
        (b"", 1, "there is no front matter: the first line must be ---."),
        (b"\n---\ntitle: A\n---\n", 1, "there is no front matter"),
        (b"---\ntitle: A\n\nA text.\n", 1, "the front matter doesn't end: a line --- is missing."),
        (b"---", 1, "there is no front matter"),
        (b"---\ntitle: A\ntags: [a, b\ndate: 2024-01-01\n---\n", 4, "the front matter can't be used: this isn't YAML"),
        (b"---\ntitle: A: B\n---\n", 2, "the front matter can't be used: this isn't YAML"),
        (b"---\ntitle: A\n\tpin: true\n---\n", 3, "the front matter can't be used: this isn't YAML"),
        (b"---\ntitle: A\nx: *nowhere\n---\n", 3, "the front matter can't be used: this isn't YAML"),
        (b"---\ntitle: A\nx: !!python/name:os.system\n---\n", 3, "the front matter can't be used: this isn't YAML"),
        (b"---\n- a\n- b\n---\n", 2, "write lines of `key: value`"),
        (b"---\njust words\n---\n", 2, "write lines of `key: value`"),
        (b"---\nno\n---\n", 2, "write lines of `key: value`"),
        (b"---\n0\n---\n", 2, "write lines of `key: value`"),
        (
            b"---\ntitle: A\nx: \x07\n---\n",
            3,
            "the front matter can't be used: this can't be read: the character U+0007",
        ),
        (f"---\n{BOMB}---\n".encode(), 2, "there are more than 10,000 values"),
        (b"---\na: &a [*a]\n---\n", 2, "there are more than 10,000 values"),
        (b"---\na: " + b"[" * 5000 + b"\n---\n", 2, "the front matter can't be used"),
        (b"---\ntitle: A\n---\n\n\xb0\xa1\xb3\xaa\n", 5, "this isn't UTF-8. Save the file as UTF-8."),
        ("---\ntitle: 비\n---\n".encode("utf-16"), 1, "this isn't UTF-8. Save the file as UTF-8."),
        (b"---\ntitle: A\n---\n" + b"> " * 5000 + b"deep\n", 1, "nested"),
        (b"---\ntitle: A\n---\n" + b"x" * 100_001, 1, "100,000 is the most"),
    ],
)
def test_a_bad_file_is_named_with_its_line_and_the_rest_is_imported(
    tmp_path: Path, content: bytes, line: int, says: str
) -> None:
    write(tmp_path / "_posts/2024-02-18-before.md")
    write(tmp_path / "_posts/2024-02-20-after.md")
    bad = tmp_path / "_posts/2024-02-19-bad.md"
    bad.write_bytes(content)
    result = run(tmp_path)
    (problem,) = result.problems
    assert problem.startswith(f"{bad}:{line}: ")
    assert says in problem
    assert result.error == "1 of 3 files were not imported; see the messages above."
    assert "2 added, 0 changed, 0 unchanged, 1 problems." in result.out
    assert set(Post.objects.values_list("slug", flat=True)) == {"before", "after"}


@pytest.mark.parametrize(("escape", "title"), [(r"\ud83c", "A \ufffd"), (r"\ud83c\udfac", "A 🎬")])
def test_half_a_character_stops_nothing(tmp_path: Path, escape: str, title: str) -> None:
    write(tmp_path / "_posts/2024-02-19-bad.md", f'title: "A {escape}"')
    result = run(tmp_path)
    assert result.problems == []
    assert Post.objects.get().title == title


def test_a_zero_character_stops_nothing(tmp_path: Path) -> None:
    run(write(tmp_path / "2024-02-19-zero.md", body="Before\x00after."))
    assert "\x00" not in Post.objects.get().body


def test_a_byte_order_mark_and_windows_line_ends_are_mended_and_noted(tmp_path: Path) -> None:
    file = tmp_path / "2024-02-19-windows.md"
    file.write_bytes(b"\xef\xbb\xbf---\r\ntitle: Rain\r\ntags: [a]\r\n---\r\n\r\nOne\r\ntwo\r\n")
    result = run(file)
    assert (result.error, result.problems) == ("", [])
    assert f"{file}:1: note: a byte order mark was left out.\n" in result.out
    assert f"{file}:1: note: Windows line ends were changed to plain ones.\n" in result.out
    post = Post.objects.get()
    assert (post.title, post.body, list(post.tags.names())) == ("Rain", "One\ntwo\n", ["a"])


def test_the_line_of_a_problem_is_right_in_a_windows_file(tmp_path: Path) -> None:
    file = tmp_path / "2024-02-19-windows.md"
    file.write_bytes(b"\xef\xbb\xbf---\r\ntitle: Rain\r\ndate: soon\r\n---\r\n")
    assert run(file).problems[0].startswith(f"{file}:3: 'soon' is no date")


def test_all_bad_files_are_named_at_once(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path / f"2024-02-19-{name}.md", "date: soon")
    result = run(tmp_path)
    assert [Path(problem.split(":")[0]).stem[-1] for problem in result.problems] == ["a", "b", "c"]
    assert result.error.startswith("3 of 3 files were not imported")


def test_a_refused_post_leaves_nothing_behind(tmp_path: Path) -> None:
    front = "categories: [AI, News]\ntags: [film]\nauthor: kim"
    run(write(tmp_path / "2024-02-19-deep.md", front, "> " * 5000 + "deep"))
    assert not Post.objects.exists()
    assert not Category.objects.exists()
    assert not Tag.objects.exists()
    assert not get_user_model().objects.exists()
    assert media() == []


def test_a_post_that_was_written_here_is_not_replaced(tmp_path: Path, make_post: Callable[..., Post]) -> None:
    post = make_post(slug="rain", title="Mine", body="My text.")
    file = write(tmp_path / "_posts/2024-02-19-rain.md", "title: Theirs")
    write(tmp_path / "_posts/2024-02-20-snow.md")
    result = run(tmp_path)
    assert result.problems == [f"{file}:1: there is a post /posts/rain/ that was written here. Rename one."]
    assert result.error.startswith("1 of 2 files")
    post.refresh_from_db()
    assert (post.title, post.body) == ("Mine", "My text.")
    assert Post.objects.filter(slug="snow").exists()


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere").error == f"{tmp_path / 'nowhere'} doesn't exist."


def test_a_folder_without_posts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Readme\n")
    assert run(tmp_path).error == (
        f"There are no posts in {tmp_path}: looked for _posts/2024-02-19-title.md and the like."
    )


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("_config.yml", b"lang: ko\nplugins: [a\n", 3),
        ("_config.yml", b"- a\n", 1),
        ("_config.yml", b"lang: ko\ntitle: \xb0\xa1\n", 1),
        ("_data/authors.yml", b"kim:\n  name: A: B\n", 2),
    ],
)
def test_a_bad_site_file_stops_the_import_with_its_line(tmp_path: Path, name: str, content: bytes, line: int) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    (tmp_path / "_config.yml").write_text("")
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    assert run(tmp_path).error.startswith(f"{file}:{line}: ")
    assert not Post.objects.exists()


def test_a_file_that_is_gone_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = write(tmp_path / "_posts/2024-02-19-a.md")
    write(tmp_path / "_posts/2024-02-20-b.md")
    read_bytes = Path.read_bytes

    def unreadable(path: Path) -> bytes:
        if path == gone:
            raise PermissionError(13, os.strerror(13), str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", unreadable)
    result = run(tmp_path)
    (problem,) = result.problems
    assert problem.startswith(f"{gone}:1: ")
    assert [post.slug for post in Post.objects.all()] == ["b"]


def test_a_dry_run_finds_the_same_problems(tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md", "date: soon")
    write(tmp_path / "_posts/2024-02-20-b.md")
    write(tmp_path / "_posts/2024-02-21-b.md")
    write(tmp_path / "_posts/2024-02-22-c.md", body="> " * 5000 + "deep")
    before = everything()
    rehearsal = run(tmp_path, "--dry-run")
    assert everything() == before
    real = run(tmp_path)
    assert rehearsal.problems == real.problems
    assert len(real.problems) == 3
    assert rehearsal.error == real.error != ""
