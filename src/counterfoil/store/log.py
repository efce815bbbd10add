"""What the committer asks of the log. Evidence implements it; ``app`` passes it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Table

from counterfoil.store.change import Fact


@dataclass(frozen=True, slots=True)
class Head:
    """A merchant's log head: how many leaves, and the frontier (RFC 6962 roots of the full subtrees, left to right)."""

    size: int
    frontier: bytes


@dataclass(frozen=True, slots=True)
class Touched:
    """A row that a Change inserts or changes, whole, as it will stand after the commit."""

    table: Table
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One Change's facts with their drawn numbers filled in, and the rows they speak of."""

    facts: Sequence[Fact]
    touched: Sequence[Touched]


@dataclass(frozen=True, slots=True)
class Leaf:
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
