"""What the committer asks of the log. Evidence implements it; ``app`` passes it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct
from sqlalchemy import Table

from counterfoil.store.change import Fact


class Head(Struct, frozen=True):
    """A merchant's log head: how many leaves, and the frontier (RFC 6962 roots of the full subtrees, left to right)."""

    size: int
    frontier: bytes


class Touched(Struct, frozen=True):
    """A row that a Change inserts or changes, whole, as it will stand after the commit."""

    table: Table
    row: Mapping[str, Any]


class Entry(Struct, frozen=True):
    """One Change's facts with their drawn numbers filled in, and the rows they speak of."""

    facts: Sequence[Fact]
    touched: Sequence[Touched]


class Leaf(Struct, frozen=True):
    """A row of ``evidence_leaf`` to be."""

    position: int
    subject: str | None
    entry: bytes
    leaf_hash: bytes


class Log(Protocol):
    """Pure: no clock, no store. Called under the merchant's head, once a merchant and batch."""

    def start(self) -> Head:
        """The head of an empty log."""
        ...

    def append(self, head: Head, entries: Sequence[Entry]) -> tuple[Head, Sequence[Sequence[Leaf]]]:
        """The head after all the entries, and each entry's leaves in order.

        Raises NotCanonical where a fact cannot be encoded; the caller then runs the Changes one by one.
        """
        ...
