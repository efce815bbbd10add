"""A merchant's last thirty days: who voids more than the others, and what the last day has too much of.

One pass over thirty days of payments, by the index of their times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select

from counterfoil.basis import MICROS
from counterfoil.payments import MoneyState
from counterfoil.payments.tables import payment
from counterfoil.records.means import Means
from counterfoil.records.selection import RECEIVED_ONCE
from counterfoil.store import Row

MONTH_DAYS: Final = 30
_DAY: Final = 24 * 3600 * MICROS
_LATE: Final = payment.c.taken_at >= bindparam("late")
_CAPTURED: Final = RECEIVED_ONCE
_VOIDED: Final = or_(payment.c.money == MoneyState.VOIDED.value, payment.c.money == MoneyState.VOIDING.value)
_DECLINED: Final = payment.c.money == MoneyState.DECLINED.value
# An outcome that was not known in time and did not turn out to be a payment; or is still not known.
_LOST: Final = or_(
    payment.c.money == MoneyState.REVERSED.value,
    payment.c.money == MoneyState.REVERSING.value,
    payment.c.money == MoneyState.MANUAL.value,
    payment.c.unknown_since.is_not(None),
)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


_MONTH: Final = (
    select(
        payment.c.operator_id,
        _count(_CAPTURED).label("payments"),
        _count(and_(_CAPTURED, _VOIDED)).label("voids"),
        func.sum(case((and_(_CAPTURED, _VOIDED), payment.c.amount_minor), else_=0)).label("minor"),
        func.count().label("tried"),
        _count(_LATE).label("tried_late"),
        _count(_DECLINED).label("declined"),
        _count(and_(_DECLINED, _LATE)).label("declined_late"),
        _count(_LOST).label("lost"),
        _count(and_(_LOST, _LATE)).label("lost_late"),
    )
    .where(payment.c.merchant_id == bindparam("merchant_id"), payment.c.taken_at >= bindparam("since"))
    .group_by(payment.c.operator_id)
)


_LAST: Final = (
    select(payment.c.captured_at)
    .where(
        payment.c.merchant_id == bindparam("merchant_id"),
        payment.c.taken_at >= bindparam("since"),
        payment.c.account_id == bindparam("account_id"),
        _CAPTURED,
    )
    .order_by(payment.c.taken_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Voids:
    """One operator's thirty days: payments received, how many of them were voided, and those in minor units."""

    operator_id: str
    payments: int
    voids: int
    minor: int

    @property
    def permille(self) -> int:
        """Voids in a thousand payments."""
        return 1000 * self.voids // self.payments if self.payments else 0


@dataclass(frozen=True, slots=True)
class Share:
    """So many ``of`` so many."""

    count: int
    of: int

    @property
    def permille(self) -> int:
        """In a thousand."""
        return 1000 * self.count // self.of if self.of else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Thirty days. ``declined`` and ``lost`` are of the last 24 hours' attempts, ``…_before`` of the days before."""

    voids: tuple[Voids, ...]
    declined: Share
    declined_before: Share
    lost: Share
    lost_before: Share


async def month_of(means: Means, merchant_id: int, now: int) -> Month:
    """The thirty days that end at ``now`` (UTC microseconds); operators with the highest rate of voids first."""
    params = {"merchant_id": merchant_id, "since": now - MONTH_DAYS * _DAY, "late": now - _DAY}
    rows = await means.store.fetch(_MONTH, params)
    declined, declined_before = _shares(rows, "declined")
    lost, lost_before = _shares(rows, "lost")
    # What came in by the printed code was nobody's.
    theirs = [row for row in rows if row["operator_id"] is not None]
    voids = [Voids(row["operator_id"], int(row["payments"]), int(row["voids"]), int(row["minor"])) for row in theirs]
    return Month(
        voids=tuple(sorted(voids, key=lambda one: (-one.permille, one.operator_id))),
        declined=declined,
        declined_before=declined_before,
        lost=lost,
        lost_before=lost_before,
    )


async def last_captured(means: Means, merchant_id: int, account_id: str, now: int) -> int | None:
    """When an account last took money within the thirty days that end at ``now``; None where it did not."""
    params = {"merchant_id": merchant_id, "account_id": account_id, "since": now - MONTH_DAYS * _DAY}
    rows = await means.store.fetch(_LAST, params)
    return int(rows[0]["captured_at"]) if rows else None


def odd(all_: Sequence[Voids], *, at_least: int = 3, times: int = 3) -> list[Voids]:
    """Who voids ``times`` as often as all the others together, with ``at_least`` voids; nobody without others."""
    return [
        one for one in all_ if one.voids >= at_least and _above(one, [each for each in all_ if each is not one], times)
    ]


def more_than_usual(now: Share, before: Share, *, at_least: int = 5, times: int = 3) -> bool:
    """Whether there are ``at_least`` now, and ``times`` as large a share as before; never without a before."""
    return before.of > 0 and now.count >= at_least and now.count * before.of >= times * before.count * now.of


def _above(one: Voids, others: list[Voids], times: int) -> bool:
    payments, voids = sum(each.payments for each in others), sum(each.voids for each in others)
    return payments > 0 and one.voids * payments >= times * voids * one.payments


def _shares(rows: Sequence[Row], name: str) -> tuple[Share, Share]:
    """Of the last day, and of the days before."""
    late, all_ = sum(int(row[f"{name}_late"]) for row in rows), sum(int(row[name]) for row in rows)
    tried_late, tried = sum(int(row["tried_late"]) for row in rows), sum(int(row["tried"]) for row in rows)
    return Share(late, tried_late), Share(all_ - late, tried - tried_late)
