"""The media library: pictures as a grid."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog import library, uploads
from blog.models import Embed, Image, Page, Post
from tests.browser.stage import MakePost
from tests.conftest import EMBED
from tests.test_pictures import decoded, encoded, plain

LIST = "/admin/blog/image/"
Capture = Callable[..., Any]

pytestmark = pytest.mark.django_db


def stored(name: str = "a", width: int = 600, colour: str = "teal", **values: Any) -> Image:
    return uploads.store(uploads.receive(encoded(plain(width, width // 2, colour))), name=f"{name}.png", **values)


def change(image: Image) -> str:
    return f"{LIST}{image.pk}/change/"


def shown(client: Client, address: str = LIST) -> str:
    return unescape(client.get(address, headers={"Accept-Language": "en"}).content.decode())


def test_every_use_of_a_picture_is_found(make_post: MakePost) -> None:
    names = ("text", "path", "hangul", "page", "cover", "poster", "film", "unused")
    images = {name: stored(name) for name in names}
    Image.objects.filter(pk=images["path"].pk).update(path="/assets/cat.png", file="assets/cat.png")
    Image.objects.filter(pk=images["hangul"].pk).update(path="/도쿄 (1).png", file="도쿄 (1).png")
    film = f'{{% include embed/video.html src="/media/a.mp4" poster="{images["film"].file.url}" %}}'
    bodies = {
        "text": images["text"].markdown,
        "path": "![a](/assets/cat.png)",
        "hangul": f"![a]({quote('/도쿄 (1).png')})",
        "cover": "Words.",
        "film": film,
    }
    posts = {name: make_post(title=name, body=body) for name, body in bodies.items()}
    Post.objects.filter(pk=posts["cover"].pk).update(image=images["cover"])
    Page(title="page", slug="about", body=f"{images['page'].markdown}\n\n{images['page'].markdown}").save()
    make_post(title="poster", body=EMBED)
    Embed.objects.filter(provider="x").update(poster=images["poster"])
    uses = library.uses_of(Image.objects.all())
    found = {name: [(use.kind, use.title) for use in uses.get(images[name].pk, [])] for name in names}
    embed = Embed.objects.get(provider="x")
    assert found == {
        **{name: [("post", name)] for name in bodies},
        "page": [("page", "page")],
        "poster": [("embed", str(embed))],
        "unused": [],
    }
    used = set(Image.objects.filter(library.is_used()).values_list("pk", flat=True))
    assert used == set(uses) == {image.pk for name, image in images.items() if name != "unused"}


def test_the_grid_shows_light_copies_uses_and_markdown(admin_client: Client, make_post: MakePost) -> None:
    image, other = stored("lake", alt="A lake"), stored("forest")
    post = make_post(title="At the lake", body=image.markdown)
    html = shown(admin_client)
    light = next(path for kind, width, path in image.renditions if (kind, width) == ("image/webp", 480))
    assert f'src="/media/{light}"' in html
    assert f'<a href="/admin/blog/post/{post.pk}/change/">At the lake</a>' in html
    assert f'data-copy="{image.markdown}"' in html
    assert "600 × 300" in html
    assert other.name in html
    assert other.name not in shown(admin_client, f"{LIST}?used=1")
    assert image.name not in shown(admin_client, f"{LIST}?used=0")
    assert image.name not in shown(admin_client, f"{LIST}?described=0")
    assert other.name not in shown(admin_client, f"{LIST}?described=1")
    assert other.name not in shown(admin_client, f"{LIST}?q=lake")


def test_the_grid_asks_little_however_many_there_are(admin_client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(LIST)
        return len(captured)

    stored()
    few = count()
    for _ in range(5):
        stored(width=20)
    assert count() == few


def test_what_pictures_show_is_written_in_the_grid(admin_client: Client) -> None:
    first, second = stored("a"), stored("b", alt="kept")
    values = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "2",
        "_save": "Save",
        "form-0-id": second.pk,
        "form-0-alt": "kept",
        "form-1-id": first.pk,
        "form-1-alt": "밤의 도쿄",
    }
    assert admin_client.post(LIST, values).status_code == 302
    assert list(Image.objects.order_by("pk").values_list("alt", flat=True)) == ["밤의 도쿄", "kept"]


def replace(client: Client, image: Image, data: bytes, **values: Any) -> Any:
    file = SimpleUploadedFile("other.jpg", data)
    sent = {"picture": file, "alt": image.alt, "path": image.path or "", **values}
    return client.post(change(image), sent, headers={"Accept-Language": "en"})


def files(settings: LazySettings) -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.mark.django_db(transaction=True)
def test_a_replaced_picture_keeps_its_address_and_format(admin_client: Client, settings: LazySettings) -> None:
    image = stored(alt="old")
    address, old = image.file.url, {path for _, _, path in image.renditions}
    assert replace(admin_client, image, encoded(plain(900, 300, "red"), "JPEG"), alt="new").status_code == 302
    image.refresh_from_db()
    assert (image.file.url, image.width, image.height, image.alt) == (address, 900, 300, "new")
    with image.file.open("rb") as file:
        picture = decoded(file.read())
    assert (picture.format, picture.size) == ("PNG", (900, 300))
    assert {width for _, width, _ in image.renditions} == {480, 900}
    assert files(settings) == {image.file.name, *(path for _, _, path in image.renditions)}
    assert not old & files(settings)


def fetched(client: Client, address: str, **headers: str) -> Any:
    response = client.get(address, headers=headers)
    if response.streaming:
        b"".join(response.streaming_content)  # reading to the end closes the file
    return response


@pytest.mark.django_db(transaction=True)
def test_caches_learn_of_a_replaced_picture(admin_client: Client, client: Client) -> None:
    image = stored()
    old_copies = {path for _, _, path in image.renditions}
    first = fetched(client, image.file.url)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    asked = {"If-None-Match": tag, "If-Modified-Since": date}
    assert first.headers["Cache-Control"] == "public, max-age=600"
    assert fetched(client, image.file.url, **asked).status_code == 304
    assert replace(admin_client, image, encoded(plain(900, 300, "red"))).status_code == 302
    image.refresh_from_db()
    again = fetched(client, image.file.url, **asked)
    assert (again.status_code, again.headers["ETag"] == tag) == (200, False)
    copies = {path for _, _, path in image.renditions}
    assert copies.isdisjoint(old_copies)
    for path in copies:
        assert fetched(client, f"/media/{path}").headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_part_of_a_picture_can_be_asked_for_by_its_tag(client: Client) -> None:
    image = stored()
    tag = fetched(client, image.file.url).headers["ETag"]
    part = fetched(client, image.file.url, Range="bytes=0-3", **{"If-Range": tag})
    assert (part.status_code, part.headers["ETag"]) == (206, tag)
    assert fetched(client, image.file.url, Range="bytes=0-3", **{"If-Range": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (encoded(plain(60, 40))[:90], "no picture that browsers show"),
        (b"<!doctype html><script>alert(1)</script>", "no picture that browsers show"),
        (encoded(plain(8000, 5001, "white", "1")), "40 million pixels"),
    ],
    ids=["truncated", "html", "bomb"],
)
def test_a_refused_replacement_says_why(admin_client: Client, settings: LazySettings, data: bytes, says: str) -> None:
    image = stored()
    before = files(settings)
    assert says in unescape(replace(admin_client, image, data).content.decode())
    assert files(settings) == before


def test_no_picture_replaces_a_picture(admin_client: Client, settings: LazySettings) -> None:
    image = stored()
    before = files(settings)
    html = unescape(replace(admin_client, image, b"<svg/>").content.decode())
    assert "no picture that browsers show" in html
    assert files(settings) == before
    assert admin_client.post(change(image), {"alt": "words", "path": ""}).status_code == 302
    image.refresh_from_db()
    assert (image.alt, files(settings)) == ("words", before)


def test_a_transparent_picture_that_replaces_a_jpeg_stands_on_white() -> None:
    upload = uploads.receive(encoded(plain(30, 20, "#00000000", "RGBA")), "jpg")
    assert decoded(upload.content).format == "JPEG"
    assert decoded(upload.content).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_goes_takes_its_files_along(admin_client: Client, settings: LazySettings) -> None:
    image = stored()
    assert admin_client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Image.objects.exists()
    assert files(settings) == set()


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_is_used_stays(admin_client: Client, make_post: MakePost, settings: LazySettings) -> None:
    used, unused = stored("a"), stored("b")
    make_post(body=used.markdown, status="draft")  # a public one would have a card
    assert admin_client.get(f"{LIST}{used.pk}/delete/").status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [used.pk, unused.pk]}
    asked = unescape(admin_client.post(LIST, chosen, headers={"Accept-Language": "en"}).content.decode())
    assert "1 of them is used and stays." in asked
    admin_client.post(LIST, {**chosen, "post": "yes"})
    assert list(Image.objects.all()) == [used]
    assert files(settings) == {used.file.name, *(path for _, _, path in used.renditions)}


def test_a_row_that_shares_its_file_leaves_it_to_the_other(
    settings: LazySettings, django_capture_on_commit_callbacks: Capture
) -> None:
    image = stored()
    twin = Image.objects.create(file=image.file.name, width=1, height=1)
    with django_capture_on_commit_callbacks(execute=True):
        twin.delete()
    assert image.file.name in files(settings)


def test_a_new_picture_needs_a_file(admin_client: Client) -> None:
    assert admin_client.post(f"{LIST}add/", {"alt": "words", "path": ""}).status_code == 200
    assert not Image.objects.exists()


def test_pictures_of_an_old_site_have_their_path(admin_client: Client) -> None:
    file = SimpleUploadedFile("cat.png", encoded(plain(9, 9)))
    assert admin_client.post(f"{LIST}add/", {"picture": file, "alt": "A cat.", "path": "/cat.png"}).status_code == 302
    assert Image.objects.get().path == "/cat.png"
