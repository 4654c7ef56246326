"""What comes in is checked by its content, and written anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation
from PIL import Image as Pillow

from blog import pictures, uploads
from blog.models import Image
from blog.pictures import PictureError, TooLargeError
from tests.browser.stage import MakePost
from tests.test_pictures import DESCRIPTION, GPS, ORIENTATION, a_zip, decoded, encoded, plain

UPLOAD = "/admin/blog/post/upload/"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def noise(width: int = 300, height: int = 200) -> Pillow.Image:
    return Pillow.effect_noise((width, height), 60).convert("RGB")


def send(client: Client, data: bytes, name: str = "a.png", **values: Any) -> Any:
    file = SimpleUploadedFile(name, data, "image/png")
    return client.post(UPLOAD, {"file": file, **values}, headers={"Accept-Language": "en"})


def media() -> list[str]:
    from django.conf import settings

    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def content(image: Image) -> bytes:
    with image.file.open("rb") as file:
        return bytes(file.read())


# --- What is stored -------------------------------------------------------------------------------------------------


def test_a_picture_is_stored_and_its_markdown_told(admin_client: Client) -> None:
    response = send(admin_client, encoded(noise()), "Tokyo Walk (1).PNG", alt="밤의 [도쿄]")
    image = Image.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": image.pk,
        "url": image.file.url,
        "markdown": f'![밤의 \\[도쿄\\]]({image.file.url}){{: w="300" h="200" }}',
        "width": 300,
        "height": 200,
        "alt_needed": False,
        "note": "",
    }
    assert image.name.startswith("tokyo-walk-1-")
    assert {kind for kind, _, _ in image.renditions} == {"image/avif", "image/webp"}


def test_what_a_picture_says_of_its_author_is_not_kept(admin_client: Client) -> None:
    exif = Pillow.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, "taken at home"
    exif.get_ifd(GPS).update({1: "N", 2: (37.0, 33.0, 59.0)})
    send(admin_client, encoded(noise(), "JPEG", exif=exif, comment=b"hidden", xmp=b"<x>hidden</x>"))
    image = Image.objects.get()
    assert (image.width, image.height) == (200, 300)  # upright
    assert not decoded(content(image)).getexif()
    assert b"hidden" not in content(image)
    assert b"taken at home" not in content(image)


@pytest.mark.parametrize(
    ("picture", "ending"),
    [(noise(), "jpg"), (plain(300, 200), "png"), (plain(300, 200, "#00000000", "RGBA"), "png")],
)
def test_photographs_become_jpeg_drawings_png(picture: Pillow.Image, ending: str) -> None:
    assert uploads.receive(encoded(picture)).ending == ending


def test_a_large_picture_is_made_smaller() -> None:
    upload = uploads.receive(encoded(plain(4000, 1000)))
    assert (upload.width, upload.height) == (1920, 480)
    assert decoded(upload.content).size == (1920, 480)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_what_moves_goes_on_moving(kind: str) -> None:
    frames = [plain(1200, 600, colour) for colour in ("red", "lime", "blue")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300])
    upload = uploads.receive(data)
    with Pillow.open(BytesIO(upload.content)) as moving:
        assert (moving.format, moving.n_frames, moving.size) == ("WEBP", 3, (960, 480))  # type: ignore[attr-defined]
        durations = []
        for number in range(3):
            moving.seek(number)
            moving.load()
            durations.append(moving.info["duration"])
    assert durations == [100, 200, 300]
    assert upload.renditions == ()  # a still copy would be shown in its stead


def test_what_moves_too_much_becomes_a_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FRAMES", 2)
    frames = [plain(30, 20, colour) for colour in ("red", "lime", "blue")]
    upload = uploads.receive(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert (upload.ending, upload.stilled) == ("png", True)
    monkeypatch.setattr(uploads, "MAX_FRAMES", 9)
    monkeypatch.setattr(uploads, "MAX_FRAME_PIXELS", 1000)
    assert uploads.receive(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])).ending == "png"


def test_an_author_is_told_that_an_animation_moves_no_more(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = [plain(30, 20, colour) for colour in ("red", "lime", "blue")]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert send(admin_client, moving).json()["note"] == ""
    png = uploads.store(uploads.receive(encoded(plain(9, 9))))
    file = SimpleUploadedFile("a.gif", moving)
    html = admin_client.post(
        f"/admin/blog/image/{png.pk}/change/",
        {"picture": file, "alt": "", "path": ""},
        follow=True,
        headers={"Accept-Language": "en"},
    ).content.decode()
    assert "Only its first frame was kept" in html
    monkeypatch.setattr(uploads, "MAX_FRAMES", 2)
    assert "Only its first frame was kept" in send(admin_client, moving).json()["note"]


# --- Refusals -------------------------------------------------------------------------------------------------------

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 400, "empty"),
        (SVG, 415, "no picture that browsers show"),
        (b"<!DOCTYPE html><script>alert(1)</script>", 415, "no picture"),
        (a_zip(), 415, "no picture"),
        (encoded(plain(9, 9), "BMP"), 415, "no picture"),
        (encoded(noise())[:2000], 415, "no picture"),
        (encoded(plain(8000, 5001, "white", "1")), 413, "40 million pixels"),
        (encoded(plain(16_000, 15_000, "white", "1")), 413, "40 million pixels"),
    ],
)
def test_what_can_not_be_shown_is_refused_with_the_reason(
    admin_client: Client, data: bytes, status: int, says: str
) -> None:
    response = send(admin_client, data)
    assert response.status_code == status
    assert says in response.json()["error"]
    assert not Image.objects.exists()
    assert media() == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script></html>", SVG, a_zip()])
def test_nothing_is_left_of_a_second_file_in_the_first(kind: str, tail: bytes) -> None:
    upload = uploads.receive(encoded(noise(60, 40), kind) + tail)
    for written in (upload.content, *(copy for *_, copy in upload.renditions)):
        assert b"alert(1)" not in written
        assert b"PK\x03\x04" not in written


def test_too_many_bytes_are_refused(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    response = send(admin_client, encoded(noise()))
    assert (response.status_code, media()) == (413, [])
    with pytest.raises(TooLargeError):
        uploads.receive(encoded(noise()))


def test_only_those_who_may_upload_can(client: Client, django_user_model: Any, admin_client: Client) -> None:
    assert Client().post(UPLOAD).headers["Location"].startswith("/admin/login/")
    client = Client()
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    response = send(client, encoded(plain(9, 9)))
    assert (response.status_code, media()) == (403, [])
    assert response.json()["error"] == "You may not upload pictures."
    assert admin_client.post(UPLOAD, headers={"Accept-Language": "en"}).json()["error"].startswith("No picture")
    assert admin_client.delete(UPLOAD).status_code == 405


def test_a_request_of_another_site_is_refused(admin_user: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert send(client, encoded(plain(9, 9))).status_code == 403
    token = client.get(UPLOAD).json()["token"]
    assert send(client, encoded(plain(9, 9)), csrfmiddlewaretoken=token).status_code == 201


def test_what_a_picture_shows_is_kept_in_the_library(
    admin_client: Client, client: Client, django_user_model: Any
) -> None:
    from django.contrib.auth.models import Permission

    send(admin_client, encoded(plain(9, 9)))
    image = Image.objects.get()
    author = django_user_model.objects.create_user("author", is_staff=True)
    author.user_permissions.add(Permission.objects.get(codename="add_image"))
    other = Client()
    other.force_login(author)
    address = f"{UPLOAD}{image.pk}/"
    assert other.post(address, {"alt": "  A\n lake "}).json()["alt_needed"] is False
    image.refresh_from_db()
    assert image.alt == "A lake"
    assert other.post(address, {"alt": "Mine"}).status_code == 403  # somebody has described it
    assert admin_client.post(address, {"alt": "x" * 600}).status_code == 200
    image.refresh_from_db()
    assert image.alt == "x" * 500
    assert admin_client.get(address).status_code == 405
    assert admin_client.post(f"{UPLOAD}0/").status_code == 404


# --- Interrupted ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", range(5))
def test_an_interrupted_upload_leaves_no_row_and_its_files_are_tidied_away(
    db: None, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    upload = uploads.receive(encoded(noise(600, 400)))
    writes = iter(range(99))
    save = pictures.default_storage.save

    def killed(name: str, content: Any) -> str:
        if next(writes) == write:
            raise KeyboardInterrupt
        return str(save(name, content))

    monkeypatch.setattr(pictures.default_storage, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        uploads.store(upload)
    monkeypatch.undo()
    assert not Image.objects.exists()
    assert len(media()) == write
    whole = uploads.store(upload)
    tidy("--dry-run", age=timedelta(days=2))
    assert len(media()) == write + 5
    tidy(age=timedelta(days=2))
    assert sorted(media()) == sorted([whole.file.name, *(path for _, _, path in whole.renditions)])


def tidy(*options: str, age: timedelta = timedelta()) -> str:
    """`manage.py tidy_media`, when all files are that old."""
    from django.conf import settings

    moment = (timezone.now() - age).timestamp()
    for name in media():
        os.utime(Path(settings.MEDIA_ROOT) / name, (moment, moment))
    out = StringIO()
    call_command("tidy_media", *options, stdout=out)
    return out.getvalue()


def test_tidying_spares_what_is_new_named_or_not_roosts(make_post: MakePost, settings: LazySettings) -> None:
    root = Path(settings.MEDIA_ROOT)
    names = ["images/2026/11/named.png", "images/left.png", "assets/cat.png", "images/in page/도쿄.png"]
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    make_post(body="![a](/media/images/2026/11/named.png)\n\n![b](</media/images/in page/도쿄.png>)")
    assert tidy() == "0 files removed.\n"
    assert tidy(age=timedelta(days=2)) == "images/left.png\n1 files removed.\n"
    assert media() == sorted(name for name in names if name != "images/left.png")


KILLED_WHILE_REPLACING = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from blog import uploads
path, content, steps = sys.argv[2], open(sys.argv[3], "rb").read(), int(sys.argv[4])
def trace(frame, event, argument):
    global steps
    steps -= 1
    if not steps:
        os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.settrace(trace)
uploads._overwrite(path, content)
sys.settrace(None)
"""


@pytest.mark.parametrize("steps", [5, 60, 120, 160, 200, 240, 9999999])
def test_a_file_that_is_replaced_is_the_old_or_the_new_whenever_the_server_is_killed(
    tmp_path: Path, steps: int
) -> None:
    (tmp_path / "media").mkdir()
    shown = tmp_path / "media" / "a.png"
    old, new = encoded(plain(9, 9)), encoded(noise())
    shown.write_bytes(old)
    (tmp_path / "new.png").write_bytes(new)
    command = [sys.executable, "-c", KILLED_WHILE_REPLACING, str(tmp_path / "media"), "a.png"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "ROOST_DATA_DIR": str(tmp_path)}
    ended = subprocess.run([*command, str(tmp_path / "new.png"), str(steps)], env=environment, timeout=60, check=False)
    assert ended.returncode == (0 if steps > 9999 else -signal.SIGKILL)
    assert shown.read_bytes() in ((new,) if steps > 9999 else (old, new))


def test_a_picture_that_is_no_picture_any_more_is_not_replaced(db: None) -> None:
    image = uploads.store(uploads.receive(encoded(noise())))
    before = media()
    with pytest.raises(PictureError):
        uploads.receive(SVG, uploads.ending_of(image))
    assert media() == before
