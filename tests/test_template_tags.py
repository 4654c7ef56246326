"""`{% load embeds %}` in any template."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.template import Context, Template
from django.utils import translation

from blog.models import Embed, Post
from tests.conftest import EMBED, TOKYO


def render(source: str, **context: object) -> str:
    return Template("{% load embeds %}" + source).render(Context(context))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value", [TOKYO, f"i/status/{TOKYO}", f"https://twitter.com/OpenAI/status/{TOKYO}?s=20", int(TOKYO)]
)
def test_tweet_takes_a_number_a_path_and_an_address(value: object) -> None:
    html = render('{% tweet value caption="걷기" %}', value=value)
    assert f'data-provider="x" data-id="{TOKYO}"' in html
    assert '<p class="caption">걷기</p>' in html
    assert Embed.objects.count() == 0  # reading writes nothing


@pytest.mark.django_db
def test_embed_shows_what_is_stored_of_an_address() -> None:
    Embed.objects.create(provider="x", provider_id=TOKYO, url=f"https://x.com/i/status/{TOKYO}", text="It walks.")
    assert "It walks." in render("{% embed url %}", url=f"https://x.com/i/status/{TOKYO}")


def test_embed_takes_records(make_post: Callable[..., Post]) -> None:
    placed = make_post(body=EMBED).post_embeds.get()
    assert '<p class="caption">tokyo walk</p>' in render("{% embed it %}", it=placed)
    assert "caption" not in render("{% embed it %}", it=placed.embed)
    assert '<p class="caption">other</p>' in render('{% embed it caption="other" %}', it=placed)


@pytest.mark.django_db
def test_an_address_that_no_provider_knows_is_a_link() -> None:
    assert render('{% embed "https://a.example/?a=1&b=2" caption=words %}', words="<x>") == (
        '<a href="https://a.example/?a=1&amp;b=2">&lt;x&gt;</a>'
    )


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["javascript:alert(1)", "<script>alert(1)</script>", "", "no tweet"])
def test_what_is_no_address_stays_text(value: str) -> None:
    html = render("{% embed value %}{% tweet value %}", value=value)
    assert "<" not in html
    assert "href" not in html


def test_post_body_renders_for_page_feed_and_text(make_post: Callable[..., Post]) -> None:
    post = make_post(body=f"[here](/a/)\n\n{EMBED}\n> Prompt: alone <b>")
    page = render("{% post_body post %}", post=post)
    assert 'class="embed shape-16-9"' in page
    feed = render('{% post_body post "feed" "https://b.example/posts/post-1/" %}', post=post)
    assert 'href="https://b.example/a/"' in feed
    assert "<figure>" in feed
    text = render('{% post_body post "text" %}', post=post)
    assert (
        f"tokyo walk\nPrompt: A stylish woman walks down a Tokyo street.\n@OpenAI https://x.com/i/status/{TOKYO}"
        in text
    )
    assert "alone <b>" in text


@pytest.mark.parametrize(
    ("interface", "lang", "within", "written"),
    [
        ("ko", "ar", "", ' dir="rtl"'),
        ("ko", "fa", "", ' dir="rtl"'),
        ("ko", "en", "", ""),
        ("ko", "no-such", "", ""),
        ("ar", "ar", "", ""),
        ("ar", "ko", "", ' dir="ltr"'),
        ("ko", "ko", "ar", ' dir="ltr"'),
        ("ko", "ko", "en", ""),
    ],
)
def test_a_direction_is_written_where_it_changes(interface: str, lang: str, within: str, written: str) -> None:
    with translation.override(interface):
        source = "{% load typography %}{% direction lang within %}"
        assert Template(source).render(Context({"lang": lang, "within": within})) == written
