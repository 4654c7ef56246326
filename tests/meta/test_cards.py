"""Each post has a picture for previews of its link, unless its author gave it one."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from PIL import Image as Pillow

from blog import pictures, uploads
from blog.meta import cards, drawing
from blog.models import Embed, Image, Post, SiteSettings
from tests.conftest import EMBED

MakePost = Callable[..., Post]


@pytest.fixture
def saved(django_capture_on_commit_callbacks: Any, make_post: MakePost) -> MakePost:
    """As make_post, with what follows from the commit."""

    def save(**values: Any) -> Post:
        with django_capture_on_commit_callbacks(execute=True):
            post = make_post(**values)
        post.refresh_from_db()
        return post

    return save


def jpeg(colour: str = "orange", size: tuple[int, int] = (640, 360)) -> bytes:
    buffer = io.BytesIO()
    Pillow.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


def poster(colour: str = "orange") -> Image:
    return pictures.store(pictures.prepare(jpeg(colour)))


def files(settings: LazySettings) -> list[str]:
    folder = Path(settings.MEDIA_ROOT) / "cards"
    return sorted(f"cards/{file.name}" for file in folder.glob("*")) if folder.is_dir() else []


def opened(settings: LazySettings, post: Post) -> Pillow.Image:
    with Pillow.open(Path(settings.MEDIA_ROOT) / post.card) as card:
        card.load()
        return card


def ink(card: Pillow.Image, box: tuple[int, int, int, int]) -> int:
    """How many different colours there are in a part of a card: 1 if nothing is written there."""
    return len(card.crop(box).getcolors(maxcolors=1_000_000) or ())


def test_a_published_post_gets_a_card(saved: MakePost, settings: LazySettings) -> None:
    post = saved(title="트윗으로 영화를 만드는 세상")
    assert files(settings) == [post.card]
    card = opened(settings, post)
    assert (card.format, card.size) == ("JPEG", (1200, 630))


def test_a_draft_has_none_and_loses_one(
    saved: MakePost, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    assert saved(status="draft").card == ""
    post = saved()
    with django_capture_on_commit_callbacks(execute=True):
        post.status = "draft"
        post.save()
    post.refresh_from_db()
    assert (post.card, files(settings)) == ("", [])


def test_it_is_drawn_again_only_if_something_in_it_changes(
    saved: MakePost,
    settings: LazySettings,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = saved()
    first = post.card
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(drawing, "draw", lambda *_: 1 / 0)
        post.body = "Other words."
        post.save()
    with django_capture_on_commit_callbacks(execute=True):
        post.title = "Another title"
        post.save()
    post.refresh_from_db()
    assert post.card != first
    assert files(settings) == [post.card]


def test_a_new_title_of_the_site_waits_for_the_timer(saved: MakePost, settings: LazySettings) -> None:
    post = saved()
    first = post.card
    SiteSettings(pk=1, title="한밤의 시사실").save()
    out = StringIO()
    for _ in range(2):
        call_command("draw_cards", stdout=out)
    post.refresh_from_db()
    assert post.card != first
    assert files(settings) == [post.card]
    assert out.getvalue() == "1 cards drawn.\n"


def test_the_still_is_on_it_until_it_is_taken_down(
    saved: MakePost, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    post = saved(body=EMBED)
    plain = opened(settings, post).getpixel((1100, 40))
    embed = Embed.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        embed.poster = poster()
        embed.save()
    post.refresh_from_db()
    red, _green, blue = opened(settings, post).getpixel((1100, 40))
    assert red > blue + 80
    with django_capture_on_commit_callbacks(execute=True):
        embed.takedown = True
        embed.save()
    post.refresh_from_db()
    assert opened(settings, post).getpixel((1100, 40)) == plain


def test_another_picture_in_the_place_of_the_still_is_drawn(
    saved: MakePost, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    post = saved(body=EMBED)
    image = poster("orange")
    Embed.objects.update(poster=image)
    cards.bring_in_step(Post.objects.all())
    with django_capture_on_commit_callbacks(execute=True):
        uploads.replace(image, uploads.receive(jpeg("blue"), uploads.ending_of(image)))
    call_command("draw_cards", stdout=StringIO())
    post.refresh_from_db()
    red, _green, blue = opened(settings, post).getpixel((1100, 40))
    assert blue > red + 80


def test_caches_keep_a_card_for_a_year_as_another_has_another_name(client: Client, saved: MakePost) -> None:
    def caching(name: str) -> str:
        response = client.get(f"/media/{name}")
        b"".join(response.streaming_content)  # reading to the end closes the file
        return response.headers["Cache-Control"]

    card = saved().card
    again = default_storage.save(card, ContentFile(b"x"))  # two processes draw at once: the second gets a suffix
    assert caching(card) == caching(again) == "public, max-age=31536000, immutable"
    for name in ("cards/own.jpg", "cards/1-own.jpg", "images/2026/11/cat-0123abcd.jpg"):
        default_storage.save(name, ContentFile(b"x"))
        assert caching(name) == "public, max-age=600"


def test_a_post_that_is_saved_again_as_it_was_keeps_its_card(
    django_capture_on_commit_callbacks: Any, make_post: MakePost
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post = make_post(tags=["a"])
    card = Post.objects.get().card
    assert card
    with django_capture_on_commit_callbacks(execute=True):
        post.tags.set(["b"])
        post.save()
    assert Post.objects.get().card == card
    assert default_storage.exists(card)


def test_a_cover_of_the_authors_own_goes_before_it(saved: MakePost, settings: LazySettings) -> None:
    cover = uploads.store(uploads.receive(jpeg()))
    assert saved(image=cover).card == ""
    assert files(settings) == []


def test_a_cover_that_previews_do_not_show_is_drawn_on_a_card(saved: MakePost, settings: LazySettings) -> None:
    cover = uploads.store(uploads.receive(jpeg(), "avif"))
    red, _green, blue = opened(settings, saved(image=cover)).getpixel((1100, 40))
    assert red > blue + 80


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_still_that_can_not_be_read_is_done_without(saved: MakePost, settings: LazySettings, content: bytes) -> None:
    image = poster()
    Path(image.file.path).write_bytes(content)
    post = saved(body=EMBED)
    Embed.objects.update(poster=image)
    assert cards.bring_in_step(Post.objects.all()) == 1
    post.refresh_from_db()
    assert opened(settings, post).size == (1200, 630)


def test_the_card_goes_with_its_post(
    saved: MakePost, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    post = saved()
    with django_capture_on_commit_callbacks(execute=True):
        post.delete()
    assert files(settings) == []


def test_tidying_leaves_cards_that_posts_have(saved: MakePost, settings: LazySettings) -> None:
    post = saved()
    left = default_storage.save("cards/left.jpg", ContentFile(b"x"))
    for name in (left, post.card):
        os.utime(Path(settings.MEDIA_ROOT) / name, (0, 0))
    call_command("tidy_media", stdout=StringIO())
    assert files(settings) == [post.card]


@pytest.mark.parametrize(
    "title",
    [
        "Sora",
        "트윗으로 영화를 만드는 세상 | Sora AI가 보여주는 미래",
        "아주긴제목이띄어쓰기없이이어지면" * 12,
        "A title of very many words that goes on and on " * 6,
    ],
)
@pytest.mark.parametrize("still", [None, Pillow.new("RGB", (1280, 720), "white")])
def test_nothing_is_written_where_previews_cut(title: str, still: Pillow.Image | None) -> None:
    content = drawing.draw(title, "한밤의 시사실", still)
    empty = Pillow.open(io.BytesIO(drawing.draw("", "", still)))
    card = Pillow.open(io.BytesIO(content))
    for box in ((0, 0, 1200, 40), (0, 590, 1200, 630), (0, 0, 60, 630), (1140, 0, 1200, 630)):
        before, after = empty.crop(box).tobytes(), card.crop(box).tobytes()
        assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 24  # JPEG's own noise
    assert ink(card, (60, 300, 1140, 590)) > ink(empty, (60, 300, 1140, 590))


def test_lines_break_between_words() -> None:
    font = drawing._typeface(drawing.serif_path().as_posix(), 60)
    title = "트윗으로 영화를 만드는 세상 | Sora AI가 보여주는 미래"
    lines = drawing.wrapped(title, font, 700)
    assert " ".join(lines).replace("\u00a0", " ") == title
    assert not any(line.startswith("|") for line in lines)
    assert all(font.getlength(line) <= 700 for line in lines)
    assert len(drawing.wrapped("가" * 40, font, 700)) > 1


def test_signs_without_letters_are_left_out_and_foreign_letters_leave_all_out() -> None:
    assert drawing._shown("👋🏽 안녕 ❤️ 2024 🎬") == "안녕 2024"
    assert drawing._shown("สวัสดี") == ""
