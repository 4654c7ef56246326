"""What follows from saving a row: for one at once, for many at the end of a block."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Together:
    """Some work on keys: `with together(): …` does it once for all that were left to it, unless the block fails."""

    def __init__(self, name: str, work: Callable[[Collection[int]], object]) -> None:
        self._work = work
        self._waiting: ContextVar[set[int] | None] = ContextVar(name, default=None)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """For many saves."""
        keys: set[int] = set()
        token = self._waiting.set(keys)
        try:
            yield
        finally:
            self._waiting.reset(token)
        self._work(keys)

    def leave(self, key: int) -> bool:
        """Leave a key to the block that is under way; False if there is none."""
        if (waiting := self._waiting.get()) is None:
            return False
        waiting.add(key)
        return True
