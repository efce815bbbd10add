"""The Merkle tree of RFC 6962 (hashing unchanged in RFC 9162): pure, SHA-256 only.

A leaf is ``SHA-256(0x00‖entry)``, a node ``SHA-256(0x01‖left‖right)``. The *frontier* of a tree is the roots of its
full subtrees from left to right, one for each bit set in the size; it is all that appending needs.

What a proof consists of is planned here as ranges of leaves and computed by whoever holds the hashes, so that a proof
in a large log costs a few reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from counterfoil.basis import insist

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


class Subtree(NamedTuple):
    """A full subtree: ``2**height`` leaves, the ``number``-th of its height."""

    height: int
    number: int


class Leaves(NamedTuple):
    """The leaves ``start`` ≤ i < ``end``; in a proof, the part of the tree that one hash stands for."""

    start: int
    end: int


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return sha256(b"\x01" + left + right).digest()


def append(size: int, frontier: list[bytes], leaf: bytes) -> None:
    """Put one leaf hash behind a tree of ``size`` leaves; ``frontier`` becomes that of ``size + 1``."""
    while size & 1:
        leaf = sha256(b"\x01" + frontier.pop() + leaf).digest()
        size >>= 1
    frontier.append(leaf)


def encode_frontier(frontier: Sequence[bytes]) -> bytes:
    """The frontier as stored: its hashes one after the other."""
    return b"".join(frontier)


def decode_frontier(size: int, raw: bytes) -> list[bytes]:
    """Read a stored frontier of a tree of ``size`` leaves. Raises ValueError where the length does not fit."""
    if len(raw) != size.bit_count() * HASH_BYTES:
        raise ValueError(f"a frontier of {size} leaves has not {len(raw)} bytes")
    return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]


def fold(hashes: Sequence[bytes]) -> bytes:
    """Join subtrees of falling height from the right; of a whole frontier that is the tree's root."""
    if not hashes:
        return EMPTY_ROOT
    made = hashes[-1]
    for left in reversed(hashes[:-1]):
        made = node_hash(left, made)
    return made


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier: list[bytes] = []
    for size, leaf in enumerate(hashes):
        append(size, frontier, leaf)
    return fold(frontier)


def subtrees(leaves: Leaves) -> list[Subtree]:
    """The full subtrees that make up a range which begins where a subtree of its own height may begin."""
    made, at, left = [], leaves.start, leaves.end - leaves.start
    while left:
        height = left.bit_length() - 1
        insist(at % (1 << height) == 0, "a range of a proof starts on a subtree")
        made.append(Subtree(height, at >> height))
        at, left = at + (1 << height), left - (1 << height)
    return made


def inclusion_path(index: int, size: int) -> list[Leaves]:
    """What the hashes of the proof of leaf ``index`` of ``size`` stand for, from the leaf up (RFC 6962 2.1.1)."""
    insist(0 <= index < size, "a leaf outside the tree has no proof")
    path: list[Leaves] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(Leaves(middle, end))
            end = middle
        else:
            path.append(Leaves(start, middle))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int) -> list[Leaves]:
    """What the hashes of the proof that ``new`` leaves extend ``old`` ones stand for (RFC 6962 2.1.2)."""
    insist(0 < old <= new, "consistency is between two trees that are not empty")
    path: list[Leaves] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(Leaves(middle, end))
            end = middle
        else:
            path.append(Leaves(start, middle))
            start, whole = middle, False
    return ([] if whole else [Leaves(start, end)]) + path[::-1]


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof of leaf ``index`` where all leaf hashes are at hand."""
    return [root_of(hashes[part.start : part.end]) for part in inclusion_path(index, len(hashes))]


def consistency_proof(hashes: Sequence[bytes], old: int) -> list[bytes]:
    """The proof that these leaf hashes extend the first ``old`` of them."""
    return [root_of(hashes[part.start : part.end]) for part in consistency_path(old, len(hashes))]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf hash to the root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(proof):
        return False
    at, last, made = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = node_hash(sibling, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = node_hash(made, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and made == root


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the proof shows that the tree of ``new`` leaves extends that of ``old`` (RFC 9162 2.1.4.2)."""
    if not 0 < old <= new or not _are_hashes(proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not path:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(count: int) -> int:
    """The largest power of two below ``count`` (at least 2)."""
    return 1 << ((count - 1).bit_length() - 1)


def _are_hashes(proof: Sequence[bytes]) -> bool:
    return all(len(part) == HASH_BYTES for part in proof)
