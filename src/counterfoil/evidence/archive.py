"""The hashes of a log, wherever they stand: leaves in the database, full tiles in files.

A node is read from the lowest full tile that holds it, so that a proof or a frontier in a log of any size costs a
few reads. A missing file is made up for from the level below; a wrong one is found by whoever compares the outcome with
a signed root.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import insist, read_or_none
from counterfoil.evidence.source import Source
from counterfoil.evidence.tiles import ENTRIES, WIDTH, Tile, entry_bundle, hash_tile, split_hash_tile
from counterfoil.evidence.tree import HASH_BYTES, Leaves, Subtree, fold, root_of, subtrees
from counterfoil.store.tables import evidence_leaf

_REMEMBERED_MAX: Final = 4096
_of_range: Final = (
    (evidence_leaf.c.merchant_id == bindparam("merchant_id"))
    & (evidence_leaf.c.position >= bindparam("start"))
    & (evidence_leaf.c.position < bindparam("end"))
)
_HASHES: Final = select(evidence_leaf.c.leaf_hash).where(_of_range).order_by(evidence_leaf.c.position)
_ENTRIES: Final = select(evidence_leaf.c.entry).where(_of_range).order_by(evidence_leaf.c.position)


class Archive:
    """Reads nodes, frontiers and tiles of every merchant's log. ``data_dir`` is the data folder."""

    def __init__(self, source: Source, data_dir: Path) -> None:
        self.source = source
        self.folder = data_dir / "evidence"
        self._tile_roots: dict[tuple[int, int, int], bytes] = {}

    def tile_file(self, merchant_id: int, tile: Tile) -> Path:
        """Where a full tile's file stands."""
        return self.folder / str(merchant_id) / "tile" / tile.path

    def checkpoint_file(self, merchant_id: int) -> Path:
        """Where the newest checkpoint is remembered outside the database."""
        return self.folder / str(merchant_id) / "checkpoint"

    async def leaf_hashes(self, merchant_id: int, start: int, end: int) -> list[bytes]:
        """The leaf hashes of the positions ``start`` ≤ p < ``end``."""
        params = {"merchant_id": merchant_id, "start": start, "end": end}
        rows = await self.source.fetch(_HASHES, params)
        insist(len(rows) == end - start, f"log {merchant_id} has a gap between {start} and {end}")
        return [bytes(row["leaf_hash"]) for row in rows]

    async def entries(self, merchant_id: int, start: int, end: int) -> list[bytes]:
        """The leaves' bytes at ``start`` ≤ p < ``end``."""
        rows = await self.source.fetch(_ENTRIES, {"merchant_id": merchant_id, "start": start, "end": end})
        insist(len(rows) == end - start, f"log {merchant_id} has a gap between {start} and {end}")
        return [bytes(row["entry"]) for row in rows]

    async def nodes(self, merchant_id: int, level: int, start: int, count: int) -> list[bytes]:
        """``count`` nodes of height ``8·level`` from the ``start``-th on, all within one tile."""
        if level == 0:
            return await self.leaf_hashes(merchant_id, start, start + count)
        raw = read_or_none(self.tile_file(merchant_id, Tile(level, start // WIDTH)))
        if raw is not None and len(raw) == WIDTH * HASH_BYTES:
            first = start % WIDTH
            return split_hash_tile(raw)[first : first + count]
        return [await self._tile_root(merchant_id, level - 1, index) for index in range(start, start + count)]

    async def range_hash(self, merchant_id: int, leaves: Leaves) -> bytes:
        """The hash that stands for a range of leaves in a proof."""
        return fold([await self._subtree(merchant_id, each) for each in subtrees(leaves)])

    async def frontier(self, merchant_id: int, size: int) -> list[bytes]:
        """The frontier the log had at ``size`` leaves."""
        return [await self._subtree(merchant_id, each) for each in subtrees(Leaves(0, size))]

    async def tile(self, merchant_id: int, tile: Tile) -> bytes:
        """The bytes of a tile, full or not, made anew."""
        start = tile.number * WIDTH
        if tile.level == ENTRIES:
            return entry_bundle(await self.entries(merchant_id, start, start + tile.width))
        if tile.level == 0:
            return hash_tile(await self.leaf_hashes(merchant_id, start, start + tile.width))
        below = range(start, start + tile.width)
        return hash_tile([await self._tile_root(merchant_id, tile.level - 1, index) for index in below])

    async def _subtree(self, merchant_id: int, subtree: Subtree) -> bytes:
        level, inside = divmod(subtree.height, 8)
        return root_of(await self.nodes(merchant_id, level, subtree.number << inside, 1 << inside))

    async def _tile_root(self, merchant_id: int, level: int, index: int) -> bytes:
        known = self._tile_roots.get((merchant_id, level, index))
        if known is None:
            raw = read_or_none(self.tile_file(merchant_id, Tile(level, index)))
            whole = raw is not None and len(raw) == WIDTH * HASH_BYTES
            hashes = (
                split_hash_tile(raw or b"") if whole else await self.nodes(merchant_id, level, index * WIDTH, WIDTH)
            )
            known = root_of(hashes)
            if len(self._tile_roots) >= _REMEMBERED_MAX:
                self._tile_roots.pop(next(iter(self._tile_roots)))
            self._tile_roots[merchant_id, level, index] = known
        return known
