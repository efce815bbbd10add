"""The lock of an operator number at a terminal: its arithmetic and its row. Pure.

One row for each terminal and number, whether or not anybody has the number; its id is made of both, so that two first
tries at once meet in one row.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import MICROS, insist
from counterfoil.people.person import OFFICE
from counterfoil.people.tables import sign_in_lock
from counterfoil.store import ChangePart, Guard, Insert, Row

TRIES_MAX: Final = 5
LOCK_MICROS: Final = 30 * 60 * MICROS


@dataclass(frozen=True, slots=True)
class Tries:
    """How many wrong tries in a row, and until when the number is locked; None: it is not."""

    count: int = 0
    locked_until: int | None = None

    def locked(self, now: int) -> bool:
        """Whether the number is locked at ``now``."""
        return self.locked_until is not None and now < self.locked_until

    def after_wrong(self, now: int) -> Tries:
        """The state after one more wrong try at ``now``; a lock that is over counts from the beginning."""
        insist(not self.locked(now), "a locked number is answered without a try")
        count = 1 if self.locked_until is not None else self.count + 1
        return Tries(count, now + LOCK_MICROS if count >= TRIES_MAX else None)

    def left(self) -> int:
        """How many wrong tries there still are before the lock."""
        return TRIES_MAX - self.count


@dataclass(frozen=True, slots=True)
class Place:
    """Where and with which operator number somebody tries; ``zone`` is the shop's.

    ``terminal_id`` is None in the office, ``zone`` then the merchant's.
    """

    merchant_id: int
    terminal_id: str | None
    number: str
    zone: str

    def lock_id(self) -> str:
        """The id of the lock's row."""
        return str(uuid.uuid5(uuid.UUID(self.terminal_id or OFFICE), self.number))


def tries_of(row: Row | None) -> Tries:
    """What the row says; no row yet: no tries."""
    return Tries(row["tries"], row["locked_until"]) if row else Tries()


def kept(place: Place, before: Row | None, tries: Tries, now: int) -> ChangePart:
    """The part of a Change that writes the row. It always writes, so that two tries at once never count as one."""
    values = {"tries": tries.count, "tried_at": now, "locked_until": tries.locked_until}
    if before is not None:
        return ChangePart(guards=(Guard(sign_in_lock, before, values),))
    where = {"merchant_id": place.merchant_id, "id": place.lock_id(), "terminal_id": place.terminal_id or OFFICE}
    return ChangePart(inserts=(Insert(sign_in_lock, {**where, "number": place.number, **values}),))
