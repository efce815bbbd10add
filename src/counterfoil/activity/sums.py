"""What each person did over some days: taken, voided, refunded, held, locked out, lifted, refused.

A void or refund that somebody asked for in these days counts by what came of it, also where that came later: done, not
done (the provider refused it, or it was taken out of the queue), or still under way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from counterfoil.activity.asked import Asked, Glance
from counterfoil.activity.faults import TOO_MUCH
from counterfoil.evidence import SYSTEM, leaves_on, span_of, timeline
from counterfoil.store import Store

# What is read for one report at the most: on two cores about two seconds.
ENTRIES_MAX: Final = 200_000
_STEP: Final = 2_000


class _Counted(Glance, frozen=True):
    """And what is counted of it."""

    amount: Any = None
    reason: str | None = None
    count: int = 1
    leg: str | None = None
    how: str | None = None
    made: bool = False


_COUNTED: Final = msgspec.json.Decoder(_Counted)


@dataclass(slots=True, kw_only=True)
class PersonSums:
    """One person's figures; amounts are minor units.

    ``voids`` and ``refunds`` are those that were done, ``reasons`` why; ``not_done`` and ``under_way`` the others.
    ``approved_own``: how often they approved what somebody else asked for of a payment they had taken themselves.
    """

    person_id: str
    taken: int = 0
    voids: int = 0
    voided_minor: int = 0
    refunds: int = 0
    refunded_minor: int = 0
    not_done: int = 0
    under_way: int = 0
    holds_placed: int = 0
    holds_lifted: int = 0
    locked: int = 0
    lifted: int = 0
    refused: int = 0
    approved_own: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def back(self) -> int:
        """Voids and refunds together, those that were done."""
        return self.voids + self.refunds

    @property
    def per_hundred(self) -> float:
        """Voids and refunds on a hundred payments taken; no money stands near it."""
        return 100 * self.back / self.taken if self.taken else 0.0

    @property
    def not_done_per_hundred(self) -> float:
        """Those that were asked for and not done, on a hundred payments taken."""
        return 100 * self.not_done / self.taken if self.taken else 0.0


@dataclass(slots=True)
class _Report:
    """What was counted so far, and the voids and refunds of which nothing came yet, by payment and leg."""

    people: dict[str, PersonSums] = field(default_factory=dict)
    waiting: dict[tuple[str, str], _Counted] = field(default_factory=dict)

    def of(self, person_id: str) -> PersonSums:
        return self.people.setdefault(person_id, PersonSums(person_id=person_id))


async def sums_by_person(store: Store, merchant_id: int, asked: Asked, *, most: int = ENTRIES_MAX) -> list[PersonSums]:
    """The figures of whoever did anything, most voids and refunds first.

    Raises Refused CF-2180 for too many entries.
    """
    least, end = await span_of(store, merchant_id, asked.since, asked.until)
    if end - least > most:
        raise TOO_MUCH(field="from", most=f"{most:,}")
    report = _Report()
    while least < end:
        step = await leaves_on(store, merchant_id, least=least, before=end, count=_STEP)
        if not step:
            break
        least = step[-1][0] + 1
        for _, entry in step:
            seen = _COUNTED.decode(entry)
            # What came of it was said by whoever finished it, at no terminal: it is told by what it is about.
            if not _settled(report, seen) and asked.holds(seen):
                _add(report, seen)
    await _what_came_later(store, merchant_id, report)
    return sorted(report.people.values(), key=lambda one: (-one.back, -one.taken, one.person_id))


def _add(report: _Report, seen: _Counted) -> None:
    """Count a leaf for whoever it is about: whom a pause met, who approved at a till, and otherwise who did it."""
    if seen.type in _APPROVED and not seen.made:
        return
    who = {"person.locked": seen.subject, "person.approved": seen.approver}.get(seen.type, seen.actor)
    if who is None or who == SYSTEM:
        return
    if seen.type in _BACK:
        report.waiting[_key(seen)] = seen
    elif seen.type in _KINDS:
        one, name = report.of(who), _KINDS[seen.type]
        setattr(one, name, getattr(one, name) + (seen.count if name == "refused" else 1))


def _settled(report: _Report, seen: _Counted) -> bool:
    """Whether that leaf says what came of a void or refund that is counted here; it then is."""
    done = _done(seen.type, seen.how)
    if done is None:
        return False
    began = report.waiting.pop(_key(seen), None)
    if began is not None:
        _count(report.of(began.actor), began, done=done)
    return True


def _done(kind: str, how: str | None) -> bool | None:
    """Whether a void or refund was done by that leaf; None where it says nothing of one."""
    return _FOUND.get(how or "") if kind == "txn.resolved_manually" else _CAME.get(kind)


def _count(one: PersonSums, began: _Counted, *, done: bool) -> None:
    if not done:
        one.not_done += 1
        return
    name, minor = _BACK[began.type]
    setattr(one, name, getattr(one, name) + 1)
    setattr(one, minor, getattr(one, minor) + int(began.amount["minor"]))
    one.reasons[began.reason or "OTHER"] += 1


async def _what_came_later(store: Store, merchant_id: int, report: _Report) -> None:
    """Look up those of which the days themselves do not tell; what nothing came of, or is too many, is under way."""
    for key, began in list(report.waiting.items())[:_LATER_MAX]:
        for _, body in await timeline(store, merchant_id, key[0]):
            done = _done(body["type"], body.get("how"))
            if done is not None and (key[0], str(body.get("leg") or "")) == key and key in report.waiting:
                del report.waiting[key]
                _count(report.of(began.actor), began, done=done)
    for began in report.waiting.values():
        report.of(began.actor).under_way += 1


def _key(seen: _Counted) -> tuple[str, str]:
    return seen.subject or "", seen.leg or ""


# How many are looked up one by one at the most: a provider that answers nobody for days leaves that many.
_LATER_MAX: Final = 500
_BACK: Final = {
    "txn.voiding": ("voids", "voided_minor"),
    "refund.created": ("refunds", "refunded_minor"),
}
# Whether it was done.
_CAME: Final = {
    "txn.voided": True,
    "txn.refunded": True,
    "txn.void_refused": False,
    "refund.failed": False,
    "refund.cancelled": False,
}
# The same, as a person found it on the provider's statement.
_FOUND: Final = {"voided": True, "refunded": True, "not_voided": False, "not_refunded": False}
_KINDS: Final = {
    "txn.sent": "taken",
    "txn.recorded": "taken",
    "hold.placed": "holds_placed",
    "hold.lifted": "holds_lifted",
    "person.locked": "locked",
    "person.lock_lifted": "lifted",
    "act.refused": "refused",
    "person.approved": "approved_own",
    "request.approved": "approved_own",
}
_APPROVED: Final = ("person.approved", "request.approved")
