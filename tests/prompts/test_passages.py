"""The passage of a post that a prompt belongs to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blog.models import Post
from blog.prompts.passage import Passage, passage_of
from tests.conftest import EMBED

MakePost = Callable[..., Post]


def passages(post: Post) -> list[Passage]:
    prompts = post.prompts.current().select_related("post", "post_embed").order_by("position")
    return [passage_of(prompt) for prompt in prompts]


def test_a_passage_is_the_heading_and_the_paragraphs_that_touch_the_prompt(make_post: MakePost) -> None:
    post = make_post(body=f"# One\n\nfar\n\n## Two *b*\n\nabove **it** & so\n\n{EMBED}\nbelow\n\nfar\n\n# Three")
    assert passages(post) == [Passage("Two b", "above it & so", "below")]


@pytest.mark.parametrize("block", [EMBED, "> Prompt: alone\n"])
def test_nothing_is_taken_from_beyond_a_heading_a_list_or_another_embed(make_post: MakePost, block: str) -> None:
    assert passages(make_post(body=f"above\n\n# One\n\n{block}\n# Two\n\nbelow")) == [Passage("One")]
    assert passages(make_post(body=f"above\n\n- a list\n\n{block}\n- a list\n\nbelow")) == [Passage()]
    first, second = passages(make_post(body=f"above\n\n{block}\n> Prompt: second\n\nbelow"))
    assert (first, second) == (Passage(before="above"), Passage(after="below"))


def test_a_prompt_in_a_list_has_no_paragraphs(make_post: MakePost) -> None:
    post = make_post(body="# One\n\n- item\n\n  > Prompt: inside\n\n- other")
    assert [passage.heading for passage in passages(post)] == ["One"]


def test_footnote_numbers_are_left_out(make_post: MakePost) -> None:
    post = make_post(body=f"above[^1] it\n\n{EMBED}\n\n[^1]: note")
    assert passages(post)[0].before == "above it"


def test_a_prompt_whose_place_is_gone_has_no_passage(make_post: MakePost) -> None:
    post = make_post(body=f"above\n\n{EMBED}")
    Post.objects.update(body_html="<p>other</p>")
    assert passages(Post.objects.get(pk=post.pk)) == [Passage()]
