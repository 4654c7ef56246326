"""What one prompt says otherwise than another."""

from __future__ import annotations

import random

import pytest

from blog.diff import MOST_WORDS, word_diff


def test_equal_prompts_are_one_piece() -> None:
    assert word_diff("a cat", "a cat") == [("same", "a cat")]
    assert word_diff("", "") == []


def test_a_changed_word_is_struck_and_the_new_one_stands_beside_it() -> None:
    assert word_diff("A wet street, night.", "A dry street, night.") == [
        *(("same", "A"), ("same", " "), ("del", "wet"), ("ins", "dry"), ("same", " street, night."))
    ]


def test_words_are_added_and_taken_away() -> None:
    assert word_diff("고양이가 잔다", "고양이가 벽에서 잔다") == [
        *(("same", "고양이가"), ("same", " "), ("ins", "벽에서"), ("same", " 잔다"))
    ]
    assert word_diff("a big cat", "a cat") == [("same", "a"), ("del", " big"), ("same", " cat")]


def test_other_spacing_is_no_other_word() -> None:
    assert word_diff("a  cat\n\nsleeps", "a cat sleeps") == [("same", "a cat sleeps")]


@pytest.mark.parametrize("seed", range(60))
def test_the_pieces_give_both_texts_back(seed: int) -> None:
    chance = random.Random(seed)
    pieces = ["cat", "dog", "고양이", ",", ".", "(red:1.2)", "\n", "  ", " "]
    old, new = (" ".join(chance.choice(pieces) for _ in range(chance.randrange(30))) for _ in range(2))
    diff = word_diff(old, new)
    assert diff is not None
    assert "".join(text for kind, text in diff if kind != "del") == new
    assert "".join("".join(text for kind, text in diff if kind != "ins").split()) == "".join(old.split())
    assert all(text for _, text in diff)


def test_texts_that_would_take_long_are_not_compared() -> None:
    many = [f"w{i}" for i in range(MOST_WORDS // 2)]
    assert word_diff(" ".join(many), " ".join(many)) is not None
    assert word_diff(" ".join([*many, "x"]), " ".join(many)) is None
    assert word_diff("a b " * 300, "b a " * 300) is None
