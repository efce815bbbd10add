"""One leaf proven step by step, for people who want to see it: the leaf's hash, the path to the root, the signature."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.basis import insist
from counterfoil.evidence.archive import Archive
from counterfoil.evidence.checkpoint import open_checkpoint, read_checkpoint
from counterfoil.evidence.faults import NOT_SIGNED_YET
from counterfoil.evidence.note import NotANote, Verifier
from counterfoil.evidence.reading import latest_checkpoint
from counterfoil.evidence.tree import inclusion_path, leaf_hash, node_hash


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step up: the neighbour's hash, on which side it stands, and the hash both make."""

    neighbour: bytes
    on_left: bool
    made: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSteps:
    """What was computed for one leaf. ``sound`` only where all four things hold."""

    position: int
    size: int
    entry: bytes
    leaf: bytes
    kept_leaf: bytes
    path: tuple[PathStep, ...]
    root: bytes
    signed_root: bytes
    signed_by: str
    signature_holds: bool

    @property
    def leaf_holds(self) -> bool:
        """Whether the stored text still makes the stored hash."""
        return self.leaf == self.kept_leaf

    @property
    def path_holds(self) -> bool:
        """Whether the path leads to the signed root."""
        return self.root == self.signed_root

    @property
    def sound(self) -> bool:
        """Whether everything holds."""
        return self.leaf_holds and self.path_holds and self.signature_holds


async def proof_steps(archive: Archive, verifier: Verifier, merchant_id: int, position: int) -> ProofSteps:
    """Compute the proof of one leaf against the newest checkpoint, from its stored text up; needs no secret.

    Raises CF-5005 where no checkpoint covers the position yet.
    """
    insist(position >= 0, "positions begin at 0")
    note = await latest_checkpoint(archive.source, merchant_id)
    checkpoint = read_checkpoint(note)
    if position >= checkpoint.size:
        raise NOT_SIGNED_YET()
    entry = (await archive.entries(merchant_id, position, position + 1))[0]
    made = leaf_hash(entry)
    steps: list[PathStep] = []
    for part in inclusion_path(position, checkpoint.size):
        neighbour = await archive.range_hash(merchant_id, part)
        on_left = part.end <= position
        made = node_hash(neighbour, made) if on_left else node_hash(made, neighbour)
        steps.append(PathStep(neighbour, on_left, made))
    return ProofSteps(
        position=position,
        size=checkpoint.size,
        entry=entry,
        leaf=leaf_hash(entry),
        kept_leaf=(await archive.leaf_hashes(merchant_id, position, position + 1))[0],
        path=tuple(steps),
        root=made,
        signed_root=checkpoint.root,
        signed_by=verifier.name,
        signature_holds=_signed(note, verifier),
    )


def _signed(note: bytes, verifier: Verifier) -> bool:
    try:
        open_checkpoint(note, verifier)
    except NotANote:
        return False
    return True
