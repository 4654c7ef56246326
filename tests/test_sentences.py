"""What the renderer tells authors is told in their language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.translation import override

from blog.models import Page, Post
from blog.rendering import RenderError, front_matter, pipeline, worker
from blog.rendering.front_matter import FrontMatterError
from blog.sentences import FORMS, translated
from tests.conftest import PROJECT

WARNED = [
    "{% include embed/youtube.html id='https://a.example/b' %}",
    "{% include embed/youtube.html id='' %}",
    "{% embed nothing %}",
    "a {% youtube b %} c",
    "<iframe src='https://a.example'></iframe>",
    "![a](https://a.example/b.png)",
    "{% include embed/video.html src='/a.mp4' poster='https://a.example/b.png' autoplay=true %}",
    "$$\n\\nothing\n$$",
    "$$\n\\def\\a{b}\n$$",
    "> Prompt: a\n> Variant of: nothing",
]
REFUSED = ["x" * 100_001, ">" * 500 + " a", "- " * 500 + "a"]
FRONT_MATTER = ["a: [b", "a: \x07", "a: !!int x", "words", "\n".join(f"k{i}: 1" for i in range(20_000))]


def korean(sentence: str) -> str:
    with override("ko"):
        return translated(sentence)


@pytest.mark.parametrize("body", WARNED)
def test_every_warning_is_known_by_its_form(make_post: Callable[..., Post], body: str) -> None:
    for warning in make_post(body=body).warnings:
        with override("en"):
            assert translated(warning) == warning
        assert korean(warning) != warning


def test_the_texts_above_give_warnings_of_every_kind(make_post: Callable[..., Post]) -> None:
    said = {korean(warning).partition(":")[0] for body in WARNED for warning in make_post(body=body).warnings}
    assert len(said) >= 9


@pytest.mark.parametrize("body", REFUSED)
def test_every_refusal_is_known_by_its_form(body: str) -> None:
    with pytest.raises(RenderError) as refused:
        pipeline.render(body)
    assert korean(str(refused.value)) != str(refused.value)


def test_a_text_that_takes_too_long_is_refused_in_the_authors_language() -> None:
    with pytest.raises(RenderError) as refused:
        worker.render("[" * 99_000)
    assert "너무 오래" in korean(str(refused.value))


@pytest.mark.parametrize("source", FRONT_MATTER)
def test_every_problem_of_front_matter_is_known_by_its_form(source: str) -> None:
    with pytest.raises(FrontMatterError) as refused:
        front_matter.load(source)
    assert korean(str(refused.value)) != str(refused.value)


def test_every_sentence_of_the_renderer_has_a_form() -> None:
    """Each message that is raised in one piece; those with parts are provoked above."""
    for file in (PROJECT / "blog" / "rendering").glob("*.py"):
        for said in re.findall(r'RenderError\("([^"]+)"\)', file.read_text(encoding="utf-8")):
            assert said in FORMS


def test_what_is_named_stays_as_it_is_written() -> None:
    assert korean("https://a.example/100%25 can't be embedded; it is shown as a link.").endswith(
        "https://a.example/100%25"
    )
    assert korean("<svg> isn't allowed in a post and was left out.") == "글에는 <svg> 요소를 쓸 수 없어 뺐습니다."


def test_what_is_not_known_stays_english() -> None:
    assert korean("Something new.") == "Something new."
    assert all(korean(form) != form for form in FORMS)


def test_an_author_reads_warnings_in_their_own_language_whoever_saved_the_text(admin_client: Client) -> None:
    Page.objects.create(title="A", slug="a", body="<svg></svg>")
    values = {"title": "A", "slug": "b", "body": "<svg></svg>", "lang": "ko", "menu_order": "0"}
    for language, said in (("ko", "쓸 수 없어 뺐습니다"), ("en", "isn&#x27;t allowed in a post")):
        headers = {"Accept-Language": language}
        answer = admin_client.post(
            "/admin/blog/page/add/", {**values, "slug": f"p-{language}"}, headers=headers, follow=True
        )
        assert said in answer.content.decode()
