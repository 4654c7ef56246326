"""The words in a provider's HTML: what is kept, and that nothing else is."""

from __future__ import annotations

import pytest

from blog.embeds.quoted import Quoted, language, read

X = (
    '<blockquote class="twitter-tweet" data-dnt="true"><p lang="en" dir="ltr">One &amp; two<br><br>three</p>'
    '&mdash; OpenAI (@OpenAI) <a href="https://twitter.com/OpenAI/status/20?ref_src=a%5Eb">March 21, 2006</a>'
    "</blockquote>\n\n"
)


def test_the_first_paragraph_is_the_text_and_what_follows_is_links() -> None:
    assert read(X) == Quoted(
        "One & two\n\nthree",
        "en",
        {"class": "twitter-tweet", "data-dnt": "true"},
        [("https://twitter.com/OpenAI/status/20?ref_src=a%5Eb", "March 21, 2006")],
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>5 &lt; 6 &#39;q&#39; &quot;r&quot; &eacute;</p>", "5 < 6 'q' \"r\" é"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>"),
        ("<p>&amp;lt;</p>", "&lt;"),
        ("<p>프롬프트 🐕‍🦺 👩🏽‍🎤</p>", "프롬프트 🐕‍🦺 👩🏽‍🎤"),
        ("<p dir='rtl'>שלום عالم</p>", "שלום عالم"),
        ("<p>a<br>b<br/>c<br />d</p>", "a\nb\nc\nd"),
        ("<p>a\nb\r\n c</p>", "a\nb\nc"),
        ("<p>a<br><br><br><br>b</p>", "a\n\nb"),
        ("<p> a \t\xa0 b&nbsp;</p>", "a b"),
        ("<p>a\x00b\x0bc\x1bd\x7f\ud800</p>", "abcd"),
        ("<p>a&#0;b&#xD800;c</p>", "a�b�c"),
        ("<P>a<B>b</B></P>", "ab"),
        ("a", "a"),
        ("a<p>b</p>c", "a\n\nb"),
        ("<p>a<!-- b --><![CDATA[c]]>d</p>", "ad"),
        ("<p>a<![x[ b>c<!x>d<?x?>e</p>", "acde"),
        ("<p>a</p><p>b</p>", "a"),
        ("", ""),
        ("<p></p>", ""),
        ("<", "<"),
        ("<p>a < b", "a < b"),
    ],
)
def test_words_stay_as_they_are_read(html: str, text: str) -> None:
    assert read(html).text == text


@pytest.mark.parametrize(
    "html",
    [
        "<p>ab<script>alert('c')</script></p>",
        "<p>a<script>if (1 < 2) { document.write('<p>c</p>') }</script>b</p>",
        "<p>a<style>p { color: red }</style>b</p>",
        "<p>a<SCRIPT type='module'>c</SCRIPT>b</p>",
        "<p>a<img src=x onerror=alert(1)>b<svg onload=alert(1)></svg></p>",
        "<p onclick='c'>a<i style='d'>b</i></p>",
        "<p>ab<script>c</p><p>d",
        "<p>ab<style>c",
        "<p>ab</p><script>c</script>",
    ],
)
def test_no_markup_and_no_script_is_left(html: str) -> None:
    assert read(html).text == "ab"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<p>a <a href="https://t.co/x">https://t.co/x</a></p>', "a https://t.co/x"),
        (
            '<p>a <a href="https://t.co/x" title="https://long.example/page">long.example/pa…</a></p>',
            "a https://long.example/page",
        ),
        ('<p>a <a href="https://t.co/x" title="javascript:alert(1)">long.example/pa…</a></p>', "a long.example/pa…"),
        ('<p>a <a href="https://t.co/x" title="https://long.example/page">short</a></p>', "a short"),
        ('<p>a <a href="https://t.co/x">pic.twitter.com/Ab1</a></p>', "a"),
        ('<p>a <a href="https://t.co/x">pic.x.com/Ab1</a> b</p>', "a b"),
        ('<p>a<br><br><a href="https://bsky.app/x">[image or embed]</a></p>', "a"),
        ("<p>a pic.twitter.com/Ab1</p>", "a pic.twitter.com/Ab1"),
        ('<p>a <a href="x">b<br>c</a></p>', "a b\nc"),
        ('<p>a <a href="x">b</p>', "a b"),
        ('<p>a <a href="x">b', "a b"),
        ('<p>a <a href="x">b <a href="y">c</a> d</p>', "a b c d"),
        ("<p>a <a>b</a></a></p>", "a b"),
    ],
)
def test_a_link_is_its_words(html: str, text: str) -> None:
    assert read(html).text == text


@pytest.mark.parametrize(
    ("html", "text", "links"),
    [
        ("<p>a<p>b<p>c", "a", []),
        ("<p>a<p>b <a href=x>c", "a", [("x", "c")]),
        ("<p>a</p></p></p> <a href=x>c</a>", "a", [("x", "c")]),
        ("</p>a", "a", []),
        ("<p>a</p><a href=x>b <a href=y>c</a>", "a", [("x", "b"), ("y", "c")]),
        ("<div><blockquote><p>a</blockquote></p>b", "a", []),
    ],
)
def test_tags_that_are_not_closed_lose_no_words(html: str, text: str, links: list[tuple[str, str]]) -> None:
    quote = read(html)
    assert (quote.text, quote.links) == (text, links)


def test_the_language_is_that_of_the_first_paragraph() -> None:
    assert read('<blockquote class="a">\n  <p lang="ko">a</p><p lang="en">b</p>').lang == "ko"
    assert read('<p>a</p><p lang="en">b</p>').lang == ""


def test_the_attributes_are_those_of_the_outer_quote() -> None:
    assert read('<blockquote data-a="1"><blockquote data-b="2"></blockquote></blockquote>').attributes == {
        "data-a": "1"
    }
    assert read("<blockquote hidden>").attributes == {"hidden": ""}
    assert read("<p>a</p>").attributes == {}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a</p>\n<p>b</p>\n", "a\n\nb"),
        ("<p>a<p>b", "a\n\nb"),
        ("<p>a</p><ul><li>b</li><li>c</li></ul><p>d</p>", "a\n\nb\nc\n\nd"),
        ("<p>a</p><blockquote><p>b</p></blockquote>c", "a\n\nb\nc"),
        ("<pre>a\nb</pre>c", "a\nb\nc"),
        ("<p>a <a href=x>b</p><p>c</a></p>", "a b\n\nc"),
    ],
)
def test_the_whole_text_has_every_paragraph(html: str, text: str) -> None:
    quote = read(html, whole=True)
    assert (quote.text, quote.links) == (text, [])


def test_deep_nesting_is_read() -> None:
    assert read("<p>" + "<b>" * 20_000 + "a").text == "a"


@pytest.mark.parametrize(
    ("code", "lang"),
    [
        ("ko", "ko"),
        ("EN", "en"),
        ("pt-BR", "pt-BR"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("ckb", "ckb"),
        ("in", "id"),
        ("iw", "he"),
        ("msa", "ms"),
    ],
)
def test_a_language_has_the_code_that_is_valid_today(code: str, lang: str) -> None:
    assert language(code) == lang


@pytest.mark.parametrize(
    "code",
    [
        "",
        "e",
        "engl",
        "한",
        "en_US",
        "en ",
        'en"><b>',
        "x-lol",
        "en-" + "a" * 8 + "-" + "b" * 8 + "-c",
        "und",
        "zxx",
        "qme",
        "qht",
    ],
)
def test_what_is_no_language_is_left_out(code: str) -> None:
    assert language(code) == ""
