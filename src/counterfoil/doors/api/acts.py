"""What the acts on a payment share: their answers, and which status a result has."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Both, canonical_uuid
from counterfoil.doors.api.endpoint import Answer, Call, Reply
from counterfoil.doors.api.payment import Payment, shown
from counterfoil.payments import PAYMENT_NOT_FOUND, load
from counterfoil.payments import Payment as Kept
from counterfoil.people import Permission

PAYMENT_ID: Final = {"payment_id": Both("交易的编号", "The id of the payment")}

DONE: Final = {
    200: Answer(Both("相同的请求此前已受理，按记录回答", "The same was asked before; this is the record now"), Payment),
    201: Answer(
        Both("已受理，结果已知（成功或被拒，见 state）", "Accepted and its outcome is known; see state"), Payment
    ),
    202: Answer(Both("已受理，结果未知，请稍后查询", "Accepted, outcome not known yet; look it up later"), Payment),
}


def replied(call: Call, payment: Kept, leg_id: str | None = None) -> Reply:
    """202 while something is open with the provider or refund ``leg_id`` is queued; else 200 for a repeat, or 201."""
    queued = any(leg.queued for leg in payment.legs if leg.id == leg_id)
    status = 202 if payment.in_flight or queued else 200 if payment.repeated else 201
    return Reply(status, shown(call, payment))


async def within_reach(call: Call) -> Kept:
    """The payment of the address. Raises PAYMENT_NOT_FOUND where there is none for this key."""
    payment = await load(call.app.store, call.actor.merchant_id, payment_id(call))
    own = call.actor.shops_for(Permission.READ)
    if payment is None or (own is not None and payment.shop_id not in own):
        raise PAYMENT_NOT_FOUND(field="payment_id")
    return payment


async def acted_on(call: Call) -> str:
    """The id of the payment an act is asked for; for a key of some shops only if it is one of theirs."""
    if call.actor.shop_ids is None and not call.actor.in_shops:
        return payment_id(call)
    return (await within_reach(call)).id


def payment_id(call: Call) -> str:
    """The id in the address. Raises PAYMENT_NOT_FOUND where it is no UUID: nothing can be kept under it."""
    try:
        return canonical_uuid(call.ids["payment_id"])
    except ValueError:
        raise PAYMENT_NOT_FOUND(field="payment_id") from None
