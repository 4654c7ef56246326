"""What the renderer says in a text, in the text's language."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _, override


@cache
def words(lang: str) -> dict[str, str]:
    """For `blog.rendering`; in English, and marked so, for a language that Roost doesn't speak."""
    spoken = dict(settings.LANGUAGES)
    code = next((code for code in (lang, lang.partition("-")[0]) if code in spoken), "en")
    with override(code):
        return {
            "lang": "" if code == lang.partition("-")[0] or code == lang else code,
            "note": _("Note"),
            "tip": _("Tip"),
            "info": _("Info"),
            "important": _("Important"),
            "warning": _("Warning"),
            "caution": _("Caution"),
            "danger": _("Danger"),
            "section": _("Link to this section: {}"),
            "footnotes": _("Footnotes"),
            "back": _("Back to where note {} is referred to"),
            "back_again": _("Back to where note {} is referred to ({})"),
            "code": _("Code"),
            "table": _("Table"),
            "formula": _("Formula"),
        }
