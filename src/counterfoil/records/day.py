"""A merchant's day as its owner looks at it: by hour, what waits, and who voids more than the others.

Each question is bounded: by the days asked for, by what is open, or by four weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, func, or_, select

from counterfoil.basis import MICROS
from counterfoil.payments import MoneyState, Payment, payments_query
from counterfoil.payments.tables import payment
from counterfoil.records.means import Means

HOURS: Final = 24
WAITING_MAX: Final = 50
VOIDS_MICROS: Final = 28 * 24 * 3600 * MICROS
MANUAL_MICROS: Final = 90 * 24 * 3600 * MICROS
_HOUR: Final = 3600 * MICROS
# A business day ends within 12 hours of midnight.
_SPARE: Final = 12 * _HOUR
_MERCHANT: Final = payment.c.merchant_id == bindparam("merchant_id")
_HOURS: Final = (
    select(
        ((payment.c.taken_at - bindparam("begins")) // _HOUR).label("hour"),
        func.count().label("count"),
        func.sum(payment.c.amount_minor).label("minor"),
    )
    .where(
        _MERCHANT,
        payment.c.taken_at >= bindparam("begins"),
        payment.c.taken_at < bindparam("ends"),
        payment.c.business_day == bindparam("day"),
        payment.c.captured_at.is_not(None),
    )
    .group_by("hour")
)
# What is open stands in the partial index by ``due_at``; what a person must decide is looked for by time.
_OPEN: Final = (
    payments_query()
    .where(_MERCHANT, payment.c.due_at.is_not(None))
    .order_by(payment.c.taken_at.desc())
    .limit(WAITING_MAX)
)
_MANUAL: Final = (
    payments_query()
    .where(_MERCHANT, payment.c.taken_at >= bindparam("since"), payment.c.money == MoneyState.MANUAL.value)
    .order_by(payment.c.taken_at.desc())
    .limit(WAITING_MAX)
)
_VOIDED: Final = or_(payment.c.money == MoneyState.VOIDED.value, payment.c.money == MoneyState.VOIDING.value)
_VOIDS: Final = (
    select(
        payment.c.operator_id,
        func.count().label("payments"),
        func.sum(case((_VOIDED, 1), else_=0)).label("voids"),
        func.sum(case((_VOIDED, payment.c.amount_minor), else_=0)).label("minor"),
    )
    # What came in by the printed code was nobody's.
    .where(_MERCHANT, payment.c.taken_at >= bindparam("since"), payment.c.captured_at.is_not(None))
    .where(payment.c.operator_id.is_not(None))
    .group_by(payment.c.operator_id)
)


@dataclass(frozen=True, slots=True)
class Hour:
    """What was received in one hour of the day (0 to 23): how many payments, and their sum in minor units."""

    hour: int
    count: int
    minor: int


@dataclass(frozen=True, slots=True)
class Voids:
    """One operator's last four weeks: payments received, how many of them were voided, and those in minor units."""

    operator_id: str
    payments: int
    voids: int
    minor: int

    @property
    def permille(self) -> int:
        """Voids in a thousand payments."""
        return 1000 * self.voids // self.payments if self.payments else 0


async def hours_of(means: Means, merchant_id: int, day: str, zone: str, *, until: int) -> list[Hour]:
    """The merchant's business day (``YYYY-MM-DD``) by the hour in which each payment was taken; 24 of them.

    What was taken at ``until`` (UTC microseconds) or later is left out.
    """
    begins = int(datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone)).timestamp()) * MICROS - _SPARE
    ends = min(until, begins + 2 * _SPARE + HOURS * _HOUR)
    params = {"merchant_id": merchant_id, "day": day, "begins": begins, "ends": ends}
    sums = [[0, 0] for _ in range(HOURS)]
    for row in await means.store.fetch(_HOURS, params):
        at = (int(row["hour"]) - _SPARE // _HOUR) % HOURS
        sums[at][0] += int(row["count"])
        sums[at][1] += int(row["minor"])
    return [Hour(at, count, minor) for at, (count, minor) in enumerate(sums)]


async def open_now(means: Means, merchant_id: int) -> list[Payment]:
    """What is still being checked anywhere, newest first, at most 50; without the legs."""
    rows = await means.store.fetch(_OPEN, {"merchant_id": merchant_id})
    return [Payment.of(row, ()) for row in rows]


async def for_a_person(means: Means, merchant_id: int, now: int) -> list[Payment]:
    """What only a person can decide (待人工处理) of the last 90 days, newest first, at most 50; without the legs."""
    rows = await means.store.fetch(_MANUAL, {"merchant_id": merchant_id, "since": now - MANUAL_MICROS})
    return [Payment.of(row, ()) for row in rows]


async def voids_of(means: Means, merchant_id: int, now: int) -> list[Voids]:
    """Every operator's voids of the last four weeks, the highest rate first."""
    rows = await means.store.fetch(_VOIDS, {"merchant_id": merchant_id, "since": now - VOIDS_MICROS})
    found = [Voids(row["operator_id"], int(row["payments"]), int(row["voids"]), int(row["minor"])) for row in rows]
    return sorted(found, key=lambda one: (-one.permille, one.operator_id))


def odd(all_: list[Voids], *, at_least: int = 3, times: int = 3) -> list[Voids]:
    """Who voids ``times`` as often as all the others together, with ``at_least`` voids; nobody without others."""
    return [
        one for one in all_ if one.voids >= at_least and _above(one, [each for each in all_ if each is not one], times)
    ]


def _above(one: Voids, others: list[Voids], times: int) -> bool:
    payments, voids = sum(each.payments for each in others), sum(each.voids for each in others)
    return payments > 0 and one.voids * payments >= times * voids * one.payments
