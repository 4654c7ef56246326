"""What the renderer says is in the language of the text."""

from __future__ import annotations

import pytest

from blog.models import Page, Post
from blog.wording import words

pytestmark = pytest.mark.django_db
CALLOUT = "> a\n{: .prompt-tip }"


@pytest.mark.parametrize(("lang", "title"), [("ko", "도움말"), ("ko-KR", "도움말"), ("en", "Tip"), ("en-GB", "Tip")])
def test_a_text_has_the_words_of_its_language(lang: str, title: str) -> None:
    post = Post.objects.create(title="t", slug="t", lang=lang, body=CALLOUT)
    assert f'<p class="callout-title"><strong>{title}</strong></p>' in post.body_html


def test_words_of_another_language_say_so() -> None:
    post = Post.objects.create(title="t", slug="t", lang="ja", body=CALLOUT)
    assert '<p class="callout-title" lang="en"><strong>Tip</strong></p>' in post.body_html


def test_another_language_of_a_post_renders_it_again() -> None:
    post = Post.objects.create(title="t", slug="t", lang="ko", body=CALLOUT)
    post.lang = "en"
    post.save()
    assert "<strong>Tip</strong>" in Post.objects.get(pk=post.pk).body_html
    post.lang = "ko"
    post.save(update_fields=["lang"])
    assert "<strong>도움말</strong>" in Post.objects.get(pk=post.pk).body_html


def test_pages_have_the_words_of_their_language_too() -> None:
    assert "<strong>도움말</strong>" in Page.objects.create(title="t", slug="t", lang="ko", body=CALLOUT).body_html


def test_no_word_is_missing_or_without_its_gap() -> None:
    english = words("en")
    for key, korean in words("ko").items():
        assert korean.count("{}") == english[key].count("{}")
