"""What a quote says about its prompt (`Model: …`, `Seed: …`) and what the admin says, in the same columns.

`Prompt.written` remembers what came from the text. So a line that is taken out of the text takes its value back, and
what somebody entered in the admin stays.
"""

from __future__ import annotations

import re
from typing import Any

from blog.models import FailureMode, Generator, Prompt
from blog.rendering import PromptRef, Rendered, prompt_settings

_COLUMNS = ("generator_id", "model_version", "negative_prompt", "notes")


def take(prompt: Prompt, settings: dict[str, str], *, make: bool = True) -> None:
    """Set what is written, take back what no longer is. Saves no prompt; `link` does the rest when rows are saved.

    A model nobody knows is stored only with `make`.
    """
    model = Generator.objects.named(settings["model"], make=make) if "model" in settings else None
    said, before = _values(settings, model), prompt.written
    for column in _COLUMNS:
        if column in said:
            setattr(prompt, column, said[column])
        elif column in before and getattr(prompt, column) == before[column]:
            setattr(prompt, column, prompt.post.generator_id if column == "generator_id" else "")
    new, old = said.get("parameters", {}), before.get("parameters", {})
    kept = {key: value for key, value in prompt.parameters.items() if key not in old or old[key] != value}
    prompt.parameters = {**kept, **new}
    linked = {key: before[key] for key in ("failure_modes", "variant_of_id") if key in before}
    prompt.written = {**said, **linked}
    if model:
        prompt.generator = model[0]


def unsaved(ref: dict[str, Any], public_id: str) -> Prompt:
    """A prompt of a page, which has no row of its own, from what rendering said."""
    settings: dict[str, str] = ref.get("settings", {})
    model = settings.get("model", "")
    return Prompt(
        public_id=public_id,
        text=ref["text"],
        label=ref["label"],
        lang=ref["lang"],
        generator=Generator(name=model) if model else None,
        model_version=settings.get("version", ""),
        negative_prompt=settings.get("negative_prompt", ""),
        parameters=prompt_settings.parameters(settings),
    )


def _values(settings: dict[str, str], model: tuple[Generator, str] | None) -> dict[str, Any]:
    said: dict[str, Any] = {key: settings[key] for key in ("negative_prompt", "notes") if key in settings}
    if model:
        generator, version = model
        said["generator_id"] = generator.pk
        if version:
            said["model_version"] = version
    if "version" in settings:
        said["model_version"] = settings["version"][:100]
    if found := prompt_settings.parameters(settings):
        said["parameters"] = found
    return said


def link(prompts: list[Prompt], refs: tuple[PromptRef, ...]) -> None:
    """Failure modes and variants, once all prompts of a text have rows."""
    for prompt, ref in zip(prompts, refs, strict=True):
        before = (prompt.written.get("failure_modes"), prompt.written.get("variant_of_id"))
        names = prompt_settings.failure_names(ref.settings)
        modes = [mode.pk for mode in FailureMode.named(names)]
        variant_of = _variant_of(prompt, ref.settings.get("variant_of", ""), prompts)
        if (before[0] or [], before[1]) == (modes, variant_of):
            continue
        prompt.failure_modes.remove(*set(before[0] or []).difference(modes))
        prompt.failure_modes.add(*modes)
        if variant_of is not None or prompt.variant_of_id == before[1]:
            prompt.variant_of_id = variant_of
        said = {"failure_modes": modes, "variant_of_id": variant_of}
        prompt.written = {**prompt.written, **{key: value for key, value in said.items() if value}}
        for key in [key for key, value in said.items() if not value]:
            prompt.written.pop(key, None)
        prompt.save(update_fields=["variant_of", "written"])


def _variant_of(prompt: Prompt, value: str, siblings: list[Prompt]) -> int | None:
    """The prompt that a line names by its id or address, or by the key of its embed in the same text."""
    if not value:
        return None
    of_key = [p for p in siblings if p.post_embed is not None and p.post_embed.key == value]
    found = next(iter(of_key), None) or Prompt.objects.filter(public_id__in=_ids(value)).first()
    return found.pk if found is not None and prompt.may_be_variant_of(found.pk) else None


def _ids(value: str) -> list[str]:
    return [part for part in re.split(r"[^0-9a-z]+", value) if len(part) == 10]


def unknown_variants(result: Rendered) -> list[str]:
    """Warnings for the author: what `Variant of:` names must be there."""
    wanted = {ref.settings["variant_of"] for ref in result.prompts if "variant_of" in ref.settings}
    wanted -= {result.embeds[ref.embed].key for ref in result.prompts if ref.embed is not None}
    known = set(
        Prompt.objects.filter(public_id__in=[i for value in wanted for i in _ids(value)]).values_list(
            "public_id", flat=True
        )
        if wanted
        else []
    )
    return [
        f"“Variant of: {value}” names no prompt. Write a prompt's address, or the key of an embed in this text."
        for value in sorted(wanted)
        if not known.intersection(_ids(value))
    ]


def has_written(prompt: Prompt, column: str) -> bool:
    """Whether the text sets a column, so that a form can't."""
    return column in prompt.written or f"{column}_id" in prompt.written
