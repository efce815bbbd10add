"""Wrong codes and passwords of somebody who is signed in: five, then a pause of half an hour, as at a sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import MICROS, Fault, insist, local_time
from counterfoil.factors.faults import FACTOR_PAUSED
from counterfoil.factors.means import Means
from counterfoil.factors.tables import factor_tries
from counterfoil.people import SIGN_IN_BUSY, merchant
from counterfoil.store import Change, ChangePart, Guard, Insert, Lost, Row

ROUNDS_MAX: Final = 12
TRIES_MAX: Final = 5
PAUSE_MICROS: Final = 30 * 60 * MICROS
_OF: Final = select(factor_tries).where(
    factor_tries.c.merchant_id == bindparam("merchant_id"), factor_tries.c.id == bindparam("id")
)


@dataclass(frozen=True, slots=True)
class Tries:
    """How many wrong tries in a row, and until when there is a pause; None: there is none."""

    count: int = 0
    locked_until: int | None = None

    def locked(self, now: int) -> bool:
        """Whether codes are paused at ``now``."""
        return self.locked_until is not None and now < self.locked_until

    def after_wrong(self, now: int) -> Tries:
        """The state after one more wrong try at ``now``; a pause that is over counts from the beginning."""
        insist(not self.locked(now), "while there is a pause nothing is tried")
        count = 1 if self.locked_until is not None else self.count + 1
        return Tries(count, now + PAUSE_MICROS if count >= TRIES_MAX else None)

    @property
    def left(self) -> int:
        """How many wrong tries there still are before the pause."""
        return TRIES_MAX - self.count


async def tries_of(means: Means, merchant_id: int, person_id: str) -> tuple[Row | None, Tries]:
    """The row, if there is one yet, and what it says. Raises Refused CF-2059 while codes are paused."""
    row = await means.store.fetch_one(_OF, {"merchant_id": merchant_id, "id": person_id})
    tries = Tries(row["tries"], row["locked_until"]) if row else Tries()
    if tries.locked(means.clock.now()):
        raise await _paused(means, merchant_id, tries)
    return row, tries


def begun_anew(row: Row | None, merchant_id: int, person_id: str, now: int) -> ChangePart:
    """The part that resets the count. It always writes, so that a right try and wrong ones never count as one."""
    return _kept(row, merchant_id, person_id, Tries(), now)


async def after_wrong(means: Means, merchant_id: int, person_id: str, wrong: Callable[..., Fault]) -> Fault:
    """Count a wrong try and make the fault that says so: ``wrong`` with how many are left, or CF-2059.

    Raises Trouble CF-2010 where others try for the same person without end.
    """
    for _ in range(ROUNDS_MAX):
        now = means.clock.now()
        row, before = await tries_of(means, merchant_id, person_id)
        tries = before.after_wrong(now)
        part = _kept(row, merchant_id, person_id, tries, now)
        try:
            await means.store.commit(
                Change(change_id=means.ids.uuid(), merchant_id=merchant_id, inserts=part.inserts, guards=part.guards)
            )
        except Lost:
            continue
        return await _paused(means, merchant_id, tries) if tries.locked(now) else wrong(left=tries.left)
    raise SIGN_IN_BUSY()


def _kept(row: Row | None, merchant_id: int, person_id: str, tries: Tries, now: int) -> ChangePart:
    values = {"tries": tries.count, "tried_at": now, "locked_until": tries.locked_until}
    if row is not None:
        return ChangePart(guards=(Guard(factor_tries, row, values),))
    return ChangePart(inserts=(Insert(factor_tries, {"merchant_id": merchant_id, "id": person_id, **values}),))


async def _paused(means: Means, merchant_id: int, tries: Tries) -> Fault:
    of = await merchant(means.store, merchant_id)
    until = local_time(tries.locked_until or 0, of.zone if of else "Asia/Shanghai")
    return FACTOR_PAUSED(until=until.strftime("%H:%M"))
