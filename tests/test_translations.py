"""The catalogues are complete, and compiled from what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from tests.conftest import PROJECT

CATALOGUES = PROJECT / "blog" / "locale"
COMPLETE = ("ko",)  # English is what the code says
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}


def plain(catalog: Catalog) -> dict[str, str]:
    """Texts and translations; the singular stands for a plural."""
    return {
        str(m.id if isinstance(m.id, str) else m.id[0]): m.string if isinstance(m.string, str) else m.string[0]
        for m in catalog
        if m.id
    }


def catalogue(language: str) -> dict[str, str]:
    with (CATALOGUES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return plain(read_po(file))


def used(path: Path) -> Iterator[str]:
    """What a module or template says."""
    source = path.read_text(encoding="utf-8")
    code = source if path.suffix == ".py" else templatize(source)
    for _line, message, _comments, _context in extract("python", BytesIO(code.encode()), KEYWORDS):  # type: ignore[arg-type]
        yield message[0] if isinstance(message, tuple) else message


@pytest.mark.parametrize("language", COMPLETE)
def test_everything_the_interface_says_has_a_translation(language: str) -> None:
    known = catalogue(language)
    files = [*(PROJECT / "blog").rglob("*.py"), *(PROJECT / "templates").rglob("*.html")]
    wanted = {text for file in files for text in used(file)}
    assert len(wanted) > 100
    assert sorted(text for text in wanted if not known.get(text)) == []


@pytest.mark.parametrize("language", [path.name for path in CATALOGUES.iterdir()])
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    with (CATALOGUES / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        assert plain(read_mo(file)) == {text: said for text, said in catalogue(language).items() if said}


@pytest.mark.parametrize("language", [path.name for path in CATALOGUES.iterdir()])
def test_a_language_with_a_catalogue_can_be_chosen(language: str) -> None:
    assert language in dict(settings.LANGUAGES)
