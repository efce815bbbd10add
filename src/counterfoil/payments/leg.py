"""What a void, a reversal and a refund have in common when they begin: a row, a guard on the payment, one fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.basis import JSON
from counterfoil.evidence import SYSTEM, FactKind
from counterfoil.payments.decision import Turn
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment, RefundAsk, VoidAsk, WithdrawAsk
from counterfoil.payments.place import Place, Route
from counterfoil.payments.reason import reason_columns
from counterfoil.payments.request import request_sha256, request_text
from counterfoil.payments.states import MoneyState
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.people import Actor
from counterfoil.store import ABSENT, Change, Fact, Guard, Insert, Require


@dataclass(frozen=True, slots=True, kw_only=True)
class LegIntent:
    """Who asks what of which payment, taken where, at which moment, through which account."""

    actor: Actor
    ask: VoidAsk | RefundAsk | WithdrawAsk
    asked: Mapping[str, JSON]
    payment: Payment
    place: Place
    route: Route
    turn: Turn

    @property
    def driven(self) -> bool:
        """Whether somebody is driving the payment now: then the leg waits its turn, and that drive sends it."""
        return self.payment.driver is not None and (self.payment.driver_until or 0) > self.turn.now


def asked_leg(means: Means, intent: LegIntent, **told: Any) -> dict[str, Any]:
    """The row of a leg a person asked for; ``told`` overrides."""
    ask, actor = intent.ask, intent.actor
    reason = {} if isinstance(ask, WithdrawAsk) else reason_columns(ask.reason, ask.reason_text, means.entropy)
    return new_leg(
        means,
        intent.payment,
        intent.place,
        intent.turn.now,
        **{
            "id": ask.id,
            "request": request_text(intent.asked),
            "actor_id": actor.person_id,
            "approver_id": actor.approver_id,
            "terminal_id": actor.terminal_id,
            "clearing_day": intent.route.clearing_day(intent.turn.now),
            **reason,
            **told,
        },
    )


def new_leg(means: Means, payment: Payment, place: Place, now: int, **told: Any) -> dict[str, Any]:
    """A row of ``payment_leg`` with an order number of its own; ``told`` overrides the plain values."""
    plain: dict[str, Any] = {
        "merchant_id": payment.merchant_id,
        "payment_id": payment.id,
        "order_no": place.order_no(now, means.ids),
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "reason": "",
        "actor_id": SYSTEM,
        "business_day": payment.business_day,
        "clearing_day": payment.clearing_day,
        "asked_at": now,
        "asks": 0,
        "tries": 0,
    }
    return {column.name: None for column in payment_leg.columns if column.nullable} | plain | told


def leg_fact(kind: FactKind, intent: LegIntent, leg: Mapping[str, Any], to: MoneyState, **more: JSON) -> Fact:
    """The fact of a leg that a person asked for."""
    payment, actor = intent.payment, intent.actor
    return kind.fact(
        at=intent.turn.now,
        actor=actor.person_id,
        subject=payment.id,
        **{
            "from": payment.money.value,
            "to": to.value,
            **said_of_leg(payment, leg),
            "term": actor.terminal_id,
            "auth": actor.auth,
            "approver": actor.approver_id,
            "reason": leg["reason"] or None,
            "request_sha256": request_sha256(leg["request"]),
            **more,
        },
    )


def said_of_leg(payment: Payment, leg: Mapping[str, Any]) -> dict[str, JSON]:
    """What every fact that begins a leg says of it."""
    return {
        "leg": leg["id"],
        "pref": leg["order_no"],
        "amount": {"cur": leg["currency"], "minor": leg["amount_minor"]},
        "provider": payment.provider,
        "day": leg["business_day"],
    }


def leg_change(
    means: Means, payment: Payment, leg: Mapping[str, Any], fact: Fact, columns: Mapping[str, Any]
) -> Change:
    """Insert the leg and set ``columns`` on its payment, which must still be as it was read."""
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=payment.merchant_id,
        inserts=(Insert(payment_leg, leg),),
        guards=(Guard(payment_table, payment.row, columns),),
        # Ids are unique over all acts: no payment may have this one.
        requires=(Require(payment_table, {"merchant_id": payment.merchant_id, "id": leg["id"]}, ABSENT),),
        facts=(fact,),
    )
