"""What waits for a person and what looks odd, each with where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from counterfoil.basis import MICROS
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.screen.looks import CHECKING, Mark, mark_of
from counterfoil.doors.screen.pages import link
from counterfoil.payments import MoneyState, Payment, count_for_a_person
from counterfoil.people import Person, Shop, Terminal, locks
from counterfoil.records import (
    MONTH_DAYS,
    Month,
    for_a_person,
    going_back,
    more_than_usual,
    odd,
    open_now,
)

LONG_MICROS: Final = 3600 * MICROS
SHOWN: Final = 8
_UNKNOWN: Final = frozenset({MoneyState.SENT, MoneyState.UNKNOWN, MoneyState.REVERSING, MoneyState.CREATED})
_RECORDS: Final = "/office/records"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to look at: what it is, what to do, and the page of its cause."""

    what: str
    do: str
    href: str


@dataclass(frozen=True, slots=True)
class Held:
    """Who may not sign in, where, and until when (UTC microseconds)."""

    what: str
    at_till: bool
    until: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits. ``rows`` are the newest; the counts are of all (at most 50 of each kind of payment)."""

    rows: tuple[tuple[Payment, Mark], ...]
    counts: tuple[tuple[str, int], ...]
    held: tuple[Held, ...]
    notices: int
    oldest: Payment | None

    @property
    def count(self) -> int:
        """How many things wait."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Known:
    """The merchant's people and places, read once."""

    people: list[Person]
    places: list[tuple[Terminal, Shop]]


async def waiting(desk: Desk, known: Known) -> Waiting:
    """Payments of unknown outcome, those only a person can decide, money on its way back, notices, locked numbers."""
    means, merchant_id = desk.app.records, desk.merchant_id
    manual = await for_a_person(means, merchant_id)
    payments = {one.id: one for one in manual + await open_now(means, merchant_id)}
    legs = await going_back(means, merchant_id)
    held = await _held(desk, known)
    notices = await count_for_a_person(desk.app.store, merchant_id)
    decided = {one.id for one in manual}
    unknown = [one for one in payments.values() if one.money in _UNKNOWN]
    back = [one for one in payments.values() if one.id in legs and one.money not in _UNKNOWN and one.id not in decided]
    rows = sorted(payments.values(), key=lambda one: (one.id not in decided, -one.taken_at))
    return Waiting(
        rows=tuple((one, _mark(desk, one, going_back=one in back)) for one in rows[:SHOWN]),
        counts=(
            ("office.home.waits.manual", len(manual)),
            ("office.home.waits.unknown", len(unknown)),
            ("office.home.waits.back", len(back)),
            ("office.home.waits.notices", notices),
            ("office.home.waits.locked", len(held)),
        ),
        held=held,
        notices=notices,
        oldest=min(unknown, key=lambda one: one.taken_at, default=None),
    )


def _mark(desk: Desk, payment: Payment, *, going_back: bool) -> Mark:
    if going_back and payment.money is not MoneyState.VOIDING:
        return Mark(CHECKING, "return", desk.t("office.home.going_back"))
    return mark_of(desk, payment)


async def _held(desk: Desk, known: Known) -> tuple[Held, ...]:
    places = {one.id: f"{shop.name} · {one.number}" for one, shop in known.places}
    people = {one.number: one for one in known.people if one.number} | {one.id: one for one in known.people}
    held = []
    for one in await locks(desk.app.store, desk.merchant_id, desk.now):
        whose = people.get(one.number or one.person_id or "")
        at_till = places.get(one.terminal_id or "", "—")
        where = at_till if one.where == "till" else desk.t(f"office.home.locked.{one.where}")
        number = one.number or (whose.called if whose else None)
        held.append(
            Held(
                what=desk.t("office.home.locked", number=number, where=where)
                if number
                else desk.t("office.home.locked.nobody"),
                at_till=one.where == "till",
                until=one.until,
                href=f"/office/operators/{whose.id}" if whose else "/office/operators",
            )
        )
    return tuple(held)


def looks_odd(desk: Desk, month: Month, waits: Waiting, known: Known) -> list[Notice]:
    """What is out of the ordinary: voids of one person, declines, outcomes lost, or left open for over an hour."""
    people = {one.id: desk.operator(one.called) for one in known.people}
    return [
        *(
            Notice(
                desk.t(
                    "office.home.odd.what",
                    who=people.get(one.operator_id, "—"),
                    voids=one.voids,
                    payments=one.payments,
                    percent=percent(one.permille),
                ),
                desk.t("office.home.odd.do"),
                voids_link(desk, one.operator_id),
            )
            for one in odd(month.voids)
        ),
        *_spikes(desk, month),
        *_left_open(desk, waits),
    ]


def _spikes(desk: Desk, month: Month) -> list[Notice]:
    found = []
    pairs = (
        ("declined", month.declined, month.declined_before, "declined"),
        ("lost", month.lost, month.lost_before, "reversed"),
    )
    since = (date.fromisoformat(desk.day) - timedelta(days=1)).isoformat()
    for name, now, before, status in pairs:
        if more_than_usual(now, before):
            said = {"count": now.count, "of": now.of, "percent": percent(now.permille)}
            what = desk.t(f"office.home.odd.{name}", usual=percent(before.permille), **said)
            href = link(_RECORDS, **{"status": status, "from": since, "to": desk.day})
            found.append(Notice(what, desk.t(f"office.home.odd.{name}.do"), href))
    return found


def _left_open(desk: Desk, waits: Waiting) -> list[Notice]:
    oldest = waits.oldest
    if oldest is None or desk.now - oldest.taken_at < LONG_MICROS:
        return []
    hours = (desk.now - oldest.taken_at) // LONG_MICROS
    what = desk.t("office.home.odd.open", amount=oldest.amount, hours=hours)
    return [Notice(what, desk.t("office.home.odd.open.do"), f"{_RECORDS}/{oldest.id}")]


def voids_link(desk: Desk, operator_id: str) -> str:
    """The voided payments of one operator in the last thirty days."""
    since = (date.fromisoformat(desk.day) - timedelta(days=MONTH_DAYS)).isoformat()
    return link(_RECORDS, **{"operator": operator_id, "status": "voided", "from": since})


def percent(permille: int) -> str:
    """``3.1`` of 31 in a thousand."""
    return f"{permille // 10}.{permille % 10}"
