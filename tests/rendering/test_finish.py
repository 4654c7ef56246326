"""What a page gets around the author's text."""

from __future__ import annotations

import re

import pytest

from blog.rendering import render
from blog.rendering.words import WORDS

KOREAN = {**WORDS, "tip": "도움말", "section": "이 절로 가는 링크: {}", "lang": ""}


def html(source: str) -> str:
    return render(source).html.replace("\n", "")


# Headings


def test_a_heading_ends_with_a_link_to_itself() -> None:
    assert html("## A *b* & c") == (
        '<h2 id="a-b--c" aria-labelledby="h:a-b--c"><span id="h:a-b--c">A <em>b</em> &amp; c</span>'
        '<a class="anchor" href="#a-b--c" aria-label="Link to this section: A b &amp; c"></a></h2>'
    )


def test_the_link_is_named_in_the_language_of_the_text() -> None:
    assert 'aria-label="이 절로 가는 링크: 제목"' in render("## 제목", words=KOREAN).html


def test_a_heading_of_nothing_to_read_has_no_link() -> None:
    assert "anchor" not in html("## ![](/a.png)")


def test_the_link_is_not_in_the_text() -> None:
    rendered = render("## Title\n\nA paragraph that is long enough to be an excerpt.")
    assert rendered.text == "Title\nA paragraph that is long enough to be an excerpt."
    assert rendered.toc[0].text == "Title"


# Pictures


@pytest.mark.parametrize(
    ("source", "in_the_middle"),
    [
        ("![](/a.png)", True),
        ("[![](/a.png)](/b)", True),
        ("![](/a.png){: .light }\n![](/b.png){: .dark }", True),
        ("![](/a.png){: .left }", False),
        ("![](/a.png){: .normal }", False),
        ("![](/a.png) text", False),
        ("![](https://a.example/a.png)", False),
        ("![](#)", False),
        ("<br>", False),
    ],
)
def test_pictures_on_their_own_stand_in_the_middle(source: str, in_the_middle: bool) -> None:
    assert ('<p class="image">' in html(source)) == in_the_middle


# Callouts


@pytest.mark.parametrize(
    ("source", "classes", "title"),
    [
        ("> a\n{: .prompt-tip }", "prompt-tip", "Tip"),
        ("> a\n{: .prompt-info }", "prompt-info", "Info"),
        ("> a\n{: .prompt-warning }", "prompt-warning", "Warning"),
        ("> a\n{: .prompt-danger }", "prompt-danger", "Danger"),
        ("> [!NOTE]\n> a", "prompt-info callout-note", "Note"),
        ("> [!tip]\n> a", "prompt-tip", "Tip"),
        ("> [!IMPORTANT]\n> a", "prompt-info callout-important", "Important"),
        ("> [!WARNING]\n>\n> a", "prompt-warning", "Warning"),
        ("> [!CAUTION]\n> a", "prompt-danger callout-caution", "Caution"),
    ],
)
def test_a_callout_says_what_it_is(source: str, classes: str, title: str) -> None:
    assert html(source) == (
        f'<blockquote class="{classes}" role="note"><p class="callout-title"><strong>{title}</strong></p>'
        "<p>a</p></blockquote>"
    )


@pytest.mark.parametrize("source", ["> [!NOTE] a", "> a\n> [!NOTE]", "> [!OTHER]\n> a", "> a\n{: .left }"])
def test_other_quotes_are_quotes(source: str) -> None:
    assert "callout-title" not in html(source)


def test_the_title_of_a_callout_is_in_the_language_of_the_text() -> None:
    assert "<strong>도움말</strong>" in render("> a\n{: .prompt-tip }", words=KOREAN).html
    foreign = render("> a\n{: .prompt-tip }", words={**WORDS, "lang": "en"}).html
    assert '<p class="callout-title" lang="en">' in foreign


def test_the_title_of_a_callout_is_not_in_the_text() -> None:
    assert render("> a\n{: .prompt-tip }").text == "a"


# Code


def numbers(source: str) -> str | None:
    match = re.search(r'data-lines="([^"]*)"', html(source))
    return match[1].replace("&#10;", " ") if match else None


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("```python\na\nb\n\nc\n```", "1 2 3 4"),
        ('```\na\nb\n```\n{: file="a" }', None),
        ("```python\na\nb\n```\n{: .nolineno }", None),
        ("```python\na\n```", None),
        ("```\na\nb\n```", None),
        ("```plaintext\na\nb\n```", None),
        ("```console\na\nb\n```", None),
        ("    a\n    b", None),
    ],
)
def test_lines_are_numbered_as_in_chirpy_but_a_single_one(source: str, shown: str | None) -> None:
    assert numbers(source) == shown


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("```js\nx\n```", "Code: JavaScript"),
        ('```js\nx\n```\n{: file="a.js" }', "Code: a.js"),
        ("```\nx\n```", "Code"),
        ("    x", "Code"),
        ('<pre title="a>b">x</pre>', "Code"),
    ],
)
def test_code_has_a_name_for_those_who_scroll_by_keyboard(source: str, name: str) -> None:
    assert f'tabindex="0" role="group" aria-label="{name}">' in html(source)


def test_a_class_of_the_authors_figure_is_the_renderers_alone() -> None:
    assert html("```python\nx\n```\n{: .nolineno .left }").startswith('<figure class="code"><figcaption>Python')


def test_marks_in_code_are_not_elements() -> None:
    assert '<h2 id="a"' not in html('```html\n<h2 id="a">b</h2>\n```')


# Tables and footnotes


def test_a_table_is_named_by_its_columns() -> None:
    assert 'role="group" aria-label="Table: 이름, a &amp; b">' in html("| 이름 | *a* & b |\n|--|--|\n| 1 | 2 |")


def test_a_table_without_a_head_is_a_table() -> None:
    source = '<div markdown="1"><table><tr><td>1</td></tr></table></div>'
    assert 'aria-label="Table:' not in html(source)


def test_every_reference_to_a_footnote_has_its_way_back() -> None:
    rendered = html("A[^one] and B[^one], C[^two].\n\n[^one]: Note.\n[^two]: Other.")
    assert '<a class="footnote-ref" role="doc-noteref" href="#fn:one">1</a>' in rendered
    assert '<div class="footnote" role="doc-endnotes" aria-label="Footnotes">' in rendered
    names = re.findall(r'href="(#fnref[^"]*)" role="doc-backlink" aria-label="([^"]*)"', rendered)
    assert names == [
        ("#fnref:one", "Back to where note 1 is referred to"),
        ("#fnref2:one", "Back to where note 1 is referred to (2)"),
        ("#fnref:two", "Back to where note 2 is referred to"),
    ]


def test_arrows_back_are_not_in_the_text() -> None:
    assert render("A[^1].\n\n[^1]: Note.").text == "A1.\nNote."


def test_all_ids_of_a_text_are_different() -> None:
    source = "## a\n\n## a\n\nx[^a] y[^a]\n\n[^a]: z\n\n$$ x \\label{a} $$\n\n$$ y \\label{a:b} $$"
    ids = re.findall(r' id="([^"]*)"', html(source))
    assert len(ids) == len(set(ids)) == 9
