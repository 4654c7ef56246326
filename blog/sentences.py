"""What the renderer tells authors, in their language.

It knows no Django and so speaks English, and what it said is stored with the text. Each sentence is known by its form
here; what it names is put into the translation. One that isn't known stays English.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext, gettext_noop as _

FORMS = (
    # Warnings.
    _("%(url)s can't be embedded; it is shown as a link."),
    _("%(tag)s names nothing that can be embedded; it is shown as text. Check its id."),
    _("%(tag)s isn't understood here; it is shown as text."),
    _("<%(name)s> isn't allowed in a post and was left out."),
    _("The picture %(url)s is on another host and is shown as a link. Upload it to show it."),
    _("The poster %(url)s is on another host and isn't shown. Upload it."),
    _("%(url)s won't play by itself: nothing here moves before it is asked to."),
    _("The formula %(tex)s can't be drawn and is shown as code: %(reason)s."),
    _("“Variant of: %(name)s” names no prompt. Write a prompt's address, or the key of an embed in this text."),
    # Why a text can't be saved.
    _("The text has %(count)s characters; %(most)s is the most. Split it into several posts."),
    _("Quotes or lists are nested more than %(most)s levels deep. Flatten them."),
    _(
        "The text takes too long to render and was stopped. It probably has a long run of unclosed brackets, "
        "asterisks, tags or comments: close or remove them, or split the text."
    ),
    _("The text is nested too deeply (quotes, lists, brackets or emphasis). Flatten it."),
    _("The text needs too much memory to render. Shorten it."),
    _("The renderer stopped, perhaps for lack of memory. Try again."),
    _("The renderer didn't start. Try again; if it stays so, look at the server's log."),
    # Why front matter can't be.
    _("this isn't YAML: %(reason)s"),
    _("this can't be read: the character %(name)s"),
    _("this can't be read: %(reason)s"),
    _("write lines of `key: value`"),
    _("there are more than %(most)s values"),
)


def translated(sentence: str) -> str:
    """What the renderer said, in the current language."""
    for form, pattern in _patterns():
        if match := pattern.fullmatch(sentence):
            return gettext(form) % match.groupdict() if match.groupdict() else gettext(form)
    return sentence


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(form, _pattern(form)) for form in FORMS]


def _pattern(form: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", form)  # text, name, text, …
    fixed = [re.escape(part) if i % 2 == 0 else f"(?P<{part}>.*)" for i, part in enumerate(parts)]
    return re.compile("".join(fixed), re.DOTALL)
