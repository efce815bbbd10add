"""What a decision about a payment is made of: the moment it is made in, what is to be written, and how that is put.

Pure: each function takes the payment as it is *now* and answers with columns, a fact or a sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from counterfoil.basis import JSON, MICROS, insist
from counterfoil.evidence import FactKind
from counterfoil.payments.payment import FUNDS, Payment, PaymentLeg
from counterfoil.payments.states import LEG, MONEY, LegEvent, LegState, MoneyEvent, MoneyState
from counterfoil.payments.tables import DAY_COLUMNS, day_totals, merchant_day
from counterfoil.providers import Schedule
from counterfoil.store import Add, Fact

# Beyond the call's own limit: time to store the answer before somebody else may take over.
LEASE_MARGIN_SECONDS: Final = 30
NOBODY_AWAITED: Final = {"awaiting": None, "code": None, "code_until": None}


class Turn(Struct, frozen=True):
    """The moment a decision is made in: one reading of the clock, the provider's schedule, and who drives."""

    now: int
    schedule: Schedule
    process: str


class Decision(Struct, frozen=True, kw_only=True):
    """What to write: columns of the payment, columns of one leg, facts, sums."""

    payment: Mapping[str, Any]
    leg: PaymentLeg | None = None
    leg_set: Mapping[str, Any] = {}
    facts: tuple[Fact, ...] = ()
    totals: tuple[Add, ...] = ()


def lease(turn: Turn) -> dict[str, Any]:
    """The columns that say who drives from now on; somebody looks again when the lease has run out."""
    until = turn.now + int((turn.schedule.call_seconds_max + LEASE_MARGIN_SECONDS) * MICROS)
    return {"driver": turn.process, "driver_until": until, "due_at": until}


def resting(payment: Payment, leg: PaymentLeg | None, turn: Turn, *, again_at: int | None = None) -> dict[str, Any]:
    """Nothing open any more, unless another leg is: that one is looked at next; what is queued, when it is due.

    ``again_at``: when ``leg`` itself, which is being queued, is tried again.
    """
    others = [one for one in payment.legs if one.state not in LEG.final and (leg is None or one.id != leg.id)]
    if any(not one.queued for one in others):
        return {**lease(turn), "due_at": turn.now, **NOBODY_AWAITED}
    dues = [one.due_at for one in others if one.due_at is not None] + ([] if again_at is None else [again_at])
    if dues:
        return {"driver": None, "driver_until": None, "due_at": min(dues), **NOBODY_AWAITED, "awaiting": FUNDS}
    return {"driver": None, "driver_until": None, "due_at": None, **NOBODY_AWAITED}


def moved(payment: Payment, event: MoneyEvent) -> MoneyState:
    """Where the money goes by ``event``; that it may go there was asked before."""
    to = MONEY.move(payment.money, event)
    insist(to is not None, f"money does not move from {payment.money} by {event}")
    return MoneyState(str(to))


def leg_moved(leg: PaymentLeg, event: LegEvent) -> LegState:
    """Where the leg goes by ``event``."""
    # A leg that was still waiting its turn ends without having been sent.
    start = LegState.SENT if leg.state is LegState.CREATED else leg.state
    to = LEG.move(start, event)
    insist(to is not None, f"a leg does not move from {leg.state} by {event}")
    return LegState(str(to))


def sorts_of(payment: Payment) -> dict[str, JSON]:
    """By what the sums of a day are kept apart, for the fact of what is summed."""
    return {"shop": payment.shop_id, "method": payment.method, "wallet": payment.wallet}


def sums_of(row: Mapping[str, Any], kind: str, day: str, minor: int) -> tuple[Add, ...]:
    """What one sale, void or refund (``kind``) of the payment of ``row`` adds to the sums of ``day``."""
    sorts = {name: row[name] for name in ("merchant_id", "shop_id", "method", "wallet")}
    key = {**sorts, "business_day": day, "kind": kind}
    whole = {"merchant_id": row["merchant_id"], "business_day": day}
    count_name, minor_name = DAY_COLUMNS[kind]
    return (
        Add(day_totals, key, {"count": 1, "minor": minor}),
        Add(merchant_day, whole, {count_name: 1, minor_name: minor}),
    )


def fact_of(
    kind: FactKind, payment: Payment, turn: Turn, to: MoneyState, *, leg: PaymentLeg | None = None, **more: JSON
) -> Fact:
    """The fact of a move of the payment, or of one leg of it."""
    minor = payment.amount_minor if leg is None else leg.amount_minor
    said: dict[str, Any] = {
        "from": payment.money.value,
        "to": to.value,
        "leg": None if leg is None else leg.id,
        "amount": {"cur": payment.currency, "minor": minor},
        "provider": payment.provider,
        "pref": payment.order_no if leg is None else leg.order_no,
        "day": payment.business_day if leg is None else leg.business_day,
        **more,
    }
    return kind.fact(at=turn.now, subject=payment.id, **said)
