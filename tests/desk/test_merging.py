"""Two edits of one text."""

from __future__ import annotations

import pytest

from blog.diff import shortened, text_diff
from blog.merge import merge, undecided

BASE = "one\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (BASE, BASE, BASE),
        ("ONE\ntwo\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", "ONE\ntwo\nthree\nFOUR\n"),
        (BASE, "one\nfour\n", "one\nfour\n"),
        ("zero\n" + BASE, BASE + "five\n", "zero\n" + BASE + "five\n"),
        ("one\nTWO\nthree\nfour\n", "one\nTWO\nthree\nfour\n", "one\nTWO\nthree\nfour\n"),
        ("", BASE, ""),
    ],
)
def test_changes_in_different_places_come_together(mine: str, theirs: str, merged: str) -> None:
    result = merge(BASE, mine, theirs)
    assert (result.text, result.conflicts) == (merged, 0)
    assert merge(BASE, theirs, mine).text == merged


def test_lines_that_both_changed_are_marked_and_both_stay() -> None:
    result = merge(BASE, "one\nmine\nthree\nfour\n", "one\ntheirs\nthree\nfour\n", ("me", "you"))
    assert result.text == "one\n<<<<<<< me\nmine\n=======\ntheirs\n>>>>>>> you\nthree\nfour\n"
    assert result.conflicts == 1


def test_how_the_last_line_ends_is_nobodys_edit() -> None:
    assert merge("a", "b", "c").text == "<<<<<<<\nb\n=======\nc\n>>>>>>>"
    assert merge("a\n\nb\n", "a\n\nB\n", "A\n\nb").text == "A\n\nB\n"


def test_what_one_removed_and_the_other_changed_is_a_conflict() -> None:
    result = merge(BASE, "one\nthree\nfour\n", "one\nTWO\nthree\nfour\n")
    assert result.conflicts == 1
    assert "TWO" in result.text


def test_a_long_text_is_compared_by_words_where_its_lines_differ() -> None:
    lines = [f"line {number} of many words that stay as they are" for number in range(800)]
    old = "\n".join(lines)
    new = old.replace("line 400 of many words", "line 400 of few words")
    pieces = text_diff(old, new)
    assert [piece for piece in pieces if piece[0] != "same"] == [("del", "many"), ("ins", "few")]
    assert "".join(text for kind, text in pieces if kind != "del") == new
    assert "".join(text for kind, text in pieces if kind != "ins") == old
    assert len("".join(text for _, text in shortened(pieces))) < 1000


NAMES = [("mine", "theirs"), ("내 글", "저쪽 글")]


@pytest.mark.parametrize("names", NAMES)
def test_a_place_is_undecided_until_its_marks_are_gone(names: tuple[str, str]) -> None:
    text = merge(BASE, "one\nmine\nthree\nfour\n", "one\ntheirs\nthree\nfour\n", names).text
    assert undecided(text, NAMES) == 2
    lines = text.splitlines()
    for mark in (1, 3, 5):
        assert undecided("\n".join(lines[:mark] + lines[mark + 1 :]), NAMES) == 0


def test_what_somebody_writes_about_git_is_their_own() -> None:
    assert undecided("```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n```\n", NAMES) == 0
    assert undecided(">>>>>>> theirs\n=======\n<<<<<<< mine\n", NAMES) == 0
