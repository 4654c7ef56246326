"""Markdown as authors of Chirpy write it: what kramdown makes of it, Roost makes of it too."""

from __future__ import annotations

import re
from typing import Any

import pytest

from blog.rendering import Heading, Rendered, pipeline, render
from blog.rendering.headings import kramdown_id
from blog.rendering.pipeline import site_path


@pytest.fixture(autouse=True)
def _without_what_a_page_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to sections, labels and titles of callouts are in test_finish."""
    monkeypatch.setattr(pipeline, "finish", lambda html, words: html)


LOADING = 'loading="lazy" decoding="async"'


def html(source: str, **variables: Any) -> str:
    return render(source, variables=variables).html


def flat(source: str, **variables: Any) -> str:
    """Without line breaks between tags: how lists are indented says nothing."""
    return html(source, **variables).replace("\n", "")


def headings(source: str) -> list[tuple[int, str, str]]:
    return [(heading.level, heading.id, heading.text) for heading in render(source).toc]


# Basics


@pytest.mark.parametrize("source", ["", "  \n\n ", "\n\n\n", "<!-- nothing -->"])
def test_an_empty_text_is_an_empty_page(source: str) -> None:
    rendered = render(source)
    assert rendered.html.strip() == ""
    assert (rendered.text, rendered.excerpt, rendered.reading_minutes, rendered.warnings) == ("", "", 1, ())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("한글 **강조**는 *기울임*입니다.", "<p>한글 <strong>강조</strong>는 <em>기울임</em>입니다.</p>"),
        ('**"따옴표"**는', '<p><strong>"따옴표"</strong>는</p>'),
        ("~~취소~~는", "<p><del>취소</del>는</p>"),
        ("H~2~O", "<p>H~2~O</p>"),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("`code`는", "<p><code>code</code>는</p>"),
        (r"\*no\* \# \{", "<p>*no* # {</p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("a<br/>b<br>c", "<p>a<br>b<br>c</p>"),
        ("AT&T &copy; &lt;", "<p>AT&amp;T &copy; &lt;</p>"),
        ("제목 | 부제", "<p>제목 | 부제</p>"),
        ("<kbd>x</kbd> <mark>m</mark> H<sub>2</sub>O", "<p><kbd>x</kbd> <mark>m</mark> H<sub>2</sub>O</p>"),
        ("a <!-- hidden --> b", "<p>a  b</p>"),
        ("<ruby>漢<rt>한</rt></ruby>", "<p><ruby>漢<rt>한</rt></ruby></p>"),
        ("a\x00b\x02c\x03d", "<p>abcd</p>"),
    ],
)
def test_running_text(source: str, expected: str) -> None:
    assert html(source) == expected


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_the_line_ends_of_other_systems_are_line_ends(end: str) -> None:
    source = "a\nb\n\n- x\n- y\n\n```python\nz\n```"
    assert html(source.replace("\n", end)) == html(source)


def test_an_abbreviation_is_explained_where_it_stands() -> None:
    assert html("AI 영상\n\n*[AI]: Artificial Intelligence") == (
        '<p><abbr title="Artificial Intelligence">AI</abbr> 영상</p>'
    )


def test_markdown_inside_a_disclosure_is_rendered_on_request() -> None:
    source = '<details markdown="1"><summary>More</summary>\n\n**bold**\n\n</details>'
    assert flat(source) == "<details><summary>More</summary><p><strong>bold</strong></p></details>"


# Attribute lists


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            '[a](https://a.example){:target="_blank"}',
            '<p><a href="https://a.example" target="_blank" rel="noopener">a</a></p>',
        ),
        (
            '[a](https://a.example){: target="_blank" rel="nofollow" }',
            '<p><a href="https://a.example" rel="nofollow noopener" target="_blank">a</a></p>',
        ),
        ("*a*{: .left } `b`{: .filepath}", '<p><em class="left">a</em> <code class="filepath">b</code></p>'),
        ('a\n{: .left #the-id lang="ko"}', '<p class="left" id="the-id" lang="ko">a</p>'),
        ("- a\n- b\n{: .left }", '<ul class="left"><li>a</li><li>b</li></ul>'),
        ("> a\n{: .prompt-tip }\n{: #one-two }", '<blockquote class="prompt-tip" id="one-two"><p>a</p></blockquote>'),
        ("{: .left }\ntext", "<p>text</p>"),
        ("* contents\n{:toc}", "<ul><li>contents</li></ul>"),
    ],
)
def test_an_attribute_list_belongs_to_what_stands_before_it(source: str, expected: str) -> None:
    assert flat(source) == expected


@pytest.mark.parametrize("source", ["use {.left} or { color: red }", "{ a }", "a {b: c} d"])
def test_braces_in_prose_are_prose(source: str) -> None:
    assert html(source) == f"<p>{source}</p>"


@pytest.mark.parametrize("kind", ["tip", "info", "warning", "danger"])
def test_a_quote_becomes_a_callout(kind: str) -> None:
    source = f"> Mind the *gap*.\n>\n> - and the step\n{{: .prompt-{kind} }}\n\nAfter it."
    assert flat(source) == (
        f'<blockquote class="prompt-{kind}"><p>Mind the <em>gap</em>.</p><ul><li>and the step</li></ul></blockquote>'
        "<p>After it.</p>"
    )


@pytest.mark.parametrize(
    ("before", "html"),
    [("", ""), ("Text\n\n", "<p>Text</p>"), ("Text\n", "<p>Text</p>"), ("- a\n", "<ul><li>a</li></ul>")],
)
def test_a_callout_about_prompts_is_a_callout(before: str, html: str) -> None:
    rendered = render(f"{before}> Prompt: describe the light first.\n{{: .prompt-tip }}")
    assert rendered.prompts == ()
    assert rendered.html.replace("\n", "") == (
        f'{html}<blockquote class="prompt-tip"><p>Prompt: describe the light first.</p></blockquote>'
    )


def test_quotes_with_a_blank_line_between_them_are_two() -> None:
    assert flat("> a\n\n> b") == "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>"


def test_a_quote_may_follow_a_paragraph_without_a_blank_line() -> None:
    assert flat("a\n> b") == "<p>a</p><blockquote><p>b</p></blockquote>"


# Code


def test_fenced_code_is_highlighted_with_classes_and_named_by_its_language() -> None:
    assert html('```python\nprint("한글")\n```') == (
        '<figure class="code"><figcaption>Python</figcaption><pre tabindex="0"><code class="language-python">'
        '<span class="nb">print</span><span class="p">(</span><span class="s2">"한글"</span><span class="p">)</span>\n'
        "</code></pre></figure>"
    )


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ('```python\nx\n```\n{: file="a.py" }', "a.py"),
        ('```python\nx\n```\n{: file="src/a.py" }', "src/a.py"),
        ('```\nx\n```\n{: file="_config.yml"}', "_config.yml"),
        ('```python\nx\n```\n{: file="<b>.py"}', "&lt;b&gt;.py"),
        ("```python\nx\n```", "Python"),
        ("```c++\nx\n```", "C++"),
        ("```js\nx\n```", "JavaScript"),
        ("```zog\nx\n```", "zog"),
        ("```{.python}\nx\n```", "Python"),
        ("~~~bash\nx\n~~~", "Bash"),
    ],
)
def test_code_is_labelled_by_its_file_or_else_its_language(source: str, label: str) -> None:
    assert html(source).startswith(f'<figure class="code"><figcaption>{label}</figcaption><pre tabindex="0"><code')


@pytest.mark.parametrize("language", ["", "text", "plaintext"])
def test_plain_text_has_no_label(language: str) -> None:
    result = html(f"```{language}\nplain <b>\n```")
    assert "figcaption" not in result
    assert "plain &lt;b&gt;\n</code></pre></figure>" in result


def test_code_in_an_unknown_language_is_shown_as_it_is() -> None:
    assert '<code class="language-zog">if &lt;b&gt;\n</code>' in html("```zog\nif <b>\n```")


def test_an_odd_language_cannot_leave_its_attribute() -> None:
    result = html('```"><script>\nx\n```')
    assert result == '<figure class="code"><pre tabindex="0"><code>x\n</code></pre></figure>'


def test_code_needs_no_blank_lines_around_it() -> None:
    assert flat("before\n```\nx\n```\nafter") == (
        '<p>before</p><figure class="code"><pre tabindex="0"><code>x</code></pre></figure><p>after</p>'
    )


@pytest.mark.parametrize(
    "source", ["1. a\n   ```bash\n   ls\n   ```\n2. b", "1. a\n\n   ```bash\n   ls\n   ```\n\n2. b"]
)
def test_code_stands_in_a_list(source: str) -> None:
    result = html(source)
    assert '<code class="language-bash">ls\n</code>' in result
    assert result.count("<ol>") == 1
    assert result.count("<li>") == 2


def test_code_stands_in_a_callout() -> None:
    result = html('> ```bash\n> ls\n> ```\n> {: file="run.sh" }\n{: .prompt-info }')
    assert result.startswith('<blockquote class="prompt-info">')
    assert "<figcaption>run.sh</figcaption>" in result


def test_indented_code_is_code() -> None:
    assert html("a\n\n    <b>\n    c") == '<p>a</p>\n<pre tabindex="0"><code>&lt;b&gt;\nc\n</code></pre>'


def test_indented_code_in_a_list_is_code() -> None:
    assert '<pre tabindex="0"><code>*b*\n</code></pre>' in html("- a\n\n      *b*\n- c")


def test_a_figure_of_an_author_is_no_code() -> None:
    source = '<figure class="code" markdown="1">\n\n*a*\n\n</figure>'
    assert flat(source) == '<figure class="code"><p><em>a</em></p></figure>'


def test_an_unclosed_fence_eats_no_text() -> None:
    assert "<strong>b</strong>" in html("```\na\n\ntext **b**")


# Tables, footnotes, definition lists


def test_a_table_scrolls_in_a_frame_of_its_own() -> None:
    assert flat("| 이름 | 수 |\n|:--|--:|\n| a `|` | ~~1~~ |") == (
        '<div class="scroll" tabindex="0"><table><thead><tr><th style="text-align:left">이름</th>'
        '<th style="text-align:right">수</th></tr></thead><tbody><tr><td style="text-align:left">a <code>|</code></td>'
        '<td style="text-align:right"><del>1</del></td></tr></tbody></table></div>'
    )


def test_a_table_takes_attributes() -> None:
    assert '<table class="left">' in html("| a | b |\n|---|---|\n| 1 | 2 |\n{: .left }")


def test_a_footnote_leads_there_and_back() -> None:
    assert flat("A[^one] and B[^one].\n\n[^one]: The *note*.") == (
        '<p>A<sup id="fnref:one"><a class="footnote-ref" href="#fn:one">1</a></sup> and '
        'B<sup id="fnref2:one"><a class="footnote-ref" href="#fn:one">1</a></sup>.</p>'
        '<div class="footnote"><hr><ol><li id="fn:one"><p>The <em>note</em>.&#160;'
        '<a class="footnote-backref" href="#fnref:one" title="↩ 1">↩</a>'
        '<a class="footnote-backref" href="#fnref2:one" title="↩ 1">↩</a></p></li></ol></div>'
    )


def test_a_footnote_has_paragraphs() -> None:
    assert "<p>one</p><p>two&#160;<a" in flat("A[^a]\n\n[^a]: one\n\n    two")


def test_a_definition_list() -> None:
    assert flat("Term\n: One\n: *Two*\n\nOther\n: Three") == (
        "<dl><dt>Term</dt><dd>One</dd><dd><em>Two</em></dd><dt>Other</dt><dd>Three</dd></dl>"
    )


# Lists


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Text\n- a\n- b", "<p>Text</p><ul><li>a</li><li>b</li></ul>"),
        ("Text\n* a", "<p>Text</p><ul><li>a</li></ul>"),
        ("Text\n1. a\n2. b", "<p>Text</p><ol><li>a</li><li>b</li></ol>"),
        ("Two\nlines\n- a\n\nAfter", "<p>Twolines</p><ul><li>a</li></ul><p>After</p>"),
        ("## H\n- a", '<h2 id="h">H</h2><ul><li>a</li></ul>'),
    ],
)
def test_a_list_may_follow_a_paragraph_without_a_blank_line(source: str, expected: str) -> None:
    assert flat(source) == expected


@pytest.mark.parametrize("source", ["It was in\n1984. Then more.", "5 - 3\n-3 is no item", "a\n-\nb"])
def test_a_number_or_a_dash_in_a_sentence_begins_no_list(source: str) -> None:
    assert "<li>" not in html(source)


@pytest.mark.parametrize("spaces", [2, 3, 4])
@pytest.mark.parametrize("marker", ["-", "*", "+"])
def test_a_list_is_nested_by_two_three_or_four_spaces(spaces: int, marker: str) -> None:
    indent = " " * spaces
    source = f"{marker} a\n{indent}{marker} b\n{indent * 2}{marker} c\n{marker} d"
    assert flat(source) == "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"


@pytest.mark.parametrize("spaces", [3, 4])
def test_a_list_is_nested_in_a_numbered_one(spaces: int) -> None:
    assert flat(f"1. a\n{' ' * spaces}- b\n2. c") == "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- a\n  1. x\n  2. y", "<ul><li>a<ol><li>x</li><li>y</li></ol></li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("1. a\n2. b\n\n- c", "<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul>"),
        ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("- a\nlazy\n- b", "<ul><li>alazy</li><li>b</li></ul>"),
        ("- a\n> q", "<ul><li>a</li></ul><blockquote><p>q</p></blockquote>"),
        ("- a\n## h", '<ul><li>a</li></ul><h2 id="h">h</h2>'),
        ("- a\n- b\n\n---\n\n* * *", "<ul><li>a</li><li>b</li></ul><hr><hr>"),
        ("- a\n\n  p\n- b", "<ul><li><p>a</p><p>p</p></li><li><p>b</p></li></ul>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("- a\n\n  - b", "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>"),
        ("- a\n\n\nAfter", "<ul><li>a</li></ul><p>After</p>"),
        ("- a\n  > q", "<ul><li>a<blockquote><p>q</p></blockquote></li></ul>"),
        ("-\n- b", "<ul><li></li><li>b</li></ul>"),
    ],
)
def test_a_list_holds_what_is_indented_below_it(source: str, expected: str) -> None:
    assert flat(source) == expected


def test_a_task_list_has_boxes_that_cannot_be_ticked() -> None:
    assert flat("- [ ] a\n- [x] **b**\n  - [X] c\n- d") == (
        '<ul class="task-list">'
        '<li class="task-list-item"><label><input disabled type="checkbox">a</label></li>'
        '<li class="task-list-item"><label><input checked disabled type="checkbox"><strong>b</strong></label>'
        '<ul class="task-list"><li class="task-list-item"><label><input checked disabled type="checkbox">c</label></li>'
        "</ul></li><li>d</li></ul>"
    )


def test_a_task_may_have_paragraphs() -> None:
    assert flat("1. [ ] a\n\n2. [x] b") == (
        '<ol class="task-list">'
        '<li class="task-list-item"><p><label><input disabled type="checkbox">a</label></p></li>'
        '<li class="task-list-item"><p><label><input checked disabled type="checkbox">b</label></p></li></ol>'
    )


@pytest.mark.parametrize("source", ["- [x]y", "- [y] z", "- [ ]", "- [x](y)"])
def test_other_brackets_are_no_task(source: str) -> None:
    assert "<input" not in html(source)


# Pictures


@pytest.mark.parametrize("key", ["img_path", "media_subpath"])
@pytest.mark.parametrize(
    ("src", "path", "shown"),
    [
        ("a.png", "/assets/p/a.png", "/media/assets/p/a.png"),
        ("/a.png", "/assets/p/a.png", "/media/assets/p/a.png"),
        ("../a.png", "/assets/a.png", "/media/assets/a.png"),
        ("a b.png", "/assets/p/a b.png", "/media/assets/p/a%20b.png"),
        ("a%20b.png?x=1#y", "/assets/p/a b.png", "/media/assets/p/a%20b.png"),
        ("영상.png", "/assets/p/영상.png", "/media/assets/p/%EC%98%81%EC%83%81.png"),
        ("../../../../etc/passwd", "/etc/passwd", "/media/etc/passwd"),
        ("..%2f..%2f..%2fx.png", "/x.png", "/media/x.png"),
    ],
)
@pytest.mark.parametrize("prefix", ["/assets/p", "/assets/p/", "assets/p"])
def test_a_picture_is_below_the_folder_that_the_front_matter_names(
    key: str, src: str, path: str, shown: str, prefix: str
) -> None:
    rendered = render(f"![A lake]({src})", variables={key: prefix})
    assert rendered.html == f'<p class="image"><img alt="A lake" src="{shown}" {LOADING}></p>'
    assert rendered.files == (path,)


def test_a_newer_name_of_the_folder_wins() -> None:
    assert render("![](a.png)", variables={"img_path": "/old", "media_subpath": "/new"}).files == ("/new/a.png",)


def test_a_picture_without_a_folder_is_at_the_root_of_the_site() -> None:
    rendered = render("![](assets/a.png)\n\n![](/assets/a.png) ![](b.png)")
    assert rendered.files == ("/assets/a.png", "/b.png")


def test_pictures_are_served_from_where_the_site_says() -> None:
    assert 'src="https://cdn.example/a.png"' in render("![](/a.png)", media_url="https://cdn.example/").html


@pytest.mark.parametrize("src", ["/media/a.png", "/static/a.png"])
def test_an_uploaded_picture_keeps_its_address(src: str) -> None:
    rendered = render(f"![]({src})", variables={"img_path": "/p"})
    assert rendered.html == f'<p class="image"><img alt="" src="{src}" {LOADING}></p>'
    assert rendered.files == ()


@pytest.mark.parametrize("src", ["#", "?x", "#top"])
def test_an_address_that_names_no_picture_leaves_its_text(src: str) -> None:
    rendered = render(f"![A lake]({src})")
    assert (rendered.html, rendered.files) == ('<p class="image">A lake</p>', ())


@pytest.mark.parametrize(
    "source",
    [
        '![A](/a.png){: width="238" height="352" .shadow }',
        '![A](/a.png){: w="238" h="352" .shadow }',
        '![A](/a.png){:w="238" h="352" .shadow}',
    ],
)
def test_a_picture_has_a_width_and_a_height(source: str) -> None:
    assert (
        html(source)
        == f'<p class="image"><img alt="A" class="shadow" height="352" src="/media/a.png" width="238" {LOADING}></p>'
    )


def test_a_width_that_is_no_number_is_dropped() -> None:
    assert html('![A](/a.png){: w="10%" h="0" }') == f'<p class="image"><img alt="A" src="/media/a.png" {LOADING}></p>'


@pytest.mark.parametrize("caption", ["_At *dawn*_", "*At **dawn***"])
def test_the_line_after_a_picture_is_its_caption(caption: str) -> None:
    result = html(f"![A lake](/a.png)\n{caption}")
    assert result.startswith(f'<figure class="image"><img alt="A lake" src="/media/a.png" {LOADING}><figcaption>At <')
    assert result.endswith("</figcaption></figure>")


def test_a_picture_with_attributes_or_a_link_has_a_caption_too() -> None:
    result = html('[![A lake](/a.png){: w="9" }](/b)\n_At dawn_')
    assert result == (
        f'<figure class="image"><a href="/b"><img alt="A lake" src="/media/a.png" width="9" {LOADING}></a>'
        "<figcaption>At dawn</figcaption></figure>"
    )


@pytest.mark.parametrize(
    "source",
    [
        "![A](/a.png) _same line_",
        "![A](/a.png)\n\n_next paragraph_",
        "![A](/a.png)\n**strong**",
        "![A](/a.png)\n_and_ more",
        "See ![A](/a.png)\n_caption_",
        "[a](/a)\n_b_",
    ],
)
def test_other_emphasis_near_a_picture_is_no_caption(source: str) -> None:
    assert "<figure" not in html(source)


@pytest.mark.parametrize("src", ["https://a.example/b.png", "http://a.example/b.png", "//a.example/b.png"])
def test_a_picture_on_another_host_becomes_a_link(src: str) -> None:
    rendered = render(f"![A lake]({src}) ![]({src})")
    assert rendered.html == (
        f'<p class="image"><a class="remote-image" href="{src}">A lake</a> '
        f'<a class="remote-image" href="{src}">{src}</a></p>'
    )
    assert rendered.files == ()
    assert rendered.warnings == (f"The picture {src} is on another host and is shown as a link. Upload it to show it.",)


def test_a_linked_picture_on_another_host_leaves_its_text_in_the_link() -> None:
    assert html("[![A lake](https://a.example/b.png)](/c)") == '<p class="image"><a href="/c">A lake</a></p>'


def test_a_folder_on_another_host_makes_links_too() -> None:
    rendered = render("![A lake](b.png)", variables={"img_path": "https://a.example/"})
    assert "<img" not in rendered.html
    assert len(rendered.warnings) == 1


@pytest.mark.parametrize(
    ("src", "prefix", "path"),
    [
        ("a.png", "", "/a.png"),
        ("a.png", "/x/", "/x/a.png"),
        ("//a.png", "", "/a.png"),
        ("a\\b.png", "x", "/x/a/b.png"),
        ("./a.png", "/x", "/x/a.png"),
        ("../../a.png", "", "/a.png"),
    ],
)
def test_a_path_never_leaves_the_site(src: str, prefix: str, path: str) -> None:
    assert site_path(src, prefix) == path


# Headings and the table of contents


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("성능: 어디까지, 생성이 가능한가?", "성능-어디까지-생성이-가능한가"),
        ("Title Case & More", "title-case--more"),
        ("C++ 와 C#", "c-와-c"),
        ("v1.2.3", "v123"),
        ("snake_case - dash", "snake_case---dash"),
        ("2024년 회고", "2024년-회고"),
        ("🎬 장면", "-장면"),
        ("日本語の見出し", "日本語の見出し"),
        ("Émile Ünal", "émile-ünal"),
        ("हिन्दी", "हिन्दी"),
        ("!?", "section"),
    ],
)
def test_a_heading_has_the_id_that_kramdown_gives_it(text: str, identifier: str) -> None:
    assert kramdown_id(text) == identifier
    assert f'<h2 id="{identifier}">' in html(f"## {text}")


def test_ids_of_headings_are_unique() -> None:
    ids = [identifier for _, identifier, _ in headings("## a\n\n## a\n\n## a-1\n\n## a\n\n## A")]
    assert ids == ["a", "a-1", "a-1-1", "a-2", "a-3"]


def test_a_heading_keeps_the_id_its_author_gives_it() -> None:
    source = "## One {#first-one}\n\n## Two {: #second-one .left}\n\n## Three\n{: #third-one }\n\n## A {b}"
    assert flat(source) == (
        '<h2 id="first-one">One</h2><h2 class="left" id="second-one">Two</h2><h2 id="third-one">Three</h2>'
        '<h2 id="a-b">A {b}</h2>'
    )


def test_the_id_of_a_heading_differs_from_other_ids_in_the_text() -> None:
    assert '<h2 id="a-b-1">' in html("p\n{: #a-b }\n\n## a b")


def test_a_heading_is_a_target_even_if_raw_html_has_its_id() -> None:
    rendered = render('<span id="a-b">x</span>\n\n## a b')
    assert f'<h2 id="{rendered.toc[0].id}">a b</h2>' in rendered.html


def test_links_to_headings_work() -> None:
    assert html("## Images\n\n[there](#images)").endswith('<p><a href="#images">there</a></p>')


def test_the_contents_are_headings_of_the_first_four_levels() -> None:
    source = "## Two\n\n### Three *em*\n\n#### Four `code`\n\n##### Five\n\n###### Six"
    rendered = render(source)
    assert rendered.toc == (
        Heading(2, "two", "Two"),
        Heading(3, "three-em", "Three em"),
        Heading(4, "four-code", "Four code"),
    )
    assert "<h1" not in rendered.html
    assert '<h4 id="four-code">' in rendered.html


@pytest.mark.parametrize("source", ["# One\n\n## Two\n\n## More", "One\n===\n\nTwo\n---\n\nMore\n---"])
def test_a_heading_of_the_first_level_makes_no_second_title(source: str) -> None:
    rendered = render(source)
    assert rendered.html.replace("\n", "") == '<h2 id="one">One</h2><h3 id="two">Two</h3><h3 id="more">More</h3>'
    assert rendered.toc == (Heading(1, "one", "One"), Heading(2, "two", "Two"), Heading(2, "more", "More"))


@pytest.mark.parametrize(
    ("levels", "elements"),
    [
        ([2, 3, 4, 3, 2], [2, 3, 4, 3, 2]),
        ([1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 6]),
        ([4, 5, 2], [2, 3, 2]),
        ([2, 5, 6, 3], [2, 3, 4, 3]),
    ],
)
def test_the_outline_skips_no_level_below_the_title(levels: list[int], elements: list[int]) -> None:
    rendered = html("\n\n".join("#" * level + " h" for level in levels))
    assert [int(level) for level in re.findall(r"<h([1-6])", rendered)] == elements


def test_a_first_level_heading_in_html_makes_no_second_title_either() -> None:
    assert html("<h1>Raw</h1>") == "<h2>Raw</h2>"


def test_a_heading_can_stay_out_of_the_contents() -> None:
    source = "## A\n{: data-toc-skip='' }\n\n## C"
    assert headings(source) == [(2, "c", "C")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("## A & B < C", "A & B < C"),
        ("## *a* [b](https://b.example) `c` ~~d~~", "a b c d"),
        ("## A \\* B", "A * B"),
        ("## A &amp; B &lt;", "A & B <"),
        ("## A ![pic](/x.png)", "A"),
        ("## A <b>B</b>", "A B"),
    ],
)
def test_the_contents_are_text(source: str, text: str) -> None:
    assert [heading.text for heading in render(source).toc] == [text]


def test_a_heading_without_text_is_not_in_the_contents() -> None:
    assert headings("## ![](/x.png)") == []


# Styles, Liquid, addresses


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color:red", "color:red"),
        ("color: RED; font-weight: bold", "color:RED;font-weight:bold"),
        ("color:#f00", "color:#f00"),
        ("color: rgb(1, 2, 3)", "color:rgb(1, 2, 3)"),
        ("font-size: 120%; position: fixed", "font-size:120%"),
        ("background-color:yellow;text-align:center", "background-color:yellow;text-align:center"),
        ("text-decoration:underline", "text-decoration:underline"),
    ],
)
def test_a_few_harmless_styles_stay(style: str, kept: str) -> None:
    assert html(f'<span style="{style}">x</span>') == f'<p><span style="{kept}">x</span></p>'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% raw %}\n{{ x }}\n{% endraw %}", "<p>{{ x }}</p>"),
        ("a {% raw %}{{ x }}{% endraw %} b", "<p>a {{ x }} b</p>"),
        ("a {%- raw -%}{{ x }}{%- endraw -%} b", "<p>a {{ x }} b</p>"),
        ("`{% raw %}{% if x %}{% endraw %}`", "<p><code>{% if x %}</code></p>"),
    ],
)
def test_raw_marks_of_liquid_are_not_shown(source: str, expected: str) -> None:
    rendered = render(source)
    assert rendered.html == expected
    assert rendered.warnings == ()


@pytest.mark.parametrize("source", ["{% raw %} open", "{% endraw %} {% raw %}", "{% raw %}{% raw %}{% endraw %}"])
def test_raw_marks_that_are_no_pairs_stay_with_a_warning(source: str) -> None:
    rendered = render(source)
    assert rendered.html == f"<p>{source}</p>"
    assert "{% raw %} isn't understood here; it is shown as text." in rendered.warnings


def test_a_text_without_liquid_keeps_its_marks() -> None:
    assert html("`{% raw %}a{% endraw %}`", render_with_liquid=False) == "<p><code>{% raw %}a{% endraw %}</code></p>"


@pytest.mark.parametrize(
    ("source", "link", "rest"),
    [
        (
            "https://x.com/OpenAI/status/1758192965703647443입니다.",
            "https://x.com/OpenAI/status/1758192965703647443",
            "입니다.",
        ),
        ("https://a.example/b, c", "https://a.example/b", ", c"),
        ("https://a.example/b.", "https://a.example/b", "."),
        ("https://a.example/b_(c)", "https://a.example/b_(c)", ""),
        ("https://a.example/b)", "https://a.example/b", ")"),
        ("https://a.example/b?c=d&amp;e", "https://a.example/b?c=d&amp;e", ""),
        ("https://ko.wikipedia.org/wiki/한글", "https://ko.wikipedia.org/wiki/한글", ""),
        ("http://a.example/snake_case_name", "http://a.example/snake_case_name", ""),
    ],
)
def test_an_address_in_running_text_is_a_link(source: str, link: str, rest: str) -> None:
    assert html(f"보기 {source}") == f'<p>보기 <a href="{link}">{link}</a>{rest}</p>'


@pytest.mark.parametrize(
    "source",
    [
        "[https://a.example](https://b.example)",
        '<a href="https://b.example">https://a.example</a>',
        "`https://a.example`",
    ],
)
def test_an_address_in_a_link_or_in_code_makes_no_other_link(source: str) -> None:
    assert "https://a.example</a></a>" not in html(source)
    assert 'href="https://a.example' not in html(source)


# What else comes back


def test_the_text_and_the_excerpt_are_plain() -> None:
    rendered = render("## Title\n\nHi.\n\nA **long** enough paragraph about [light](https://a.example).\n\n- a & b")
    assert rendered.text == "Title\nHi.\nA long enough paragraph about light.\na & b"
    assert rendered.excerpt == "A long enough paragraph about light."


@pytest.mark.parametrize("tag", ["script", "style", "iframe", "form", "svg", "video"])
def test_an_author_is_told_what_was_left_out(tag: str) -> None:
    rendered = render(f"a\n\n<{tag}></{tag}>\n\n`<object>`")
    assert rendered.warnings == (f"<{tag}> isn't allowed in a post and was left out.",)


def test_an_author_is_told_what_is_not_understood() -> None:
    rendered = render("a {% include foo.html %} b\n\n`{% include bar.html %}`")
    assert "a {% include foo.html %} b" in rendered.html
    assert rendered.warnings == ("{% include foo.html %} isn't understood here; it is shown as text.",)


def test_a_rendering_survives_a_pipe() -> None:
    rendered = render("# A\n\nhttps://x.com/a/status/20\ncaption\n> Prompt: p\n\n![](/a.png)\n\n{% x %}")
    assert all((rendered.toc, rendered.embeds, rendered.prompts, rendered.files, rendered.warnings))
    assert Rendered.from_json(rendered.to_json()) == rendered
