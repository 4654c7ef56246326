"""What the scripts of the writing screen say."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """By the names that the scripts use."""
    return {
        "bold": _("bold text"),
        "italic": _("text"),
        "link": _("link text"),
        "prompt": _("the prompt, word for word"),
        "clean": _("Nothing to mend."),
        "line": _("Line %s"),
        "asking": _("Asking about %s …"),
        "failed": _("The preview can't be made at the moment; your text is not affected."),
        "offline": _("No connection: the preview waits."),
        "noAnswer": _("Nobody answered about this address; the text is not affected."),
    }
