"""Plain text, excerpts, reading time and the language of a short text."""

from __future__ import annotations

import pytest

from blog.rendering.text import blocks, bound, guess_lang, plain_text, reading_minutes, shorten


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("bare text", "bare text"),
        ("<p>a <b>bold</b>\n  word</p><p>next</p>", "a bold word\nnext"),
        ("<p>a<br>b</p>", "a b"),
        ("<p>a &amp; b &lt;c&gt;</p>", "a & b <c>"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "a\nb\nc"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ('<p><img src="/a.png" alt="A lake"> at dawn</p>', "A lake at dawn"),
        ('<p><img src="/a.png">x</p>', "x"),
        ("<p>a</p><hr><p>b</p>", "a\nb"),
        ("<div>a</p>b</div>c", "a\nb\nc"),
        ("<ul><li>a</ul>b", "a\nb"),
        ("<!--embed:0--><p>a</p>", "a"),
        ("<p> \n </p>", ""),
    ],
)
def test_each_block_is_a_line_of_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_code_keeps_its_lines_in_plain_text() -> None:
    assert plain_text("<pre><code>if x:\n    y()\n</code></pre>") == "if x:\n    y()"


def test_a_block_is_named_by_the_element_around_it() -> None:
    html = "<blockquote>a<p>b</p>c</blockquote><h2>d</h2>e"
    assert blocks(html) == [("blockquote", "a"), ("p", "b"), ("blockquote", "c"), ("h2", "d"), ("p", "e")]


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("short", 10, "short"),
        ("exactly te", 10, "exactly te"),
        ("  many \n spaces ", 20, "many spaces"),
        ("one two three", 10, "one two…"),
        ("one two, three", 11, "one two…"),
        ("가나다라마바사아자차카타", 8, "가나다라마바사…"),
        ("a verylongwordthatgoeson", 10, "a verylon…"),
    ],
)
def test_a_text_is_cut_between_words(text: str, length: int, expected: str) -> None:
    assert shorten(text, length) == expected
    assert len(expected) <= length


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("word " * 230, 1),
        ("word " * 2300, 10),
        ("영" * 5000, 10),
        ("영상 " * 2500, 10),
        ("かな" * 500 + "漢字" * 500, 4),
        ("영" * 1000 + " word" * 460, 4),
        ("... --- !!! " * 1000, 1),
    ],
)
def test_reading_time_counts_syllables_and_words(text: str, minutes: int) -> None:
    assert reading_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("A woman walks", "en"),
        ("한 여자가 걷는다", "ko"),
        ("Sora로 만든 영상입니다", "ko"),
        ("女性が東京を歩く", "ja"),
        ("一位女士走在街上", "zh"),
        ("A long sentence with one 한글 word in it", "en"),
        ("", "en"),
        ("1234 !?", "en"),
    ],
)
def test_the_language_of_a_prompt_is_told_by_its_script(text: str, lang: str) -> None:
    assert guess_lang(text) == lang


@pytest.mark.parametrize(
    ("title", "set_as"),
    [
        ("세상 | 미래", "세상_| 미래"),
        ("a · b — c – d", "a_· b_— c_– d"),
        ("AI / News: x", "AI_/ News: x"),
        ("a|b, well-known and/or", "a|b, well-known and/or"),
        ("| at the ends |", "| at the ends |"),
        ("", ""),
    ],
)
def test_no_line_of_a_title_begins_with_what_separates_its_parts(title: str, set_as: str) -> None:
    assert bound(title) == set_as.replace("_", "\u00a0")
