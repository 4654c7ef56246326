"""When an imported post was published and changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from blog.models import Post, SiteSettings
from tests.importers.helpers import run, write

pytestmark = pytest.mark.django_db


def published(front: str, folder: Path, name: str = "2024-02-19-a.md") -> str:
    result = run(write(folder / "_posts" / name, front))
    assert (result.error, result.problems) == ("", [])
    publish_at = Post.objects.get().publish_at
    assert publish_at is not None
    return publish_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-05-06 17:00:00 +0900", "2023-05-06 08:00:00"),
        ("2023-05-06 17:00:00 -0330", "2023-05-06 20:30:00"),
        ("2023-05-06 17:00:00 +09:00", "2023-05-06 08:00:00"),
        ("2023-05-06 17:00:00+0900", "2023-05-06 08:00:00"),
        ("2023-05-06T17:00:00+09:00", "2023-05-06 08:00:00"),
        ("2023-05-06T17:00:00Z", "2023-05-06 17:00:00"),
        ("2023-05-06 17:00:00 UTC", "2023-05-06 17:00:00"),
        ("2023-05-06 17:00:00.25 +0900", "2023-05-06 08:00:00"),
        ('"2023-05-06 17:00:00 +0900"', "2023-05-06 08:00:00"),
        ("2023-05-06 17:00:00", "2023-05-06 08:00:00"),
        ("2023-05-06 17:00", "2023-05-06 08:00:00"),
        ("2023-05-06", "2023-05-05 15:00:00"),
        ("2023-5-6 7:05", "2023-05-05 22:05:00"),
        ("2023-05-06 17:00:00 +0900 # a note to myself", "2023-05-06 08:00:00"),
    ],
)
def test_a_date_is_read_in_every_form(tmp_path: Path, value: str, expected: str) -> None:
    assert published(f"title: A\ndate: {value}", tmp_path) == expected


@pytest.mark.parametrize("front", ["title: A", "title: A\ndate:"])
def test_without_a_date_the_file_name_has_it(tmp_path: Path, front: str) -> None:
    assert published(front, tmp_path) == "2024-02-18 15:00:00"


def test_a_file_name_may_write_a_date_without_zeros(tmp_path: Path) -> None:
    assert published("title: A", tmp_path, "2024-2-9-a.md") == "2024-02-08 15:00:00"


def test_the_zone_is_that_of_the_jekyll_site(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("timezone: America/New_York\n")
    assert published("title: A\ndate: 2023-01-06 17:00:00", tmp_path) == "2023-01-06 22:00:00"


@pytest.mark.parametrize("config", ["", "timezone:\n", "timezone: Mars/Base\n", "timezone: Asia\n", "timezone: ../x\n"])
def test_else_the_zone_is_that_of_this_site(tmp_path: Path, config: str) -> None:
    SiteSettings(time_zone="Europe/Berlin").save()
    (tmp_path / "_config.yml").write_text(config)
    assert published("title: A\ndate: 2023-01-06 17:00:00", tmp_path) == "2023-01-06 16:00:00"


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "2023-02-30",
        "2023-13-01",
        "2023-05-06 25:00:00",
        "2023-05-06 17:00:00 KST",
        "2023-05-06 17:00:00 +9900",
        "0000-01-01",
        "0001-01-01 00:00:00 +0900",
        "9999-12-31 23:00:00 -0500",
        "1708333200",
        "[2023, 5, 6]",
    ],
)
@pytest.mark.parametrize("key", ["date", "last_modified_at"])
def test_a_bad_date_is_refused_with_its_line(tmp_path: Path, key: str, value: str) -> None:
    file = write(tmp_path / "2024-02-19-a.md", f"title: A\n# when\n{key}: {value}")
    result = run(file)
    (problem,) = result.problems
    assert problem.startswith(f"{file}:4: ")
    assert "is no date: write 2024-02-19 17:00:00 +0900." in problem
    assert result.error.startswith("1 of 1 files were not imported")
    assert not Post.objects.exists()


def test_a_bad_date_in_a_file_name_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "2024-13-45-a.md")
    (problem,) = run(file).problems
    assert problem.startswith(f"{file}:1: '2024-13-45' is no date")


def test_a_post_without_any_date_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "_posts" / "undated.md")
    (problem,) = run(tmp_path).problems
    assert problem.startswith(f"{file}:1: neither the file's name nor the front matter has a date")


def test_a_date_in_the_front_matter_is_enough(tmp_path: Path) -> None:
    assert published("title: A\ndate: 2023-05-06 17:00:00 Z", tmp_path, "undated.md") == "2023-05-06 17:00:00"


def test_a_date_from_a_merged_mapping_is_read(tmp_path: Path) -> None:
    front = "defaults: &defaults\n  date: 2023-05-06 17:00:00 Z\n<<: *defaults"
    assert published(front, tmp_path) == "2023-05-06 17:00:00"


def test_a_draft_needs_no_date(tmp_path: Path) -> None:
    result = run(write(tmp_path / "_drafts" / "later.md"))
    post = Post.objects.get()
    assert (result.error, post.slug, post.status, post.publish_at) == ("", "later", "draft", None)


def test_the_last_modification_is_the_update(tmp_path: Path) -> None:
    run(write(tmp_path / "2024-02-19-a.md", "title: A\nlast_modified_at: 2024-03-01 10:00:00 +0900"))
    assert Post.objects.get().updated_at == datetime(2024, 3, 1, 1, tzinfo=UTC)


def test_without_a_modification_there_is_no_update(tmp_path: Path) -> None:
    run(write(tmp_path / "2024-02-19-a.md", "title: A\nlast_modified_at:"))
    assert Post.objects.get().updated_at is None
