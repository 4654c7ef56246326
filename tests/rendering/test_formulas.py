"""Mathematics becomes MathML; money stays money."""

from __future__ import annotations

import re
from typing import Any

import pytest

from blog.rendering import render
from blog.rendering.formulas import MAX_CHARACTERS

X = '<math alttext="x"><mi>x</mi></math>'
BLOCK = '<div class="formula" tabindex="0" role="group" aria-label="Formula">{}</div>'
DISPLAYED = BLOCK.format('<math alttext="x" display="block"><mi>x</mi></math>')


def html(source: str, **variables: Any) -> str:
    return render(source, variables=variables).html.replace("\n", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$$x$$", DISPLAYED),
        ("$$ x $$", DISPLAYED),
        ("$$\nx\n$$", DISPLAYED),
        ("a\n\n$$x$$\n\nb", f"<p>a</p>{DISPLAYED}<p>b</p>"),
        ("a\n$$\nx\n$$\nb", f"<p>a</p>{DISPLAYED}<p>b</p>"),
        ("- a\n\n  $$x$$", f"<ul><li><p>a</p>{DISPLAYED}</li></ul>"),
        ("> $$x$$", f"<blockquote>{DISPLAYED}</blockquote>"),
        ("a $$x$$ b", f"<p>a {X} b</p>"),
        ("값은 $$x$$입니다", f"<p>값은 {X}입니다</p>"),
        ("- \\$$ x $$", f"<ul><li>{X}</li></ul>"),
        ("**$$x$$**", f"<p><strong>{X}</strong></p>"),
        ("[$$x$$](/a)", f'<p><a href="/a">{X}</a></p>'),
    ],
)
def test_two_dollars_are_a_formula(source: str, expected: str) -> None:
    assert html(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "$5 and $10",
        "US$5, US$6",
        "$x$ is $y$",
        "$$ alone",
        "$$$ and $$$",
        "$$ $$",
        "$$ $$ $$",
        "between $$ and $$$",
        r"\begin{align}x\end{align}",
        r"\eqref{eq:none}",
    ],
)
def test_other_dollars_are_dollars(source: str) -> None:
    assert html(source) == f"<p>{source}</p>"
    assert render(source).warnings == ()


@pytest.mark.parametrize("source", ["$$x$$", "a $$x$$", "$x$"])
def test_an_author_can_do_without_mathematics(source: str) -> None:
    assert html(source, math=False) == f"<p>{source}</p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$x$", f"<p>{X}</p>"),
        ("($x$) 값 $x$는", f"<p>({X}) 값 {X}는</p>"),
        ("$5 and $10", "<p>$5 and $10</p>"),
        (r"\$x\$", "<p>$x$</p>"),
        ("US$x$", "<p>US$x$</p>"),
        ("$ x $", "<p>$ x $</p>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
        ("$x", "<p>$x</p>"),
    ],
)
def test_single_dollars_are_a_formula_where_the_front_matter_says_math(source: str, expected: str) -> None:
    assert html(source, math=True) == expected


@pytest.mark.parametrize("source", ["`$$x$$`", "```\n$$x$$\n```", "    $$x$$", "> Prompt: $$x$$"])
def test_code_and_prompts_are_no_formulas(source: str) -> None:
    assert "<math" not in html(source)


def test_what_markdown_means_by_its_marks_is_not_meant_in_a_formula() -> None:
    assert 'alttext="a_1*b_2*c"' in html("$$a_1*b_2*c$$ *d*")
    assert "<li>" not in html("$$\na\n- b\n1. c\n\nd\n$$")
    assert render("$$\na \\\\\n\n- b\n$$").warnings == ()
    assert "&lt;</mo>" in html("$$ a<b $$")


def test_a_displayed_formula_is_numbered_and_referred_to_from_anywhere() -> None:
    equation = "$$\n\\begin{{equation}}\n{}\n\\label{{eq:my_{}}}\n\\end{{equation}}\n$$"
    source = f"\\eqref{{eq:my_y}}, \\ref{{eq:my_x}}\n\n{equation.format('x', 'x')}\n\n{equation.format('y', 'y')}"
    result = html(source)
    assert '<p><a href="#math:2">(2)</a>, <a href="#math:1">1</a></p>' in result
    assert re.findall(r'id="(math:[0-9])"><mtext>(\([0-9]\))', result) == [("math:1", "(1)"), ("math:2", "(2)")]


def test_equal_formulas_have_their_own_numbers() -> None:
    equation = r"$$\begin{equation}x\end{equation}$$"
    assert "(2)" in html(f"{equation}\n\n{equation}")


def test_a_label_needs_no_environment() -> None:
    assert "(1)" in html(r"$$ x \label{a} $$")


FORMULAS = [
    r"E=mc^2",
    r"x = {-b \pm \sqrt{b^2-4ac} \over 2a}",
    r"\sum_{n=1}^\infty 1/n^2 = \frac{\pi^2}{6}",
    r"\int_{-\infty}^\infty e^{-x^2}\,dx=\sqrt{\pi}",
    r"\lim_{x\to 0}\frac{\sin x}{x}=1",
    r"\begin{pmatrix}a & b\\ c & d\end{pmatrix}",
    r"\begin{cases}x & x\ge 0\\ -x & \text{otherwise}\end{cases}",
    r"\begin{align}a&=b\\c&=d\end{align}",
    r"\begin{aligned}a&=b\\c&=d\end{aligned}",
    r"\begin{split}a&=b\\&=c\end{split}",
    r"\begin{array}{c|c}a&b\\\hline c&d\end{array}",
    r"\mathbb{E}_{x\sim p}\left[\left\| \epsilon-\epsilon_\theta(x_t,t)\right\|^2\right]",
    r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
    r"\nabla\cdot\vec{E}=\frac{\rho}{\varepsilon_0}",
    r"\underbrace{a+b}_{n} \overline{AB} \binom{n}{k} \sqrt[3]{x}",
    r"\forall x\exists y: x<y \implies p \iff q",
    r"x\equiv y \pmod{n}, a \bmod b",
    r"\mathbf{x}^{(t)} \mathcal{L} \mathfrak{g} \mathscr{F} \boldsymbol{\beta}",
    r"\hat{y} \widetilde{x} \dot{x} \bar{x} \xrightarrow{f}",
    r"\text{정확도} = \frac{TP}{N}",
    r"\color{red}{x} \boxed{y} \cancel{z}",
    r"\left.\frac{d}{dx}\right|_{x=0} f'(x) f''(y)",
    r"x \tag{*}",
]


@pytest.mark.parametrize("tex", FORMULAS)
def test_what_people_write_is_drawn(tex: str) -> None:
    rendered = render(f"$${tex}$$")
    assert rendered.warnings == ()
    assert "<math " in rendered.html


@pytest.mark.parametrize(
    "tex",
    [r"\foo", r"\frac", "{", "}", "x^", "&", r"\left(", r"a^b^c", r"\begin{x}", r"\ce{H2O}", r"\includegraphics{x}"],
)
def test_what_cannot_be_drawn_is_shown_as_code_with_a_warning(tex: str) -> None:
    inline, block = render(f"a $${tex}$$ b"), render(f"$${tex}$$")
    shown = tex.replace("&", "&amp;")
    assert inline.html == f'<p>a <code class="language-tex">{shown}</code> b</p>'
    assert f'<code class="language-tex">{shown}</code></pre>' in block.html
    assert len(inline.warnings) == len(block.warnings) == 1
    assert inline.warnings[0].startswith(f"The formula {tex} can't be drawn and is shown as code: ")


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\htmlId{x}{y}",
        r"\class{x}{y}",
        r"\style{position:fixed}{y}",
        r"\unicode{60}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\operatorname{</math><script>alert(1)</script>}",
        r"</math><script>alert(1)</script>",
        r"\text{</mtext><style><img src=x onerror=alert(1)>}",
        r"\color{red;position:fixed}{x}",
        r'\color{"onclick=alert(1)}{x}',
        r'x"onclick="alert(1)',
        r"\hspace{1em;position:fixed}",
        r"\begin{equation}x\label{\"><script>alert(1)</script>}\end{equation}",
        r"\tag{<script>alert(1)</script>}x",
        r"\begin{array}{c|<script>}x\end{array}",
        r"\mathrm{<b>}",
    ],
)
def test_a_formula_brings_no_markup_into_a_page(tex: str) -> None:
    for source in (f"$${tex}$$", f"a $${tex}$$", f"## $${tex}$$", f'[a](/b "$${tex}$$")', f"![$${tex}$$](/a.png)"):
        result = render(source).html
        tags = re.findall(r"<(/?[a-z0-9]+)", re.sub(r'="[^"]*"', "", result))
        assert not {"script", "style", "b", "/math><script"} & {tag.strip("/") for tag in tags}
        assert "position" not in "".join(re.findall(r' style="([^"]*)"', result))
        assert not re.search(r" on[a-z]+=", re.sub(r'="[^"]*"', "=", re.sub(r">[^<]*", ">", result)))


@pytest.mark.parametrize(
    "source",
    [
        "<math><mi>x</mi></math>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<math><annotation-xml encoding='text/html'><p>x</p></annotation-xml></math>",
        "<math href='javascript:alert(1)'>x</math>",
    ],
)
def test_mathml_of_an_author_is_left_out(source: str) -> None:
    assert not re.search(r"<(math|m[a-z]+|annotation|style|img)\b", html(source))


def test_a_formula_in_an_attribute_stays_what_was_written() -> None:
    assert html("![a $$x$$](/a.png)").startswith('<p class="image"><img alt="a $$x$$" ')
    assert 'href="/a$$x$$"' in html("[b](/a$$x$$)")


def test_definitions_are_refused() -> None:
    for tex in (r"\newcommand{\x}{\x\x}\x", r"\def\x{y}\x", r"\gdef\x{y}\x", r"\let\x=y\x"):
        assert "commands can't be defined here" in render(f"$${tex}$$").warnings[0]


@pytest.mark.parametrize(
    "tex", ["{" * 900 + "}" * 900, r"\sqrt" * 390 + "1", r"\frac{" * 190 + "1" + "}{2}" * 190, "x^{" * 450 + "}" * 450]
)
def test_deep_formulas_break_nothing(tex: str) -> None:
    assert len(tex) <= MAX_CHARACTERS
    assert "<math" in html(f"$${tex}$$")


def test_a_formula_that_is_too_long_is_code() -> None:
    rendered = render(f"$${'{' * 20_000}{'}' * 20_000}$$")
    assert "<math" not in rendered.html
    assert "more than 2,000 characters" in rendered.warnings[0]


def test_the_text_of_a_formula_is_its_tex() -> None:
    rendered = render("## The $$x^2$$ law\n\nIt says that $$a \\le b$$ holds for every thing we know.")
    assert rendered.text == "The x^2 law\nIt says that a \\le b holds for every thing we know."
    assert rendered.excerpt == "It says that a \\le b holds for every thing we know."
    assert (rendered.toc[0].text, rendered.toc[0].id) == ("The x^2 law", "the-x2-law")
    assert 'aria-label="Link to this section: The x^2 law"' in rendered.html
