"""Questions about holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from sqlalchemy import Select, bindparam, select

from counterfoil.payments.tables import payment, payment_leg
from counterfoil.removal.hold import Hold
from counterfoil.removal.states import HoldState
from counterfoil.removal.tables import record_hold
from counterfoil.store import Row


class Reads(Protocol):
    """What this area asks of the store."""

    async def fetch(self, statement: Select[Any], params: dict[str, Any]) -> Sequence[Row]:
        """The rows of ``statement``."""
        ...


_OF_MERCHANT: Final = select(record_hold).where(record_hold.c.merchant_id == bindparam("merchant_id"))
_BY_ID: Final = _OF_MERCHANT.where(record_hold.c.id == bindparam("id"))
_OF_PAYMENT: Final = _OF_MERCHANT.where(
    record_hold.c.payment_id == bindparam("payment_id"), record_hold.c.state != HoldState.LIFTED.value
).order_by(record_hold.c.placed_at, record_hold.c.id)
_NEWEST: Final = _OF_MERCHANT.order_by(record_hold.c.placed_at.desc(), record_hold.c.id.desc()).limit(1)
_NEWEST_IN_FORCE: Final = _NEWEST.where(record_hold.c.state != HoldState.LIFTED.value)
_ID_IN_USE: Final = tuple(
    select(table.c.id).where(table.c.merchant_id == bindparam("merchant_id"), table.c.id == bindparam("id"))
    for table in (payment, payment_leg)
)


async def id_in_use(store: Reads, merchant_id: int, asked_id: str) -> bool:
    """Whether a payment, a void, a reversal or a refund has that id."""
    params = {"merchant_id": merchant_id, "id": asked_id}
    return any([await store.fetch(statement, params) for statement in _ID_IN_USE])


async def hold_by_id(store: Reads, merchant_id: int, hold_id: str) -> Hold | None:
    """The hold of that id."""
    rows = await store.fetch(_BY_ID, {"merchant_id": merchant_id, "id": hold_id})
    return Hold.of(rows[0]) if rows else None


async def holds_of(store: Reads, merchant_id: int, payment_id: str) -> list[Hold]:
    """What keeps that record where it is, oldest first."""
    rows = await store.fetch(_OF_PAYMENT, {"merchant_id": merchant_id, "payment_id": payment_id})
    return [Hold.of(row) for row in rows]


async def newest_hold(store: Reads, merchant_id: int, *, in_force: bool = False) -> Hold | None:
    """The hold placed last, if there ever was one; ``in_force``: the last of those that hold now."""
    rows = await store.fetch(_NEWEST_IN_FORCE if in_force else _NEWEST, {"merchant_id": merchant_id})
    return Hold.of(rows[0]) if rows else None
