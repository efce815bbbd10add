"""A Change: all that one act writes at once, and what it relied on while deciding.

An act never holds a database transaction while it thinks or calls. It reads, decides with pure functions and hands the
store one Change. The committer puts many Changes into one durable commit; a losing Change fails alone.
The records are msgspec's, made in a fifth of the time of a frozen dataclass; a payment makes some forty of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Table

from counterfoil.basis import JSON, Trouble, insist
from counterfoil.store.faults import FATE_UNKNOWN

Row = Mapping[str, Any]

GUARDS_MAX: Final = 64
REQUIRES_MAX: Final = 16
ABSENT: Final = 0


class Drawn(Struct, frozen=True):
    """Stands in an inserted row or a fact where the committer puts the drawn number of that name."""

    name: str


class Draw(Struct, frozen=True):
    """The next number of the merchant's counter ``counter``: ``first`` to ``last``, then round again. Gaps happen."""

    name: str
    counter: str
    first: int = 1
    last: int = 999_999


class Insert(Struct, frozen=True):
    """A new row. In a root table its id is the idempotency key: a second one of the same id raises Repeated."""

    table: Table
    row: Row


class Guard(Struct, frozen=True):
    """A root row that is written. ``before`` is the row as it was read; its ``version`` must still hold.

    The committer writes ``set``, the next version and ``last_change``.
    """

    table: Table
    before: Row
    set: Row


class Require(Struct, frozen=True):
    """A root row that was only relied on: its version must still be ``version``; ABSENT: no such row may exist."""

    table: Table
    key: Row
    version: int


class Update(Struct, frozen=True):
    """A row without a version, most often a child whose root this Change guards. ``before`` is the row as it was read.

    A versioned row may be updated only beside a guard of its root; alone it is guarded itself.
    """

    table: Table
    before: Row
    set: Row


class Drop(Struct, frozen=True):
    """A row to be deleted, of a table without any evidenced column. ``before`` is the row as it was read.

    A versioned row must still be of that version, any other must still be exactly as it was read.
    """

    table: Table
    before: Row


class Add(Struct, frozen=True):
    """Amounts added to one row of a summing table (``day_totals``); the committer sums them a key and upserts."""

    table: Table
    key: Row
    amounts: Mapping[str, int]


class Fact(Struct, frozen=True):
    """One leaf to be: ``body`` is canonical JSON without the row digests, which the log adds. Made by evidence.

    ``subject`` is the id of what the fact is about (a payment's, say); the leaves of a subject are its timeline.
    """

    kind: str
    subject: str | None
    body: Mapping[str, JSON | Drawn]


class Change(Struct, frozen=True, kw_only=True):
    """See the module. At most 64 guards and 16 requires; everything belongs to one merchant.

    Rows of which any column is evidenced need a fact in the same Change, and are never dropped.
    """

    change_id: str
    merchant_id: int
    inserts: tuple[Insert, ...] = ()
    guards: tuple[Guard, ...] = ()
    requires: tuple[Require, ...] = ()
    updates: tuple[Update, ...] = ()
    drops: tuple[Drop, ...] = ()
    totals: tuple[Add, ...] = ()
    draws: tuple[Draw, ...] = ()
    facts: tuple[Fact, ...] = ()

    def __post_init__(self) -> None:
        """Hold the limits."""
        insist(len(self.guards) <= GUARDS_MAX, "more guards than a Change may carry")
        insist(len(self.requires) <= REQUIRES_MAX, "more requires than a Change may carry")
        writes = self.inserts or self.guards or self.updates or self.drops or self.totals
        insist(writes or self.facts, "a Change that changes nothing")

    def plus(self, part: ChangePart) -> Change:
        """This Change with another area's part in it."""
        return replace(
            self,
            inserts=self.inserts + part.inserts,
            guards=self.guards + part.guards,
            requires=self.requires + part.requires,
            updates=self.updates + part.updates,
            drops=self.drops + part.drops,
            totals=self.totals + part.totals,
            facts=self.facts + part.facts,
        )


class ChangePart(Struct, frozen=True, kw_only=True):
    """What a lower area lets a higher one write in the higher one's own Change."""

    inserts: tuple[Insert, ...] = ()
    guards: tuple[Guard, ...] = ()
    requires: tuple[Require, ...] = ()
    updates: tuple[Update, ...] = ()
    drops: tuple[Drop, ...] = ()
    totals: tuple[Add, ...] = ()
    facts: tuple[Fact, ...] = ()


class Committed(Struct, frozen=True):
    """The durable end of a Change: the log position of each fact, in order, and the numbers that were drawn."""

    change_id: str
    positions: tuple[int, ...]
    drawn: Mapping[str, int] = {}


class Lost(Exception):  # noqa: N818 - a Change that did not win is no error
    """A Change that was not committed; nothing of it was written."""


class Stale(Lost):
    """Somebody moved first: a guard or a require no longer holds. Load and decide again."""


class Repeated(Lost):
    """A root row of this id is already there."""

    def __init__(self, table: str, row_id: str) -> None:
        """Name the table and the id."""
        super().__init__(f"{table} {row_id}")
        self.table = table
        self.row_id = row_id


class FateUnknown(Trouble):
    """The connection broke during the commit and the database could not be asked in time. The caller says Unknown."""

    def __init__(self, change_id: str) -> None:
        """Name the Change nobody knows of."""
        super().__init__(FATE_UNKNOWN, None, None, {})
        self.change_id = change_id
