"""What authors of Jekyll's Chirpy theme are used to from kramdown, as a Python-Markdown extension.

Attribute lists on the line after a block, captions below pictures, file names on code; lists and headings are in files
of their own. https://kramdown.gettalong.org/syntax.html
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, BlockQuoteProcessor
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor, get_attrs_and_remainder
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, INLINE_PLACEHOLDER_RE, AtomicString
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from blog.embeds import identify
from blog.rendering.lists import FENCED_CODE, InterruptedParagraphProcessor, ListProcessor, match_item
from blog.rendering.rendered import RenderError

MAX_NESTING = 20
CALLOUT = "callout"  # the parser's state while it reads a quote that is given attributes
ATTRIBUTES = re.compile(r"^ {0,3}\{:(?![:/])[ ]*([^\n}]*)\}[ ]*$", re.MULTILINE)


class KramdownExtension(Extension):
    """Everything below, in the order of its priorities."""

    def __init__(self, *, liquid: bool) -> None:
        super().__init__()
        self.liquid = liquid

    def extendMarkdown(self, md: Markdown) -> None:
        """Register with Python-Markdown, whose own lists and attribute lists are replaced."""
        limit_nesting(md.parser)
        if self.liquid:
            md.preprocessors.register(LiquidRaw(md), "liquid_raw", 50)
        processors = md.parser.blockprocessors
        for replaced in ("olist", "ulist", "indent"):
            processors.deregister(replaced)
        definitions: Any = processors["defindent"]  # def_list's; it would take what is indented in our lists too
        definitions.ITEM_TYPES, definitions.LIST_TYPES = ["dd"], ["dl"]
        processors.register(CodeProcessor(md.parser), "fenced_code_placeholder", 82)
        processors.register(ListProcessor(md.parser), "kramdown_list", 75)
        processors.register(QuoteProcessor(md.parser), "quote", 20)
        processors.register(AttributeLineProcessor(md.parser), "attribute_line", 76)
        processors.register(InterruptedParagraphProcessor(md.parser), "interrupted_paragraph", 12)
        md.inlinePatterns.register(BareUrl(md), "bare_url", 85)
        md.treeprocessors.register(KramdownAttrList(md), "attr_list", 8)
        md.treeprocessors.register(CodeLabels(md), "code_labels", -1)
        md.treeprocessors.register(Images(md), "images", -2)
        md.treeprocessors.register(ScrollingTables(md), "tables", -3)


def limit_nesting(parser: BlockParser) -> None:
    """Refuse quotes and lists nested deeper than MAX_NESTING: the parser recurses for each level."""
    parse = parser.parseBlocks

    def parse_blocks(parent: Element, blocks: list[str]) -> bool | None:
        if len(parser.state) > MAX_NESTING:
            raise RenderError(f"Quotes or lists are nested more than {MAX_NESTING} levels deep. Flatten them.")
        return parse(parent, blocks)

    parser.parseBlocks = parse_blocks  # type: ignore[method-assign,assignment]


class LiquidRaw(Preprocessor):
    """`{% raw %}` and `{% endraw %}` are for Liquid alone; a line that held nothing else goes."""

    TAG = re.compile(r"\{%-?\s*(end)?raw\s*-?%\}")

    def run(self, lines: list[str]) -> list[str]:
        """Drop the tags if they come in pairs."""
        tags = [match[1] for line in lines if "raw" in line for match in self.TAG.finditer(line)]
        if not tags or tags != [None, "end"] * (len(tags) // 2):
            return lines
        return [self.TAG.sub("", line) for line in lines if not self.TAG.fullmatch(line.strip())]


_ALERT = re.compile(r"\[!(note|tip|important|warning|caution)\][ ]*(?:\n|$)", re.IGNORECASE)
_ALERTS = {  # GitHub's callouts in the dress of Chirpy's
    "note": "prompt-info callout-note",
    "tip": "prompt-tip",
    "important": "prompt-info callout-important",
    "warning": "prompt-warning",
    "caution": "prompt-danger callout-caution",
}


class QuoteProcessor(BlockQuoteProcessor):
    """Quotes with a blank line between them are two quotes; `> [!NOTE]` begins a callout."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """As Python-Markdown does, but never continue the quote before."""
        block = blocks.pop(0)
        match = self.RE.search(block)
        assert match is not None
        if before := block[: match.start()]:
            self.parser.parseBlocks(parent, [before])
        inner = "\n".join(self.clean(line) for line in block[match.start() :].lstrip("\n").split("\n"))
        quote = SubElement(parent, "blockquote")
        if alert := _ALERT.match(inner):
            quote.set("class", _ALERTS[alert[1].lower()])
            inner = inner[alert.end() :]
        self.parser.state.set("blockquote")
        self.parser.parseChunk(quote, inner)
        self.parser.state.reset()


class AttributeLineProcessor(BlockProcessor):
    """`{: .prompt-tip }` on a line of its own belongs to the block above it."""

    def test(self, parent: Element, block: str) -> bool:
        """Any block with such a line, but a list: it has its own lines to give attributes to."""
        return "{:" in block and bool(ATTRIBUTES.search(block)) and not match_item(block.split("\n", 1)[0])

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Parse what stands before the line, then give it the attributes."""
        block = blocks.pop(0)
        match = ATTRIBUTES.search(block)
        assert match is not None
        if before := block[: match.start()].rstrip("\n"):
            if re.search(r"^ {0,3}>", before, re.MULTILINE):
                self.parser.state.set(CALLOUT)
                self.parser.parseBlocks(parent, [before])
                self.parser.state.reset()
            else:
                self.parser.parseBlocks(parent, [before])
        target = self.lastChild(parent)
        if target is not None:
            attributes, _ = get_attrs_and_remainder(match[1])
            for name, value in attributes:
                if name == ".":
                    target.set("class", f"{target.get('class', '')} {value}".strip())
                elif value is not None:
                    target.set(AttrListTreeprocessor.NAME_RE.sub("_", name), value)
        if after := block[match.end() :].lstrip("\n"):
            blocks.insert(0, after)


_CODE_START = "<pre data-fenced><code"  # marks our own stashes; the sanitiser drops the attribute


def format_code(source: str, language: str | None, _class: str, _options: object, _md: Markdown, **_: object) -> str:
    """SuperFences' formatter: `<pre><code>` with Pygments' classes, no inline styles."""
    language = language or ""
    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    code = highlight(source, lexer, HtmlFormatter(nowrap=True)).rstrip("\n")
    name = re.sub(r"[^\w.+#-]", "", language)[:30]
    language_class = f' class="language-{name}"' if name else ""
    return f"{_CODE_START}{language_class}>{code}\n</code></pre>"


class CodeProcessor(BlockProcessor):
    """A fenced block that SuperFences has stashed becomes a figure, so that attributes can be given to it."""

    def _stashed(self, block: str) -> re.Match[str] | None:
        match = FENCED_CODE.match(block)
        stash = self.parser.md.htmlStash
        if match is None or int(match[2]) >= stash.html_counter:
            return None
        return match if str(stash.rawHtmlBlocks[int(match[2])]).startswith(_CODE_START) else None

    def test(self, parent: Element, block: str) -> bool:
        """A block whose first line is such a stash."""
        return self._stashed(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Wrap it; following lines are parsed on their own."""
        block = blocks.pop(0)
        match = self._stashed(block)
        assert match is not None
        figure = SubElement(parent, "figure", {"class": "code"})
        figure.text = AtomicString(match[1])
        if rest := block[match.end() :].lstrip("\n"):
            blocks.insert(0, rest)


class CodeLabels(Treeprocessor):
    """The file name, or the language, above a code block."""

    def run(self, root: Element) -> None:
        """Label every code figure."""
        for figure in root.iter("figure"):
            match = FENCED_CODE.match(figure.text or "") if figure.get("class", "").startswith("code") else None
            if match is None:
                continue
            stashed = str(self.md.htmlStash.rawHtmlBlocks[int(match[2])])
            language = re.match(rf'{_CODE_START} class="language-([^"]+)"', stashed)
            label = figure.attrib.pop("file", "") or (_language_name(language[1]) if language else "")
            if label:
                caption = Element("figcaption")
                caption.text = AtomicString(label)
                caption.tail, figure.text = AtomicString(figure.text or ""), None
                figure.append(caption)


def _language_name(language: str) -> str:
    """What people call it: "JavaScript" for js; "" for plain text."""
    if language in ("plaintext", "text"):
        return ""
    try:
        return get_lexer_by_name(language).name
    except ClassNotFound:
        return language


class BareUrl(InlineProcessor):
    """An address in running text is a link; one of a known provider ends where its id ends."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, md: Markdown) -> None:
        super().__init__(r"(?<![\w\"'=/@])https?://[^\s<>\x02\x03\"]+", md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int] | tuple[None, None, None]:
        """Leave the punctuation and the closing bracket that follow it outside."""
        if self._inside_link(data[: m.start(0)]):
            return None, None, None
        url = m[0]
        if found := identify(url):
            url = url[: len(url) - len(found[1])]
        url = url.rstrip(".,;:!?'*_~")
        while url.endswith(")") and url.count("(") < url.count(")"):
            url = url[:-1].rstrip(".,;:!?'*_~")
        link = Element("a", {"href": url})
        link.text = AtomicString(url)
        return link, m.start(0), m.start(0) + len(url)

    def _inside_link(self, before: str) -> bool:
        """Whether a raw `<a>` is open."""
        inline: Any = self.md.treeprocessors["inline"]
        blocks = self.md.htmlStash.rawHtmlBlocks
        for match in reversed(list(INLINE_PLACEHOLDER_RE.finditer(before))):
            stashed = HTML_PLACEHOLDER_RE.match(str(inline.stashed_nodes.get(match[1], "")))
            raw = str(blocks[int(stashed[1])]).lower() if stashed and int(stashed[1]) < len(blocks) else ""
            if re.match(r"</?a\b", raw):
                return raw[1] == "a"
        return False


class KramdownAttrList(AttrListTreeprocessor):
    """Attribute lists with kramdown's colon, so that braces in prose stay prose; `# Title {#id}` as well.

    The stubs call the expressions final; Python-Markdown reads them from the instance.
    """

    BASE_RE = r"\{:[ ]*([^\}\n ][^\n]*)\}"  # type: ignore[misc]
    HEADER_RE = re.compile(r"[ ]+\{:?[ ]*([#.][^\n{}]*)\}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{BASE_RE}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(r"^\{:[ ]*([^\}\n ][^\n}]*)\}")  # type: ignore[misc]


class Images(Treeprocessor):
    """`w=` and `h=` are short for width and height; `_caption_` on the line after a picture is its caption."""

    def run(self, root: Element) -> None:
        """Rename the attributes, make figures."""
        for image in root.iter("img"):
            for short, name in (("w", "width"), ("h", "height")):
                if (value := image.attrib.pop(short, None)) is not None:
                    image.set(name, value)
        for paragraph in root.iter("p"):
            children = list(paragraph)
            if len(children) == 2 and _is_captioned(paragraph, *children):
                paragraph.tag = "figure"
                paragraph.set("class", "image")
                children[0].tail = None
                children[1].tag = "figcaption"
            elif children and not paragraph.get("class") and _is_of_pictures(paragraph, children):
                paragraph.set("class", "image")


_PLACES = frozenset(("left", "right", "normal"))


def _is_of_pictures(paragraph: Element, children: list[Element]) -> bool:
    """Nothing but pictures that stand in the middle."""
    if (paragraph.text or "").strip() or any((child.tail or "").strip() for child in children):
        return False
    pictures = [_picture_in(child) for child in children if child.tag != "br"]
    return bool(pictures) and all(
        picture is not None and _PLACES.isdisjoint((picture.get("class") or "").split()) for picture in pictures
    )


def _picture_in(element: Element) -> Element | None:
    """A picture, also one that is a link."""
    is_link = element.tag == "a" and len(element) == 1 and not (element.text or "").strip()
    inner = element[0] if is_link and not (element[0].tail or "").strip() else element
    return inner if inner.tag == "img" else None


def _is_captioned(paragraph: Element, picture: Element, caption: Element) -> bool:
    return (
        _picture_in(picture) is not None
        and caption.tag == "em"
        and not (paragraph.text or "").strip()
        and (picture.tail or "").strip(" ") == "\n"
        and not (caption.tail or "").strip()
    )


class ScrollingTables(Treeprocessor):
    """A wide table scrolls in its own frame, not the page."""

    def run(self, root: Element) -> None:
        """Put each table into a frame that the keyboard can reach."""
        for parent in list(root.iter()):
            for i, child in enumerate(list(parent)):
                if child.tag == "table" and parent.get("class") != "scroll":
                    frame = Element("div", {"class": "scroll", "tabindex": "0"})
                    frame.tail, child.tail = child.tail, None
                    frame.append(child)
                    parent[i] = frame
