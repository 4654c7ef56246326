"""Prompts written out, to be taken elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blog.models import Generator, Post, Prompt
from blog.prompts import texts
from blog.rendering import render

MakePost = Callable[..., Post]
BASE = "https://b.example"


@pytest.fixture
def prompt(make_post: MakePost) -> Prompt:
    body = """https://x.com/a/status/1758192965703647443
a [cat] & *more*
> Prompt: one  two
>
>    three\tfour
> Model: Sora 1.0
> Negative prompt: text,
> logos
> Settings: tiling=on, motion: 3
> Seed: 42
> Failure: physics
> Notes: mine"""
    Generator.objects.create(name="Sora", slug="sora")
    make_post(title="고양이 [1]", slug="cat", body=body, lang="ko")
    return Prompt.objects.get()


SETTINGS = "Model: Sora 1.0\nNegative prompt: text,\nlogos\nSeed: 42\nSettings: motion: 3, tiling: on"


def test_with_settings_says_what_it_was_run_with(prompt: Prompt) -> None:
    assert texts.with_settings(prompt) == f"one  two\n\n   three\tfour\n\n{SETTINGS}"
    assert texts.with_settings(Prompt(text="alone")) == "alone"


def test_markdown_names_where_it_is_from(prompt: Prompt) -> None:
    credit = texts.markdown(prompt, BASE).split("\n\n— ")[1]
    assert credit == (
        f"[a \\[cat\\] & \\*more\\*](https://b.example/prompts/{prompt.public_id}/), "
        "[고양이 \\[1\\]](https://b.example/posts/cat/)\n"
    )


def test_markdown_that_is_pasted_into_another_post_is_the_same_prompt(prompt: Prompt) -> None:
    again = render(texts.markdown(prompt, BASE))
    (ref,) = again.prompts
    assert ref.text == prompt.text
    assert ref.settings == {
        "model": "Sora 1.0",
        "negative_prompt": "text,\nlogos",
        "settings": "motion: 3, tiling: on",
        "seed": "42",
    }
    assert "— <a href=" in again.html


@pytest.mark.parametrize(
    "text", ["   indented", "a\n\n\n b", "# no *heading*", "> quoted", "```\ncode\n```", "Seed: 1"]
)
def test_any_prompt_survives_being_pasted(prompt: Prompt, text: str) -> None:
    prompt.text = text
    assert [ref.text for ref in render(texts.markdown(prompt, BASE)).prompts] == [text]


def test_a_negative_prompt_with_blank_lines_is_pasted_whole(prompt: Prompt) -> None:
    prompt.negative_prompt = "text\n\n\nlogos\n"
    assert render(texts.markdown(prompt, BASE)).prompts[0].settings["negative_prompt"] == "text\nlogos"


def test_all_prompts_of_a_post_come_with_their_captions(make_post: MakePost) -> None:
    post = make_post(
        title="Two",
        slug="two",
        body="https://x.com/a/status/1758192965703647443\ncat\n> Prompt: a\n\n> Prompt: b\n> Seed: 1",
    )
    prompts = post.prompts.select_related("generator", "post_embed").order_by("position")
    assert texts.all_of(post, prompts, BASE) == (
        "Two\nhttps://b.example/posts/two/\n\n---\n\ncat\n\na\n\n---\n\nb\n\nSeed: 1\n"
    )


def test_data_has_everything_by_name(prompt: Prompt) -> None:
    assert texts.data(prompt, BASE) == {
        "id": prompt.public_id,
        "text": "one  two\n\n   three\tfour",
        "lang": "en",
        "model": "Sora",
        "model_version": "1.0",
        "negative_prompt": "text,\nlogos",
        "parameters": {"seed": "42", "motion": "3", "tiling": "on"},
        "failure_modes": ["physics"],
        "post_url": "https://b.example/posts/cat/",
        "media_url": "https://x.com/i/status/1758192965703647443",
    }
