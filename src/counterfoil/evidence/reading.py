"""What doors ask of the evidence: the newest checkpoint, a tile, a proof, a subject's timeline."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, select

from counterfoil.basis import from_rfc3339, insist, read_or_none
from counterfoil.evidence.archive import Archive
from counterfoil.evidence.checkpoint import read_checkpoint
from counterfoil.evidence.faults import CONTRADICTED, NO_SUCH_TILE, NOT_SIGNED_YET
from counterfoil.evidence.leaf import read
from counterfoil.evidence.source import Source
from counterfoil.evidence.startup import HEAD, NEWEST
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.evidence.tiles import WIDTH, parse_path
from counterfoil.evidence.tree import inclusion_path, verify_inclusion
from counterfoil.store.tables import evidence_leaf

PROOF_HEADER: Final = "c2sp.org/tlog-proof@v1"
TIMELINE_MAX: Final = 1000
GROWTH_POINTS: Final = 64
_NO_END: Final = 2**62
_MERCHANT: Final = evidence_leaf.c.merchant_id == bindparam("merchant_id")
_TIMELINE: Final = (
    select(evidence_leaf.c.position, evidence_leaf.c.entry)
    .where(_MERCHANT, evidence_leaf.c.subject == bindparam("subject"))
    .order_by(evidence_leaf.c.position)
    .limit(TIMELINE_MAX)
)
_NEWEST_OF: Final = (
    select(evidence_leaf.c.position, evidence_leaf.c.entry)
    .where(_MERCHANT, evidence_leaf.c.subject == bindparam("subject"), evidence_leaf.c.position < bindparam("before"))
    .order_by(evidence_leaf.c.position.desc())
    .limit(bindparam("count"))
)
_SAMPLES: Final = select(evidence_leaf.c.position, evidence_leaf.c.entry).where(
    _MERCHANT, evidence_leaf.c.position.in_([bindparam(f"at_{n}") for n in range(GROWTH_POINTS)])
)
_LEAF: Final = select(evidence_leaf.c.entry).where(_MERCHANT, evidence_leaf.c.position == bindparam("position"))
_NOTE: Final = select(evidence_checkpoint.c.note).where(
    evidence_checkpoint.c.merchant_id == bindparam("merchant_id"), evidence_checkpoint.c.size == bindparam("size")
)
_NEWEST_SIGNED: Final = (
    select(evidence_checkpoint.c.size, evidence_checkpoint.c.signed_at)
    .where(evidence_checkpoint.c.merchant_id == bindparam("merchant_id"))
    .where(evidence_checkpoint.c.size < bindparam("before"))
    .order_by(evidence_checkpoint.c.size.desc())
    .limit(bindparam("count"))
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint that is kept: how many leaves it signs, and when that was (UTC microseconds)."""

    size: int
    signed_at: int


@dataclass(frozen=True, slots=True)
class Grown:
    """That the log had ``size`` leaves at that moment (UTC microseconds)."""

    size: int
    at: int


async def log_size(source: Source, merchant_id: int) -> int:
    """How many leaves a merchant's log has, signed or not."""
    rows = await source.fetch(HEAD, {"merchant_id": merchant_id})
    return int(rows[0]["size"]) if rows else 0


async def checkpoints(source: Source, merchant_id: int, count: int, before: int | None = None) -> list[Signed]:
    """The newest ``count`` checkpoints that are kept, newest first; only those of fewer leaves than ``before``."""
    end = _NO_END if before is None else before
    rows = await source.fetch(_NEWEST_SIGNED, {"merchant_id": merchant_id, "count": count, "before": end})
    return [Signed(row["size"], row["signed_at"]) for row in rows]


async def checkpoint_of(source: Source, merchant_id: int, size: int) -> bytes | None:
    """The signed note of a checkpoint that is kept, by the leaves it signs; None where it is not."""
    rows = await source.fetch(_NOTE, {"merchant_id": merchant_id, "size": size})
    return str(rows[0]["note"]).encode() if rows else None


async def growth(source: Source, merchant_id: int) -> list[Grown]:
    """How the log grew: at most 64 of its leaves, evenly spread from the first to the last, by their own times."""
    size = await log_size(source, merchant_id)
    if not size:
        return []
    at = {f"at_{n}": n * (size - 1) // (GROWTH_POINTS - 1) for n in range(GROWTH_POINTS)}
    found: list[Grown] = []
    for row in sorted(
        await source.fetch(_SAMPLES, {"merchant_id": merchant_id, **at}), key=lambda row: row["position"]
    ):
        when = from_rfc3339(str(read(bytes(row["entry"]))["ts"]))
        found.append(Grown(row["position"] + 1, max(when, found[-1].at if found else when)))
    return found


async def latest_checkpoint(source: Source, merchant_id: int) -> bytes:
    """The newest signed note of a merchant's log. Raises CF-5005 where nothing is signed yet."""
    rows = await source.fetch(NEWEST, {"merchant_id": merchant_id})
    if not rows:
        raise NOT_SIGNED_YET()
    return str(rows[0]["note"]).encode()


async def tile(archive: Archive, merchant_id: int, path: str) -> bytes:
    """The tile at ``path`` (behind ``tile/``) as far as it is signed. Raises CF-5006 where there is none."""
    asked = parse_path(path)
    rows = await archive.source.fetch(NEWEST, {"merchant_id": merchant_id})
    if asked is None or not rows or asked.leaves() > rows[0]["size"]:
        raise NO_SUCH_TILE()
    if asked.width == WIDTH:
        kept = read_or_none(archive.tile_file(merchant_id, asked))
        if kept is not None:
            return kept
    return await archive.tile(merchant_id, asked)


async def proof(archive: Archive, merchant_id: int, position: int) -> bytes:
    """The ``.tlog-proof`` of one leaf against the newest checkpoint; it needs no server to be checked.

    Raises CF-5005 where no checkpoint covers the position yet, CF-5004 where the log does not fit its checkpoint.
    """
    insist(position >= 0, "positions begin at 0")
    note = await latest_checkpoint(archive.source, merchant_id)
    checkpoint = read_checkpoint(note)
    if position >= checkpoint.size:
        raise NOT_SIGNED_YET()
    path = inclusion_path(position, checkpoint.size)
    hashes = [await archive.range_hash(merchant_id, part) for part in path]
    leaf = (await archive.leaf_hashes(merchant_id, position, position + 1))[0]
    if not verify_inclusion(leaf, position, checkpoint.size, hashes, checkpoint.root):
        raise CONTRADICTED()
    lines = [PROOF_HEADER, f"index {position}", *(base64.b64encode(each).decode() for each in hashes)]
    return "\n".join(lines).encode() + b"\n\n" + note


async def timeline(source: Source, merchant_id: int, subject: str) -> list[tuple[int, dict[str, Any]]]:
    """The leaves about one subject, each with its position, oldest first; the first thousand."""
    rows = await source.fetch(_TIMELINE, {"merchant_id": merchant_id, "subject": subject})
    return [(row["position"], read(bytes(row["entry"]))) for row in rows]


async def written_at(source: Source, merchant_id: int, position: int) -> int | None:
    """When a leaf was written (UTC microseconds), by itself; None where the log does not reach so far."""
    rows = await source.fetch(_LEAF, {"merchant_id": merchant_id, "position": position})
    return from_rfc3339(str(read(bytes(rows[0]["entry"]))["ts"])) if rows else None


async def newest_of(
    source: Source, merchant_id: int, subject: str, count: int, before: int | None = None
) -> list[tuple[int, dict[str, Any]]]:
    """The newest ``count`` leaves about one subject, newest first; only those before a position."""
    end = _NO_END if before is None else before
    params = {"merchant_id": merchant_id, "subject": subject, "count": count, "before": end}
    return [(row["position"], read(bytes(row["entry"]))) for row in await source.fetch(_NEWEST_OF, params)]
