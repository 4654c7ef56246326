"""What an author may not have meant."""

from __future__ import annotations

import pytest

from blog.rendering import lint, render
from tests.conftest import EMBED, TOKYO


def found(source: str, **options: bool) -> list[tuple[int, str, str]]:
    return [(p.line, p.kind, p.about) for p in lint.problems(source, render(source), **options)]


def kinds(source: str) -> list[tuple[int, str]]:
    return [(line, kind) for line, kind, _about in found(source, generator=True)]


def test_a_text_that_is_as_meant_has_no_findings() -> None:
    prose = "**굵게**는 굵게, `**` 는 코드, \\*\\*별표\\*\\*."
    source = f"# 제목\n\n{prose}\n\n## 아래\n\n![밤](/media/a.png)\n\n```py\nx ** 2\n```\n\n{EMBED}"
    assert found(source, generator=True) == []


@pytest.mark.parametrize(
    "picture", ["![](a.png)", "![ ](a.png)", '<img src="/media/a.png">', '<img src="/a.png" alt="">']
)
def test_a_picture_without_words_is_found_with_its_line(picture: str) -> None:
    assert kinds(f"text\n\n{picture}\n") == [(3, "alt")]


def test_there_are_as_many_findings_as_pictures_that_readers_can_not_hear() -> None:
    source = (
        "![a](/a.png) ![](/b.png)\n\n![][far]\n\n<img\n src='/d.png'>\n\n[far]: /c.png\n\n"
        '![](https://example.com/e.png)\n\n`<img src="/f.png" alt="">`\n\n![](/b.png)\n'
    )
    html = render(source).html
    assert lint.silent_pictures(html) == ["/media/b.png", "/media/c.png", "/media/d.png", "/media/b.png"]
    assert [line for line, kind in kinds(source) if kind == "alt"] == [1, 6, 8, 14]


@pytest.mark.parametrize("hidden", ["`![](a.png)`", "```\n![](a.png)\n```", "~~~md\n# a\n\n### b\n~~~"])
def test_code_is_not_looked_into(hidden: str) -> None:
    assert kinds(hidden) == []


def test_headings_that_skip_a_level_are_found_as_they_are_written() -> None:
    assert found("## a\n\n#### b\n\n## c\n\n### d\n", generator=True) == [(3, "heading", "## → ####")]
    assert kinds("Title\n=====\n\n### b\n") == [(4, "heading")]
    assert kinds("### a\n\n# b\n\n## c") == []


@pytest.mark.parametrize("bold", ["** 글자**는", "**글자 **는", "굵게 **여는 것만"])
def test_asterisks_that_readers_would_see_are_found(bold: str) -> None:
    assert kinds(f"첫 줄은 **굵게**.\n\n{bold}\n") == [(3, "bold")]


@pytest.mark.parametrize("source", ["**글자**조사", "**(주)**을 본다", "***굵게***와", '**"말"**은'])
def test_bold_before_a_particle_is_no_finding(source: str) -> None:
    assert kinds(source) == []


def test_a_fence_that_nothing_closes_is_found_where_it_opens() -> None:
    assert found("a\n\n```py\nprint(1)\n", generator=True) == [(3, "fence", "```py")]
    assert kinds("```\na\n```\n\n````\nb\n```\n")[0] == (5, "fence")


@pytest.mark.parametrize(
    "source", ["- ```\n  a\n  ```", "1. a\n\n   ~~~\n   b\n   ~~~", "> ~~~\n> a\n> ~~~", "    ```\n    a"]
)
def test_code_in_lists_and_quotes_or_shown_as_code_is_no_open_fence(source: str) -> None:
    assert kinds(source) == []


@pytest.mark.parametrize("source", ["~~~py\na", "- a\n\n  ```\n  b", "> ~~~\n> a"])
def test_an_open_fence_is_found_in_whatever_it_stands(source: str) -> None:
    assert [kind for _line, kind in kinds(source)] == ["fence"]


@pytest.mark.parametrize("source", ["__영상__을 본다", "이 __영상(1)__은"])
def test_underscores_that_readers_would_see_are_found(source: str) -> None:
    assert kinds(f"a\n\n{source}") == [(3, "underscores")]


@pytest.mark.parametrize("source", ["__영상__ 을", "my__init__x", "2**10", "`__a__`", "\\__a\\__을"])
def test_what_is_bold_or_meant_as_it_is_is_no_finding(source: str) -> None:
    assert kinds(source) == []


@pytest.mark.parametrize("source", ["![a]()", "![Uploading one.png (1)…]()", "![a](data:image/png;base64,AAAA)"])
def test_a_picture_without_an_address_is_found(source: str) -> None:
    assert kinds(f"a\n\n{source}") == [(3, "picture")]


@pytest.mark.parametrize("source", ["[a]()", "[a](https://)", "[a](javascript:alert(1))", "[a](<>)"])
def test_a_link_without_an_address_is_found(source: str) -> None:
    assert kinds(f"a\n\n{source}") == [(3, "empty")]


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://x.com/OpenAI/status/",
            "https://x.com/OpenAI",
            "https://youtube.com/watch?v=short",
            "https://youtu.be/",
        ),
        *(f"x.com/OpenAI/status/{TOKYO}", f"https://fxtwitter.com/OpenAI/status/{TOKYO}"),
    ],
)
def test_the_address_of_a_post_that_is_none_is_found(address: str) -> None:
    assert found(f"a\n\n{address}\n") == [(3, "address", address)]


def test_an_embed_right_below_a_paragraph_is_found() -> None:
    address = f"https://x.com/OpenAI/status/{TOKYO}"
    assert found(f"a\n{address}") == [(2, "blank", address)]
    assert found(f"a\n\n{address}\n\n{address}") == []
    assert found(f"a\n\n{{% embed {address}\n")[0][:2] == (3, "tag")


def test_headings_in_html_quotes_and_lists_count() -> None:
    for source in ("## a\n\n<h4>b</h4>", "<h2>a</h2>\n\n#### b", "> ## a\n>\n> #### b", "- ## a\n\n#### b"):
        assert kinds(source) == [(3, "heading")]


def test_a_prompt_without_a_model_is_found_unless_the_post_names_one() -> None:
    assert found(EMBED) == [(3, "model", "A stylish woman walks down a Tokyo…")]
    assert found(EMBED, generator=True) == []
    assert found(f"{EMBED.rstrip()}\n>Model: Sora\n") == []


def test_what_the_renderer_warns_of_has_the_line_that_it_is_about() -> None:
    (line, kind, about) = found("a\n\nb\n\n{% include embed/unknown.html id='1' %}")[0]
    assert (line, kind) == (5, "renderer")
    assert "names nothing that can be embedded" in about


def test_a_link_inside_the_text_must_lead_to_something_in_it() -> None:
    assert found("## 여기\n\n[위](#여기) [아래](#없음)") == [(3, "anchor", "#없음")]
    assert found("a\n\n[b](#none)") == [(3, "anchor", "#none")]
    assert found(f"{EMBED}\n[그](#x-{TOKYO})", generator=True) == []


def test_links_and_files_of_the_site_are_listed_with_their_lines() -> None:
    source = "[a](/posts/a/)\n\n[나](/tags/나/) [b](https://example.com/)\n\n![b](/assets/b.png)\n"
    result = render(source)
    assert [(link.line, link.address) for link in lint.links(source, result)][:2] == [
        (1, "/posts/a/"),
        (3, "/tags/나/"),
    ]
    assert [(file.line, file.address) for file in lint.files(source, result)] == [(5, "/assets/b.png")]


def test_headings_and_embeds_are_placed_for_scrolling() -> None:
    source = f"# 하나\n\n{EMBED}\n## 둘\n\n```\n# 코드\n```\n"
    assert lint.places(source, render(source)) == [(1, "하나"), (3, f"x-{TOKYO}"), (7, "둘")]


def test_two_embeds_of_the_same_post_have_lines_of_their_own() -> None:
    source = f"{EMBED}\nwords\n\n{EMBED}"
    assert lint.embed_lines(source, render(source).embeds) == [1, 7]


def test_windows_line_ends_count_once() -> None:
    assert kinds("a\r\n\r\n![](a.png)\r\n") == [(3, "alt")]
