"""Pictures are opened, bounded and written anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import translation
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from blog import pictures
from blog.models import Embed, Image
from blog.pictures import PictureError, Still, complete, prepare, store
from tests.fake_provider.stills import jpeg
from tests.snapshots.helpers import MakePost

FILM = "https://www.youtube.com/watch?v=RoostDemo01"
ORIENTATION, DESCRIPTION, GPS = 0x0112, 0x010E, 0x8825


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def encoded(picture: Pillow.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(width: int, height: int, colour: str = "teal", mode: str = "RGB") -> Pillow.Image:
    return Pillow.new(mode, (width, height), colour)


def decoded(content: bytes) -> Pillow.Image:
    with Pillow.open(BytesIO(content)) as picture:
        picture.load()
        return picture


def outputs(still: Still) -> list[bytes]:
    """The fallback and all lighter copies."""
    return [still.fallback[1], *(content for _, _, _, content in still.renditions)]


def near(found: Any, wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


# --- Formats and sizes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_every_format_that_browsers_show_is_taken(kind: str) -> None:
    still = prepare(encoded(plain(600, 400), kind))
    assert (still.width, still.height, still.fallback[0]) == (600, 400, "jpg")
    assert decoded(still.fallback[1]).format == "JPEG"
    assert [(type_, width, ending) for type_, width, ending, _ in still.renditions] == [
        ("image/avif", 480, "avif"),
        ("image/webp", 480, "webp"),
        ("image/avif", 600, "avif"),
        ("image/webp", 600, "webp"),
    ]
    for type_, width, _, content in still.renditions:
        copy = decoded(content)
        assert copy.get_format_mimetype() == type_
        assert copy.size == (width, width * 2 // 3)
        assert near(copy.convert("RGB").getpixel((5, 5)), (0, 128, 128))


def test_a_large_picture_is_made_smaller_in_four_sizes_at_most() -> None:
    still = prepare(encoded(plain(3000, 2000), "JPEG"))
    assert (still.width, still.height) == (1440, 960)
    assert decoded(still.fallback[1]).size == (1440, 960)
    assert sorted({width for _, width, _, _ in still.renditions}) == [480, 960, 1440]


@pytest.mark.parametrize(
    ("width", "widths"),
    [(1, [1]), (479, [479]), (480, [480]), (481, [480, 481]), (960, [480, 960]), (1440, [480, 960, 1440])],
)
def test_no_picture_is_enlarged(width: int, widths: list[int]) -> None:
    still = prepare(encoded(plain(width, 3)))
    assert still.width == width
    assert [w for type_, w, _, _ in still.renditions if type_ == "image/webp"] == widths
    assert all(decoded(content).width == w for _, w, _, content in still.renditions)


@pytest.mark.parametrize(
    ("size", "widths"), [((900, 900), [192, 480, 900]), ((300, 400), [192, 300]), ((900, 600), [480, 900])]
)
def test_what_may_be_a_portrait_has_a_copy_for_a_small_circle(size: tuple[int, int], widths: list[int]) -> None:
    still = prepare(encoded(plain(*size)))
    assert sorted({width for _, width, _, _ in still.renditions}) == widths


def test_a_grid_shows_the_smallest_copy_that_fills_its_place() -> None:
    copies = [["image/webp", width, f"{width}.webp"] for width in (900, 192, 480)]
    assert Image(file="a.png", width=9, height=9, renditions=copies).thumbnail_url == "/media/480.webp"
    assert Image(file="a.png", width=9, height=9, renditions=copies[1:2]).thumbnail_url == "/media/192.webp"
    assert Image(file="a.png", width=9, height=9).thumbnail_url == "/media/a.png"


@pytest.mark.parametrize("size", [(60, 17_000), (2, 66_000), (66_000, 2), (1, 1)])
def test_a_picture_of_odd_shape_is_written_in_every_format(size: tuple[int, int]) -> None:
    still = prepare(encoded(plain(*size)))
    assert (still.width, still.height) == decoded(still.fallback[1]).size
    assert {type_ for type_, _, _, _ in still.renditions} == {"image/avif", "image/webp"}
    assert all(decoded(content).width == width for _, width, _, content in still.renditions)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_every_kind_of_colour_is_understood(mode: str) -> None:
    data = encoded(plain(20, 20, "white").convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    still = prepare(data)
    assert near(decoded(still.fallback[1]).getpixel((9, 9)), (255, 255, 255))


# --- What can be seen stays, the rest goes --------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_stays_so(mode: str) -> None:
    picture = plain(40, 20, "#00000000", "RGBA")
    picture.paste((200, 0, 0, 255), (0, 0, 20, 20))
    still = prepare(encoded(picture.convert(mode)))
    assert still.fallback[0] == "png"
    for content in outputs(still):
        alpha = decoded(content).convert("RGBA").getchannel("A")
        assert (alpha.getpixel((5, 10)), alpha.getpixel((35, 10))) == (255, 0)


def test_a_film_of_stills_becomes_its_first() -> None:
    frames = [plain(30, 20, colour) for colour in ("red", "lime", "blue")]
    still = prepare(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100))
    for content in outputs(still):
        copy = decoded(content)
        assert getattr(copy, "n_frames", 1) == 1
        assert near(copy.convert("RGB").getpixel((15, 10)), (255, 0, 0))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_upright_and_tells_nothing_of_its_camera(kind: str) -> None:
    picture = plain(60, 40, "red")
    picture.paste((0, 0, 255), (0, 0, 30, 40))  # blue on the left: turned, it is at the top
    exif = Pillow.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, "taken at home"
    exif.get_ifd(GPS).update({1: "N", 2: (37.0, 33.0, 59.0)})
    still = prepare(encoded(picture, kind, exif=exif))
    assert (still.width, still.height) == (40, 60)
    for content in outputs(still):
        copy = decoded(content)
        assert copy.size == (40, 60)
        assert near(copy.convert("RGB").getpixel((20, 6)), (0, 0, 255))
        assert near(copy.convert("RGB").getpixel((20, 54)), (255, 0, 0))
        assert not copy.getexif()
        assert b"taken at home" not in content


def test_no_comment_profile_or_description_is_left() -> None:
    exif = Pillow.Exif()
    exif[DESCRIPTION] = "hidden-exif"
    info = PngInfo()
    info.add_text("Comment", "hidden-text")
    info.add_itxt("XML:com.adobe.xmp", "hidden-xmp")
    profile = b"hidden-profile" * 20
    hidden = {"exif": exif, "icc_profile": profile}
    noise = Pillow.effect_noise((60, 40), 60).convert("RGB")
    files = [
        encoded(noise, "JPEG", comment=b"hidden-comment", xmp=b"<x>hidden-xmp</x>", **hidden),
        encoded(noise, "PNG", pnginfo=info, **hidden),
        encoded(noise.convert("RGBA"), "PNG", pnginfo=info, **hidden),
        encoded(noise, "WEBP", xmp=b"<x>hidden-xmp</x>", **hidden),
        encoded(noise, "GIF", comment=b"hidden-comment"),
    ]
    for data in files:
        for content in outputs(prepare(data)):
            assert b"hidden" not in content
            assert not {"comment", "icc_profile", "exif", "xmp", "Comment"} & decoded(content).info.keys()


def a_zip() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("index.html", "<script>alert(1)</script>")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script></html>", b"<?php system('id') ?>", a_zip()])
def test_nothing_is_left_of_a_file_that_is_two_in_one(kind: str, tail: bytes) -> None:
    noise = Pillow.effect_noise((60, 40), 60).convert("RGB")
    for content in outputs(prepare(encoded(noise, kind) + tail)):
        assert tail not in content
        assert b"alert(1)" not in content
        assert b"PK\x03\x04" not in content


# --- Refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 500,
        b"just words",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><p>words",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.4 %%EOF",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        a_zip(),
        jpeg("a")[:400],
        jpeg("a")[: len(jpeg("a")) // 2],
        encoded(plain(9, 9), "BMP"),
        encoded(plain(9, 9), "TIFF"),
        encoded(plain(9, 9), "ICO"),
        encoded(plain(9, 9), "PPM"),
    ],
)
def test_what_is_no_picture_for_browsers_is_refused(data: bytes) -> None:
    with pytest.raises(PictureError, match="no picture that browsers show") as refusal:
        prepare(data)
    assert " at 0x" not in str(refusal.value)


def test_a_picture_with_too_many_pixels_is_refused() -> None:
    with pytest.raises(PictureError, match="40 million pixels"):
        prepare(encoded(plain(8000, 5001, "white", "1")))
    small = encoded(plain(16_000, 15_000, "white", "1"))
    assert len(small) < 100_000
    with pytest.raises(PictureError):
        prepare(small)


def test_a_file_with_too_many_bytes_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_BYTES", 1000)
    with pytest.raises(PictureError, match="larger than"):
        prepare(jpeg("a"))
    assert prepare(encoded(plain(9, 9))).width == 9


@pytest.mark.filterwarnings("ignore")  # Pillow says what is wrong with a file before it gives up
def test_a_broken_file_is_refused_or_shown_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WIDTHS", (60,))
    exif = Pillow.Exif()
    exif[ORIENTATION], exif[DESCRIPTION], exif[0x011A], exif[0x0132] = 6, "words", 72.0, "2020:01:01 00:00:00"
    exif.get_ifd(GPS).update({1: "N", 2: (37.0, 33.0, 59.0)})
    noise = Pillow.effect_noise((30, 20), 60).convert("RGB")
    whole = [encoded(noise, kind, exif=exif) for kind in ("PNG", "JPEG", "WEBP", "AVIF")] + [encoded(noise, "GIF")]
    chance = random.Random(7)
    outcomes = {True: 0, False: 0}
    for _ in range(600):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.choice((1, 2, 8))):
            data[chance.randrange(min(chance.choice((60, 300, 9999)), len(data)))] = chance.randrange(256)
        try:
            prepare(bytes(data))
            outcomes[True] += 1
        except PictureError:
            outcomes[False] += 1
    assert min(outcomes.values()) > 20


# --- Stored, and shown ----------------------------------------------------------------------------------------------


def media(settings: LazySettings) -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_a_picture_is_stored_with_its_lighter_copies(db: None, settings: LazySettings) -> None:
    image = store(prepare(encoded(plain(1000, 500))), "A lake.")
    image.refresh_from_db()
    assert (image.width, image.height, image.alt) == (1000, 500, "A lake.")
    assert len(media(settings)) == 7
    for type_, width, path in image.renditions:
        copy = decoded((Path(settings.MEDIA_ROOT) / path).read_bytes())
        assert (copy.get_format_mimetype(), copy.width) == (type_, width)
    assert [type_ for type_, _ in image.sources] == ["image/avif", "image/webp"]
    assert [part.split(" ")[1] for part in image.sources[0][1].split(", ")] == ["480w", "960w", "1000w"]


def test_the_name_of_a_file_tells_nothing(db: None) -> None:
    same = prepare(encoded(plain(9, 9)))
    first, second = store(same), store(same)
    assert first.file.name != second.file.name
    assert store(same, "long " * 200).alt == ("long " * 200)[:500]


def stored_as_it_came(name: str, data: bytes, size: tuple[int, int]) -> Image:
    image = Image(width=size[0], height=size[1])
    image.file.save(name, ContentFile(data), save=False)
    image.width, image.height = size
    image.save()
    return image


def test_a_picture_that_has_no_lighter_copies_gets_them_once(db: None, settings: LazySettings) -> None:
    image = stored_as_it_came("a.png", encoded(plain(600, 300)), (600, 300))
    complete(image)
    image.refresh_from_db()
    assert [(type_, width) for type_, width, _ in image.renditions] == [
        *(("image/avif", 480), ("image/webp", 480), ("image/avif", 600), ("image/webp", 600)),
    ]
    before = media(settings)
    complete(image)
    assert media(settings) == before


def test_a_picture_that_can_not_be_opened_stays_as_it_is(db: None, settings: LazySettings) -> None:
    image = Image.objects.create(file="images/gone.png", width=9, height=9)
    complete(image)
    broken = Image.objects.create(file="images/broken.png", width=9, height=9)
    path = Path(settings.MEDIA_ROOT) / "images/broken.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"<svg/>")
    complete(broken)
    complete(Image(width=9, height=9))
    assert (image.renditions, broken.renditions, path.read_bytes()) == ([], [], b"<svg/>")


def test_a_page_offers_the_copies_with_size_and_words(client: Client, make_post: MakePost) -> None:
    make_post(body=f"{FILM}\na lecture")
    poster = store(prepare(jpeg("a")), "")
    Embed.objects.update(poster=poster, poster_alt='A "low" sun.')
    html = client.get("/posts/post-1/").content.decode()
    copies = {(type_, width): path for type_, width, path in poster.renditions}
    for type_ in ("image/avif", "image/webp"):
        srcset = ", ".join(f"/media/{copies[type_, width]} {width}w" for width in (480, 960, 1280))
        assert f'<source type="{type_}" srcset="{srcset}" sizes="' in html
    assert f'<img src="{poster.file.url}" width="1280" height="720" alt="A &quot;low&quot; sun." loading="lazy"' in html
    for path in copies.values():
        assert client.get(f"/media/{path}").getvalue()


def test_feeds_have_the_picture_that_every_reader_shows(client: Client, make_post: MakePost) -> None:
    make_post(body=f"{FILM}\na lecture")
    poster = store(prepare(jpeg("a")), "A low sun.")
    Embed.objects.update(poster=poster)
    html = client.get("/feed.json").json()["items"][0]["content_html"]
    assert f'<img src="http://testserver{poster.file.url}" width="1280" height="720" alt="A low sun.">' in html
    assert poster.file.url.endswith(".jpg")
    assert "srcset" not in html
    for address in ("/feed.xml", "/rss.xml"):
        assert f"http://testserver{poster.file.url}" in client.get(address).content.decode()


def test_a_picture_without_copies_is_shown_all_the_same(client: Client, make_post: MakePost) -> None:
    make_post(body=FILM)
    Embed.objects.update(poster=Image.objects.create(file="images/a.png", width=40, height=30, alt="A cat."))
    html = client.get("/posts/post-1/").content.decode()
    assert '<img src="/media/images/a.png" width="40" height="30" alt="A cat."' in html
    assert "<picture>" not in html
