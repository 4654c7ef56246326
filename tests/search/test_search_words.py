"""What reads the same is searched the same."""

from __future__ import annotations

import unicodedata

import pytest

from blog.search.normal import aligned, normalised
from blog.search.query import LONGEST, MOST_TERMS, parse
from blog.search.words import fold, fold_all, initials, stem, tokens


@pytest.mark.parametrize(
    ("written", "same"),
    [
        (unicodedata.normalize("NFD", "동영상을"), "동영상을"),
        ("ＳＯＲＡ　ＡＩ", "sora ai"),
        ("Ｖｅｏ ３", "veo 3"),
        ("CAFÉ Ünïcode", "cafe unicode"),
        ("cafe\u0301", "cafe"),
        ("ﾊﾟﾝﾀﾞ", "パンダ"),
        (unicodedata.normalize("NFD", "が"), "が"),
        ("STRASSE", "straße".casefold()),
        ("동\u200b영\u00ad상", "동영상"),
        ("ㅅㄹ", "ㅅㄹ"),
        ("й", "й"),
        ("①…", "1..."),
    ],
)
def test_what_reads_the_same_is_the_same(written: str, same: str) -> None:
    assert normalised(written) == same
    assert normalised(normalised(written)) == same


@pytest.mark.parametrize(
    "text", ["Sora가 ＡＩ…로 ㅋㅋ cafe\u0301 ①", unicodedata.normalize("NFD", "동영상을 가 é"), "ﬁn ß", ""]
)
def test_every_compared_letter_knows_where_it_was_written(text: str) -> None:
    plain, places = aligned(text)
    assert plain == normalised(text)
    assert len(places) == len(plain) + 1
    assert places == sorted(places)
    assert places[-1] == len(text)


@pytest.mark.parametrize(
    "family",
    [
        "prompt prompts prompted prompting",
        "generate generates generated generating",
        "image images imaging",
        "puppy puppies",
        "movie movies",
        "run runs running",
        "fall falls falling",
        "study studies studied studying",
        "dress dresses",
        "box boxes",
        "tree trees",
        "city cities",
        "embed embeds embedded embedding",
        "lens lenses",
        "canvas canvases",
    ],
)
def test_english_words_are_found_by_their_stems(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize(("word", "other"), [("news", "new"), ("evening", "even"), ("canvas", "Canva")])
def test_words_that_only_look_alike_are_told_apart(word: str, other: str) -> None:
    assert stem(word) == word
    assert not parse(word).terms[0].is_in(fold(other))
    assert not parse(f"{other} x").terms[0].is_in(fold(word))


@pytest.mark.parametrize(
    "word", ["string", "this", "speed", "bring", "class", "monkey", "ai", "3d", "2024", "동영상을"]
)
def test_what_only_looks_like_an_ending_stays(word: str) -> None:
    assert stem(word) == word


def test_a_stem_is_a_beginning_of_its_word() -> None:
    for word in "buses glasses making stopped seeing dying wolves eyes skies eerie lenses added ies ied".split():
        assert word.startswith(stem(word))


def test_words_numbers_and_runs_are_units_of_their_own() -> None:
    assert fold("Sora는 Veo3.1보다 GPT-4처럼") == "sora 는 veo 3 1 보다 gpt 4 처럼"
    assert fold_all(["one", "", "두 개"]) == "one ¶ 두 개"


def test_runs_become_overlapping_pairs_that_begin_at_each_letter() -> None:
    assert tokens("동영상을 sora") == ["동영", "영상", "상을", "을", "sora"]


def test_initials_go_across_spaces_and_end_at_other_letters() -> None:
    assert initials("소라 영상, AI가 온다") == "ㅅㄹㅇㅅ ㄱㅇㄷ"


def needles(typed: str) -> list[list[str]]:
    return [[phrase.needle for phrase in term.phrases] for term in parse(typed).terms]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", []),
        ("!!! -- \u0000", []),
        ("영상 생성", [["영상"], ["생성"]]),
        ("영상 영상", [["영상"]]),
        ('"영상 생성" 소라', [["영상 생성"], ["소라"]]),
        ("“영상 생성”", [["영상 생성"]]),
        ("「영상」", [["영상"]]),
        ('"영상', [["영상"]]),
        ('a"b c"d', [[" a "], [" b c "], [" d "]]),
        ("Sora가", [[" sora 가"]]),
        ("tokyo wal", [[" tokyo "], [" wal"]]),
        ('"tokyo wal"', [[" tokyo wal "]]),
        ("images", [[" images", " imag "]]),
        ("generati", [[" generati", " generat "]]),
        ("runni", [[" runni", " run ", " runn "]]),
        ("puppi", [[" puppi", " pup ", " pupp "]]),
        ("영ㅅ", [["영"]]),
        ("ㅅㄹ", [["ㅅㄹ"]]),
        ("title:cat AND NOT (dog*)", [[" titl cat "], [" and "], [" not "], [" dog"]]),
    ],
)
def test_anything_that_is_typed_is_a_query(typed: str, wanted: list[list[str]]) -> None:
    found = needles(typed)
    assert [sorted(one) for one in found] == [sorted(set(one)) for one in wanted]


def test_long_queries_are_cut() -> None:
    assert len(parse("가 " * 500).text) <= LONGEST
    assert len(parse(" ".join(f"낱{number}" for number in range(50))).terms) == MOST_TERMS
