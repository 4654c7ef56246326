"""An excerpt is the first words that say something: no greeting, caption, prompt or heading."""

from __future__ import annotations

from pathlib import Path

import pytest

from blog.rendering import worker
from blog.rendering.excerpt import EXCERPT_LENGTH, excerpt, sentences, without_greeting

LONG = "This paragraph says something that is worth quoting."
KOREAN = "우리는 OpenAI의 시대를 살아가고 있다고 해도 과언이 아닙니다."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<h2>Title of this part of the text, long enough</h2><p>Hi!</p><p>{LONG}</p>", LONG),
        ("<p>Hi!</p><p>It rains.</p><p>Upwards.</p>", "It rains. Upwards."),
        ("<p>Hi!</p>", "Hi!"),
        (f"<p><strong>👋안녕하세요, 훕마드입니다.</strong></p><h1>Sora AI</h1><p>{KOREAN}</p>", KOREAN),
        (f"<p>Hello everyone, my name is Ada and I make films of light and of water.</p><p>{LONG}</p>", LONG),
        (f"<blockquote><p>Prompt: A stylish woman walks down a street.</p></blockquote><p>{LONG}</p>", LONG),
        (f"<p>Prompt: A stylish woman walks down a Tokyo street.</p><p>{LONG}</p>", LONG),
        (f"<p>프롬프트: 한 여자가 네온이 가득한 도쿄의 밤거리를 걷는다.</p><p>{KOREAN}</p>", KOREAN),
        (f'<p><img src="/a.png" alt="A lake in the morning"> A caption of the lake below it</p><p>{LONG}</p>', LONG),
        (f"<p><em>A still from the film that nobody ever shot.</em></p><p>{LONG}</p>", LONG),
        (f"<p><strong>A title that is only set in bold letters</strong></p><p>{LONG}</p>", LONG),
        (f'<p><a href="https://a.example/">https://a.example/a-long-address-of-a-film</a></p><p>{LONG}</p>', LONG),
        (f"<ul><li><p>An item of a list that is long enough to be one</p></li></ul><p>{LONG}</p>", LONG),
        (f"<table><tr><td><p>A cell of a table that is long enough</p></td></tr></table><p>{LONG}</p>", LONG),
        (f"<p>{LONG} <strong>Loudly.</strong></p>", f"{LONG} Loudly."),
        (f'<p>{LONG}<sup><a class="footnote-ref" href="#fn:1">1</a></sup></p>', LONG),
        (
            "<p><em>It is all set in italics, but there is nothing else.</em></p>",
            "It is all set in italics, but there is nothing else.",
        ),
        ("<ul><li>only a list</li></ul>", ""),
        ("", ""),
    ],
)
def test_an_excerpt_is_the_first_paragraph_that_says_something(html: str, expected: str) -> None:
    assert excerpt(html) == expected


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("안녕하세요, 훕마드입니다. 오늘은 소라를 봅니다.", "오늘은 소라를 봅니다."),
        ("안녕하세요! 오늘은 소라를 봅니다.", "오늘은 소라를 봅니다."),
        ("안녕하세요 여러분, 영상 만드는 미나예요. 오늘은 비가 옵니다.", "오늘은 비가 옵니다."),
        ("여러분은 영화를 좋아하시나요?", "여러분은 영화를 좋아하시나요?"),
        ("Hi, I'm Ada. Wolves multiply.", "Wolves multiply."),
        ("Hello everyone! Today we look at wolves.", "Today we look at wolves."),
        ("Hello there, in this post wolves multiply.", "In this post wolves multiply."),
        ("Welcome to my blog! Wolves multiply.", "Wolves multiply."),
        ("Hello Kitty is a cat that was never filmed.", "Hello Kitty is a cat that was never filmed."),
        ("Hi-res stills are what this is about.", "Hi-res stills are what this is about."),
        ("Hitchcock never used one.", "Hitchcock never used one."),
        ("こんにちは、ミナです。今日は雨の話です。", "今日は雨の話です。"),
        ("大家好,我是米娜。今天下雨。", "今天下雨。"),
        ("안녕하세요!", ""),
        ("", ""),
    ],
)
def test_a_greeting_and_who_is_speaking_are_left_out(text: str, rest: str) -> None:
    assert without_greeting(text) == rest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One sentence that is here. " + "word " * 40, None),
        ("가" * 70 + "다. " + "나" * 100, "가" * 70 + "다."),
        ("A sentence of many words which ends well before the limit is there. " * 3, None),
        ("It was seen by Mr. Hitchcock and by others, e.g. by Ada, for the first time. " + "b " * 90, None),
        ("雨" * 80 + "。" + "雪" * 90, "雨" * 80 + "。"),
    ],
)
def test_a_text_is_cut_after_a_sentence_if_enough_is_left(text: str, expected: str | None) -> None:
    found = sentences(text, EXCERPT_LENGTH)
    assert len(found) <= EXCERPT_LENGTH
    assert text.startswith(found.removesuffix("…"))
    if expected:
        assert found == expected


def test_a_text_without_an_end_is_cut_between_words() -> None:
    assert excerpt(f"<p>{'word ' * 100}</p>").endswith("word…")
    assert not sentences("It was shown by Mr. " + "word " * 60, 100).endswith("Mr.")


def test_the_seed_is_described_by_what_it_says(seed: Path) -> None:
    source = (seed / "2024-02-19-SoraAI.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    described = worker.render(source).excerpt
    assert described.startswith("우리는 OpenAI의 시대를 살아가고 있다고 해도 과언이 아닙니다.")
    assert described.endswith(".")
