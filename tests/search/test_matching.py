"""What a query finds: the same from either database, and from the rule itself."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection

from blog.models import Post, PostEntry
from blog.search import backend, index
from blog.search.find import find
from blog.search.query import parse


def found(typed: str, **options: Any) -> set[str]:
    keys, total, more = find(parse(typed), Post.objects.published(), start=0, size=100, **options)
    assert not more
    assert len(keys) == total
    return set(Post.objects.filter(pk__in=keys).values_list("slug", flat=True))


@pytest.mark.parametrize("typed", ["AI/News", '"AI / News"', "ai news"])
def test_a_category_is_found_by_the_way_to_it(make_post: Any, typed: str) -> None:
    make_post(slug="filed", category="AI/News")
    make_post(slug="apart", tags=["News", "AI"])
    assert found(typed) == ({"filed"} if "/" in typed else {"filed", "apart"})


@pytest.fixture
def posts(make_post: Any) -> None:
    make_post(slug="compound", title="동영상을 만드는 법", body="글에서 화면을 만듭니다.")
    make_post(slug="particle", title="하나", body="영상이 돌아갑니다. 이미지생성모델도 있습니다.")
    make_post(slug="neither", title="둘", body="영화와 상상. 생각과 성장. 글로벌 서비스.")
    make_post(slug="english", title="Three", body="She generates images while Walking through Tokyo streets.")
    make_post(slug="mixed", title="Sora AI가 보여주는 미래", body="Veo 3.1과 GPT-4o를 비교합니다. 상", tags=["소라"])


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("영상", {"compound", "particle"}),
        ("동영상", {"compound"}),
        ("생성", {"particle"}),
        ("이미지 생성", {"particle"}),
        ("이미지생성", {"particle"}),
        ("상", {"compound", "particle", "neither", "mixed"}),
        ("성장", {"neither"}),
        ("상영", set()),
        ("영상 생성", {"particle"}),
        ('"영상이 돌아"', {"particle"}),
        ('"영상 돌아"', set()),
        ('"만드는 법"', {"compound"}),
        ("generating image", {"english"}),
        ("GENERATED ＩＭＡＧＥＳ", {"english"}),
        ("walk", {"english"}),
        ("tok", {"english"}),
        ("okyo", set()),
        ("tok streets", set()),
        ('"tokyo street"', {"english"}),
        ('"street tokyo"', set()),
        ('"tok"', set()),
        ("sora", {"mixed"}),
        ("sora가", set()),
        ("AI가", {"mixed"}),
        ("ai 미래", {"mixed"}),
        ("veo3.1", {"mixed"}),
        ("3.1", {"mixed"}),
        ("gpt4", {"mixed"}),
        ("ㅅㄹ", {"mixed"}),
        ("ㅁㄹ", {"mixed"}),
        ("ㄷㅇㅅ", {"compound"}),
        ("ㅇㅅㅇ", {"compound"}),
        ("ㅎㅎ", set()),
        ("동영ㅅ", {"compound"}),
        ("🎬", set()),
    ],
)
def test_what_is_found(posts: None, typed: str, wanted: set[str]) -> None:
    assert found(typed) == wanted


@pytest.mark.parametrize(
    "typed",
    [
        "title:영상",
        "영상*",
        "영상 OR 생성",
        "NEAR(영상 생성)",
        "영상 AND NOT 생성",
        "-영상",
        "^영상",
        "{title} : 영상",
        "영상'; DROP TABLE blog_post; --",
        '영상"',
        '"""',
        "영상 & !생성 | (글:*)",
        "영상:A",
        "%_\\",
        "'",
        "\\' & '",
        "\x00영상",
        "¶",
        "* ( ) { } [ ] : ^ + - ~",
        "\ud800",
    ],
)
def test_nothing_that_is_typed_is_syntax(posts: None, typed: str) -> None:
    found(typed)
    assert found(f"{typed} 없는말") == set()
    assert Post.objects.count() == 5


def test_signs_around_a_word_change_nothing(posts: None) -> None:
    assert found("-영상*") == found("(영상)") == found("영상!") == found("영상") != set()


def test_only_prompts_can_be_searched(make_post: Any) -> None:
    make_post(slug="prompt", body="> Prompt: a red cat\n> Negative prompt: blur")
    make_post(slug="text", body="a red cat, blurred")
    assert found("red cat") == {"prompt", "text"}
    assert found("red cat", prompts_only=True) == {"prompt"}
    assert found("blur", prompts_only=True) == {"prompt"}
    assert found('"cat blur"', prompts_only=True) == set()  # two texts, not one


def test_very_long_texts_are_found_to_their_end(make_post: Any) -> None:
    make_post(slug="long", body="가나다라 " * 19_000 + "마지막말 낱말")
    assert found("마지막말") == {"long"}
    assert found('"마지막말 낱말"') == {"long"}
    assert found('"라마지막"') == set()


def test_a_text_without_spaces_can_be_saved_and_found(make_post: Any) -> None:
    make_post(slug="wall", body="".join(chr(0xAC00 + number) for number in range(11_000)) + "z" * 5_000)
    assert found(chr(0xAC00 + 40) + chr(0xAC00 + 41)) == {"wall"}
    assert found("zzz") == {"wall"}


def test_the_database_finds_what_the_rule_says(make_post: Any) -> None:
    """Random texts of few letters, so that pairs meet in all ways."""
    chance = random.Random(7)
    pieces = ["가", "나", "다", "ab", "abs", "abing", " ", " ", ". ", "1", "ㄱ", "か"]
    texts = ["".join(chance.choices(pieces, k=12)) for _ in range(80)]
    PostEntry.objects.all().delete()
    for number, text in enumerate(texts):
        make_post(title=text, slug=f"p{number}", body="".join(chance.choices(pieces, k=20)))
    entries = list(PostEntry.objects.all())
    for _ in range(150):
        typed = "".join(chance.choices([*pieces, '"'], k=chance.randint(1, 6)))
        terms = parse(typed).terms
        for fields in (("title",), PostEntry.FIELDS) if terms else ():
            wanted = {
                entry.pk
                for entry in entries
                if all(any(term.is_in(getattr(entry, field)) for field in fields) for term in terms)
            }
            conditions = [(term, fields) for term in terms]
            found, no_more = backend.newest(
                PostEntry, [conditions, conditions[:1]], first=index.FIRST, last=index.LAST, most=1000
            )
            assert set(found) == wanted, (typed, fields)
            assert wanted <= set(no_more)


def test_the_index_is_that_of_the_database(db: None) -> None:
    assert (
        backend.newest.__module__
        == {"sqlite": "blog.search.sqlite", "postgresql": "blog.search.postgres"}[connection.vendor]
    )


def test_a_beginning_finds_its_words_however_many_there_are(make_post: Any) -> None:
    letters = "abcdefghijklmnopqrst"
    endings = [first + second for first in letters for second in letters]
    make_post(slug="few", title="promptly")
    make_post(slug="many", body=" ".join(f"veri{ending}" for ending in endings))
    make_post(slug="mixed", title="Veo 가방", body=" ".join(f"{chr(0xAC00 + n)}나" for n in range(600)))
    assert found("promptl") == {"few"}
    assert found("veri") == found("verit") == {"many"}
    assert found("가") == found("veo가") == {"mixed"}
    assert found("verizz") == set()
