"""What a function has given, by all that it was made of: nothing to forget when something changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache
from typing import TypeVar

from django.db.models import Model
from django.db.models.fields.files import FieldFile

_Value = TypeVar("_Value")


class Memo:
    """The values of the keys that were asked for last, `limit` at most."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._values: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """The value of a key, made if nobody has asked for it lately. Threads may make it twice, to the same effect."""
        try:
            found: _Value = self._values[key]  # type: ignore[assignment]
            self._values.move_to_end(key)
        except KeyError:
            found = self._values[key] = make()
            while len(self._values) > self.limit:
                self._values.popitem(last=False)
        return found


def contents(row: Model | None) -> tuple[Hashable, ...] | None:
    """All columns of a row, to be part of a key. Raises KeyError if some weren't loaded."""
    if row is None:
        return None
    values = row.__dict__
    return tuple(_hashable(values[name]) for name in _columns(type(row)))


@cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def _hashable(value: object) -> Hashable:
    if isinstance(value, (dict, list)):
        return repr(value)
    return value.name if isinstance(value, FieldFile) else value
