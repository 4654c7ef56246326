"""A folder that is kept in step with a site: nothing is half written, and nothing that isn't ours is touched."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote

JOURNAL = ".roost-export"
_TEMPORARY = ".roost-new"
_FOREIGN = frozenset({"CNAME"})  # what people put into such a folder, and what begins with a dot


class FolderError(Exception):
    """Why nothing can be written there; says what to do."""


class Folder:
    """Used in `with`. Its journal names each file before it is written: whatever interrupts, all of ours are known."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = self.unchanged = self.removed = 0
        self._kept: set[str] = set()

    def __enter__(self) -> Folder:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            journal = self.path / JOURNAL
            if not journal.exists() and (others := self._others()):
                raise FolderError(f"{self.path} isn't empty ({others[0]}, …) and no export: name an empty folder.")
            self._journal: IO[str] = journal.open("a+", encoding="utf-8")
        except OSError as error:
            raise FolderError(f"{self.path} can't be written to: {error.strerror}.") from None
        try:
            fcntl.flock(self._journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._journal.close()
            raise FolderError(f"Another export is writing to {self.path}: wait for its end.") from None
        self._journal.seek(0)
        self._ours = {unquote(line.rstrip("\n")) for line in self._journal}
        (self.path / _TEMPORARY).unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._journal.close()

    def _others(self) -> list[str]:
        return [entry.name for entry in self.path.iterdir() if entry.name[0] != "." and entry.name not in _FOREIGN]

    def write(self, name: str, body: bytes) -> None:
        """A file with these bytes, unless it is there."""
        path = self._at(name)
        self._kept.add(name)
        with suppress(OSError):
            if path.stat().st_size == len(body) and path.read_bytes() == body:
                self.unchanged += 1
                return
        with self._replacing(name) as file:
            file.write(body)

    def copy(self, name: str, chunks: Iterable[bytes], size: int, modified: float) -> None:
        """A file of another place, unless it is here with that size and date."""
        path = self._at(name)
        self._kept.add(name)
        with suppress(OSError):
            state = path.stat()
            if (state.st_size, int(state.st_mtime)) == (size, int(modified)):
                self.unchanged += 1
                return
        with self._replacing(name) as file:
            file.writelines(chunks)
        os.utime(path, (modified, modified))

    def remove_others(self) -> None:
        """Remove what earlier exports have written and this one hasn't; shorten the journal."""
        for name in sorted(self._ours - self._kept, reverse=True):
            path = self._at(name)
            if path.is_file():
                path.unlink()
                self.removed += 1
            for parent in path.parents:
                if parent == self.path or not parent.is_dir() or any(parent.iterdir()):
                    break
                parent.rmdir()
        lines = "".join(f"{quote(name)}\n" for name in sorted(self._kept))
        temporary = self.path / _TEMPORARY
        temporary.write_text(lines, encoding="utf-8")
        temporary.replace(self.path / JOURNAL)

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def read(self, name: str) -> bytes:
        """The bytes of a file that was written."""
        return self._at(name).read_bytes()

    @contextmanager
    def _replacing(self, name: str) -> Iterator[IO[bytes]]:
        if name not in self._ours:
            self._journal.write(f"{quote(name)}\n")
            self._journal.flush()
            self._ours.add(name)
        path = self._at(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path / _TEMPORARY
        with temporary.open("wb") as file:
            yield file
        temporary.replace(path)
        self.written += 1

    def _at(self, name: str) -> Path:
        parts = name.split("/")
        if any(part in ("", ".", "..", JOURNAL, _TEMPORARY) or "\0" in part for part in parts):
            raise FolderError(f"There can be no file for the address /{name}.")
        return self.path.joinpath(*parts)
