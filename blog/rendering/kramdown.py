"""What authors of Jekyll's Chirpy theme are used to from kramdown, as Python-Markdown extensions.

Lists nested by two spaces and straight after a paragraph, attribute lists on the line after a block, ids of headings,
captions below pictures, file names on code. https://kramdown.gettalong.org/syntax.html
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
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
from markdown.util import HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, INLINE_PLACEHOLDER_RE, STX, AtomicString
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from blog.embeds import identify
from blog.rendering.rendered import Heading, RenderError

MAX_NESTING = 20
CALLOUT = "callout"  # the parser's state while it reads a quote that is given attributes
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ITEM = re.compile(r"( {0,3})([*+-]|[0-9]{1,9}\.)( +|$)(.*)")
_RULE = re.compile(r" {0,3}([*_-])[ ]*(?:\1[ ]*){2,}$")
ATTRIBUTES = re.compile(r"^ {0,3}\{:(?![:/])[ ]*([^\n}]*)\}[ ]*$", re.MULTILINE)
_CODE = re.compile(r"^ {0,3}(" + HTML_PLACEHOLDER % r"([0-9]+)" + r")[ ]*$", re.MULTILINE)
_INTERRUPTS = re.compile(rf" {{0,3}}(?:>|#{{1,6}}[ ]|\{{:|{STX}wzxhzdk)")


class KramdownExtension(Extension):
    """Everything below, in the order of its priorities."""

    def __init__(self, *, liquid: bool, embed_ids: Callable[[], set[str]]) -> None:
        super().__init__()
        self.embed_ids = embed_ids
        self.liquid = liquid
        self.toc: list[Heading] = []
        self.heading_ids: set[str] = set()

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
        md.treeprocessors.register(Headings(md, self), "headings", -4)


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


@dataclass
class _Item:
    offset: int
    lines: list[str] = field(default_factory=list)

    def loose(self, *, last: bool) -> bool:
        lines = self.lines
        if not last and len(lines) > 1 and not lines[-1]:
            return True
        return any(
            not line and i + 1 < len(lines) and lines[i + 1] and not lines[i + 1].startswith(" ")
            for i, line in enumerate(lines)
        )


class ListProcessor(BlockProcessor):
    """Lists as kramdown reads them: an item's text decides how far its other lines are indented."""

    def test(self, parent: Element, block: str) -> bool:
        """A block that begins with an item."""
        first = block.split("\n", 1)[0]
        return bool(_ITEM.match(first)) and not _RULE.match(first)

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Take the whole list off `blocks`, over blank lines."""
        marker = _item(blocks[0].split("\n", 1)[0])
        assert marker is not None
        base, ordered = len(marker[1]), marker[2][-1] == "."
        items: list[_Item] = []
        while blocks:
            rest = self._take(blocks[0], items, base, ordered)
            if rest == blocks[0]:
                break
            blocks.pop(0)
            if rest:
                blocks.insert(0, rest)
                break
            items[-1].lines.append("")
        self._build(parent, items, marker[2])

    def _take(self, block: str, items: list[_Item], base: int, ordered: bool) -> str:
        """Add the lines of `block` that belong to the list to `items`; give back the others."""
        lines = block.split("\n")
        for i, line in enumerate(lines):
            indent = len(line) - len(line.lstrip(" "))
            match = _item(line)
            if not line.strip():
                items[-1].lines.append("")
            elif match and indent <= base + 1:
                if (match[2][-1] == ".") != ordered:
                    return "\n".join(lines[i:])
                offset = len(match[1]) + len(match[2]) + (len(match[3]) if 0 < len(match[3]) < 5 else 1)
                items.append(_Item(offset, [match[4]]))
            elif items and indent >= min(items[-1].offset, base + 2):
                items[-1].lines.append(line[min(indent, items[-1].offset) :])
            elif items and i and lines[i - 1].strip() and not _INTERRUPTS.match(line) and not _RULE.match(line):
                items[-1].lines.append(line)
            else:
                return "\n".join(lines[i:])
        return ""

    def _build(self, parent: Element, items: list[_Item], first_marker: str) -> None:
        ordered = first_marker[-1] == "."
        element = SubElement(parent, "ol" if ordered else "ul")
        if ordered and first_marker != "1.":
            element.set("start", str(int(first_marker[:-1])))
        loose = any(item.loose(last=item is items[-1]) for item in items)
        for item in items:
            li = SubElement(element, "li")
            self.parser.state.set("looselist" if loose else "list")
            self.parser.parseChunk(li, "\n".join(item.lines).rstrip())
            self.parser.state.reset()
            if _make_task(li):
                element.set("class", "task-list")


class QuoteProcessor(BlockQuoteProcessor):
    """Quotes with a blank line between them are two quotes."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """As Python-Markdown does, but never continue the quote before."""
        block = blocks.pop(0)
        match = self.RE.search(block)
        assert match is not None
        if before := block[: match.start()]:
            self.parser.parseBlocks(parent, [before])
        inner = "\n".join(self.clean(line) for line in block[match.start() :].lstrip("\n").split("\n"))
        quote = SubElement(parent, "blockquote")
        self.parser.state.set("blockquote")
        self.parser.parseChunk(quote, inner)
        self.parser.state.reset()


def _item(line: str) -> re.Match[str] | None:
    return None if _RULE.match(line) else _ITEM.match(line)


def _make_task(li: Element) -> bool:
    """Turn `[ ] text` and `[x] text` at the beginning of an item into a labelled checkbox that can't be ticked."""
    holder = li[0] if len(li) and not (li.text or "").strip() and li[0].tag == "p" else li
    match = re.match(r"\[([ xX])\] +(.*)", holder.text or "", re.DOTALL)
    if match is None:
        return False
    holder.text = None
    label = Element("label")
    box = SubElement(label, "input", {"type": "checkbox", "disabled": "disabled"})
    if match[1] != " ":
        box.set("checked", "checked")
    box.tail = match[2]
    holder.insert(0, label)
    li.set("class", "task-list-item")
    return True


class AttributeLineProcessor(BlockProcessor):
    """`{: .prompt-tip }` on a line of its own belongs to the block above it."""

    def test(self, parent: Element, block: str) -> bool:
        """Any block with such a line, but a list: it has its own lines to give attributes to."""
        return "{:" in block and bool(ATTRIBUTES.search(block)) and not _item(block.split("\n", 1)[0])

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


class InterruptedParagraphProcessor(BlockProcessor):
    """A list, or fenced code, needs no blank line before it."""

    def _boundary(self, block: str) -> int | None:
        position = block.find("\n") + 1
        while position:
            end = block.find("\n", position)
            line = block[position : end if end >= 0 else None]
            match = _item(line)
            if (match and match[4] and match[2] in ("*", "+", "-", "1.")) or _CODE.match(line):
                return position
            position = end + 1
        return None

    def test(self, parent: Element, block: str) -> bool:
        """A paragraph with a later line that begins a list or is a code block."""
        return self._boundary(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Split it there."""
        block = blocks.pop(0)
        boundary = self._boundary(block)
        self.parser.parseBlocks(parent, [block[:boundary].rstrip("\n")])
        blocks.insert(0, block[boundary:])


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
        match = _CODE.match(block)
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
            match = _CODE.match(figure.text or "") if figure.get("class", "").startswith("code") else None
            if match is None:
                continue
            stashed = str(self.md.htmlStash.rawHtmlBlocks[int(match[2])])
            language = re.match(rf'{_CODE_START} class="language-([^"]+)"', stashed)
            label = figure.attrib.pop("file", "") or (language[1] if language else "")
            if label and label not in ("plaintext", "text"):
                caption = Element("figcaption")
                caption.text = AtomicString(label)
                caption.tail, figure.text = AtomicString(figure.text or ""), None
                figure.append(caption)


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


def _is_captioned(paragraph: Element, picture: Element, caption: Element) -> bool:
    is_link = picture.tag == "a" and len(picture) == 1 and not (picture.text or "").strip()
    inner = picture[0] if is_link else picture
    return (
        inner.tag == "img"
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


class Headings(Treeprocessor):
    """Ids as kramdown's GFM parser makes them, unique; the table of contents; an outline below the page's one h1."""

    def __init__(self, md: Markdown, extension: KramdownExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: Element) -> None:
        """Give each heading the element of its depth: the title is the h1, so `#` and a first `##` are both h2."""
        headings = [element for element in root.iter() if element.tag in _HEADINGS]
        used = self.extension.embed_ids() | {value for element in root.iter() if (value := element.get("id"))}
        open_levels: list[int] = []
        for heading in headings:
            level = int(heading.tag[1])
            text = self._text(heading)
            if not heading.get("id"):
                heading.set("id", _unique(kramdown_id(text), used))
            skipped = heading.attrib.pop("data-toc-skip", None) is not None
            if level <= 4 and text and not skipped:
                self.extension.toc.append(Heading(level, heading.get("id", ""), text))
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
            heading.tag = f"h{min(len(open_levels) + 1, 6)}"
        self.extension.heading_ids = {heading.get("id", "") for heading in headings}

    def _text(self, heading: Element) -> str:
        text = "".join(heading.itertext())
        text = text.replace("\x02amp\x03", "&")
        text = re.sub(r"\x02([0-9]{1,7})\x03", lambda m: chr(int(m[1])), text)
        text = INLINE_PLACEHOLDER_RE.sub("", text)
        text = HTML_PLACEHOLDER_RE.sub(self._stashed_text, text)
        return " ".join(text.split())

    def _stashed_text(self, match: re.Match[str]) -> str:
        """An entity's character; nothing for a tag."""
        number = int(match[1])
        stash = self.md.htmlStash
        source = str(stash.rawHtmlBlocks[number]) if number < stash.html_counter else ""
        return html.unescape(re.sub(r"<[^>]*>", "", source))


def kramdown_id(text: str) -> str:
    """The id kramdown gives a heading: lower case, no punctuation, spaces as hyphens, Hangul kept.

    >>> kramdown_id("성능: 어디까지 생성이 가능한가?")
    '성능-어디까지-생성이-가능한가'
    """
    kept = "".join(c for c in text.lower() if re.match(r"[\w\- \t]", c) or unicodedata.category(c)[0] == "M")
    return kept.replace(" ", "-").replace("\t", "-") or "section"


def _unique(wanted: str, used: set[str]) -> str:
    candidate, count = wanted, 0
    while candidate in used:
        count += 1
        candidate = f"{wanted}-{count}"
    used.add(candidate)
    return candidate
