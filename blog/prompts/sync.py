"""Which row is which prompt after an edit: docs/prompts.md has the table of what authors can rely on."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from blog.diff import MOST_PAIRS, equal_pairs
from blog.models import Post, PostEmbed, Prompt
from blog.prompts import settings
from blog.rendering import PromptRef

_SAME_PROMPT = 0.6  # how alike an edited prompt must be to keep its id wherever it stands (difflib's ratio)
_SAME_PLACE = 0.2  # what standing under the same embed adds when two are about as alike
_IN_TEXT = 0.1  # what still standing in the text adds
_BY_WORDS = 400  # longer texts are compared by words: by characters it would take seconds


def sync_prompts(post: Post, refs: tuple[PromptRef, ...], placed: list[PostEmbed], before: list[Prompt]) -> None:
    """Give each prompt of the text its row: the one it had, else a new one."""
    embed_ids = [placed[ref.embed].embed_id if ref.embed is not None else None for ref in refs]
    rows = matched(refs, embed_ids, before)
    if before:
        post.prompts.update(position=None)  # so that no two hold one place while they change
    prompts = []
    for position, ref in enumerate(refs):
        prompt = rows.get(position) or Prompt(generator_id=post.generator_id)
        prompt.post = post
        prompt.position = position
        prompt.post_embed = placed[ref.embed] if ref.embed is not None else None
        prompt.label, prompt.text, prompt.lang = ref.label, ref.text, ref.lang
        settings.take(prompt, ref.settings)
        prompts.append(prompt)
    for prompt in prompts:
        if prompt.pk:
            prompt.save()
    Prompt.objects.bulk_create([prompt for prompt in prompts if not prompt.pk])
    settings.link(prompts, refs)


def matched(refs: tuple[PromptRef, ...], embed_ids: list[int | None], rows: list[Prompt]) -> dict[int, Prompt]:
    """The row of each position: by the same words, then by likeness, then by the same embed.

    Words count more than the place, so that prompts which change places keep their ids even if both are edited.
    """
    found: dict[int, Prompt] = {}
    left = sorted(rows, key=lambda row: (row.position is None, row.position or 0, row.pk))
    for compare in (_equal, _alike, _any):
        pairs = []
        for i, ref in enumerate(refs):
            for row in left if i not in found else []:
                same_place = embed_ids[i] is not None and embed_ids[i] == _embed_id(row)
                likeness = compare(row.text, ref.text, same_place)
                if likeness:
                    score = likeness + _SAME_PLACE * same_place + _IN_TEXT * (row.position is not None)
                    pairs.append((score, i, row))
        for _score, i, row in sorted(pairs, key=lambda pair: -pair[0]):  # among equals, the order of the text
            if i not in found and row in left:
                found[i] = row
                left.remove(row)
    return found


def _equal(old: str, new: str, same_place: bool) -> float:
    return float(old == new)


def _alike(old: str, new: str, same_place: bool) -> float:
    by_words = max(len(old), len(new)) > _BY_WORDS
    pieces = [re.findall(r"\w+|\S", text) if by_words else list(text) for text in (old, new)]
    matcher = SequenceMatcher(None, pieces[0], pieces[1], autojunk=False)
    ratio = min(matcher.real_quick_ratio(), matcher.quick_ratio())  # the same words in any order
    if ratio >= _SAME_PROMPT and (not by_words or equal_pairs(pieces[0], pieces[1]) <= MOST_PAIRS):
        ratio = matcher.ratio()
    return ratio if ratio >= _SAME_PROMPT else 0


def _any(old: str, new: str, same_place: bool) -> float:
    return float(same_place)


def _embed_id(row: Prompt) -> int | None:
    return row.post_embed.embed_id if row.post_embed else None
