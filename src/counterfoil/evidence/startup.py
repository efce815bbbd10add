"""The check at start: whether a log still holds what was signed of it.

The newest checkpoint (the database's, or the copy in a file beside it, whichever is larger) is held against the root
recomputed at its size, and the leaves since then against the head. It costs a few reads however long the log is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, select

from counterfoil.basis import Broken, Fault, read_or_none
from counterfoil.evidence.archive import Archive
from counterfoil.evidence.checkpoint import Checkpoint, open_checkpoint, origin_of
from counterfoil.evidence.faults import CONTRADICTED, ROLLED_BACK
from counterfoil.evidence.note import NotANote, Verifier
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.evidence.tiles import Tile, full_tiles
from counterfoil.evidence.tree import append, encode_frontier, fold, leaf_hash
from counterfoil.store.tables import evidence_head

PAGE: Final = 2048
_MERCHANT: Final[Any] = bindparam("merchant_id")
HEAD: Final = select(evidence_head.c.size, evidence_head.c.frontier).where(evidence_head.c.merchant_id == _MERCHANT)
NEWEST: Final = (
    select(evidence_checkpoint.c.size, evidence_checkpoint.c.note)
    .where(evidence_checkpoint.c.merchant_id == _MERCHANT)
    .order_by(evidence_checkpoint.c.size.desc())
    .limit(1)
)
_HEADS: Final = select(evidence_head.c.merchant_id).order_by(evidence_head.c.merchant_id)


class EvidenceState(StrEnum):
    """How a merchant's log stands to what was signed of it."""

    SOUND = "SOUND"
    EVIDENCE_ROLLED_BACK = "EVIDENCE_ROLLED_BACK"
    EVIDENCE_CONTRADICTED = "EVIDENCE_CONTRADICTED"

    def fault(self) -> Fault | None:
        """Why a destructive act is refused in this state: CF-5003 or CF-5004; None where it is not."""
        kinds = {self.EVIDENCE_ROLLED_BACK: ROLLED_BACK, self.EVIDENCE_CONTRADICTED: CONTRADICTED}
        return kinds[self]() if self in kinds else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The state, and the signed size with its frontier (meaningful where the state is SOUND)."""

    state: EvidenceState
    size: int = 0
    frontier: tuple[bytes, ...] = ()


async def check_at_start(archive: Archive, public_key: bytes, installation: str) -> Mapping[int, EvidenceState]:
    """The state of every log that is not sound, by merchant; empty where all is well."""
    rows = await archive.source.fetch(_HEADS, {})
    merchants = {int(row["merchant_id"]) for row in rows} | merchants_in_files(archive)
    states: dict[int, EvidenceState] = {}
    for merchant_id in sorted(merchants):
        verifier = Verifier(origin_of(installation, merchant_id), public_key)
        standing = await examine(archive, verifier, merchant_id)
        if standing.state is not EvidenceState.SOUND:
            states[merchant_id] = standing.state
    return states


def merchants_in_files(archive: Archive) -> set[int]:
    """The merchants of which something signed stands in files."""
    if not archive.folder.is_dir():
        return set()
    return {int(each.name) for each in archive.folder.iterdir() if each.name.isdecimal() and each.is_dir()}


async def examine(archive: Archive, verifier: Verifier, merchant_id: int) -> Standing:
    """Hold one log against what was signed of it. Other processes may go on writing and signing it meanwhile."""
    try:
        signed = await _newest_signed(archive, verifier, merchant_id)
    except NotANote:
        return Standing(EvidenceState.EVIDENCE_CONTRADICTED)
    # What was signed first, then the head: a log only grows, so it is at least what was signed before.
    heads = await archive.source.fetch(HEAD, {"merchant_id": merchant_id})
    if await _ends_before(archive, merchant_id, signed.size, heads):
        return Standing(EvidenceState.EVIDENCE_ROLLED_BACK, signed.size)
    try:
        return await _recomputed(archive, merchant_id, signed, heads[0] if heads else None)
    except Broken:
        # A gap or a damaged page. A database out of reach says nothing about the log and is told as it is.
        return Standing(EvidenceState.EVIDENCE_CONTRADICTED, signed.size)


async def _ends_before(
    archive: Archive, merchant_id: int, signed_size: int, heads: Sequence[Mapping[str, Any]]
) -> bool:
    """Whether more was signed of the log than it has: by a checkpoint, or by a tile beyond its end."""
    size = int(heads[0]["size"]) if heads else 0
    if size < signed_size:
        return True
    if read_or_none(archive.tile_file(merchant_id, Tile(0, full_tiles(size, 0)))) is None:
        return False
    # Unless it grew by that tile since its head was read.
    again = await archive.source.fetch(HEAD, {"merchant_id": merchant_id})
    grown = int(again[0]["size"]) if again else 0
    return full_tiles(grown, 0) == full_tiles(size, 0)


async def _newest_signed(archive: Archive, verifier: Verifier, merchant_id: int) -> Checkpoint:
    """The largest checkpoint; size 0 where nothing was signed. Raises NotANote where one does not hold."""
    rows = await archive.source.fetch(NEWEST, {"merchant_id": merchant_id})
    notes = [str(row["note"]).encode() for row in rows]
    remembered = read_or_none(archive.checkpoint_file(merchant_id))
    if remembered is not None:
        notes.append(remembered)
    signed = [open_checkpoint(note, verifier) for note in notes]
    if len({each.size for each in signed}) < len(set(signed)):
        raise NotANote("two roots of one size")
    return max(signed, key=lambda each: each.size, default=Checkpoint(verifier.name, 0, b""))


async def _recomputed(
    archive: Archive, merchant_id: int, signed: Checkpoint, head: Mapping[str, Any] | None
) -> Standing:
    frontier = await archive.frontier(merchant_id, signed.size)
    contradicted = Standing(EvidenceState.EVIDENCE_CONTRADICTED, signed.size)
    if signed.size and fold(frontier) != signed.root:
        return contradicted
    sound = Standing(EvidenceState.SOUND, signed.size, tuple(frontier))
    if head is None:
        return sound
    for start in range(signed.size, head["size"], PAGE):
        end = min(start + PAGE, head["size"])
        for offset, entry in enumerate(await archive.entries(merchant_id, start, end)):
            append(start + offset, frontier, leaf_hash(entry))
    return sound if encode_frontier(frontier) == bytes(head["frontier"]) else contradicted
