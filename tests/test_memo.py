"""What is remembered by all that it was made of."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from django.db.models import Model

from blog import presentation
from blog.memo import Memo, contents
from blog.models import Embed, Generator, Image, Post, Prompt
from tests.conftest import EMBED


def test_a_value_is_made_once_and_the_ones_nobody_asks_for_go_first() -> None:
    memo, made = Memo(2), []

    def get(key: str) -> str:
        return memo.get(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    assert [get(key) for key in "abacab"] == list("abacab")
    assert made == list("abcb")


@pytest.mark.parametrize("model", [Embed, Image, Prompt, Generator])
def test_another_value_in_any_column_is_another_content(model: type[Model]) -> None:
    row = model(pk=1)
    for field in model._meta.concrete_fields:
        other = copy(row)
        assert contents(other) == contents(row)
        other.__dict__[field.attname] = "other"
        assert contents(other) != contents(row), field


def test_a_row_that_was_loaded_in_part_has_no_content(make_post: Callable[..., Post]) -> None:
    make_post(body=EMBED)
    with pytest.raises(KeyError):
        contents(Embed.objects.defer("text").get())
    assert contents(None) is None


def test_a_figure_is_made_once_for_the_same_rows_and_anew_when_one_changes(
    make_post: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    post, made = make_post(body=EMBED), []
    real = presentation._render_embed

    def counting(*arguments: Any) -> str:
        made.append(1)
        return real(*arguments)

    monkeypatch.setattr(presentation, "_render_embed", counting)

    def shown() -> str:
        return presentation.body(Post.objects.get(pk=post.pk), "page")

    first = shown()
    assert shown() == first
    assert len(made) == 1
    generator = Generator.objects.create(name="Sora", slug="sora")
    for change in (
        lambda: Embed.objects.update(text="What was said", author_name="OpenAI"),
        lambda: Embed.objects.update(status="gone"),
        lambda: Prompt.objects.update(generator=generator),
        lambda: Generator.objects.update(status="retired"),
        lambda: post.post_embeds.update(caption="Another caption"),
    ):
        change()
        assert shown() != first
        first = shown()
    assert len(made) == 6
