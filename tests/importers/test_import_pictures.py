"""Pictures of imported posts."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError
from django.test import Client
from PIL import Image as Pillow

from blog.importers import files
from blog.models import Category, Image, Post
from blog.revisions import is_kept
from tests.importers.helpers import media, picture, run, write

pytestmark = pytest.mark.django_db


def site(folder: Path, body: str = "![cat](/assets/img/cat.png)", front: str = "title: A") -> Path:
    write(folder / "_posts" / "2024-02-19-a.md", front, body)
    return folder


def read(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.getvalue()


def test_a_picture_is_copied_under_its_old_path_and_its_old_address_works(tmp_path: Path, client: Client) -> None:
    file = picture(tmp_path / "site/assets/img/cat.png", size=(40, 30))
    result = run(site(tmp_path / "site"))
    assert (result.error, result.problems) == ("", [])
    assert media() == ["assets/img/cat.png"]
    image = Image.objects.get()
    assert (image.path, image.width, image.height) == ("/assets/img/cat.png", 40, 30)
    assert 'src="/media/assets/img/cat.png"' in client.get("/posts/a/").content.decode()
    moved = client.get("/assets/img/cat.png")
    assert (moved.status_code, moved["Location"]) == (301, "/media/assets/img/cat.png")
    assert read(client, "/media/assets/img/cat.png") == file.read_bytes()


def test_a_large_picture_gets_lighter_copies_and_its_colour(tmp_path: Path, client: Client) -> None:
    picture(tmp_path / "site/assets/cat.png", size=(1200, 900))
    run(site(tmp_path / "site", "![cat](/assets/cat.png)"))
    page = client.get("/posts/a/").content.decode()
    assert '<source type="image/avif" srcset="' in page
    assert 'width="1200" height="900"' in page
    assert Image.objects.get().has_colour


@pytest.mark.parametrize("key", ["img_path", "media_subpath"])
def test_paths_in_the_text_begin_at_the_posts_folder_of_pictures(tmp_path: Path, key: str) -> None:
    picture(tmp_path / "site/assets/shots/cat.png")
    run(site(tmp_path / "site", "![cat](cat.png)", f"{key}: /assets/shots/"))
    assert media() == ["assets/shots/cat.png"]


@pytest.mark.parametrize(
    ("front", "path", "alt"),
    [
        ("image: /assets/cover.png", "/assets/cover.png", ""),
        ("image: cover.png\nimg_path: /assets", "/assets/cover.png", ""),
        ("image: cover.png\nmedia_subpath: /assets", "/assets/cover.png", ""),
        ("image:\n  path: /assets/cover.png\n  alt: A cat.", "/assets/cover.png", "A cat."),
        ("image:\n  path: cover.png\nimg_path: assets", "/assets/cover.png", ""),
    ],
)
def test_a_cover_is_written_in_several_ways(tmp_path: Path, front: str, path: str, alt: str) -> None:
    picture(tmp_path / "site/assets/cover.png")
    assert run(site(tmp_path / "site", "A text.", front)).error == ""
    image = Post.objects.get().image
    assert image is not None
    assert (image.path, image.alt) == (path, alt)
    assert media() == ["assets/cover.png"]


@pytest.mark.parametrize("front", ["image:", "image:\n  alt: nothing", "image: false"])
def test_a_post_may_have_no_cover(tmp_path: Path, front: str) -> None:
    result = run(site(tmp_path / "site", "A text.", front))
    assert (result.error, Post.objects.get().image, "note" in result.out) == ("", None, False)


@pytest.mark.parametrize("name", ["cat.jpg", "cat.jpeg", "cat.gif", "cat.webp", "cat.avif", "CAT.PNG", "IMG_1.JPG"])
def test_old_addresses_of_all_kinds_of_pictures_work(tmp_path: Path, client: Client, name: str) -> None:
    kind = {"jpg": "JPEG"}.get(suffix := name.lower().split(".")[1], suffix.upper())
    picture(tmp_path / "site/assets" / name, kind)
    run(site(tmp_path / "site", f"![cat](/assets/{name})"))
    assert media() == [f"assets/{name}"]
    response = client.get(f"/assets/{name}")
    assert (response.status_code, response.get("Location")) == (301, f"/media/assets/{name}")


@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("in_text", ["NFC", "NFD"])
def test_pictures_with_hangul_names_are_found_however_they_are_composed(
    tmp_path: Path, client: Client, on_disk: Any, in_text: Any
) -> None:
    file = picture(tmp_path / "site/assets" / unicodedata.normalize(on_disk, "고양이.png"))
    name = unicodedata.normalize(in_text, "고양이.png")
    result = run(site(tmp_path / "site", f"![cat](/assets/{name})"))
    assert "note" not in result.out
    shown = Post.objects.get().body_html.split('src="')[1].split('"')[0]
    assert read(client, shown) == file.read_bytes()
    moved = client.get(f"/assets/{quote(name)}")
    assert moved.status_code == 301
    assert read(client, moved["Location"]) == file.read_bytes()


@pytest.mark.parametrize("written", ["my%20cat.png", "<my cat.png>", "my%20cat.png?v=2"])
def test_a_name_with_a_space_is_found(tmp_path: Path, client: Client, written: str) -> None:
    picture(tmp_path / "site/my cat.png")
    run(site(tmp_path / "site", f"![cat]({written})"))
    assert media() == ["my cat.png"]
    assert client.get("/my%20cat.png")["Location"] == "/media/my%20cat.png"


def test_two_posts_share_a_picture(tmp_path: Path) -> None:
    picture(tmp_path / "site/assets/img/cat.png")
    write(tmp_path / "site/_posts/2024-02-20-b.md", "image: /assets/img/cat.png", "![cat](/assets/img/cat.png)")
    assert run(site(tmp_path / "site")).error == ""
    assert Image.objects.count() == 1
    assert media() == ["assets/img/cat.png"]


def test_a_file_that_is_in_media_already_stays(tmp_path: Path) -> None:
    picture(tmp_path / "site/assets/img/cat.png", size=(4, 3))
    default_storage.save("assets/img/cat.png", BytesIO(b"mine"))
    run(site(tmp_path / "site"))
    assert media() == ["assets/img/cat.png"]
    assert Path(default_storage.path("assets/img/cat.png")).read_bytes() == b"mine"


def test_the_pictures_of_a_single_post_are_those_of_its_site(tmp_path: Path) -> None:
    picture(tmp_path / "site/assets/img/cat.png")
    run(site(tmp_path / "site") / "_posts" / "2024-02-19-a.md")
    assert media() == ["assets/img/cat.png"]


def test_a_missing_picture_is_noted_and_the_post_imported(tmp_path: Path) -> None:
    result = run(site(tmp_path / "site", front="image: /assets/cover.png"))
    file = tmp_path / "site/_posts/2024-02-19-a.md"
    for path in ("/assets/img/cat.png", "/assets/cover.png"):
        assert f"{file}:1: note: the picture {path} isn't in {tmp_path / 'site'}" in result.out
    assert result.error == ""
    post = Post.objects.get()
    assert (post.image, post.variables) == (None, {"image": "/assets/cover.png"})
    assert not Image.objects.exists()


def test_a_picture_that_was_missing_is_copied_when_it_is_there_the_next_time(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", front="image: /assets/cover.png")
    run(folder)
    picture(folder / "assets/img/cat.png")
    picture(folder / "assets/cover.png")
    assert run(folder).error == ""
    assert media() == ["assets/cover.png", "assets/img/cat.png"]
    image = Post.objects.get().image
    assert image is not None
    assert image.path == "/assets/cover.png"


def test_a_cover_that_comes_late_is_a_revision_and_no_edit(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", front="image: /assets/cover.png")
    run(folder)
    picture(folder / "assets/cover.png")
    run(folder)
    post = Post.objects.get()
    assert [save.data["image_id"] for save in post.revisions.saves()] == [post.image_id, None]
    assert is_kept(post)
    file = next(folder.rglob("_posts/*.md"))
    file.write_text(file.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert run(folder).error == ""
    assert "More." in Post.objects.get().body


def test_a_cover_that_comes_late_hides_no_edit(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", front="image: /assets/cover.png")
    run(folder)
    post = Post.objects.get()
    post.title = "Edited here"
    post.save()
    picture(folder / "assets/cover.png")
    run(folder)
    file = next(folder.rglob("_posts/*.md"))
    file.write_text(file.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert "have changed since the import" in "".join(run(folder).problems)
    assert Post.objects.get().title == "Edited here"


def _cut(kind: str, end: int) -> bytes:
    file = BytesIO()
    Pillow.new("RGB", (4, 3), "red").save(file, kind)
    return file.getvalue()[:end]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        _cut("PNG", 40),
        _cut("JPEG", 30),
        _cut("WEBP", 25),
        _cut("AVIF", 120),
        _cut("BMP", 10_000),
    ],
)
def test_a_broken_picture_is_noted_and_not_copied(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "site/assets/img/cat.png"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    result = run(site(tmp_path / "site"))
    assert f"{file}:1: note: not copied, this is no picture that browsers show" in result.out
    assert (result.error, media(), Image.objects.count(), Post.objects.count()) == ("", [], 0, 1)


def test_a_huge_picture_is_noted_and_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MAX_IMAGE_BYTES", 50)
    picture(tmp_path / "site/assets/img/cat.png")
    result = run(site(tmp_path / "site"))
    assert "cat.png:1: note: not copied" in result.out
    assert "larger than" in result.out
    assert media() == []


def test_nothing_outside_the_site_is_copied(tmp_path: Path) -> None:
    secret = picture(tmp_path / "secret.png")
    folder = site(tmp_path / "site", "![a](../../secret.png) ![b](/link.png) ![c](%2e%2e/secret.png)")
    (folder / "link.png").symlink_to(secret)
    result = run(folder)
    assert (result.error, media(), Image.objects.count()) == ("", [], 0)
    assert "the picture /link.png isn't in" in result.out
    assert "the picture /secret.png isn't in" in result.out


@pytest.mark.parametrize("front", ["image: https://example.com/a.png", "image: a.png\nimg_path: https://example.com/"])
def test_a_cover_on_another_host_is_called_by_its_address(tmp_path: Path, front: str) -> None:
    result = run(site(tmp_path / "site", "A text.", front))
    assert result.error == ""
    assert "https://example.com/a.png" in result.out
    assert Post.objects.get().image is None


def test_a_picture_on_another_host_is_no_picture_of_the_site(tmp_path: Path) -> None:
    result = run(site(tmp_path / "site", "![a](https://example.com/a.png)"))
    assert "note" not in result.out
    assert "https://example.com/a.png" in Post.objects.get().warnings[0]


def test_a_post_that_is_refused_leaves_no_picture(tmp_path: Path) -> None:
    picture(tmp_path / "site/assets/img/cat.png")
    front = "categories: [AI]\nauthor: kim\ntags: [film]"
    write(tmp_path / "site/_posts/2024-02-19-...md", front, "![cat](/assets/img/cat.png)")
    result = run(tmp_path / "site")
    assert result.error.startswith("1 of 1 files")
    assert (media(), Image.objects.count(), Post.objects.count(), Category.objects.count()) == ([], 0, 0, 0)


def test_an_interrupted_import_leaves_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "site/assets/img/cat.png")

    def interrupt(*_: Any, **__: Any) -> None:
        assert media() == ["assets/img/cat.png"]
        raise KeyboardInterrupt

    monkeypatch.setattr(Post, "save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(site(tmp_path / "site"))
    assert (media(), Image.objects.count()) == ([], 0)


def test_a_full_disk_leaves_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "site/a.png")
    picture(tmp_path / "site/b.png")
    save = FileSystemStorage._save

    def full(storage: FileSystemStorage, name: str, content: Any) -> str:
        if name == "b.png":
            raise OSError(28, "No space left on device")
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    try:
        error = run(site(tmp_path / "site", "![a](a.png) ![b](b.png)")).error
    except (OSError, CommandError) as raised:
        error = str(raised)
    assert error
    assert (media(), Image.objects.count(), Post.objects.count()) == ([], 0, 0)


def test_a_dry_run_copies_nothing_and_notes_what_is_missing(tmp_path: Path, settings: LazySettings) -> None:
    picture(tmp_path / "site/assets/img/cat.png")
    result = run(site(tmp_path / "site", "![a](/assets/img/cat.png) ![b](/gone.png)"), "--dry-run")
    assert "the picture /gone.png isn't in" in result.out
    assert "cat.png" not in result.out
    assert not Path(settings.MEDIA_ROOT).exists()
    assert not Image.objects.exists()
