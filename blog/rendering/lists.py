"""Lists as kramdown reads them: nested by two spaces, and straight after a paragraph.

Python-Markdown's own want four spaces and a blank line. https://kramdown.gettalong.org/syntax.html#lists
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor
from markdown.util import HTML_PLACEHOLDER, STX

_ITEM = re.compile(r"( {0,3})([*+-]|[0-9]{1,9}\.)( +|$)(.*)")
_RULE = re.compile(r" {0,3}([*_-])[ ]*(?:\1[ ]*){2,}$")
FENCED_CODE = re.compile(r"^ {0,3}(" + HTML_PLACEHOLDER % r"([0-9]+)" + r")[ ]*$", re.MULTILINE)
_INTERRUPTS = re.compile(rf" {{0,3}}(?:>|#{{1,6}}[ ]|\{{:|{STX}wzxhzdk)")


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
        marker = match_item(blocks[0].split("\n", 1)[0])
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
            match = match_item(line)
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


def match_item(line: str) -> re.Match[str] | None:
    """The parts of a line that begins an item (indent, marker, space, text), unless it is a rule (`* * *`)."""
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


class InterruptedParagraphProcessor(BlockProcessor):
    """A list, or fenced code, needs no blank line before it."""

    def _boundary(self, block: str) -> int | None:
        position = block.find("\n") + 1
        while position:
            end = block.find("\n", position)
            line = block[position : end if end >= 0 else None]
            match = match_item(line)
            if (match and match[4] and match[2] in ("*", "+", "-", "1.")) or FENCED_CODE.match(line):
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
