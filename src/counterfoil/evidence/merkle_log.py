"""The log the committer appends to: facts in, leaves and the next head out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from counterfoil.evidence.leaf import leaves
from counterfoil.evidence.tree import append, decode_frontier, encode_frontier, leaf_hash
from counterfoil.store import Entry, Head, Leaf

EMPTY: Final = Head(0, b"")


class MerkleLog:
    """``store.Log`` over an RFC 6962 tree a merchant."""

    def start(self) -> Head:
        """The head of an empty log."""
        return EMPTY

    def append(self, head: Head, entries: Sequence[Entry]) -> tuple[Head, Sequence[Sequence[Leaf]]]:
        """The head after all the entries, and each entry's leaves in order.

        Raises NotCanonical where a fact cannot be encoded, ValueError where the head's frontier does not fit its size.
        """
        size, frontier = head.size, decode_frontier(head.size, head.frontier)
        made: list[list[Leaf]] = []
        for entry in entries:
            ours: list[Leaf] = []
            for fact, raw in zip(entry.facts, leaves(entry), strict=True):
                hashed = leaf_hash(raw)
                ours.append(Leaf(size, fact.subject, raw, hashed))
                append(size, frontier, hashed)
                size += 1
            made.append(ours)
        return Head(size, encode_frontier(frontier)), made
