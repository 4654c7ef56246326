"""The Korean catalogue is complete, and compiled from what stands beside it."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.conftest import PROJECT

CATALOGUE = PROJECT / "blog" / "locale" / "ko" / "LC_MESSAGES"
CALLS = re.compile(r"""(?<![\w.])(?:_|gettext|gettext_lazy)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)""")
TAGS = re.compile(r"""\{% translate "([^"]+)" %\}|_\("([^"]+)"\)""")


def plain(catalog: Catalog) -> dict[str, str]:
    """Texts and translations; the singular stands for a plural."""
    return {
        str(m.id if isinstance(m.id, str) else m.id[0]): m.string if isinstance(m.string, str) else m.string[0]
        for m in catalog
        if m.id
    }


def catalogue() -> dict[str, str]:
    with (CATALOGUE / "django.po").open("rb") as file:
        return plain(read_po(file))


def used(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return {"".join(found) for found in TAGS.findall(text)}
    return {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', call)) for call in CALLS.findall(text)}


def test_everything_the_interface_says_has_a_translation() -> None:
    known = catalogue()
    files = [*(PROJECT / "blog").rglob("*.py"), *(PROJECT / "templates").rglob("*.html")]
    wanted = {text for file in files for text in used(file)}
    assert len(wanted) > 100
    assert {text for text in wanted if not known.get(text)} == set()


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        assert plain(read_mo(file)) == catalogue()
