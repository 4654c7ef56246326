"""Front matter: YAML as Jekyll reads it, given back as plain data that JSON can hold."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from typing import Any

import yaml

# Keys with a place of their own. All others are kept as variables; so are img_path and media_subpath, which the text
# needs, and image, whose file may be missing.
OWN_KEYS = frozenset(
    (
        "title date categories category tags tag description pin lang author authors published last_modified_at slug "
        "series series_part"
    ).split()
)
MAX_VALUES = 10_000  # YAML's aliases can multiply a few lines into millions


class FrontMatterError(ValueError):
    """The text isn't usable front matter; `line` (from 1) is where to look."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):
    """A safe loader that leaves dates as text: who needs one parses it, and can say which line is wrong."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load(source: str) -> tuple[dict[str, Any], dict[str, int]]:
    """(values, the line of each key). Raises FrontMatterError."""
    try:
        loader = _Loader(source)
        node = loader.get_single_node()
        values = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FrontMatterError(mark.line + 1 if mark else 1, f"this isn't YAML: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, error.position) + 1
        raise FrontMatterError(line, f"this can't be read: the character U+{ord(source[error.position]):04X}") from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise FrontMatterError(1, f"this can't be read: {error}") from None
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise FrontMatterError(1, "write lines of `key: value`")
    lines = (
        {str(key.value): key.start_mark.line + 1 for key, _ in node.value} if isinstance(node, yaml.MappingNode) else {}
    )
    counter = iter(range(MAX_VALUES))
    try:
        return {_text(str(key)): _plain(value, counter) for key, value in values.items()}, lines
    except (StopIteration, RecursionError):
        raise FrontMatterError(1, f"there are more than {MAX_VALUES:,} values") from None


def dump(values: dict[str, Any]) -> str:
    """The YAML that `load` reads back, "" for none."""
    return str(yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1000)) if values else ""


def _plain(value: Any, counter: Iterator[int]) -> Any:
    next(counter)
    if isinstance(value, dict):
        return {_text(str(key)): _plain(item, counter) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item, counter) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _text(value: str) -> str:
    """Composed, without what no database and no UTF-8 can hold."""
    joined = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # "\\ud83c\\udfac" is one character
    return unicodedata.normalize("NFC", joined.replace("\x00", ""))
