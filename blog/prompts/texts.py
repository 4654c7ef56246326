"""A prompt written out: alone, with its settings, as Markdown with credit, as data.

The names of settings are the English ones, whatever the site's language: what is copied can be pasted into another
post, and is understood there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from blog.models import Post, Prompt
from blog.rendering.prompt_settings import NAMES, PARAMETERS


def settings_of(prompt: Prompt) -> str:
    """Lines such as `Model: Sora 1.0`, "" if nothing is known."""
    parameters = prompt.ordered_parameters
    lines = [
        *_line("model", prompt.model_name),
        *_line("negative_prompt", re.sub(r"\n\s*\n", "\n", prompt.negative_prompt.strip())),
        *(line for key in PARAMETERS for line in _line(key, parameters.pop(key, ""))),
    ]
    listed = [value if key == "settings" else f"{key}: {value}" for key, value in parameters.items()]
    return "\n".join([*lines, *_line("settings", ", ".join(map(str, listed)))])


def _line(key: str, value: object) -> list[str]:
    return [f"{NAMES[key][0]}: {value}"] if value not in ("", None) else []


def with_settings(prompt: Prompt) -> str:
    """The prompt, and below it what it was run with."""
    settings = settings_of(prompt)
    return f"{prompt.text}\n\n{settings}" if settings else prompt.text


def markdown(prompt: Prompt, base: str) -> str:
    """A quote as Roost understands it, and a line that says where it is from."""
    between = "\n" if prompt.text[0].isspace() else " "  # spaces after a label aren't part of the prompt
    quoted = f"{prompt.label}:{between}{with_settings(prompt)}"
    quote = "\n".join(f"> {line}".rstrip() if not line.strip() else f"> {line}" for line in quoted.split("\n"))
    credit = [
        _link(prompt.title, base + prompt.get_absolute_url()),
        _link(prompt.post.title, base + prompt.post.get_absolute_url()),
        *([_escaped(prompt.post.byline)] if prompt.post.byline else []),
    ]
    return f"{quote}\n\n— {', '.join(credit)}\n"


def _link(text: str, url: str) -> str:
    return f"[{_escaped(text)}]({url})"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", " ".join(text.split()))


def all_of(post: Post, prompts: Iterable[Prompt], base: str) -> str:
    """All prompts of a post with their captions and settings."""
    parts = [
        f"{prompt.caption}\n\n{with_settings(prompt)}" if prompt.caption else with_settings(prompt)
        for prompt in prompts
    ]
    return "\n\n---\n\n".join([f"{post.title}\n{base}{post.get_absolute_url()}", *parts]) + "\n"


def data(prompt: Prompt, base: str) -> dict[str, Any]:
    """As plain data: the `_prompt` of a JSON feed."""
    return {
        "id": prompt.public_id,
        "text": prompt.text,
        "lang": prompt.lang,
        "model": prompt.generator.name if prompt.generator else None,
        "model_version": prompt.model_version or None,
        "negative_prompt": prompt.negative_prompt or None,
        "parameters": prompt.ordered_parameters,
        "failure_modes": [mode.name for mode in prompt.failure_modes.all()],
        "post_url": base + prompt.post.get_absolute_url(),
        "media_url": prompt.post_embed.embed.url if prompt.post_embed else None,
    }
