"""Markdown in, `Rendered` out: the order of the steps, and nothing else."""

from __future__ import annotations

import posixpath
import re
import secrets
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote

from markdown import Markdown

from blog.rendering import text
from blog.rendering.embed_block import EmbedBlocks, hidden_tabs, shown_tabs
from blog.rendering.excerpt import excerpt
from blog.rendering.finish import finish, without_backlinks
from blog.rendering.formulas import Formulas
from blog.rendering.headings import Headings
from blog.rendering.kramdown import KramdownExtension, format_code
from blog.rendering.rendered import Rendered, RenderError, fill, placeholder
from blog.rendering.sanitize import is_remote, safe_scheme, sanitize
from blog.rendering.words import WORDS

RENDERER_VERSION = 3  # raise it when the same text gives other HTML: `manage.py rerender` finds what is older
MAX_CHARACTERS = 100_000

_EXTENSIONS = ["abbr", "def_list", "footnotes", "md_in_html", "tables", "pymdownx.superfences", "pymdownx.tilde"]
_EXTENSION_CONFIGS: dict[str, dict[str, Any]] = {
    "footnotes": {"BACKLINK_TEXT": "↩", "BACKLINK_TITLE": "↩ {}"},
    "pymdownx.superfences": {
        "relaxed_headers": True,
        "custom_fences": [{"name": "*", "class": "", "format": format_code}],
    },
    "pymdownx.tilde": {"subscript": False},
}


def render(
    source: str,
    *,
    variables: Mapping[str, object] | None = None,
    media_url: str = "/media/",
    instances: Collection[str] = (),
    words: Mapping[str, str] = WORDS,
) -> Rendered:
    """Render a text.

    `variables` are its front-matter keys, `media_url` is where files are served from, `instances` are the hosts of
    Mastodon whose posts are embedded, `words` are what the renderer itself says (labels, titles).

    Raises RenderError with a message for the author if the text is too long or nested too deeply. A text can still
    take long (Python-Markdown is quadratic on some): use `worker.render` for one that isn't yours.
    """
    if len(source) > MAX_CHARACTERS:
        raise RenderError(
            f"The text has {len(source):,} characters; {MAX_CHARACTERS:,} is the most. Split it into several posts."
        )
    variables = variables or {}
    source = "".join(c for c in source.replace("\r\n", "\n").replace("\r", "\n") if c not in "\x00\x01\x02\x03\x04")
    paths = _Paths(str(variables.get("media_subpath") or variables.get("img_path") or ""), media_url)
    nonce = _nonce(source)
    blocks = EmbedBlocks(nonce, variables, paths.file, instances)
    formulas = Formulas(nonce, variables, words["formula"])
    kramdown = KramdownExtension(liquid=variables.get("render_with_liquid") is not False)
    markdown = Markdown(
        extensions=[*_EXTENSIONS, kramdown, blocks, formulas],
        extension_configs=_EXTENSION_CONFIGS,
        output_format="html",
    )
    headings = Headings(markdown, blocks.ids, formulas.as_text)
    markdown.treeprocessors.register(headings, "headings", -4)  # when everything else is done
    try:
        unsafe = shown_tabs(markdown.convert(hidden_tabs(source)))
        safe = sanitize(unsafe, image_path=paths.picture, heading_ids=headings.ids, taken_ids=blocks.ids())
    except RecursionError:
        raise RenderError("The text is nested too deeply (quotes, lists, brackets or emphasis). Flatten it.") from None
    safe = _place(safe, blocks)
    html = finish(formulas.as_mathml(safe), words)
    return _rendered(html, formulas.as_escaped_text(safe), unsafe, headings, blocks, paths, formulas.warnings)


def _nonce(source: str) -> str:
    """A word that the text doesn't contain, so that nobody can write a token by hand."""
    while (nonce := f"x{secrets.token_hex(12)}") in source:
        pass
    return nonce


def _place(html: str, blocks: EmbedBlocks) -> str:
    """Turn the tokens into placeholders, and the paragraphs that hold nothing else with them."""
    token = rf"{blocks.nonce}(embed|prompt)([0-9]+)end"
    html = re.sub(rf"<p(?: [^>]*)?>{token}</p>", lambda m: placeholder(m[1], int(m[2])), html)
    return re.sub(token, lambda m: placeholder(m[1], int(m[2])), html)


def _rendered(
    html: str,
    prose: str,
    unsafe: str,
    headings: Headings,
    blocks: EmbedBlocks,
    paths: _Paths,
    warnings: list[str],
) -> Rendered:
    embeds, prompts = tuple(blocks.embeds), tuple(blocks.prompts)

    def as_text(kind: str, number: int) -> str:
        if kind == "prompt":
            return f"<pre>{escape(prompts[number].text)}</pre>"
        caption = f"<p>{escape(embeds[number].caption)}</p>"
        return caption + "".join(f"<pre>{escape(p.text)}</pre>" for p in prompts if p.embed == number)

    prose = without_backlinks(prose)
    plain = text.plain_text(fill(prose, as_text))
    return Rendered(
        html=html,
        toc=tuple(headings.toc),
        embeds=embeds,
        prompts=prompts,
        files=tuple(dict.fromkeys(paths.found)),
        text=plain,
        excerpt=excerpt(prose),
        reading_minutes=text.reading_minutes(plain),
        warnings=tuple(dict.fromkeys([*blocks.warnings, *paths.warnings, *warnings, *_leftovers(unsafe)])),
    )


def _leftovers(unsafe: str) -> list[str]:
    """Warnings for what was dropped or not understood, found before it was sanitised."""
    prose = re.sub(r"<(pre|code)\b.*?</\1>", "", unsafe, flags=re.DOTALL)
    warnings = [
        f"<{name}> isn't allowed in a post and was left out."
        for name in dict.fromkeys(
            re.findall(r"<(script|style|iframe|object|embed|form|svg|math|video|audio)\b", prose.lower())
        )
    ]
    liquid = dict.fromkeys(re.findall(r"\{%[^\n]{0,200}?%\}", prose))
    return warnings + [f"{tag} isn't understood here; it is shown as text." for tag in liquid]


@dataclass
class _Paths:
    """Where files are: a path on the old site is a path below the media root."""

    prefix: str
    media_url: str
    found: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def picture(self, src: str) -> tuple[str, bool] | None:
        """The address of a picture, escaped, and whether it is on this site; None if there is no such address."""
        address = self.file(unescape(src))
        if address and is_remote(address) and not address.startswith(self.media_url):
            if not safe_scheme(address):
                return None
            self.warnings.append(
                f"The picture {address} is on another host and is shown as a link. Upload it to show it."
            )
            return escape(address), False
        return (address, True) if address else None

    def file(self, src: str) -> str | None:
        """The address of a file that a text names by path or address; None if it names none."""
        src = src.strip()
        if is_remote(self.prefix) and not is_remote(src):
            src = f"{self.prefix.rstrip('/')}/{src.lstrip('/')}"
        if is_remote(src):
            return src
        if src.startswith((self.media_url, "/static/")):
            return quote(unquote(src), safe="/")
        path = site_path(src, self.prefix)
        if path == site_path("", self.prefix):
            return None  # "#" or "?…": names no file
        self.found.append(path)
        return self.media_url + quote(path[1:], safe="/")


def site_path(src: str, prefix: str = "") -> str:
    """The path of a picture on the site, as Chirpy builds it from `media_subpath` (once `img_path`) and the address."""
    path = unicodedata.normalize("NFC", unquote(re.split(r"[?#]", src, maxsplit=1)[0]))
    return posixpath.normpath(f"/{prefix}/{path}".replace("\\", "/")).replace("//", "/")
