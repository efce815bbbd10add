"""Signing: each log's newest durable size, at most a minute after its newest leaf.

1. Find the logs that grew, by reading what is committed: a size that a power cut could take back is never seen.
2. Extend the last signed tree by the new leaves; only a tree that extends it and fits the head is signed.
3. Commit the checkpoint rows.
4. Write the full tiles and the copy of the checkpoint as files.

One signer an installation runs at a time: it is started by the process that holds the lease.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import bindparam, func, select

from counterfoil.basis import Broken, Clock, Ids
from counterfoil.evidence.archive import Archive
from counterfoil.evidence.checkpoint import Checkpoint, origin_of
from counterfoil.evidence.faults import NOT_SIGNED_YET
from counterfoil.evidence.files import write_whole
from counterfoil.evidence.keys import LogKey
from counterfoil.evidence.source import Writable
from counterfoil.evidence.startup import HEAD, PAGE, EvidenceState, Standing, examine
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.evidence.thin import BY_AGE, FOR_EVER
from counterfoil.evidence.tiles import Tile, full_tiles, levels
from counterfoil.evidence.tree import append, encode_frontier, fold
from counterfoil.store import Change, Insert, Update
from counterfoil.store.tables import evidence_head

EVERY_SECONDS: Final = 20.0
BATCH: Final = 64
_log = structlog.get_logger(__name__)

_signed_size: Final = (
    select(func.coalesce(func.max(evidence_checkpoint.c.size), 0))
    .where(evidence_checkpoint.c.merchant_id == evidence_head.c.merchant_id)
    .scalar_subquery()
)
_GREW: Final = (
    select(evidence_head.c.merchant_id)
    .where(evidence_head.c.merchant_id > bindparam("after"), evidence_head.c.size > _signed_size)
    .order_by(evidence_head.c.merchant_id)
    .limit(BATCH)
)
_WHOLE: Final = (
    select(evidence_checkpoint)
    .where(evidence_checkpoint.c.merchant_id == bindparam("merchant_id"))
    .order_by(evidence_checkpoint.c.size.desc())
    .limit(1)
)


class _Prepared(NamedTuple):
    merchant_id: int
    standing: Standing
    note: bytes


class Signer:
    """Signs all logs of an installation with its one key."""

    def __init__(
        self, store: Writable, archive: Archive, key: LogKey, *, installation: str, clock: Clock, ids: Ids
    ) -> None:
        self._store = store
        self._archive = archive
        self._key = key
        self._installation = installation
        self._clock = clock
        self._ids = ids
        self._signed: dict[int, Standing] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def states(self) -> Mapping[int, EvidenceState]:
        """The logs that are not signed any more, and why."""
        return {each: held.state for each, held in self._signed.items() if held.state is not EvidenceState.SOUND}

    async def run(self) -> None:
        """Sign what grew, for ever. Whatever goes wrong is told to the log and tried again at the next turn."""
        while True:
            try:
                await self.sign_all()
            except Exception as error:  # noqa: BLE001 - a signer that ended would end the evidence
                _log.warning("evidence.not_signed", why=type(error).__name__)
            await self._clock.sleep(EVERY_SECONDS)

    async def sign_all(self) -> int:
        """Sign every log that grew; how many were signed. Logs that contradict what was signed are left out."""
        signed, after = 0, -1
        while True:
            rows = await self._store.fetch(_GREW, {"after": after})
            if not rows:
                return signed
            merchants = [int(row["merchant_id"]) for row in rows]
            signed += await self._sign(merchants, BY_AGE)
            after = merchants[-1]

    async def sign_now(self, merchant_id: int) -> bytes:
        """Sign one log at once, for a close or a removal; this checkpoint is kept for ever. The note.

        A size that is signed already is not signed again: its checkpoint is kept for ever from now on.

        Raises CF-5003 or CF-5004 where the log may not be signed, CF-5005 where it has no leaf.
        """
        await self._sign([merchant_id], FOR_EVER)
        fault = self._signed.get(merchant_id, Standing(EvidenceState.SOUND)).state.fault()
        if fault:
            raise fault
        return await self._keep(merchant_id)

    async def _keep(self, merchant_id: int) -> bytes:
        async with self._one_at_a_time:
            rows = await self._store.fetch(_WHOLE, {"merchant_id": merchant_id})
            if not rows:
                raise NOT_SIGNED_YET()
            if rows[0]["kept"] != FOR_EVER:
                kept = Update(evidence_checkpoint, rows[0], {"kept": FOR_EVER})
                await self._store.commit(Change(change_id=self._ids.uuid(), merchant_id=merchant_id, updates=(kept,)))
        return str(rows[0]["note"]).encode()

    async def _sign(self, merchants: Sequence[int], kept: str) -> int:
        async with self._one_at_a_time:
            prepared = [each for each in [await self._prepare(merchant) for merchant in merchants] if each]
            ends = await asyncio.gather(
                *(self._store.commit(self._change(each, kept)) for each in prepared), return_exceptions=True
            )
            for each, end in zip(prepared, ends, strict=True):
                if not isinstance(end, BaseException):
                    self._signed[each.merchant_id] = each.standing
                    await self._write_files(each)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return len(prepared)

    async def _prepare(self, merchant_id: int) -> _Prepared | None:
        """The next checkpoint; None where there is nothing new or nothing may be signed."""
        held = self._signed.get(merchant_id)
        if held is None:
            held = self._signed[merchant_id] = await self._examine(merchant_id)
        heads = await self._store.fetch(HEAD, {"merchant_id": merchant_id})
        if held.state is not EvidenceState.SOUND or not heads or heads[0]["size"] == held.size:
            return None
        try:
            grown = await self._grown(merchant_id, held, heads[0])
        except Broken:
            # A gap or a damaged page in one log holds up no other.
            grown = Standing(EvidenceState.EVIDENCE_CONTRADICTED, held.size)
        if grown.state is not EvidenceState.SOUND:
            self._signed[merchant_id] = grown
            return None
        checkpoint = Checkpoint(origin_of(self._installation, merchant_id), grown.size, fold(grown.frontier))
        return _Prepared(merchant_id, grown, self._key.sign(checkpoint))

    async def _examine(self, merchant_id: int) -> Standing:
        verifier = self._key.verifier(origin_of(self._installation, merchant_id))
        return await examine(self._archive, verifier, merchant_id)

    async def _grown(self, merchant_id: int, held: Standing, head: Mapping[str, Any]) -> Standing:
        if head["size"] < held.size:
            return Standing(EvidenceState.EVIDENCE_ROLLED_BACK, held.size)
        frontier = list(held.frontier)
        for start in range(held.size, head["size"], PAGE):
            end = min(start + PAGE, head["size"])
            for offset, leaf in enumerate(await self._archive.leaf_hashes(merchant_id, start, end)):
                append(start + offset, frontier, leaf)
        if encode_frontier(frontier) != bytes(head["frontier"]):
            return Standing(EvidenceState.EVIDENCE_CONTRADICTED, held.size)
        return Standing(EvidenceState.SOUND, head["size"], tuple(frontier))

    def _change(self, prepared: _Prepared, kept: str) -> Change:
        row = {
            "merchant_id": prepared.merchant_id,
            "size": prepared.standing.size,
            "note": prepared.note.decode(),
            "signed_at": self._clock.now(),
            "kept": kept,
        }
        return Change(
            change_id=self._ids.uuid(),
            merchant_id=prepared.merchant_id,
            inserts=(Insert(evidence_checkpoint, row),),
        )

    async def _write_files(self, prepared: _Prepared) -> None:
        """Full tiles that are not there yet, lower levels first, then the copy of the checkpoint."""
        merchant_id, size = prepared.merchant_id, prepared.standing.size
        for level in levels(size):
            for index in self._missing(merchant_id, level, size):
                tile = Tile(level, index)
                content = await self._archive.tile(merchant_id, tile)
                await asyncio.to_thread(write_whole, self._archive.tile_file(merchant_id, tile), content)
        await asyncio.to_thread(write_whole, self._archive.checkpoint_file(merchant_id), prepared.note)

    def _missing(self, merchant_id: int, level: int, size: int) -> range:
        """The full tiles behind the last one that has its file; they are written in order."""
        end = full_tiles(size, level)
        first = end
        while first and not self._archive.tile_file(merchant_id, Tile(level, first - 1)).exists():
            first -= 1
        return range(first, end)
