"""Slugs in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from blog.models import Post
from blog.models.slug import jekyll_slug, validate_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("SoraAI", "SoraAI"),
        ("Sora AI가 #1", "Sora-AI가-1"),
        ("  rain  ", "rain"),
        ("rain -- snow", "rain-snow"),
        ("a/b\\c", "a-b-c"),
        ("v1.2_final~", "v1.2_final~"),
        ("Q&A, (really)!", "Q&A,-(really)!"),
        ("雨の日", "雨の日"),
        ("дождь", "дождь"),
        ("हिन्दी", "हिन्दी"),
        (unicodedata.normalize("NFD", "한글"), "한글"),
        ("🎬", ""),
        ("#", ""),
        ("", ""),
        ("½ ²", ""),
    ],
)
def test_a_slug_keeps_letters_digits_and_jekylls_punctuation(text: str, slug: str) -> None:
    assert jekyll_slug(text) == slug


@pytest.mark.parametrize("text", ["Sora AI가 #1", "Q&A, (really)!", "--a--", "v1.2", "हिन्दी"])
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    slug = jekyll_slug(text)
    assert jekyll_slug(slug) == slug
    validate_slug(slug)


GOOD = ["a", "SoraAI", "비-오는-날", "v1.2_final", "Q&A,-really!", "雨", "हिन्दी", "-a-"]
BAD = ["", ".", "..", "a b", "a/b", "a?b", "a#b", "a%b", "<a>", "🎬", "a\n", unicodedata.normalize("NFD", "한글")]


@pytest.mark.parametrize("slug", GOOD)
def test_a_post_may_have_a_slug_in_any_script(make_post: Callable[..., Post], slug: str) -> None:
    post = make_post(slug=slug)
    post.full_clean()
    assert Post.objects.get(slug=slug) == post


@pytest.mark.parametrize("slug", BAD)
def test_a_slug_that_cannot_stand_in_an_address_is_refused(make_post: Callable[..., Post], slug: str) -> None:
    post = make_post()
    post.slug = slug
    with pytest.raises(ValidationError) as refusal:
        post.full_clean()
    assert set(refusal.value.message_dict) == {"slug"}


@pytest.mark.parametrize("slug", BAD)
def test_the_validator_refuses_it_too(slug: str) -> None:
    with pytest.raises(ValidationError):
        validate_slug(slug)


def test_a_slug_that_is_too_long_is_refused(make_post: Callable[..., Post]) -> None:
    post = make_post()
    post.slug = "x" * 201
    with pytest.raises(ValidationError) as refusal:
        post.full_clean()
    assert set(refusal.value.message_dict) == {"slug"}


def test_a_form_takes_jekylls_punctuation() -> None:
    field = Post._meta.get_field("slug").formfield()
    assert field is not None
    assert field.clean("v1.2_final") == "v1.2_final"
    assert field.allow_unicode
