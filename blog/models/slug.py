"""Slugs in any script, as Jekyll makes them from file names, so that moved posts keep their addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

_PUNCTUATION = frozenset("._~!$&'()+,;=@")


def jekyll_slug(text: str) -> str:
    """What Jekyll's `:title` gives for a file name: letters and digits of any script, some punctuation, case kept.

    Source: "pretty" mode of https://jekyllrb.com/docs/liquid/filters/#options-for-the-slugify-filter

    >>> jekyll_slug("Sora AI가 #1")
    'Sora-AI가-1'
    """
    text = unicodedata.normalize("NFC", text)
    kept = "".join(c if _kept(c) else "-" for c in text)
    return re.sub(r"-+", "-", kept).strip("-")


def _kept(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LM" or character.isdecimal()


def validate_slug(value: str) -> None:
    """Refuse what can't stand in an address as it is."""
    if not value or value.strip(".") == "" or not all(_kept(c) or c == "-" for c in value):
        raise ValidationError(_("Use letters (Hangul too), digits, hyphens and underscores, no spaces."))
    if value != unicodedata.normalize("NFC", value):
        raise ValidationError(_("Write the slug in composed characters (NFC)."))


def free_slug(model: type[models.Model], name: str, fallback: str) -> str:
    """A slug for a new row of that name; a number is added while others have it."""
    slug = wanted = slugify(name, allow_unicode=True)[:90] or fallback
    number = 1
    while model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def title_slug(title: str) -> str:
    """What is proposed for a title: letters of any script and digits, in lower case, with hyphens between words.

    >>> title_slug("Veo 3.1이 왔다! (영상 & 프롬프트)")
    'veo-3.1이-왔다-영상-프롬프트'
    """
    kept = "".join(c if c not in _PUNCTUATION or c in "._" else "-" for c in jekyll_slug(title.lower()))
    kept = re.sub(r"(?<![0-9])\.|\.(?![0-9])", "-", kept)  # a point stays in 3.1
    return re.sub(r"-+", "-", kept).strip("-")


def free_post_slug(title: str, own: int | None = None) -> str:
    """`title_slug`, with a number while other posts than `own` have it."""
    posts = apps.get_model("blog", "Post")._default_manager.exclude(pk=own or 0)
    slug = wanted = title_slug(title)[:190].strip("-") or "post"
    number = 1
    while posts.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


class PostSlugField(models.SlugField):  # type: ignore[type-arg]  # not generic at run time
    """A slug in any script, with the punctuation that Jekyll keeps."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["allow_unicode"] = True
        super().__init__(**kwargs)
        # CharField has built the list by now; Django's own rule in it knows no punctuation.
        self.validators[:] = [validate_slug if v is validate_unicode_slug else v for v in self.validators]

    def formfield(self, **kwargs: Any) -> Any:
        """A plain text field, as Django's own for slugs would refuse the punctuation."""
        field: Any = models.CharField.formfield(self, **kwargs)
        field.allow_unicode = True  # the admin's script that proposes slugs looks for it
        return field
