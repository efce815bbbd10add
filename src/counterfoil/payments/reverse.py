"""冲正: beginning to undo an attempt whose outcome is unknown. Only the machine or a withdrawal does this."""

from __future__ import annotations

from typing import Any

from counterfoil.basis import insist, local_time
from counterfoil.evidence import SYSTEM
from counterfoil.payments import facts
from counterfoil.payments.means import Means
from counterfoil.payments.outcome import Turn, lease
from counterfoil.payments.payment import Payment
from counterfoil.payments.reading import load
from counterfoil.payments.request import request_text
from counterfoil.payments.states import MONEY, LegState, MoneyEvent
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.store import ABSENT, Change, Fact, Guard, Insert, Require, Stale


async def begin_reversal(means: Means, payment: Payment, turn: Turn) -> Payment:
    """Commit the intent of the machine's own reversal; where somebody moved first, the payment as it is now."""
    leg_id = means.ids.uuid()
    asked = request_text({"act": "reverse", "id": leg_id, "payment_id": payment.id})
    leg = new_leg(means, payment, turn.now, kind="reversal", id=leg_id, request=asked, state=LegState.SENT)
    change = reversal_change(means, payment, turn, leg, actor=SYSTEM, more={"why": "not_known_in_time"})
    try:
        await means.store.commit(change)
    except Stale:
        pass
    found = await load(means.store, payment.merchant_id, payment.id)
    insist(found is not None, "a payment being reversed is there")
    return found or payment


def reversal_change(
    means: Means, payment: Payment, turn: Turn, leg: dict[str, Any], *, actor: str, more: dict[str, Any]
) -> Change:
    """The payment moves to reversing and its reversal is written. Whoever drives it now goes on driving."""
    to = MONEY.move(payment.money, MoneyEvent.REVERSE)
    insist(to is not None, f"no reversal from {payment.money}")
    fact: Fact = facts.REVERSING.fact(
        at=turn.now,
        actor=actor,
        subject=payment.id,
        **{
            "from": payment.money.value,
            "to": str(to),
            "leg": leg["id"],
            "pref": leg["order_no"],
            "amount": {"cur": payment.currency, "minor": payment.amount_minor},
            "provider": payment.provider,
            "day": payment.business_day,
            **more,
        },
    )
    driving = lease(turn) if leg["state"] == LegState.SENT else {"due_at": turn.now}
    zero = {"not_found_asks": 0, "not_found_since": None}
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=payment.merchant_id,
        inserts=(Insert(payment_leg, leg),),
        guards=(Guard(payment_table, payment.row, {"money": to, "awaiting": None, **driving, **zero}),),
        # Ids are unique over all acts.
        requires=(Require(payment_table, {"merchant_id": payment.merchant_id, "id": leg["id"]}, ABSENT),),
        facts=(fact,),
    )


def new_leg(means: Means, payment: Payment, now: int, **told: Any) -> dict[str, Any]:
    """A row of ``payment_leg`` with its own order number; ``told`` overrides the plain values."""
    zone = told.pop("zone", None) or "Asia/Shanghai"
    order_no = local_time(now, zone).strftime("%y%m%d") + means.ids.digits(18)
    plain: dict[str, Any] = {
        "merchant_id": payment.merchant_id,
        "payment_id": payment.id,
        "order_no": order_no,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "reason": "",
        "reason_text": None,
        "reason_text_salt": None,
        "reason_text_commitment": None,
        "actor_id": SYSTEM,
        "approver_id": None,
        "terminal_id": None,
        "returned_minor": None,
        "provider_trade_no": None,
        "wallet_trade_no": None,
        "decline_reason": None,
        "business_day": payment.business_day,
        "clearing_day": payment.clearing_day,
        "asked_at": now,
        "ended_at": None,
        "asks": 0,
    }
    return plain | told
