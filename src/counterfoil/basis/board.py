"""Notes that all processes of a server see, each in a file of the one that wrote it.

A process's notes count while it lives: it holds a lock that the kernel lets go when it ends, however it ends. What a
process left that is gone is swept away by whoever comes upon it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NOTE: Final = ".note"
_ALIVE: Final = ".alive"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was read: its key, its bytes, and the folder of whoever wrote it."""

    key: str
    content: bytes
    folder: Path


class Board:
    """The board in ``shared``, as the process ``name`` uses it. Nothing is made before the first note."""

    def __init__(self, shared: Path, name: str) -> None:
        self._shared = shared
        self.folder: Final = shared / name
        self._lock: int | None = None

    def open(self) -> Path:
        """This process's own folder, made and held; other files of its may lie there too. Raises OSError."""
        if self._lock is None:
            self._shared.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Held before there is a folder that could be swept away.
            lock = os.open(_alive(self.folder), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._lock = lock
            self.folder.mkdir(mode=0o700, exist_ok=True)
        return self.folder

    def put(self, key: str, content: bytes) -> None:
        """Write the note ``key``, whole at once, or write it anew. Raises OSError."""
        path = self.open() / f"{key}{_NOTE}"
        beside = path.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        beside.replace(path)

    def has(self, key: str) -> bool:
        """Whether this process's note is there; another may have dropped it."""
        return _path(self.folder, key).exists()

    def drop(self, key: str, folder: Path | None = None) -> None:
        """Let a note go, by default one of this process."""
        _path(folder or self.folder, key).unlink(missing_ok=True)

    def notes(self, begins: str = "") -> Iterator[Note]:
        """Every note of every living process whose key begins so, in no order that matters."""
        for folder in self._living():
            for path in folder.glob(f"{begins}*{_NOTE}"):
                try:
                    yield Note(path.stem, path.read_bytes(), folder)
                except FileNotFoundError:
                    continue  # dropped at this moment

    def close(self) -> None:
        """Everything of this process goes."""
        if self._lock is not None:
            _sweep(self.folder)
            os.close(self._lock)
            self._lock = None

    def _living(self) -> Iterator[Path]:
        for alive in self._shared.glob(f"*{_ALIVE}"):
            folder = alive.with_suffix("")
            if folder == self.folder or _lives(alive):
                yield folder
            else:
                _sweep(folder)


def _path(folder: Path, key: str) -> Path:
    return folder / f"{key}{_NOTE}"


def _alive(folder: Path) -> Path:
    return folder.with_name(folder.name + _ALIVE)


def _lives(alive: Path) -> bool:
    try:
        lock = os.open(alive, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True  # swept by somebody else; there is nothing to read
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(lock)


def _sweep(folder: Path) -> None:
    """The folder first: what is still there has its lock file beside it and is found again."""
    shutil.rmtree(folder, ignore_errors=True)
    _alive(folder).unlink(missing_ok=True)
