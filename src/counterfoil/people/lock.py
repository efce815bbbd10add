"""Wrong tries and the pause that follows them: the arithmetic and the rows. Pure.

A try counts three times: for the number or login where it is tried, for that number at whatever terminal, and for the
network address it comes from. A row each, whether or not anybody has the number; its id is made of what it counts, so
that two first tries at once meet in one row.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.basis import MICROS, insist
from counterfoil.people.person import ADDRESS, ANYWHERE, OFFICE
from counterfoil.people.tables import sign_in_lock
from counterfoil.store import ABSENT, ChangePart, Guard, Insert, Require, Row

TRIES_MAX: Final = 5
TRIES_ANYWHERE_MAX: Final = 10
LOCK_MICROS: Final = 30 * 60 * MICROS


@dataclass(frozen=True, slots=True)
class Tries:
    """How many wrong tries, when the last one was, and until when there is a pause; None: there is none."""

    count: int = 0
    locked_until: int | None = None
    tried_at: int = 0

    def locked(self, now: int) -> bool:
        """Whether nothing is tried at ``now``."""
        return self.locked_until is not None and now < self.locked_until


@dataclass(frozen=True, slots=True)
class Counter:
    """One of the three counts. ``most`` wrong tries bring the pause; one that ``forgets`` ends after half an hour."""

    merchant_id: int
    where: str
    what: str
    most: int
    forgets: bool

    @property
    def row_id(self) -> str:
        """The id of its row."""
        return str(uuid.uuid5(uuid.UUID(self.where), self.what))

    def at(self, row: Row | None, now: int) -> Tries:
        """What the row says at ``now``; no row yet, a pause that is over, or a forgotten count: no tries."""
        if row is None:
            return Tries()
        tries = Tries(row["tries"], row["locked_until"], row["tried_at"])
        over = tries.locked_until is not None and not tries.locked(now)
        forgotten = self.forgets and tries.locked_until is None and now >= tries.tried_at + LOCK_MICROS
        return Tries() if over or forgotten else tries

    def after_wrong(self, tries: Tries, now: int) -> Tries:
        """The state after one more wrong try at ``now``."""
        insist(not tries.locked(now), "while there is a pause nothing is tried")
        count = tries.count + 1
        return Tries(count, now + LOCK_MICROS if count >= self.most else None, now)

    def left(self, tries: Tries) -> int:
        """How many wrong tries there still are before the pause."""
        return self.most - tries.count

    def kept(self, before: Row | None, tries: Tries, now: int) -> ChangePart:
        """The part of a Change that writes the row. It always writes, so that two at once never count as one."""
        values = {"tries": tries.count, "tried_at": now, "locked_until": tries.locked_until}
        if before is not None:
            return ChangePart(guards=(Guard(sign_in_lock, before, values),))
        return ChangePart(inserts=(Insert(sign_in_lock, {**self._key, **values}),))

    def relied_on(self, before: Row | None) -> ChangePart:
        """The part of a Change that holds only while nobody counts here: a right try that takes nothing back."""
        version = ABSENT if before is None else before["version"]
        key = {"merchant_id": self.merchant_id, "id": self.row_id}
        return ChangePart(requires=(Require(sign_in_lock, key, version),))

    @property
    def _key(self) -> Mapping[str, Any]:
        return {
            "merchant_id": self.merchant_id,
            "id": self.row_id,
            "terminal_id": self.where,
            "number": self.what,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """Where and with what somebody tries; ``zone`` is the shop's, in the office the merchant's.

    ``terminal_id`` and ``shop_id`` are None in the office; ``number`` is a till number, in the office the digest of a
    login. ``address``: the network address it comes from, where it comes from one. ``enrolled``: the terminal is a
    device that was enrolled, so that a short till password counts there.
    """

    merchant_id: int
    terminal_id: str | None
    number: str
    zone: str
    shop_id: str | None = None
    address: str | None = None
    enrolled: bool = False

    @property
    def here(self) -> Counter:
        """The count of this number at this terminal, or of this login in the office: all tries since a right one."""
        return Counter(self.merchant_id, self.terminal_id or OFFICE, self.number, TRIES_MAX, forgets=False)

    @property
    def wider(self) -> tuple[Counter, ...]:
        """The counts that a change of terminal, or of the number, does not escape."""
        anywhere = Counter(self.merchant_id, ANYWHERE, self.number, TRIES_ANYWHERE_MAX, forgets=True)
        address = Counter(self.merchant_id, ADDRESS, self.address or "", TRIES_ANYWHERE_MAX, forgets=True)
        return (*([anywhere] if self.terminal_id else []), *([address] if self.address else []))

    @property
    def counters(self) -> tuple[Counter, ...]:
        """All counts of a try here."""
        return (self.here, *self.wider)


def taken_back(tries: Tries, count: int, now: int) -> Tries:
    """The state once ``count`` of the wrong tries turn out to be of somebody who was right in the end."""
    insist(not tries.locked(now), "while there is a pause nothing is right")
    return Tries(max(0, tries.count - count), None, tries.tried_at)
