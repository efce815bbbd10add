"""Verify: the files of a log against the tiles made anew while its leaves go by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from counterfoil.basis import read_or_none
from counterfoil.evidence.archive import Archive
from counterfoil.evidence.finding import Finding, Found
from counterfoil.evidence.tiles import ENTRIES, WIDTH, Tile, entry_bundle, full_tiles, hash_tile, parse_path
from counterfoil.evidence.tree import HASH_BYTES, root_of


class TileCheck:
    """Fed with every leaf; compares each full tile with its file as soon as it is full."""

    def __init__(self, archive: Archive, merchant_id: int) -> None:
        self._archive = archive
        self._merchant_id = merchant_id
        self._entries: list[bytes] = []
        self._hashes: list[list[bytes]] = [[]]
        self._size = 0
        self.compared = 0

    def add(self, entry: bytes, hashed: bytes) -> Iterator[Finding]:
        """The next leaf."""
        self._entries.append(entry)
        self._hashes[0].append(hashed)
        self._size += 1
        if len(self._entries) == WIDTH:
            index = self._size // WIDTH - 1
            yield from self._compare(Tile(ENTRIES, index), entry_bundle(self._entries))
            self._entries.clear()
            yield from self._full(0, index)

    def beyond_head(self) -> Iterator[Finding]:
        """Files of tiles that a log of this size cannot have filled."""
        folder = self._archive.folder / str(self._merchant_id) / "tile"
        for path in sorted(folder.rglob("[0-9]*")):
            tile = parse_path(path.relative_to(folder).as_posix())
            if tile and path.is_file() and tile.number >= full_tiles(self._size, tile.level):
                yield Finding(Found.TILE_BEYOND_HEAD, self._merchant_id, path=self._named(path))

    def _full(self, level: int, index: int) -> Iterator[Finding]:
        hashes = self._hashes[level]
        yield from self._compare(Tile(level, index), hash_tile(hashes))
        if level + 1 == len(self._hashes):
            self._hashes.append([])
        self._hashes[level + 1].append(root_of(hashes))
        hashes.clear()
        if len(self._hashes[level + 1]) == WIDTH:
            yield from self._full(level + 1, index // WIDTH)

    def _compare(self, tile: Tile, made: bytes) -> Iterator[Finding]:
        path = self._archive.tile_file(self._merchant_id, tile)
        kept = read_or_none(path)
        self.compared += kept is not None
        if kept is None:
            following = self._archive.tile_file(self._merchant_id, tile._replace(number=tile.number + 1))
            if following.exists():
                yield Finding(Found.TILE_MISSING, self._merchant_id, path=self._named(path))
        elif kept != made:
            position = tile.number * WIDTH << (8 * max(tile.level, 0))
            if tile.level == 0:
                position += _first_difference(kept, made) // HASH_BYTES
            yield Finding(Found.TILE_DIFFERS, self._merchant_id, path=self._named(path), position=position)

    def _named(self, path: Path) -> str:
        return path.relative_to(self._archive.folder.parent).as_posix()


def _first_difference(one: bytes, other: bytes) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
