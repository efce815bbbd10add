"""One payment as people see it: what it is, and everything that happened to it, each with its place in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import JSON, Money, from_rfc3339
from counterfoil.evidence import timeline
from counterfoil.payments import Payment, load
from counterfoil.payments.tables import day_totals
from counterfoil.records.means import Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A leaf of the log that speaks of the payment. ``at`` in UTC microseconds; ``body`` is the whole leaf."""

    position: int
    at: int
    kind: str
    actor_id: str
    terminal_id: str | None
    approver_id: str | None
    from_: str | None
    to: str | None
    amount: Money | None
    body: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Record:
    """A payment and its timeline, oldest event first."""

    payment: Payment
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """Count and sum (minor units) of one kind (sale, void, refund), method and wallet on one day of a shop."""

    kind: str
    method: str
    wallet: str
    count: int
    minor: int


_DAY: Final = select(day_totals).where(
    day_totals.c.merchant_id == bindparam("merchant_id"),
    day_totals.c.shop_id == bindparam("shop_id"),
    day_totals.c.business_day == bindparam("day"),
)


async def view(means: Means, merchant_id: int, payment_id: str) -> Record | None:
    """The record, or None where the merchant has no such payment."""
    found = await load(means.store, merchant_id, payment_id)
    if found is None:
        return None
    leaves = await timeline(means.store, merchant_id, payment_id)
    return Record(found, tuple(_event(position, leaf) for position, leaf in leaves))


async def day_so_far(means: Means, merchant_id: int, shop_id: str, day: str) -> list[Total]:
    """The sums of one shop's business day (``YYYY-MM-DD``) as they stand."""
    rows = await means.store.fetch(_DAY, {"merchant_id": merchant_id, "shop_id": shop_id, "day": day})
    return [Total(row["kind"], row["method"], row["wallet"], row["count"], row["minor"]) for row in rows]


def _event(position: int, leaf: Mapping[str, JSON]) -> Event:
    amount = leaf.get("amount")
    return Event(
        position=position,
        at=from_rfc3339(str(leaf["ts"])),
        kind=str(leaf["type"]),
        actor_id=str(leaf["actor"]),
        terminal_id=_text(leaf.get("term")),
        approver_id=_text(leaf.get("approver")),
        from_=_text(leaf.get("from")),
        to=_text(leaf.get("to")),
        amount=_money(amount) if isinstance(amount, Mapping) else None,
        body=leaf,
    )


def _money(said: Mapping[str, JSON]) -> Money:
    minor = said["minor"]
    return Money(minor if isinstance(minor, int) else 0, str(said["cur"]))


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None
