"""Tiles of C2SP tlog-tiles: 256 hashes, or 256 entries, under a path that says which.

``tile/<level>/<index>`` holds nodes of height ``8·level``, ``tile/entries/<index>`` the entries, each behind its length
in two bytes. An index is written in groups of three digits, all but the last with an ``x``: 1234067 is
``x001/x234/067``. ``.p/<width>`` marks a tile that is not full yet. Paths here begin after ``tile/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from counterfoil.evidence.tree import HASH_BYTES

WIDTH: Final = 256
ENTRIES: Final = -1
LEVEL_MAX: Final = 6
_PATH: Final = re.compile(r"(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


class Tile(NamedTuple):
    """One tile: its level (ENTRIES for a bundle of entries), its number and how many of the 256 it holds."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is found."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{level}/{_index_path(self.number)}{part}"

    def leaves(self) -> int:
        """The size a log needs to have this tile."""
        return (self.number * WIDTH + self.width) << (8 * max(self.level, 0))


def parse_path(path: str) -> Tile | None:
    """The tile of a path; None where it is none, or not the one way to write it."""
    found = _PATH.fullmatch(path)
    if not found:
        return None
    level = ENTRIES if found[1] == "entries" else int(found[1])
    tile = Tile(level, int(re.sub("[x/]", "", found[2])), int(found[3] or WIDTH))
    return tile if tile.path == path and level <= LEVEL_MAX else None


def full_tiles(size: int, level: int) -> int:
    """How many full tiles a level has in a log of ``size`` leaves."""
    return size >> (8 * (max(level, 0) + 1))


def levels(size: int) -> range:
    """The levels, ENTRIES among them, that have a full tile."""
    top = 0
    while full_tiles(size, top):
        top += 1
    return range(ENTRIES, top)


def hash_tile(hashes: Iterable[bytes]) -> bytes:
    """The bytes of a tile of hashes."""
    return b"".join(hashes)


def split_hash_tile(raw: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]


def entry_bundle(entries: Iterable[bytes]) -> bytes:
    """The bytes of a bundle of entries."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def _index_path(index: int) -> str:
    path = f"{index % 1000:03}"
    while index := index // 1000:
        path = f"x{index % 1000:03}/{path}"
    return path
