"""Questions others may ask about payments, and the ones the acts ask themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select

from counterfoil.payments.payment import FUNDS, Payment
from counterfoil.payments.tables import payment, payment_leg
from counterfoil.store import Row, Store, by_key
from counterfoil.store.tables import evidence_leaf

DUE_AT_ONCE_MAX: Final = 100
WAITING_MAX: Final = 50

# The newest leaf that speaks of the payment; an index look-up, since leaves are indexed by their subject.
POSITION: Final = (
    select(func.max(evidence_leaf.c.position))
    .where(evidence_leaf.c.merchant_id == bindparam("merchant_id"), evidence_leaf.c.subject == payment.c.id)
    .correlate(payment)
    .scalar_subquery()
    .label("position")
)

_BY_ID: Final = by_key(
    select(payment, POSITION).where(payment.c.merchant_id == bindparam("merchant_id"), payment.c.id == bindparam("id"))
)
_LEG_BY_ID: Final = by_key(
    select(payment_leg).where(
        payment_leg.c.merchant_id == bindparam("merchant_id"), payment_leg.c.id == bindparam("id")
    )
)
_LEGS: Final = (
    select(payment_leg)
    .where(payment_leg.c.merchant_id == bindparam("merchant_id"), payment_leg.c.payment_id == bindparam("payment_id"))
    .order_by(payment_leg.c.asked_at, payment_leg.c.id)
)
# A queued refund is not open: its time comes, whoever is there then.
_UNDER_WAY: Final = payment.c.awaiting.is_distinct_from(FUNDS)
_WAITING: Final = (
    select(payment, POSITION)
    .where(
        payment.c.merchant_id == bindparam("merchant_id"),
        payment.c.due_at.is_not(None),
        payment.c.terminal_id == bindparam("terminal_id"),
        _UNDER_WAY,
    )
    # By the index of what is open: by time SQLite would walk all payments.
    .order_by(payment.c.due_at)
    .limit(WAITING_MAX)
)
# The one list over all merchants: only what is due stands in the partial index, and each is then claimed by itself.
_DUE: Final = (
    select(payment.c.merchant_id, payment.c.id)
    .where(payment.c.due_at.is_not(None), payment.c.due_at <= bindparam("now"))
    .order_by(payment.c.due_at)
    .limit(DUE_AT_ONCE_MAX)
)
_OPEN: Final = select(payment.c.merchant_id, payment.c.id).where(payment.c.due_at.is_not(None), _UNDER_WAY)


async def load(store: Store, merchant_id: int, payment_id: str) -> Payment | None:
    """The payment with its legs as they are now, or None."""
    row = await store.fetch_one(_BY_ID, {"merchant_id": merchant_id, "id": payment_id})
    return None if row is None else await with_legs(store, row)


async def with_legs(store: Store, row: Row) -> Payment:
    """A payment's row read together with its legs."""
    legs = await store.fetch(_LEGS, {"merchant_id": row["merchant_id"], "payment_id": row["id"]})
    return Payment.of(row, legs)


async def leg_row(store: Store, merchant_id: int, leg_id: str) -> Mapping[str, Any] | None:
    """The row of a void, reversal or refund by its own id, or None."""
    return await store.fetch_one(_LEG_BY_ID, {"merchant_id": merchant_id, "id": leg_id})


async def waiting(store: Store, merchant_id: int, terminal_id: str) -> list[Payment]:
    """What is still open at a terminal (待确认), newest first, at most 50, the longest due."""
    rows = await store.fetch(_WAITING, {"merchant_id": merchant_id, "terminal_id": terminal_id})
    return [await with_legs(store, row) for row in sorted(rows, key=lambda row: -row["taken_at"])]


async def due(store: Store, now: int) -> list[tuple[int, str]]:
    """Merchant and id of payments somebody must look at now, the longest overdue first, at most 100."""
    return [(row["merchant_id"], row["id"]) for row in await store.fetch(_DUE, {"now": now})]


async def left_open(store: Store) -> list[tuple[int, str]]:
    """Merchant and id of every payment with something open, whoever drives it; for the start."""
    return [(row["merchant_id"], row["id"]) for row in await store.fetch(_OPEN, {})]


def payments_query() -> Select[Any]:
    """The columns of a payment of ``merchant_id`` with its position, for readers who add their own conditions."""
    return select(payment, POSITION)
