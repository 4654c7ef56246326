"""Embeds: rows of our own, shared by the posts that show them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from blog.models import Embed, Image, Post, PostEmbed
from tests.conftest import EMBED, TOKYO

pytestmark = pytest.mark.django_db

FLUFF = "1758397696745054665"


def test_an_embed_knows_what_its_address_tells(make_post: Callable[..., Post]) -> None:
    make_post(body=EMBED)
    embed = Embed.objects.get()
    assert (embed.provider, embed.provider_id) == ("x", TOKYO)
    assert embed.url == f"https://x.com/i/status/{TOKYO}"
    assert embed.author_handle == "OpenAI"
    assert (embed.status, embed.fetched_at, embed.takedown) == ("pending", None, False)
    assert embed.posted_at == datetime(2024, 2, 15, 18, 14, 3, tzinfo=UTC)
    assert embed.posted_at_source == Embed.DateSource.SNOWFLAKE


def test_an_old_number_holds_no_date(make_post: Callable[..., Post]) -> None:
    make_post(body="https://twitter.com/jack/status/20")
    embed = Embed.objects.get()
    assert (embed.provider_id, embed.posted_at, embed.posted_at_source) == ("20", None, "")


def test_two_posts_share_an_embed(make_post: Callable[..., Post]) -> None:
    first = make_post(body=EMBED)
    second = make_post(body=f"https://twitter.com/i/status/{TOKYO}?s=20\nanother caption")
    assert first.post_embeds.get().embed == second.post_embeds.get().embed
    assert Embed.objects.count() == 1
    assert [placed.caption for placed in PostEmbed.objects.order_by("pk")] == ["tokyo walk", "another caption"]
    first.delete()
    assert Embed.objects.get().post_embeds.get().post == second


def test_what_we_hold_of_an_embed_survives_saving_its_posts(make_post: Callable[..., Post]) -> None:
    post = make_post(body=EMBED)
    poster = Image.objects.create(file="a.png", width=4, height=3)
    held = {"text": "A snapshot", "author_name": "OpenAI", "status": "gone", "poster": poster, "aspect": "16:9"}
    Embed.objects.update(**held)
    post.body = f"More.\n\n{EMBED}\n\nhttps://x.com/i/status/{FLUFF}"
    post.save()
    make_post(body=EMBED)
    embed = Embed.objects.get(provider_id=TOKYO)
    assert {name: getattr(embed, name) for name in held} == held
    assert Embed.objects.count() == 2


def test_embeds_stand_in_the_order_of_the_text(make_post: Callable[..., Post]) -> None:
    blocks = [f"https://x.com/i/status/{TOKYO}\none", f"https://x.com/i/status/{FLUFF}\ntwo"]
    post = make_post(body="\n\n".join(blocks))
    assert [(p.position, p.caption) for p in post.post_embeds.all()] == [(0, "one"), (1, "two")]
    post.body = "\n\n".join(reversed(blocks))
    post.save()
    assert [(p.position, p.caption) for p in post.post_embeds.all()] == [(0, "two"), (1, "one")]


def test_rows_stay_when_nothing_about_the_embeds_changed(make_post: Callable[..., Post]) -> None:
    post = make_post(body=EMBED)
    key = post.post_embeds.get().pk
    post.body = f"Rain.\n\n{EMBED}"
    post.save()
    assert post.post_embeds.get().pk == key


def test_a_new_caption_is_stored(make_post: Callable[..., Post]) -> None:
    post = make_post(body=EMBED)
    post.body = EMBED.replace("tokyo walk", "a walk")
    post.save()
    assert post.post_embeds.get().caption == "a walk"


def test_an_embed_taken_out_of_the_text_is_kept_for_later(make_post: Callable[..., Post]) -> None:
    post = make_post(body=EMBED)
    post.body = "Nothing."
    post.save()
    assert not PostEmbed.objects.exists()
    assert Embed.objects.get().provider_id == TOKYO


def test_one_post_may_show_an_embed_twice(make_post: Callable[..., Post]) -> None:
    post = make_post(body=f"{EMBED}\nAgain:\n\nhttps://x.com/i/status/{TOKYO}\nonce more")
    placed = list(post.post_embeds.select_related("embed"))
    assert [p.embed.provider_id for p in placed] == [TOKYO, TOKYO]
    assert len({p.key for p in placed}) == len({p.anchor for p in placed}) == 2
    assert Embed.objects.get().author_handle == "OpenAI"


def test_an_embed_that_another_save_has_just_made_is_used(
    make_post: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk_create = type(Embed.objects).bulk_create

    def somebody_is_faster(manager: object, embeds: list[Embed], **options: object) -> list[Embed]:
        monkeypatch.undo()
        Embed(provider="x", provider_id=TOKYO, url=f"https://x.com/i/status/{TOKYO}", text="theirs").save()
        return bulk_create(Embed.objects, embeds, **options)

    monkeypatch.setattr(type(Embed.objects), "bulk_create", somebody_is_faster)
    post = make_post(body=EMBED)
    assert Embed.objects.count() == 1
    assert post.post_embeds.get().embed.text == "theirs"


@pytest.mark.parametrize(
    ("name", "handle", "author", "url"),
    [
        ("OpenAI", "OpenAI", "OpenAI (@OpenAI)", "https://x.com/OpenAI"),
        ("OpenAI", "", "OpenAI", ""),
        ("", "OpenAI", "@OpenAI", "https://x.com/OpenAI"),
        ("", "", "", ""),
    ],
)
def test_an_author_is_named_as_far_as_we_know_them(name: str, handle: str, author: str, url: str) -> None:
    embed = Embed(provider="x", provider_id="1", author_name=name, author_handle=handle)
    assert (embed.author, embed.author_url) == (author, url)


def test_an_embed_is_called_by_its_site_and_number() -> None:
    assert str(Embed(provider="x", provider_id="20")) == "X 20"


def test_a_takedown_hides_what_we_hold() -> None:
    assert Embed(status="gone").shows_snapshot
    assert not Embed(status="live", takedown=True).shows_snapshot


def test_a_placed_embed_is_called_by_its_caption_else_its_key() -> None:
    assert str(PostEmbed(key="t_walk", caption="a walk")) == "a walk"
    assert str(PostEmbed(key="t_walk")) == "t_walk"
    assert PostEmbed(key="t_walk").anchor == "t_walk"


def test_a_picture_is_called_by_its_old_path_else_its_file() -> None:
    assert str(Image(path="/a.png", file="b.png", width=4, height=3)) == "/a.png"
    assert str(Image(file="b.png", width=4, height=3)) == "b.png"
    assert str(Image()) == ""
