"""What a text is about, in a line or two: its first words that say something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from blog.rendering.text import Paragraph, paragraphs, shorten

EXCERPT_LENGTH = 160  # what search results and link previews show
_ENOUGH = 30  # a shorter paragraph is a greeting or a label, not what the text is about
_MOST_GREETINGS = 5
_SHORTEST_CUT = 60  # sentences that end before that say too little to stop there

_GREETING = re.compile(
    r"[^\w]*(?:안녕하(?:세요|십니까|신가요)|(?:안녕|여러분)(?=[\s,.!~])|반갑습니다|오랜만입니다|어서\s?오세요"
    r"|(?:hi|hello|hey|greetings|welcome|good (?:morning|evening|afternoon))\b"
    r"(?: (?:there|everyone|everybody|all|folks|friends|again)\b)?"
    r"|こんにちは|こんばんは|(?:皆さん|みなさん)(?=[\s、。,!！])|はじめまして|大家好|你好)[\s,.!~?、。！，·…]*",
    re.IGNORECASE,
)
# What is left of a greeting's sentence and says no more than who is speaking.
_INTRODUCTION = re.compile(
    r"(?:(?:저는|전|제 이름은) .{1,40}|.{1,24}(?:입니다|이에요|예요|라고 합니다|인사드립니다)"
    r"|(?:i['’]?m|i am|my name is|this is|it['’]s|welcome|and welcome|to my|to the|to our)\b.{0,60}"
    r"|(?:私は|僕は)?.{1,20}(?:です|と申します)|我是.{1,20})[.!~。！…\s]*",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,.!~?…]\s*$")
_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]]*(?=\s|$)|[。！？]")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|vs|etc|cf|approx|mr|ms|mrs|dr|st)|\b[A-Z]|(?:^|\s)\d+)\.$", re.IGNORECASE)
_LABEL = re.compile(r"(?:negative )?(?:prompts?|프롬프트|プロンプト|提示词|提示詞)\s*[:：]", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")


def excerpt(html: str) -> str:
    """The first paragraph that says something, without the greeting before it, cut after a sentence if one ends."""
    found = paragraphs(html)
    prose = [paragraph.text for paragraph in found if _is_prose(paragraph)]
    greeted = [rest for text in prose if (rest := without_greeting(text))]
    chosen = next((text for text in greeted if len(text) >= _ENOUGH), "") or " ".join(greeted)
    return sentences(chosen or " ".join(prose or (paragraph.text for paragraph in found)), EXCERPT_LENGTH)


def _is_prose(paragraph: Paragraph) -> bool:
    """Not a caption, a prompt, a bare address, a title that is only set in bold."""
    text = paragraph.text
    return not (paragraph.has_picture or paragraph.is_set_off or _LABEL.match(text)) and bool(
        _ADDRESS.sub("", text).strip()
    )


def without_greeting(text: str) -> str:
    """`text` from where it stops greeting; "" if it does nothing else.

    >>> without_greeting("안녕하세요, 미나입니다. 오늘은 비가 거꾸로 내립니다.")
    '오늘은 비가 거꾸로 내립니다.'
    """
    for _ in range(_MOST_GREETINGS):
        greeting = _GREETING.match(text)
        if greeting is None:
            break
        rest = text[greeting.end() :]
        end = next(_ends(rest), len(rest))
        if _INTRODUCTION.fullmatch(rest[:end]):
            rest = rest[end:].lstrip()
        elif greeting[0].isascii() and not _PAUSE.search(greeting[0]):
            break  # "Hello Kitty is …", "Welcome to the machine, …": the sentence goes on
        text = rest[:1].upper() + rest[1:]
    return text


def sentences(text: str, length: int) -> str:
    """At most `length` characters on one line: whole sentences if that leaves enough of them, else whole words."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    ends = list(_ends(text[: length + 1]))
    return text[: ends[-1]] if ends and _SHORTEST_CUT <= ends[-1] <= length else shorten(text, length)


def _ends(text: str) -> Iterator[int]:
    """Where sentences end."""
    for match in _END.finditer(text):
        if not _NO_END.search(text[max(0, match.end() - 12) : match.end()]):
            yield match.end()
