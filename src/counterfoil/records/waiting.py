"""Which payments wait: all of them, each by its id, so that a list of pages hides none behind the others.

The question is bounded by what is open. Of each payment it reads no more than what a list is ordered and sifted by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, literal_column, select

from counterfoil.basis import MICROS
from counterfoil.payments import FUNDS_NOT_IN_TIME, LEG_UNKNOWN_SECONDS, LegState, MoneyState
from counterfoil.payments.tables import payment, payment_leg
from counterfoil.records.means import Means

_MERCHANT: Final = payment.c.merchant_id == bindparam("merchant_id")
# With the state as it is written in its partial index, since an index with a condition serves no value that is only
# bound later.
IS_MANUAL: Final[ColumnElement[bool]] = payment.c.money == literal_column(f"'{MoneyState.MANUAL.value}'")
IS_OPEN: Final[ColumnElement[bool]] = payment.c.due_at.is_not(None)
_LATER: Final = payment_leg.alias("later")
# A refund that was queued for a week in vain, where no other was asked for since: found by its own partial index.
IS_GIVEN_UP: Final[ColumnElement[bool]] = (payment_leg.c.decline_reason == FUNDS_NOT_IN_TIME) & ~exists().where(
    _LATER.c.merchant_id == bindparam("merchant_id"),
    _LATER.c.payment_id == payment_leg.c.payment_id,
    _LATER.c.asked_at > payment_leg.c.ended_at,
)
# A void or a refund of which nobody knows since ``lost_since``; it is asked about all the same, so the payment is open.
IS_LOST: Final[ColumnElement[bool]] = and_(
    IS_OPEN,
    payment_leg.c.state == LegState.UNKNOWN.value,
    payment_leg.c.kind != "reversal",
    payment_leg.c.asked_at <= bindparam("lost_since"),
)
OF_ITS_LEGS: Final[ColumnElement[bool]] = (payment_leg.c.merchant_id == payment.c.merchant_id) & (
    payment_leg.c.payment_id == payment.c.id
)


@dataclass(frozen=True, slots=True, order=True)
class Queued:
    """A payment that waits: when it was taken (UTC microseconds), its id, its shop."""

    taken_at: int
    id: str
    shop_id: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What only a person can decide (待人工处理), and what is still being checked; both newest first, none in both."""

    for_a_person: tuple[Queued, ...]
    checked: tuple[Queued, ...]


def _asked() -> Select[Any]:
    return select(payment.c.id, payment.c.shop_id, payment.c.taken_at)


_MANUAL: Final = _asked().where(_MERCHANT, IS_MANUAL)
_GIVEN_UP: Final = _asked().join(payment_leg, OF_ITS_LEGS).where(_MERCHANT, IS_GIVEN_UP)
_LOST: Final = _asked().join(payment_leg, OF_ITS_LEGS).where(_MERCHANT, IS_LOST)
_OPEN: Final = _asked().where(_MERCHANT, IS_OPEN)


async def queue(means: Means, merchant_id: int) -> Queue:
    """All that waits at this moment, however much it is."""
    asked = {"merchant_id": merchant_id}
    person = await _found(means, _MANUAL, asked) | await _found(means, _GIVEN_UP, asked)
    person |= await _found(means, _LOST, {**asked, "lost_since": lost_since(means)})
    open_ = await _found(means, _OPEN, asked)
    return Queue(tuple(sorted(person, reverse=True)), tuple(sorted(open_ - person, reverse=True)))


def lost_since(means: Means) -> int:
    """Voids and refunds asked for by then, whose outcome is unknown, have come to a person."""
    return means.clock.now() - LEG_UNKNOWN_SECONDS * MICROS


async def _found(means: Means, statement: Select[Any], asked: dict[str, int]) -> set[Queued]:
    rows = await means.store.fetch(statement, asked)
    return {Queued(row["taken_at"], row["id"], row["shop_id"]) for row in rows}
