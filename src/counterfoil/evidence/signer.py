"""Signing: each log's newest durable size, at most a minute after its newest leaf.

1. Find the logs that grew, by reading what is committed: a size that a power cut could take back is never seen.
2. Extend the last signed tree by the new leaves; only a tree that extends it and fits the head is signed.
3. Commit the checkpoint rows.
4. Write the full tiles and the copy of the checkpoint as files.

One signer an installation signs at a time: the only process, or whichever is on duty. Each checkpoint's Change
requires the duty, so a signer that was asleep while another took over writes none.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import bindparam, func, select

from counterfoil.basis import Broken, Clock, Ids, read_or_none, write_whole
from counterfoil.evidence.archive import Archive
from counterfoil.evidence.checkpoint import Checkpoint, origin_of, read_checkpoint
from counterfoil.evidence.faults import NOT_SIGNED_YET
from counterfoil.evidence.keys import LogKey
from counterfoil.evidence.note import NotANote
from counterfoil.evidence.source import Writable
from counterfoil.evidence.startup import HEAD, PAGE, EvidenceState, Standing, examine
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.evidence.thin import BY_AGE, FOR_EVER
from counterfoil.evidence.tiles import Tile, full_tiles, levels
from counterfoil.evidence.tree import append, encode_frontier, fold
from counterfoil.store import Change, Duty, Guard, Insert, Lost, OnDuty, Repeated, Require, Stale
from counterfoil.store.tables import evidence_head

EVERY_SECONDS: Final = 20.0
BATCH: Final = 64
# Another takes over a signer that gives no sign for so long; with the pause between two rounds it is within a minute.
DUTY_SECONDS: Final = 30.0
# How often a close or a removal that was overtaken by another process tries again.
_TRIES_MAX: Final = 20
_STEP_BACK_SECONDS: Final = 0.01
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
        self,
        store: Writable,
        archive: Archive,
        key: LogKey,
        *,
        installation: str,
        clock: Clock,
        ids: Ids,
        duty: Duty | None = None,
    ) -> None:
        """``duty``: who may sign, where more than one process can; None: this process is alone."""
        self._store = store
        self._archive = archive
        self._key = key
        self._installation = installation
        self._clock = clock
        self._ids = ids
        self._signed: dict[int, Standing] = {}
        self._duty = duty
        self._epoch = 0
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

    async def sign_all(self, *, at_once: bool = False) -> int:
        """Sign every log that grew; how many were signed. Logs that contradict what was signed are left out.

        Nothing where another process is on duty, unless ``at_once`` takes over from it. Raises Stale or Repeated
        where another took over meanwhile: it signs what is left.
        """
        signed, after = 0, -1
        if self._duty is not None and not at_once and await self._duty.elsewhere():
            return signed
        while rows := await self._store.fetch(_GREW, {"after": after}):
            merchants = [int(row["merchant_id"]) for row in rows]
            async with self._one_at_a_time:
                requires = await self._on_duty(at_once=at_once)
                if requires is None:
                    return signed
                signed += await self._sign(merchants, BY_AGE, requires)
            after = merchants[-1]
        return signed

    async def sign_now(self, merchant_id: int) -> bytes:
        """Sign one log at once, for a close or a removal; this checkpoint is kept for ever. The note.

        A size that is signed already is not signed again: its checkpoint is kept for ever from now on. Whichever
        process is on duty, this one takes over.

        Raises CF-5003 or CF-5004 where the log may not be signed, CF-5005 where it has no leaf.
        """
        for tries in range(_TRIES_MAX):
            with contextlib.suppress(Lost):
                return await self._sign_now(merchant_id)
            await self._step_back(tries)
        raise Stale("evidence_checkpoint")

    async def leave(self) -> None:
        """At the end: sign what is there, and let another process take over at once."""
        # One who takes over while we sign sees all that we have seen, and more.
        with contextlib.suppress(Lost):
            await self.sign_all(at_once=True)
        if self._duty is not None:
            await self._duty.leave()

    async def _step_back(self, tries: int) -> None:
        """Leave the other time to sign: two that took over from each other in step would go on so for ever.

        Each looks on for a time of its own, longer from try to try, and no longer than the other is on duty.
        """
        drawn = int(self._ids.uuid()[-4:], 16)
        for _ in range(drawn % (2 * tries + 2)):
            await self._clock.sleep(_STEP_BACK_SECONDS)
            if self._duty is None or not await self._duty.elsewhere():
                return

    async def _sign_now(self, merchant_id: int) -> bytes:
        async with self._one_at_a_time:
            requires = await self._on_duty(at_once=True) or ()
            await self._sign([merchant_id], FOR_EVER, requires)
            fault = self._signed.get(merchant_id, Standing(EvidenceState.SOUND)).state.fault()
            if fault:
                raise fault
            return await self._keep(merchant_id, requires)

    async def _on_duty(self, *, at_once: bool) -> tuple[Require, ...] | None:
        """What each Change of ours requires; None where another process is on duty."""
        if self._duty is None:
            return ()
        on_duty = await self._duty.take(at_once=at_once)
        if on_duty is None:
            return None
        self._take_note(on_duty)
        return (on_duty.require,)

    def _take_note(self, on_duty: OnDuty) -> None:
        """Whoever was on duty in between signed: what was sound is looked at again."""
        if on_duty.epoch != self._epoch:
            self._signed = {each: held for each, held in self._signed.items() if held.state is not EvidenceState.SOUND}
        self._epoch = on_duty.epoch

    async def _keep(self, merchant_id: int, requires: tuple[Require, ...]) -> bytes:
        rows = await self._store.fetch(_WHOLE, {"merchant_id": merchant_id})
        if not rows:
            raise NOT_SIGNED_YET()
        if rows[0]["kept"] != FOR_EVER:
            kept = Guard(evidence_checkpoint, rows[0], {"kept": FOR_EVER})
            change = Change(change_id=self._ids.uuid(), merchant_id=merchant_id, guards=(kept,), requires=requires)
            await self._store.commit(change)
        return str(rows[0]["note"]).encode()

    async def _sign(self, merchants: Sequence[int], kept: str, requires: tuple[Require, ...]) -> int:
        prepared = [each for each in [await self._prepare(merchant) for merchant in merchants] if each]
        ends = await asyncio.gather(
            *(self._store.commit(self._change(each, kept, requires)) for each in prepared), return_exceptions=True
        )
        for each, end in zip(prepared, ends, strict=True):
            if not isinstance(end, BaseException):
                self._signed[each.merchant_id] = each.standing
                await self._write_files(each)
            elif isinstance(end, Repeated):
                # Somebody signed this size; what they signed is held against the log at the next turn.
                self._signed.pop(each.merchant_id, None)
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

    def _change(self, prepared: _Prepared, kept: str, requires: tuple[Require, ...]) -> Change:
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
            requires=requires,
        )

    async def _write_files(self, prepared: _Prepared) -> None:
        """Full tiles that are not there yet, lower levels first, then the copy of the checkpoint."""
        merchant_id, size = prepared.merchant_id, prepared.standing.size
        for level in levels(size):
            for index in self._missing(merchant_id, level, size):
                tile = Tile(level, index)
                content = await self._archive.tile(merchant_id, tile)
                await asyncio.to_thread(write_whole, self._archive.tile_file(merchant_id, tile), content)
        await asyncio.to_thread(self._remember, prepared)

    def _remember(self, prepared: _Prepared) -> None:
        """The copy outside the database; a signer that was overtaken after its commit puts none over a newer one."""
        path = self._archive.checkpoint_file(prepared.merchant_id)
        if _size_of(read_or_none(path)) < prepared.standing.size:
            write_whole(path, prepared.note)

    def _missing(self, merchant_id: int, level: int, size: int) -> range:
        """The full tiles behind the last one that has its file; they are written in order."""
        end = full_tiles(size, level)
        first = end
        while first and not self._archive.tile_file(merchant_id, Tile(level, first - 1)).exists():
            first -= 1
        return range(first, end)


def _size_of(note: bytes | None) -> int:
    """The size a note says; 0 where there is none that can be read."""
    try:
        return 0 if note is None else read_checkpoint(note).size
    except NotANote:
        return 0
