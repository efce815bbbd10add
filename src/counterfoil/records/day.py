"""A merchant's day as its owner looks at it: by hour, by shop and method, and what waits.

Each question is bounded: by the days asked for, or by what is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Select, and_, bindparam, case, func, select

from counterfoil.basis import MICROS
from counterfoil.payments import LegState, MoneyState, Payment, PaymentLeg, payments_query
from counterfoil.payments.tables import day_totals, payment, payment_leg
from counterfoil.records.means import Means
from counterfoil.records.record import Total
from counterfoil.records.selection import RECEIVED_ONCE
from counterfoil.records.waiting import IS_GIVEN_UP, IS_LOST, IS_MANUAL, IS_OPEN, OF_ITS_LEGS, lost_since
from counterfoil.store import Row

HOURS: Final = 24
WAITING_MAX: Final = 50
_HOUR: Final = 3600 * MICROS
# A business day ends within 12 hours of midnight.
_SPARE: Final = 12 * _HOUR
_MERCHANT: Final = payment.c.merchant_id == bindparam("merchant_id")
_HOURS: Final = (
    select(
        ((payment.c.taken_at - bindparam("begins")) // _HOUR).label("hour"),
        func.sum(case((RECEIVED_ONCE, 1), else_=0)).label("count"),
        func.sum(case((RECEIVED_ONCE, payment.c.amount_minor), else_=0)).label("minor"),
        func.sum(case((payment.c.money == MoneyState.DECLINED.value, 1), else_=0)).label("declined"),
    )
    .where(
        _MERCHANT,
        payment.c.taken_at >= bindparam("begins"),
        payment.c.taken_at < bindparam("ends"),
        payment.c.business_day == bindparam("day"),
    )
    .group_by("hour")
)
# Both stand in partial indexes. What is open by ``due_at``, since SQLite would walk all payments to have them by time.
_OPEN: Final = payments_query().where(_MERCHANT, IS_OPEN).order_by(payment.c.due_at).limit(WAITING_MAX)
_MANUAL: Final = payments_query().where(_MERCHANT, IS_MANUAL).order_by(payment.c.taken_at.desc()).limit(WAITING_MAX)
_GIVEN_UP: Final = (
    payments_query()
    .join(payment_leg, OF_ITS_LEGS)
    .where(_MERCHANT, IS_GIVEN_UP)
    .order_by(payment_leg.c.ended_at.desc())
    .limit(WAITING_MAX)
)
_LOST: Final = (
    payments_query()
    .join(payment_leg, OF_ITS_LEGS)
    .where(_MERCHANT, IS_LOST)
    .order_by(payment_leg.c.asked_at.desc())
    .limit(WAITING_MAX)
)
# What was given back in part or whole stands with its leg while the provider works on it.
_GOING_BACK: Final = (
    select(payment_leg)
    .join(payment, and_(payment.c.merchant_id == payment_leg.c.merchant_id, payment.c.id == payment_leg.c.payment_id))
    .where(
        _MERCHANT,
        payment.c.due_at.is_not(None),
        payment_leg.c.merchant_id == bindparam("merchant_id"),
        payment_leg.c.state != LegState.DONE.value,
        payment_leg.c.state != LegState.FAILED.value,
    )
    .order_by(payment_leg.c.asked_at.desc())
    .limit(WAITING_MAX)
)
_EVER: Final = select(payment.c.id).where(_MERCHANT).limit(1)
# A statement for each of these; so many shops are asked for at once.
_SHOPS: Final = (1, 4, 16, 64)


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day (0 to 23): payments received, their sum in minor units, and how many were declined."""

    hour: int
    count: int
    minor: int
    declined: int = 0


@dataclass(frozen=True, slots=True)
class ShopTotal:
    """A sum of one shop's business day: what ``Total`` says, with the shop and the day."""

    shop_id: str
    day: str
    total: Total


async def hours_of(means: Means, merchant_id: int, day: str, zone: str, *, until: int) -> list[Hour]:
    """The merchant's business day (``YYYY-MM-DD``) by the hour in which each payment was taken; 24 of them.

    What was taken at ``until`` (UTC microseconds) or later is left out.
    """
    begins = int(datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone)).timestamp()) * MICROS - _SPARE
    ends = min(until, begins + 2 * _SPARE + HOURS * _HOUR)
    params = {"merchant_id": merchant_id, "day": day, "begins": begins, "ends": ends}
    sums = [[0, 0, 0] for _ in range(HOURS)]
    for row in await means.store.fetch(_HOURS, params):
        at = (int(row["hour"]) - _SPARE // _HOUR) % HOURS
        for n, name in enumerate(("count", "minor", "declined")):
            sums[at][n] += int(row[name])
    return [Hour(at, *each) for at, each in enumerate(sums)]


async def open_now(means: Means, merchant_id: int) -> list[Payment]:
    """What is still being checked anywhere, newest first, at most 50, the longest due; without the legs."""
    rows = await means.store.fetch(_OPEN, {"merchant_id": merchant_id})
    return sorted((Payment.of(row, ()) for row in rows), key=lambda one: -one.taken_at)


async def for_a_person(means: Means, merchant_id: int) -> list[Payment]:
    """What only a person can decide (待人工处理), newest first, at most 50 of a sort; without the legs.

    That is money of which the two sides say different things, refunds that were queued for a week in vain, and what
    was to go back and of which nobody has known for three days whether it did.
    """
    asked = {"merchant_id": merchant_id}
    rows = await means.store.fetch(_MANUAL, asked) + await means.store.fetch(_GIVEN_UP, asked)
    rows += await means.store.fetch(_LOST, {**asked, "lost_since": lost_since(means)})
    return list({row["id"]: Payment.of(row, ()) for row in rows}.values())


async def going_back(means: Means, merchant_id: int) -> dict[str, PaymentLeg]:
    """The newest void, reversal or refund that is still being worked on, by its payment; at most 50."""
    rows = await means.store.fetch(_GOING_BACK, {"merchant_id": merchant_id})
    return {row["payment_id"]: PaymentLeg.of(row) for row in reversed(rows)}


async def ever_taken(means: Means, merchant_id: int) -> bool:
    """Whether there is any payment at all."""
    return bool(await means.store.fetch(_EVER, {"merchant_id": merchant_id}))


async def days_of(means: Means, merchant_id: int, shop_ids: Sequence[str], days: tuple[str, str]) -> list[ShopTotal]:
    """The sums of two business days (``YYYY-MM-DD``) of these shops, as they stand."""
    found: list[ShopTotal] = []
    for start in range(0, len(shop_ids), _SHOPS[-1]):
        asked = shop_ids[start : start + _SHOPS[-1]]
        size = next(size for size in _SHOPS if size >= len(asked))
        shops = {f"shop_{n}": asked[min(n, len(asked) - 1)] for n in range(size)}
        params = {"merchant_id": merchant_id, "first": days[0], "second": days[1], **shops}
        rows = await means.store.fetch(_days(size), params)
        found += [ShopTotal(row["shop_id"], row["business_day"], _total(row)) for row in rows]
    return found


@lru_cache(maxsize=len(_SHOPS))
def _days(size: int) -> Select[Any]:
    shops: list[BindParameter[str]] = [bindparam(f"shop_{n}") for n in range(size)]
    days: list[BindParameter[str]] = [bindparam("first"), bindparam("second")]
    return select(day_totals).where(
        day_totals.c.merchant_id == bindparam("merchant_id"),
        day_totals.c.shop_id.in_(shops),
        day_totals.c.business_day.in_(days),
    )


def _total(row: Row) -> Total:
    return Total(row["kind"], row["method"], row["wallet"], row["count"], row["minor"])
