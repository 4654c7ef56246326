"""What of a folder is imported: a post, a `_posts` folder, a whole site."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from blog.models import Page, Post, SiteSettings
from tests.importers.helpers import media, picture, run, write

pytestmark = pytest.mark.django_db

CHIRPY_ABOUT = """\
> Add Markdown syntax content to file `_tabs/about.md`{: .filepath } and it will show up on this page.
{: .prompt-tip }
"""


def slugs() -> set[str]:
    return set(Post.objects.values_list("slug", flat=True))


def test_a_single_post(tmp_path: Path) -> None:
    write(tmp_path / "2024-02-20-other.md")
    result = run(write(tmp_path / "2024-02-19-rain.md", "title: Rain"))
    assert (result.error, slugs()) == ("", {"rain"})
    assert "added: /posts/rain/ Rain\n" in result.out
    assert Post.objects.get().source_path == "2024-02-19-rain.md"


def test_a_posts_folder_with_folders_in_it(tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    write(tmp_path / "_posts/2023/2023-02-19-b.md")
    write(tmp_path / "_posts/2022/film/2022-02-19-c.markdown")
    (tmp_path / "_posts/notes.txt").write_text("not a post")
    result = run(tmp_path / "_posts")
    assert (result.error, slugs()) == ("", {"a", "b", "c"})
    assert Post.objects.get(slug="b").source_path == "_posts/2023/2023-02-19-b.md"


def test_a_folder_of_dated_files(tmp_path: Path) -> None:
    write(tmp_path / "2024-02-19-a.md")
    write(tmp_path / "more/2024-02-20-b.md")
    (tmp_path / "README.md").write_text("# Readme\n")
    assert (run(tmp_path).error, slugs()) == ("", {"a", "b"})


def test_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    monkeypatch.chdir(tmp_path)
    assert (run(Path()).error, slugs()) == ("", {"a"})


def test_a_draft_in_the_current_folder_is_a_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "_drafts/later.md", "date: 2024-02-19")
    monkeypatch.chdir(tmp_path / "_drafts")
    run(Path("later.md"))
    assert Post.objects.get().status == Post.Status.DRAFT


def test_a_whole_site(tmp_path: Path, client: Client) -> None:
    (tmp_path / "_config.yml").write_text("lang: en-GB\ntimezone: Europe/London\ntheme: jekyll-theme-chirpy\n")
    write(tmp_path / "_data/authors.yml", "kim:\n  name: 김하늘")
    (tmp_path / "_data/authors.yml").write_text("kim:\n  name: 김하늘\n")
    write(tmp_path / "_posts/2024/2024-07-01-a.md", "author: kim\ndate: 2024-07-01 12:00", "![c](/assets/c.png)")
    write(tmp_path / "_drafts/soon.md", "title: Soon")
    write(tmp_path / "_tabs/about.md", "icon: fas fa-info-circle\norder: 4", "We watch **films**.")
    write(tmp_path / "_tabs/archives.md", "layout: archives\norder: 3", "")
    write(tmp_path / "_site/_posts/2024-07-02-built.md")
    write(tmp_path / "docs/2024-07-03-note.md")
    picture(tmp_path / "assets/c.png")
    result = run(tmp_path)
    assert (result.error, slugs(), media()) == ("", {"a", "soon"}, ["assets/c.png"])
    post = Post.objects.get(slug="a")
    assert post.publish_at is not None
    assert post.publish_at.isoformat() == "2024-07-01T11:00:00+00:00"
    assert (post.lang, post.byline) == ("en", "김하늘")
    assert Post.objects.get(slug="soon").status == Post.Status.DRAFT
    page = Page.objects.get()
    assert (page.slug, page.title, page.lang, page.menu_order) == ("about", "About", "en", 4)
    assert SiteSettings.load().menu[-1] == ["About", "/about/"]
    assert "<strong>films</strong>" in client.get("/about/").content.decode()


@pytest.mark.parametrize("name", ["._2024-02-19-a.md", ".2024-02-19-a.md", "#2024-02-19-a.md"])
def test_files_that_jekyll_skips_are_skipped(tmp_path: Path, name: str) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    (tmp_path / "_posts" / name).write_bytes(b"\x00\x05\x16\x07")
    result = run(tmp_path)
    assert (result.error, result.problems, slugs()) == ("", [], {"a"})


def test_the_site_of_a_single_post_is_found(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("lang: de\n")
    run(write(tmp_path / "_posts/2024/2024-02-19-a.md"))
    post = Post.objects.get()
    assert (post.lang, post.source_path) == ("de", "_posts/2024/2024-02-19-a.md")


def test_a_config_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_bytes(b"\xef\xbb\xbflang: de\r\ntimezone: Asia/Tokyo\r\n")
    run(write(tmp_path / "_posts/2024-02-19-a.md"))
    assert Post.objects.get().lang == "de"


def test_a_tab_with_only_chirpys_placeholder_is_no_page(tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    write(tmp_path / "_tabs/about.md", "order: 4", CHIRPY_ABOUT)
    assert run(tmp_path).error == ""
    assert not Page.objects.exists()


def test_a_tab_is_titled_by_its_front_matter_or_its_name(tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    write(tmp_path / "_tabs/about.md", "title: 소개\norder: x", "About.")
    write(tmp_path / "_tabs/film-list.md", "order: 2", "Films.")
    result = run(tmp_path)
    assert list(Page.objects.values_list("slug", "title", "menu_order")) == [
        ("about", "소개", 0),
        ("film-list", "Film List", 2),
    ]
    assert "added: /film-list/ Film List\n" in result.out


@pytest.mark.parametrize("body", ["> " * 5000 + "deep", "x" * 100_001])
def test_a_tab_that_cannot_be_rendered_is_named(tmp_path: Path, body: str) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    file = write(tmp_path / "_tabs/about.md", "order: 1", body)
    write(tmp_path / "_tabs/contact.md", "order: 2", "Write to us.")
    result = run(tmp_path)
    (problem,) = result.problems
    assert problem.startswith(f"{file}:1: ")
    assert result.error
    assert [page.slug for page in Page.objects.all()] == ["contact"]


def test_a_bad_tab_is_named_and_the_rest_imported(tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    (tmp_path / "_tabs").mkdir()
    (tmp_path / "_tabs/about.md").write_text("No front matter.\n")
    write(tmp_path / "_tabs/contact.md", "order: 2", "Write to us.")
    result = run(tmp_path)
    assert result.problems == [
        f"{tmp_path / '_tabs/about.md'}:1: there is no front matter: the first line must be ---."
    ]
    assert result.error.startswith("1 of ")
    assert slugs() == {"a"}
    assert [page.slug for page in Page.objects.all()] == ["contact"]


def test_a_tab_does_not_take_an_address_of_the_blog(tmp_path: Path) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    write(tmp_path / "_tabs/archives.md", "layout: archives", "Some words above the list.")
    result = run(tmp_path)
    assert not Page.objects.exists()
    assert f"{tmp_path / '_tabs/archives.md'}:1: " in "\n".join([result.out, *result.problems])


def test_the_pictures_of_a_tab_are_copied(tmp_path: Path, client: Client) -> None:
    write(tmp_path / "_posts/2024-02-19-a.md")
    write(tmp_path / "_tabs/about.md", "order: 1", "![me](/assets/me.png)")
    picture(tmp_path / "assets/me.png")
    run(tmp_path)
    assert media() == ["assets/me.png"]
    assert client.get("/assets/me.png").status_code == 301
