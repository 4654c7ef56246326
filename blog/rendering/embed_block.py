"""The embed block: a post on another site, its caption and the prompt behind it, as one paragraph of Markdown.

    https://x.com/OpenAI/status/1758192965703647443          (or)
    {% include embed/twitter.html id=page.t_tokyo %}         (or)
    {% embed t_tokyo caption="tokyo walk" %}
    tokyo walk
    >Prompt: A stylish woman walks down a Tokyo street …

The block becomes a token that the sanitiser sees as plain text and no author can guess; the pipeline turns it into
a placeholder afterwards. Runs as a block processor, so code never reaches it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.util import AtomicString

from blog.embeds import Identity, identify, resolve_include
from blog.rendering import prompt_settings
from blog.rendering.kramdown import ATTRIBUTES, CALLOUT
from blog.rendering.rendered import EmbedRef, PromptRef
from blog.rendering.sanitize import is_remote, safe_id
from blog.rendering.text import guess_lang

_TAG = re.compile(
    r" {0,3}\{%-?\s*(include\s+embed/([\w-]+)\.html|embed)(?=\s)"
    r"((?:\"[^\"]*\"|'[^']*'|[^%]|%(?!\}))*?)-?%\}[ ]*(?:\n|$)"
)
_URL = re.compile(r" {0,3}<?(https?://[^\s<>]+)>?[ ]*(?:\n|$)")
_VALUE = r"""(page\[\s*(?:"[^"]*"|'[^']*')\s*\]|"[^"]*"|'[^']*'|[^\s"']+)"""
_ARGUMENT = re.compile(rf"([\w-]+)\s*=\s*{_VALUE}|{_VALUE}")
_VARIABLE = re.compile(r"""page(?:\.([\w-]+)|\[\s*["']([^"']+)["']\s*\])""")
_LABEL = re.compile(
    r"(?:\*\*|__|\*|_)?(?P<label>prompt|프롬프트|プロンプト|提示词|提示詞)"
    r"(?:\*\*|__|\*|_)?\s*[:：](?:\*\*|__|\*|_)?[ ]*",
    re.IGNORECASE,
)
# A run of quoted lines that begins with a prompt label.
_PROMPT_LINES = re.compile(rf"^ {{0,3}}>[ ]?{_LABEL.pattern}.*(?:\n {{0,3}}>.*)*", re.IGNORECASE | re.MULTILINE)
_TAB = "\x04"  # stands for a tab in a prompt: Markdown would make spaces of it
_QUOTED = re.compile(r" {0,3}>[ ]?")
_FENCE = re.compile(r"^[> ]*\x02(wzxhzdk:[0-9]+)\x03", re.MULTILINE)
# What begins a block of its own and so is no caption: heading, list, rule, picture, fenced code, attributes, embed.
_BLOCK = re.compile(
    r" {0,3}(?:#{1,6}[ ]|[*+-][ ]|[0-9]{1,9}\.[ ]|!\[|\x02|\{[:%]|<?https?://\S+$|([*_-])[ ]*(?:\1[ ]*){2,}$)"
)
_PARTICLE = re.compile(r"[^\x00-\x7f]{1,12}[.!?…]?")


@dataclass
class EmbedBlocks(Extension):
    """Collects the embeds and prompts of one text. `nonce` must not occur in it."""

    nonce: str
    variables: Mapping[str, object]
    file: Callable[[str], str | None]  # the address of a file that is named by its path on the site
    instances: Collection[str] = ()  # hosts of Mastodon whose posts are embedded
    embeds: list[EmbedRef] = field(default_factory=list)
    prompts: list[PromptRef] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def extendMarkdown(self, md: Markdown) -> None:
        """Before lists, quotes and indented code: a block of the grammar is never anything else."""
        md.parser.blockprocessors.register(EmbedBlockProcessor(md.parser, self), "embed_block", 88)
        md.parser.blockprocessors.register(PromptProcessor(md.parser, self), "prompt", 87)

    def token(self, kind: str, number: int) -> str:
        """What stands for the placeholder until the HTML is safe."""
        return f"{self.nonce}{kind}{number}end"

    def ids(self) -> set[str]:
        """The ids that the figures will have on the page."""
        return {safe_id(embed.key) or "" for embed in self.embeds}

    def add_embed(self, identity: Identity, key: str, caption: str, prompt: PromptRef | None) -> str:
        """Record an embed and its prompt; return its token."""
        used = self.ids()
        if not safe_id(key):
            key = f"{identity.provider}-{re.sub(r'[^A-Za-z0-9_.-]+', '-', identity.id).strip('-')[-80:]}"
        unique, count = key, 1
        while safe_id(unique) in used:
            count += 1
            unique = f"{key}-{count}"
        number = len(self.embeds)
        self.embeds.append(EmbedRef.of(identity, unique, caption))
        if prompt:
            self.prompts.append(replace(prompt, embed=number))
        return self.token("embed", number)


@dataclass
class _Target:
    """What the first line of a block names."""

    found: Identity | str | None  # a post; an address that can only be a link; nothing
    key: str = ""
    caption: str = ""
    trailing: str = ""  # what was glued to the end of a URL


class EmbedBlockProcessor(BlockProcessor):
    """A paragraph whose first line names a post."""

    def __init__(self, parser: BlockParser, blocks: EmbedBlocks) -> None:
        super().__init__(parser)
        self.found = blocks

    def test(self, parent: Element, block: str) -> bool:
        """An include, an embed tag, or an address that a provider knows."""
        if _TAG.match(block):
            return True
        match = _URL.match(block)
        found = match and identify(match[1], self.found.instances)
        return bool(found and (not found[1] or _PARTICLE.fullmatch(found[1])))

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Take the first line, a caption line and a prompt; leave what follows as ordinary Markdown."""
        block = blocks.pop(0)
        match = _TAG.match(block) or _URL.match(block)
        assert match is not None
        target = self._tag(match) if match.re is _TAG else self._url(match[1])
        rest = block[match.end() :]
        if isinstance(target.found, Identity):
            caption, prompt, rest = self._caption_and_prompt(rest)
            token = self.found.add_embed(target.found, target.key, target.caption or caption, prompt)
            if target.caption and caption:
                rest = f"{caption}\n\n{rest}".rstrip()
            SubElement(parent, "p").text = AtomicString(token)
            if target.trailing:
                SubElement(parent, "p").text = AtomicString(target.trailing)
        elif target.found:
            self._link(parent, target.found, target.caption)
        else:
            self._unresolved(parent, match[0].strip())
        if rest.strip():
            blocks[:0] = rest.split("\n\n")

    def _url(self, url: str) -> _Target:
        found = identify(url, self.found.instances)
        assert found is not None
        return _Target(found[0], trailing=found[1])

    def _tag(self, match: re.Match[str]) -> _Target:
        include = match[2]
        named, positional = _arguments(match[3])
        title = named.get("title", "") if include in ("video", "audio") else ""  # Chirpy's name for a caption
        caption = _unquote(named.get("caption", "") or title)
        raw = named.get("id", "") or named.get("src", "") if include else named.get("id", "") or (positional or [""])[0]
        key, value = self._value(raw, bare=not include)
        link = value if re.match(r"https?://", value) else None
        if include:
            arguments = {name: self._value(given, bare=False)[1] for name, given in named.items()}
            return _Target((value and self._included(include, value, arguments)) or link, key, caption)
        found = identify(value, self.found.instances) if "://" in value else None
        return _Target(found[0] if found else resolve_include("twitter", value) or link, key, caption)

    def _included(self, include: str, value: str, arguments: dict[str, str]) -> Identity | None:
        """What one of Chirpy's includes names; films and sounds may be files of this site."""
        if include in ("video", "audio"):
            value = self.found.file(value) or ""
            poster = self.found.file(arguments.get("poster", ""))
            if poster and is_remote(poster):
                self.found.warnings.append(f"The poster {poster} is on another host and isn't shown. Upload it.")
            arguments["poster"] = "" if poster is None or is_remote(poster) else poster
            if arguments.pop("autoplay", "") not in ("", "false"):
                self.found.warnings.append(f"{value} won't play by itself: nothing here moves before it is asked to.")
        return resolve_include(include, value, arguments, self.found.instances)

    def _value(self, raw: str, *, bare: bool) -> tuple[str, str]:
        """(key, value) of an argument: `page.t_tokyo`, a variable's bare name, or the value itself."""
        match = _VARIABLE.fullmatch(raw)
        name = (match[1] or match[2]) if match else raw if bare and raw in self.found.variables else None
        if name is None:
            return "", _unquote(raw)
        return name, str(self.found.variables.get(name, "")).strip()

    def _caption_and_prompt(self, rest: str) -> tuple[str, PromptRef | None, str]:
        lines = rest.split("\n") if rest.strip() else []
        first_quoted = next((i for i, line in enumerate(lines) if _QUOTED.match(line)), len(lines))
        if first_quoted > 1 or (first_quoted == 1 and _BLOCK.match(lines[0])):  # not just a caption: ordinary text
            return "", None, rest
        caption = _caption(lines[0]) if first_quoted == 1 else ""
        end = next((i for i, line in enumerate(lines) if i > first_quoted and ATTRIBUTES.match(line)), len(lines))
        prompt = parse_prompt(self.parser.md, "\n".join(lines[first_quoted:end]))
        return caption, prompt, "\n".join(lines[end if prompt else first_quoted :])

    def _link(self, parent: Element, url: str, caption: str) -> None:
        link = SubElement(SubElement(parent, "p"), "a", {"href": url})
        link.text = AtomicString(caption or url)
        self.found.warnings.append(f"{url} can't be embedded; it is shown as a link.")

    def _unresolved(self, parent: Element, tag: str) -> None:
        SubElement(SubElement(parent, "p"), "code").text = AtomicString(tag)
        self.found.warnings.append(f"{tag} names nothing that can be embedded; it is shown as text. Check its id.")


class PromptProcessor(BlockProcessor):
    """A quote that begins with a prompt label and belongs to no embed (a picture's prompt, say).

    Not one that `{: .prompt-tip }` makes a callout.
    """

    def __init__(self, parser: BlockParser, blocks: EmbedBlocks) -> None:
        super().__init__(parser)
        self.found = blocks

    def test(self, parent: Element, block: str) -> bool:
        """A block with such a quote, even straight after other lines."""
        return not self.parser.state.isstate(CALLOUT) and _prompt_start(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Record it and leave a token."""
        block = blocks.pop(0)
        start = _prompt_start(block) or 0
        if before := block[:start].rstrip("\n"):
            self.parser.parseBlocks(parent, [before])
        block = block[start:]
        prompt = parse_prompt(self.parser.md, block)
        if prompt is None:  # a label with nothing after it: an ordinary quote
            quote = SubElement(parent, "blockquote")
            SubElement(quote, "p").text = "\n".join(_QUOTED.sub("", line) for line in block.split("\n"))
            return
        self.found.prompts.append(prompt)
        SubElement(parent, "p").text = AtomicString(self.found.token("prompt", len(self.found.prompts) - 1))


def _prompt_start(block: str) -> int | None:
    """Where in a block the quote that is a prompt begins; None if there is none, or it is made a callout."""
    position, in_quote = 0, False
    for line in block.split("\n"):
        quoted = _QUOTED.match(line)
        if quoted and not in_quote and _LABEL.match(line, quoted.end()):
            callout = re.search(r"^ {0,3}\{:", block[position:], re.MULTILINE)
            return None if callout else position
        in_quote = bool(quoted or in_quote)
        position += len(line) + 1
    return None


def parse_prompt(md: Markdown, quote: str) -> PromptRef | None:
    """The prompt in a quote that begins with a prompt label; None if it isn't one or is empty."""
    quote = shown_tabs(_FENCE.sub(lambda match: _fence(md, match), quote))
    text = "\n".join(_QUOTED.sub("", line, count=1) for line in quote.split("\n"))
    match = _LABEL.match(text)
    if match is None:
        return None
    prompt, settings = prompt_settings.split(text[match.end() :])
    return PromptRef(match["label"], prompt, guess_lang(prompt), settings=settings) if prompt else None


def hidden_tabs(source: str) -> str:
    """Put the tabs in prompts out of Markdown's reach; `shown_tabs` undoes it."""
    return _PROMPT_LINES.sub(lambda match: match[0].replace("\t", _TAB), source)


def shown_tabs(text: str) -> str:
    """Undo `hidden_tabs`."""
    return text.replace(_TAB, "\t")


def _fence(md: Markdown, match: re.Match[str]) -> str:
    """Fenced code in a prompt, which SuperFences has put aside, is text here: as it was written."""
    fences: Any = md.preprocessors["fenced_code_block"]
    source, _ = fences.extension.stash.get(match[1], (None, None))
    return match[0] if source is None else str(source)


def _arguments(source: str) -> tuple[dict[str, str], list[str]]:
    named, positional = {}, []
    for match in _ARGUMENT.finditer(source):
        if match[1]:
            named[match[1]] = match[2]
        else:
            positional.append(match[3])
    return named, positional


def _unquote(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return html.unescape(value[1:-1] if quoted else value).strip()


def _caption(line: str) -> str:
    """The caption line, without the emphasis that Chirpy authors put around captions."""
    line = line.strip()
    match = re.fullmatch(r"(\*\*|__|\*|_)(.+)\1", line)
    return match[2] if match else line
