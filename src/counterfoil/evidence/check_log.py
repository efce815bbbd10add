"""Verify: one merchant's log.

1 positions from 0 without a gap · 2 each leaf fits its hash · 3 each leaf is canonical, of a known kind, at a time that
can be · 4 each stored checkpoint is signed by the log's key, and its root is the one recomputed at its size · 5 the
head's size and frontier are the ones recomputed · 6 nothing signed lies behind the head · 7 the files are the tiles.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import bindparam, or_, select

from counterfoil.basis import MICROS, from_rfc3339, read_or_none
from counterfoil.evidence.archive import Archive
from counterfoil.evidence.check_leaf import check_leaf
from counterfoil.evidence.check_tiles import TileCheck
from counterfoil.evidence.checkpoint import open_checkpoint, read_checkpoint
from counterfoil.evidence.finding import Finding, Found
from counterfoil.evidence.fold import Fold
from counterfoil.evidence.last_digests import Last, LastDigests
from counterfoil.evidence.note import NotANote, Verifier
from counterfoil.evidence.registry import Registered
from counterfoil.evidence.row import evidenced_tables
from counterfoil.evidence.startup import HEAD, NEWEST, PAGE
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.evidence.tree import append, encode_frontier
from counterfoil.evidence.tree import fold as root_from
from counterfoil.store import Scope
from counterfoil.store.tables import evidence_leaf

# A log is signed within a minute of its newest leaf; a server that was killed at its very first payment has this long.
UNSIGNED_MAX: Final = 600 * MICROS
_leaf: Final = evidence_leaf.c
_checkpoint: Final = evidence_checkpoint.c
_PAGE: Final = (
    select(_leaf.position, _leaf.subject, _leaf.entry, _leaf.leaf_hash)
    .where(_leaf.merchant_id == bindparam("merchant_id"))
    .where(_leaf.position >= bindparam("start"), _leaf.position < bindparam("end"))
    .order_by(_leaf.position)
)
_OUTSIDE: Final = (
    select(_leaf.position)
    .where(_leaf.merchant_id == bindparam("merchant_id"))
    .where(or_(_leaf.position >= bindparam("size"), _leaf.position < 0))
    .order_by(_leaf.position)
    .limit(1)
)
_SIGNED: Final = (
    select(_checkpoint.size, _checkpoint.note)
    .where(_checkpoint.merchant_id == bindparam("merchant_id"))
    .where(_checkpoint.size > bindparam("start"), _checkpoint.size <= bindparam("end"))
    .order_by(_checkpoint.size)
)


@dataclass(frozen=True, slots=True)
class Against:
    """What a log is held against: the data folder's files, the log key's public half, and the kinds there are.

    ``now`` is UTC microseconds; ``folds`` are the sums that other areas keep over their facts.
    """

    data_dir: Path
    public_key: bytes | None
    kinds: Mapping[str, Registered]
    now: int
    folds: tuple[Fold, ...] = ()


class LogCheck:
    """Reads a log once from its start, and on from there when it grows under a running server."""

    def __init__(
        self,
        archive: Archive,
        verifier: Verifier | None,
        merchant_id: int,
        *,
        against: Against,
        lasts: LastDigests,
        told: Callable[[int], None],
    ) -> None:
        self._archive = archive
        self._verifier = verifier
        self._merchant_id = merchant_id
        self._against = against
        self._lasts = lasts
        self._told = told
        self._tiles = TileCheck(archive, merchant_id)
        self._frontier: list[bytes] = []
        self._whole = True
        self._elsewhere = tuple(f'["{table.name}",'.encode() for table in evidenced_tables(Scope.EVERYWHERE))
        self._of_all: list[Last] = []
        self._compared = -1
        self._began: int | None = None
        self.size = 0
        self.checkpoints = 0

    @property
    def tiles(self) -> int:
        """How many files were compared."""
        return self._tiles.compared

    def named_elsewhere(self) -> list[Last]:
        """The digests of rows that belong to no one merchant, since this was last asked."""
        taken, self._of_all = self._of_all, []
        return taken

    async def check(self) -> AsyncIterator[Finding]:
        """All seven."""
        remembered = read_or_none(self._archive.checkpoint_file(self._merchant_id))
        newest = await self._fetch(NEWEST)
        async for finding in self.advance():
            yield finding
        if newest and newest[0]["size"] > self.size:
            yield self._found(Found.CHECKPOINT_BEYOND_HEAD, size=newest[0]["size"])
        known = newest[0] if newest else None
        for finding in (*self._remembered(remembered, known), *self._unsigned(remembered, known)):
            yield finding
        outside = await self._fetch(_OUTSIDE, size=self.size)
        if outside and not await self._grew():
            yield self._found(Found.LEAF_BEYOND_HEAD, position=outside[0]["position"])
        if self._whole:
            for finding in self._tiles.beyond_head():
                yield finding

    async def advance(self) -> AsyncIterator[Finding]:
        """Read on to the head as it is now."""
        heads = await self._fetch(HEAD)
        size = heads[0]["size"] if heads else 0
        while self.size < size:
            start, end = self.size, min(self.size + PAGE, size)
            signed = {row["size"]: row["note"] for row in await self._fetch(_SIGNED, start=start, end=end)}
            page = await self._fetch(_PAGE, start=start, end=end)
            for finding in self._leaves(page, signed):
                yield finding
            if self.size < end:
                yield self._found(Found.LEAF_MISSING, position=self.size)
                self._whole = False
                self.size = end if page else size
            self._told(self.size)
        fresh, self._compared = self._compared != size, size
        if fresh and self._whole and heads and bytes(heads[0]["frontier"]) != encode_frontier(self._frontier):
            yield self._found(Found.HEAD_DIFFERS, size=size)

    def _leaves(self, page: Any, signed: dict[int, str]) -> Iterator[Finding]:
        lasts: list[Last] = []
        for row in page:
            if row["position"] != self.size:
                yield self._found(Found.LEAF_MISSING, position=self.size)
                self._whole, self.size = False, row["position"]
            for each in check_leaf(self._merchant_id, row, self._against.kinds, self._against.now):
                if isinstance(each, Finding):
                    yield each
                elif isinstance(each, Last):
                    lasts.append(each)
                else:
                    self._began = self._began or _time_of(each)
                    self._fold(each)
            if self._whole:
                yield from self._tiles.add(bytes(row["entry"]), bytes(row["leaf_hash"]))
                append(self.size, self._frontier, bytes(row["leaf_hash"]))
            self.size += 1
            if self.size in signed:
                yield from self._signed(self.size, signed[self.size])
        self._keep(lasts)

    def _fold(self, said: Mapping[str, Any]) -> None:
        for fold in self._against.folds:
            fold.add(said)

    def _keep(self, lasts: list[Last]) -> None:
        self._of_all += [each for each in lasts if each.key.startswith(self._elsewhere)]
        ours = [each for each in lasts if not each.key.startswith(self._elsewhere)]
        self._lasts.note(each._replace(at=each.position or 0) for each in ours)

    def _signed(self, size: int, note: str) -> Iterator[Finding]:
        self.checkpoints += 1
        if self._verifier is None:
            return
        try:
            checkpoint = open_checkpoint(note.encode(), self._verifier)
        except NotANote as error:
            yield self._found(Found.CHECKPOINT_FORGED, size=size, why=str(error))
            return
        if checkpoint.size != size:
            yield self._found(Found.CHECKPOINT_FORGED, size=size, why=f"size {checkpoint.size}")
        elif self._whole and checkpoint.root != root_from(self._frontier):
            yield self._found(Found.CHECKPOINT_ROOT, size=size)

    def _remembered(self, note: bytes | None, newest: Mapping[str, Any] | None) -> Iterator[Finding]:
        """The copy of the newest checkpoint in a file: a database put back to an earlier day does not know it."""
        if note is None:
            return
        try:
            checkpoint = open_checkpoint(note, self._verifier) if self._verifier else read_checkpoint(note)
        except NotANote as error:
            yield self._found(Found.CHECKPOINT_FORGED, size=0, why=f"{error}, in the file")
            return
        if checkpoint.size > self.size:
            yield self._found(Found.CHECKPOINT_BEYOND_HEAD, size=checkpoint.size)
        elif newest is None or checkpoint.size > newest["size"]:
            yield self._found(Found.CHECKPOINT_FORGED, size=checkpoint.size, why="not in the database")

    def _unsigned(self, note: bytes | None, newest: Mapping[str, Any] | None) -> Iterator[Finding]:
        """A log that is older than any pause of the signer, and of which nothing signed is left anywhere."""
        if (
            note is None
            and newest is None
            and self._began is not None
            and self._began <= self._against.now - UNSIGNED_MAX
        ):
            yield self._found(Found.NOTHING_SIGNED)

    async def stands_still(self) -> bool:
        """Whether the log has not grown since it was last read."""
        return not await self._grew()

    async def _grew(self) -> bool:
        heads = await self._fetch(HEAD)
        return bool(heads) and heads[0]["size"] > self.size

    async def _fetch(self, query: Any, **params: int) -> Any:
        return await self._archive.source.fetch(query, {"merchant_id": self._merchant_id, **params})

    def _found(self, found: Found, **where: Any) -> Finding:
        return Finding(found, self._merchant_id, **where)


def _time_of(said: Mapping[str, Any]) -> int | None:
    try:
        return from_rfc3339(str(said.get("ts")))
    except ValueError:
        return None
