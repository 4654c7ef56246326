"""Importing again, after something has changed here or there."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings

from blog.models import Page, Post
from tests.conftest import EMBED
from tests.importers.helpers import everything, picture, run, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with two posts, a picture, an author and a page."""
    folder = tmp_path / "site"
    front = "title: A\ncategories: [AI, News]\ntags: [film, 영상]\nauthor: kim\nimage: /cat.png"
    write(folder / "_posts/2024-02-19-a.md", front, f"![cat](/cat.png)\n\n{EMBED}")
    write(folder / "_posts/2024-02-20-b.md", "title: B\npublished: false")
    write(folder / "_tabs/about.md", "order: 1", "About us.")
    (folder / "_config.yml").write_text("lang: en\n")
    picture(folder / "cat.png")
    return folder


def test_a_second_import_changes_nothing(site: Path) -> None:
    first = run(site)
    before = everything()
    second = run(site)
    assert (first.error, second.error) == ("", "")
    assert "2 added, 0 changed, 0 unchanged, 0 problems." in first.out
    assert second.out == "0 added, 0 changed, 2 unchanged, 0 problems.\n"
    assert everything() == before


def test_a_dry_run_says_what_it_would_add_and_changes_nothing(site: Path, settings: LazySettings) -> None:
    before = everything()
    result = run(site, "--dry-run")
    assert result.error == ""
    assert result.out.splitlines() == [
        "would be added: /posts/a/ A",
        "would be added: /posts/b/ B",
        "would be added: /about/ About",
        "Nothing was changed; it would be: 2 added, 0 changed, 0 unchanged, 0 problems.",
    ]
    assert everything() == before
    assert not Path(settings.MEDIA_ROOT).exists()


def test_a_dry_run_says_what_it_would_change(site: Path) -> None:
    run(site)
    write(site / "_posts/2024-02-19-a.md", "title: Other\ncategories: [Film]\ntags: [b]\nauthor: lee", "Other.")
    before = everything()
    result = run(site, "--dry-run")
    assert "would be changed: /posts/a/ Other\n" in result.out
    assert "it would be: 0 added, 1 changed, 1 unchanged, 0 problems." in result.out
    assert everything() == before


def test_a_real_run_after_a_dry_run_says_the_same(site: Path) -> None:
    rehearsal = run(site, "--dry-run").out.splitlines()
    real = run(site).out.splitlines()
    assert [line.removeprefix("would be ") for line in rehearsal[:-1]] == real[:-1]


def test_a_changed_file_changes_its_post(site: Path) -> None:
    run(site)
    old = Post.objects.get(slug="a")
    prompt = old.prompts.get().public_id
    body = EMBED.replace("A stylish woman", "A stylish old woman")
    write(site / "_posts/2024-02-19-a.md", "title: Other\ncategories: [Film]\ntags: [영상, b]\npin: true", body)
    result = run(site)
    assert result.error == ""
    assert "changed: /posts/a/ Other\n" in result.out
    assert "0 added, 1 changed, 1 unchanged" in result.out
    new = Post.objects.get(slug="a")
    assert new.pk == old.pk
    assert (new.title, new.pinned, new.author, new.image) == ("Other", True, None, None)
    assert set(new.tags.names()) == {"영상", "b"}
    assert new.category is not None
    assert new.category.names == ["Film"]
    assert (new.prompts.get().public_id, new.prompts.get().text[:19]) == (prompt, "A stylish old woman")
    assert new.updated_at is not None


def test_a_changed_file_may_change_again(site: Path) -> None:
    for title in ("One", "Two", "Three"):
        write(site / "_posts/2024-02-19-a.md", f"title: {title}")
        assert run(site).error == ""
        assert Post.objects.get(slug="a").title == title


def test_an_edit_here_stays_while_the_file_is_the_same(site: Path) -> None:
    run(site)
    post = Post.objects.get(slug="a")
    post.title = "Edited here"
    post.save()
    before = everything()
    assert run(site).error == ""
    assert everything() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "Mine"), ("body", "Mine."), ("summary", "Mine."), ("pinned", True), ("status", "draft"), ("lang", "ja")],
)
def test_an_edit_here_is_not_overwritten_by_a_changed_file(site: Path, field: str, value: object) -> None:
    run(site)
    post = Post.objects.get(slug="a")
    setattr(post, field, value)
    post.save()
    file = write(site / "_posts/2024-02-19-a.md", "title: Theirs", "Theirs.")
    before = everything()
    result = run(site)
    assert result.problems == [
        f"{file}:1: both this file and /posts/a/ have changed since the import. Merge them here."
    ]
    assert result.error.startswith("1 of 2 files were not imported")
    assert everything() == before


def test_tags_edited_here_are_not_overwritten_by_a_changed_file(site: Path) -> None:
    run(site)
    Post.objects.get(slug="a").tags.add("mine")
    write(site / "_posts/2024-02-19-a.md", "title: Theirs\ntags: [theirs]")
    run(site)
    assert "mine" in Post.objects.get(slug="a").tags.names()


def test_an_edit_of_a_few_columns_is_not_overwritten_either(site: Path) -> None:
    run(site)
    post = Post.objects.get(slug="a")
    post.title = "Mine"
    post.save(update_fields=["title"])
    write(site / "_posts/2024-02-19-a.md", "title: Theirs")
    run(site)
    assert Post.objects.get(slug="a").title == "Mine"


def test_a_post_deleted_here_is_imported_again(site: Path) -> None:
    run(site)
    Post.objects.get(slug="a").delete()
    assert "1 added, 0 changed, 1 unchanged" in run(site).out


def test_a_page_edited_here_is_not_overwritten(site: Path) -> None:
    run(site)
    Page.objects.update(body="Edited here.")
    write(site / "_tabs/about.md", "order: 2", "Other.")
    result = run(site)
    assert (result.error, Page.objects.get().body) == ("", "Edited here.")


def test_quiet_prints_only_the_sum(site: Path) -> None:
    assert run(site, "--verbosity=0").out == "2 added, 0 changed, 0 unchanged, 0 problems.\n"


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("files", "shown"), [(5, False), (6, True)])
def test_more_than_a_handful_of_files_get_a_progress_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int, shown: bool
) -> None:
    for day in range(files):
        write(tmp_path / f"2024-02-1{day}-{day}.md")
    monkeypatch.setattr(sys, "stderr", terminal := _Terminal())
    run(tmp_path)
    assert (f"{files}/{files}" in terminal.getvalue()) is shown


def test_without_a_terminal_there_is_no_progress_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for day in range(7):
        write(tmp_path / f"2024-02-1{day}-{day}.md")
    run(tmp_path)
    assert capsys.readouterr().err == ""
