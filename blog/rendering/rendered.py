"""What rendering gives back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from blog.embeds import Identity


class RenderError(Exception):
    """The text can't be rendered; the message tells its author what to do. Nothing is lost: the text stays."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the table of contents. `level` is the one the author wrote (1–4)."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PromptRef:
    """A prompt in the text. `text` is verbatim: Markdown inside a prompt is not interpreted."""

    label: str
    text: str
    lang: str
    embed: int | None = None  # which of the text's embeds it belongs to
    settings: dict[str, str] = field(default_factory=dict)  # what is noted below it, as prompt_settings names it


@dataclass(frozen=True, slots=True)
class EmbedRef:
    """A block that embeds another site's post. `key` is unique in the text and the figure's id."""

    provider: str
    provider_id: str
    url: str
    author_handle: str
    posted_at: str  # ISO 8601 UTC, or ""
    key: str
    caption: str
    options: dict[str, str] = field(default_factory=dict)  # how to show it here: {"start": "90"}

    @classmethod
    def of(cls, identity: Identity, key: str = "", caption: str = "") -> EmbedRef:
        """The reference to a post that an address or include names."""
        date = identity.posted_at.isoformat() if identity.posted_at else ""
        options = dict(identity.options)
        return cls(identity.provider, identity.id, identity.url, identity.author_handle, date, key, caption, options)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered text. `html` is safe to print; `fill` puts embeds and prompts in their places."""

    html: str
    toc: tuple[Heading, ...] = ()
    embeds: tuple[EmbedRef, ...] = ()
    prompts: tuple[PromptRef, ...] = ()  # in the order of the text; only those without an embed have a placeholder
    files: tuple[str, ...] = ()  # site paths of the pictures, films and sounds it shows, "/assets/img/a.png"
    text: str = ""
    excerpt: str = ""
    reading_minutes: int = 1
    warnings: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """As plain data, for a pipe."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Rendered:
        """Undo `to_json`."""
        prompts = tuple(PromptRef(**prompt) for prompt in data.pop("prompts"))
        embeds = tuple(EmbedRef(**embed) for embed in data.pop("embeds"))
        toc = tuple(Heading(**heading) for heading in data.pop("toc"))
        files, warnings = tuple(data.pop("files")), tuple(data.pop("warnings"))
        return cls(**data, prompts=prompts, embeds=embeds, toc=toc, files=files, warnings=warnings)


# A tag as the sanitiser writes it: values always in double quotes, in which ">" may stand.
TAG = re.compile(r'<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>')

# A comment can only be ours: the sanitiser drops every comment an author writes, and "<" in text is escaped.
_PLACEHOLDER = re.compile(r"<!--(embed|prompt):([0-9]+)-->")


def placeholder(kind: str, number: int) -> str:
    """The inert mark for the `number`-th embed or prompt of a text."""
    return f"<!--{kind}:{number}-->"


def fill(html: str, replace: Callable[[str, int], str]) -> str:
    """Replace every placeholder by `replace(kind, number)`, kind being "embed" or "prompt"."""
    return _PLACEHOLDER.sub(lambda match: replace(match[1], int(match[2])), html)
