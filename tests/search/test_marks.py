"""Hits are marked in the letters that were written, and nothing that was written becomes HTML."""

from __future__ import annotations

import unicodedata

import pytest

from blog.search.marks import PASSAGE, marked, named, passage
from blog.search.query import parse


@pytest.mark.parametrize(
    ("text", "typed", "html"),
    [
        ("동영상을 본다", "영상", "동<mark>영상</mark>을 본다"),
        (
            "A Prompt, prompts, prompting; promote",
            "prompts",
            "A <mark>Prompt</mark>, <mark>prompts</mark>, <mark>prompting</mark>; promote",
        ),
        ("Tokyo, tok", "tok", "<mark>Tokyo</mark>, <mark>tok</mark>"),
        ("Sora가 Sora는", "sora가", "<mark>Sora가</mark> Sora는"),
        ("ＳＯＲＡ와 café", "sora cafe", "<mark>ＳＯＲＡ</mark>와 <mark>café</mark>"),
        ("Veo 3.1, 13.1", "3.1", "Veo <mark>3.1</mark>, 13.1"),
        ("영상을 생성, 영상 생성", '"영상 생성"', "영상을 생성, <mark>영상 생성</mark>"),
        ("영상 생성", "영상 상", "<mark>영상</mark> 생성"),
        ("소라", "ㅅㄹ", "소라"),
        ("…①…영상…", "영상", "…①…<mark>영상</mark>…"),
        ("<b>영상</b> & \"'", "영상", "&lt;b&gt;<mark>영상</mark>&lt;/b&gt; &amp; &quot;&#x27;"),
        ("<script>", "script", "&lt;<mark>script</mark>&gt;"),
        ("a&amp;b", "amp", "a&amp;<mark>amp</mark>;b"),
        ("영상", "", "영상"),
        ("", "영상", ""),
    ],
)
def test_hits_are_marked_and_the_rest_is_escaped(text: str, typed: str, html: str) -> None:
    assert marked(text, parse(typed)) == html


@pytest.mark.parametrize(
    ("text", "typed", "html"),
    [
        ("소라", "ㅅㄹ", "<mark>소라</mark>"),
        ("긴 소라 영상 & 소리", "ㅅㄹ", "긴 <mark>소라</mark> 영상 &amp; <mark>소리</mark>"),
        ("소, 라", "ㅅㄹ", "소, 라"),
        ("소 라 A", "ㅅㄹ a", "<mark>소 라</mark> <mark>A</mark>"),
        ("ㅅㄹ 소라", "ㅅㄹ", "<mark>ㅅㄹ</mark> <mark>소라</mark>"),
        ("가가가", "ㄱㄱ", "<mark>가가</mark>가"),
        ("영상", "ㅅㄹ", "영상"),
    ],
)
def test_in_names_the_syllables_of_initials_are_marked(text: str, typed: str, html: str) -> None:
    assert named(text, parse(typed)) == html


def test_decomposed_syllables_are_marked_by_their_initials() -> None:
    text = unicodedata.normalize("NFD", "긴 소라")
    assert unicodedata.normalize("NFC", named(text, parse("ㅅㄹ"))) == "긴 <mark>소라</mark>"


def test_decomposed_hangul_is_marked_as_a_whole() -> None:
    text = unicodedata.normalize("NFD", "동영상을")
    assert unicodedata.normalize("NFC", marked(text, parse("영상"))) == "동<mark>영상</mark>을"


def test_one_letter_that_became_several_is_marked_once() -> None:
    assert marked("a ㎞ b", parse("km")) == "a <mark>㎞</mark> b"


def test_a_passage_is_cut_between_words_around_the_hit() -> None:
    text = "앞에 있는 말 " * 60 + "여기에 동영상을 둔다 " + "뒤에 오는 말 " * 60
    found = passage(text, parse("영상"))
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert "동<mark>영상</mark>을 둔다" in found
    words = found.replace("<mark>", "").replace("</mark>", "").strip("… ").split(" ")
    assert set(words) <= set(text.split())
    assert len(" ".join(words)) <= PASSAGE


def test_a_passage_is_where_most_of_the_words_are() -> None:
    text = "고래가 있다. " + "다른 말 " * 80 + "바다에 고래가 산다."
    assert "<mark>바다</mark>에 <mark>고래</mark>가 산다." in passage(text, parse("고래 바다"))


def test_a_text_without_spaces_is_cut_anywhere() -> None:
    found = passage("漢字" * 300 + "映画" + "漢字" * 300, parse("映画"))
    assert "<mark>映画</mark>" in found
    assert len(found) < PASSAGE + 30


def test_a_passage_of_a_short_text_is_all_of_it() -> None:
    assert passage("one\n two <b>", parse("two")) == "one <mark>two</mark> &lt;b&gt;"


def test_where_nothing_is_there_is_no_passage() -> None:
    assert passage("text", parse("other")) == ""
    assert passage("text", parse("")) == ""


def test_marks_of_texts_that_repeat_are_limited() -> None:
    assert marked("가" * 100_000, parse("가")).count("<mark>") == 200
