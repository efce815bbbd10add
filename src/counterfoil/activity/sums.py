"""What each person did over some days: taken, voided, refunded, locked out, lifted, refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from counterfoil.activity.asked import Asked, Glance
from counterfoil.activity.faults import TOO_MUCH
from counterfoil.evidence import SYSTEM, leaves_on, span_of
from counterfoil.store import Store

# What is read for one report at the most: on two cores about two seconds.
ENTRIES_MAX: Final = 200_000
_STEP: Final = 2_000


class _Counted(Glance, frozen=True):
    """And what is counted of it."""

    amount: Any = None
    reason: str | None = None
    count: int = 1
    made: bool = False


_COUNTED: Final = msgspec.json.Decoder(_Counted)


@dataclass(slots=True, kw_only=True)
class PersonSums:
    """One person's figures. ``reasons`` counts why they voided and refunded; amounts are minor units.

    ``approved_own``: how often they approved what somebody else asked for of a payment they had taken themselves.
    """

    person_id: str
    taken: int = 0
    voids: int = 0
    voided_minor: int = 0
    refunds: int = 0
    refunded_minor: int = 0
    locked: int = 0
    lifted: int = 0
    refused: int = 0
    approved_own: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def back(self) -> int:
        """Voids and refunds together."""
        return self.voids + self.refunds

    @property
    def per_hundred(self) -> float:
        """Voids and refunds on a hundred payments taken; no money stands near it."""
        return 100 * self.back / self.taken if self.taken else 0.0


async def sums_by_person(store: Store, merchant_id: int, asked: Asked, *, most: int = ENTRIES_MAX) -> list[PersonSums]:
    """The figures of whoever did anything, most voids and refunds first.

    Raises Refused CF-2180 for too many entries.
    """
    least, end = await span_of(store, merchant_id, asked.since, asked.until)
    if end - least > most:
        raise TOO_MUCH(field="from", most=f"{most:,}")
    people: dict[str, PersonSums] = {}
    while least < end:
        step = await leaves_on(store, merchant_id, least=least, before=end, count=_STEP)
        if not step:
            break
        least = step[-1][0] + 1
        for _, entry in step:
            seen = _COUNTED.decode(entry)
            if asked.holds(seen):
                _add(people, seen)
    return sorted(people.values(), key=lambda one: (-one.back, -one.taken, one.person_id))


def _add(people: dict[str, PersonSums], seen: _Counted) -> None:
    """Count a leaf for whoever it is about: whom a pause met, who approved at a till, and otherwise who did it."""
    if seen.type in _APPROVED and not seen.made:
        return
    who = {"person.locked": seen.subject, "person.approved": seen.approver}.get(seen.type, seen.actor)
    if who is None or who == SYSTEM or seen.type not in _KINDS:
        return
    one = people.setdefault(who, PersonSums(person_id=who))
    name, minor = _KINDS[seen.type]
    setattr(one, name, getattr(one, name) + (seen.count if name == "refused" else 1))
    if minor:
        setattr(one, minor, getattr(one, minor) + int(seen.amount["minor"]))
        one.reasons[seen.reason or "OTHER"] += 1


_KINDS: Final = {
    "txn.sent": ("taken", ""),
    "txn.recorded": ("taken", ""),
    "txn.voiding": ("voids", "voided_minor"),
    "refund.created": ("refunds", "refunded_minor"),
    "person.locked": ("locked", ""),
    "person.lock_lifted": ("lifted", ""),
    "act.refused": ("refused", ""),
    "person.approved": ("approved_own", ""),
    "request.approved": ("approved_own", ""),
}
_APPROVED: Final = ("person.approved", "request.approved")
