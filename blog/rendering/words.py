"""What the renderer itself says in a text, in English; whoever renders gives the words of the text's language."""

from __future__ import annotations

WORDS = {
    "lang": "",  # the language of these words, where it isn't the text's
    "note": "Note",
    "tip": "Tip",
    "info": "Info",
    "important": "Important",
    "warning": "Warning",
    "caution": "Caution",
    "danger": "Danger",
    "section": "Link to this section: {}",
    "footnotes": "Footnotes",
    "back": "Back to where note {} is referred to",
    "back_again": "Back to where note {} is referred to ({})",
    "code": "Code",
    "table": "Table",
    "formula": "Formula",
}
