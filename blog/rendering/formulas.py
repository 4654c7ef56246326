r"""Mathematics: TeX becomes MathML, which browsers draw without a script.

    $$ E = mc^2 $$         always: a paragraph of its own is a displayed formula, within a line it is an inline one
    $E = mc^2$             only with `math: true` in the front matter: elsewhere dollars are money
    \begin{align} … \end{align}     likewise
    \eqref{eq:energy}      the number of the formula that has \\label{eq:energy}

A formula becomes a token that the sanitiser sees as plain text, as an embed does; its MathML takes the token's place
afterwards. So nothing of MathML is allowed to authors, where it would be a way around the sanitiser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString
from math_core import LatexError, LatexToMathML

from blog.rendering.rendered import TAG

MAX_CHARACTERS = 2_000  # the converter recurses for each level; some 16,000 characters of braces overflow its stack
_SHOWN = 60

_ALONE = re.compile(r"\n* {0,3}\$\$(?!\$)(?!\s*\$\$)((?:(?!\$\$)[^\x02\x03])+)(?<!\\)\$\$\s*")
_FENCED = re.compile(
    r"^ {0,3}\$\$[ ]*\n((?:(?! {0,3}\$\$)[^\n\x02\x03]*\n)+) {0,3}\$\$[ ]*$",
    re.MULTILINE,
)
_ENVIRONMENT = re.compile(
    r"\n* {0,3}(\\begin\{((?:equation|align|gather|multline|alignat)\*?)\}[^\x02\x03]*\\end\{\2\})\s*"
)
_LINE_OF_DOLLARS = re.compile(r"^ {0,3}\$\$[ ]*$", re.MULTILINE)
_INLINE_DOUBLE = r"(?<![\\$])\\?\$\$(?!\$)((?:(?!\$\$)[^\x02\x03])+?)(?<!\\)\$\$(?!\$)"
# As in Pandoc, so that "$5 and $10" is money: no space inside, no digit after it.
_INLINE_SINGLE = r"(?<![A-Za-z0-9\\$])\$(?![\s$])((?:[^$\\\x02\x03]|\\[^\x02\x03])+?)(?<!\s)\$(?![0-9$])"
_REFERENCE = r"\\(eq)?ref\{([^{}\n\x02\x03]{1,100})\}"
_LABEL = re.compile(r"\\label\{([^{}]*)\}")
_NUMBERED = re.compile(r"\\begin\{(?:equation|align|gather|multline|alignat)\}")
_DEFINITION = re.compile(r"\\(?:[a-z]*def|let|global|[a-z]*command)(?![A-Za-z])")

# What the converter may give. More would be a mistake of it, and isn't put into a page.
_TEXT = r"[^<>\"]*"
_ELEMENT = (
    r"math|m(?:row|i|n|o|text|space|sup|sub|subsup|under|over|underover|frac|sqrt|root|table|tr|td|padded|phantom|"
    r"multiscripts|prescripts|enclose|style)"
)
_ATTRIBUTE = (
    r"accent|accentunder|class|columnalign|depth|display|displaystyle|fence|form|height|id|largeop|linethickness|"
    r"lspace|mathvariant|maxsize|minsize|movablelimits|notation|rspace|scriptlevel|separator|stretchy|style|"
    r"symmetric|voffset|width"
)
_EXPECTED = re.compile(rf"(?:</?(?:{_ELEMENT})(?: (?:{_ATTRIBUTE})=\"{_TEXT}\")*/?>|{_TEXT})*")
_PREFIX = "math:"


@dataclass(frozen=True, slots=True)
class _Formula:
    source: str  # as it is written, dollars and all
    tex: str
    block: bool = False
    refers_to: str = ""  # the label, where this is a reference

    @property
    def text(self) -> str:
        """What is found by a search, and read where there is no markup."""
        return self.source if self.refers_to else self.tex.strip()


@dataclass
class Formulas(Extension):
    """Collects the formulas of one text. `nonce` must not occur in it."""

    nonce: str
    variables: Mapping[str, object]
    name: str = "Formula"
    warnings: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)  # the author's: one that suits an id
    _found: list[_Formula] = field(default_factory=list)

    def extendMarkdown(self, md: Markdown) -> None:
        """Before everything else but code: what TeX means by `_` and `*` is its own business."""
        md.ESCAPED_CHARS.append("$")
        if self.variables.get("math") is False:
            return
        everything = bool(self.variables.get("math"))
        md.parser.blockprocessors.register(_Blocks(md.parser, self, everything), "formula", 89)
        md.inlinePatterns.register(_Inline(_INLINE_DOUBLE, md, self), "formula", 186)
        if everything:
            md.inlinePatterns.register(_Inline(_INLINE_SINGLE, md, self), "formula_single", 185)
        md.inlinePatterns.register(_Reference(_REFERENCE, md, self), "formula_reference", 187)

    def add(self, formula: _Formula) -> str:
        """Keep a formula; return its token."""
        for label in _LABEL.findall(formula.tex) if formula.block else ():
            self.labels.setdefault(label, str(len(self.labels) + 1))
        self._found.append(formula)
        return f"{self.nonce}formula{len(self._found) - 1}end"

    def as_text(self, text: str) -> str:
        """Plain text, with the TeX in its place."""
        return self._replaced(text, lambda number: self._found[number].text)

    def as_escaped_text(self, html: str) -> str:
        """HTML, with the TeX in its place."""
        return self._replaced(html, lambda number: escape(self._found[number].text))

    def as_mathml(self, html: str) -> str:
        """Sanitised HTML, with the formulas in their places. In an attribute they stay what their author wrote."""
        if not self._found:
            return html
        drawn = self._drawn()
        html = TAG.sub(
            lambda tag: self._replaced(tag[0], lambda number: escape(self._found[number].source)),
            html,
        )
        html = re.sub(rf"<p(?: [^>]*)?>({self.nonce}formula[0-9]+end)</p>", self._unwrapped, html)
        return self._replaced(html, lambda number: drawn[number])

    def _unwrapped(self, paragraph: re.Match[str]) -> str:
        number = int(re.findall(r"formula([0-9]+)end", paragraph[1])[-1])
        return paragraph[1] if self._found[number].block else paragraph[0]

    def _replaced(self, text: str, by: Callable[[int], str]) -> str:
        if self.nonce not in text:
            return text
        return re.sub(rf"{self.nonce}formula([0-9]+)end", lambda token: by(int(token[1])), text)

    def _drawn(self) -> list[str]:
        """Each formula as HTML, references after what they refer to."""
        converter = LatexToMathML(fancy_error=False, allow_unreliable_rendering=True, id_prefix=_PREFIX)
        drawn = ["" if formula.refers_to else self._draw(converter, formula) for formula in self._found]
        numbers = dict(re.findall(rf'id="{_PREFIX}([0-9]+)"><mtext>([^<]*)</mtext>', "".join(drawn)))
        for number, formula in enumerate(self._found):
            if formula.refers_to:
                drawn[number] = _reference(formula, self.labels[formula.refers_to], numbers)
        return drawn

    def _draw(self, converter: LatexToMathML, formula: _Formula) -> str:
        try:
            mathml = self._converted(converter, formula)
        except LatexError as error:
            reason = re.sub(r"^[0-9]+: ", "", str(error)).rstrip(".")
            return self._given_up(formula, reason[:200])
        mathml = mathml.replace("&ApplyFunction;", "\u2061").replace("<math", f'<math alttext="{_short(formula)}"', 1)
        mathml = re.sub(r'(<mtable[^<>]*) scriptlevel="0"', r"\1", mathml)  # tables have none in MathML Core
        if not formula.block:
            return mathml
        return f'<div class="formula" tabindex="0" role="group" aria-label="{escape(self.name)}">{mathml}</div>'

    def _given_up(self, formula: _Formula, reason: str) -> str:
        shown = " ".join(formula.tex.split())[:_SHOWN]
        self.warnings.append(f"The formula {shown} can't be drawn and is shown as code: {reason}.")
        code = f'<code class="language-tex">{escape(formula.tex.strip())}</code>'
        return f'<pre tabindex="0">{code}</pre>' if formula.block else code

    def _converted(self, converter: LatexToMathML, formula: _Formula) -> str:
        """The MathML of a formula. Raises LatexError."""
        tex = formula.tex.strip()
        if len(tex) > MAX_CHARACTERS:
            raise LatexError(f"it has more than {MAX_CHARACTERS:,} characters")
        if _DEFINITION.search(tex):
            raise LatexError("commands can't be defined here")
        tex = _LABEL.sub(lambda label: rf"\label{{{self.labels.get(label[1], '0')}}}", tex)
        tex = tex.replace("{split}", "{aligned}").replace(r"\mbox{", r"\text{")
        if formula.block and re.search(r"\\(?:tag|label)\b", tex) and not _NUMBERED.search(tex):
            tex = rf"\begin{{equation}}{tex}\end{{equation}}"
        mathml = converter.convert_with_global_state(tex, displaystyle=formula.block)
        if not _EXPECTED.fullmatch(mathml):
            raise LatexError("the converter gave what doesn't belong into a page")
        return mathml


def _reference(formula: _Formula, target: str, numbers: Mapping[str, str]) -> str:
    if target not in numbers:  # its formula couldn't be drawn
        return f"<code>{escape(formula.source)}</code>"
    shown = numbers[target] if formula.tex == "eqref" else numbers[target].strip("()")
    return f'<a href="#{_PREFIX}{target}">{shown}</a>'


def _short(formula: _Formula) -> str:
    return escape(" ".join(formula.tex.split()))


class _Blocks(BlockProcessor):
    """A paragraph that is a formula; with `$$` on lines of their own, part of one."""

    def __init__(self, parser: BlockParser, formulas: Formulas, everything: bool) -> None:
        super().__init__(parser)
        self.formulas = formulas
        self.everything = everything

    def test(self, parent: Element, block: str) -> bool:
        """Any block that may hold one; `run` looks closer."""
        return "$$" in block or (self.everything and r"\begin{" in block)

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        """Take the formula off `blocks`; False if there is none."""
        if match := self._alone(blocks[0]):
            blocks.pop(0)
            self._add(parent, match[0], match[1])
            return None
        taken = self._with_blank_lines(blocks)
        source = "\n\n".join(blocks[:taken])
        fenced = _FENCED.search(source)
        if fenced is None or not fenced[1].strip():
            return False
        del blocks[:taken]
        if before := source[: fenced.start()].rstrip("\n"):
            self.parser.parseBlocks(parent, [before])
        self._add(parent, fenced[0], fenced[1])
        if after := source[fenced.end() :].lstrip("\n"):
            blocks.insert(0, after)
        return None

    def _alone(self, block: str) -> re.Match[str] | None:
        return _ALONE.fullmatch(block) or (_ENVIRONMENT.fullmatch(block) if self.everything else None)

    def _with_blank_lines(self, blocks: list[str]) -> int:
        """How many blocks the formula that the first one begins extends over."""
        lines, length = len(_LINE_OF_DOLLARS.findall(blocks[0])), len(blocks[0])
        for number, block in enumerate(blocks[1:], start=2):
            if lines % 2 == 0 or (length := length + len(block)) > MAX_CHARACTERS:
                break
            if lines_here := len(_LINE_OF_DOLLARS.findall(block)):
                return number if lines_here % 2 else 1
        return 1

    def _add(self, parent: Element, source: str, tex: str) -> None:
        token = self.formulas.add(_Formula(source.strip(), tex, block=True))
        SubElement(parent, "p").text = AtomicString(token)


class _Inline(InlineProcessor):
    """A formula in a line."""

    def __init__(self, pattern: str, md: Markdown, formulas: Formulas) -> None:
        super().__init__(pattern, md)
        self.formulas = formulas

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int] | tuple[None, None, None]:
        """Leave the token, which means nothing to Markdown."""
        if not m[1].strip():
            return None, None, None
        return self.formulas.add(_Formula(m[0].lstrip("\\"), m[1])), m.start(0), m.end(0)


class _Reference(_Inline):
    """The number of a displayed formula. All of these are known by now: blocks come before what is in their lines."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int] | tuple[None, None, None]:
        """Only where there is such a label: elsewhere it is text."""
        if m[2] not in self.formulas.labels:
            return None, None, None
        token = self.formulas.add(_Formula(m[0], "eqref" if m[1] else "ref", refers_to=m[2]))
        return token, m.start(0), m.end(0)
