"""What the acts on a payment share: their answers, and which status a result has."""

from __future__ import annotations

from typing import Final

from counterfoil import evidence, payments
from counterfoil.basis import canonical_uuid
from counterfoil.doors.api.endpoint import Answer, Call, Reply
from counterfoil.doors.api.payment import Payment, shown
from counterfoil.doors.faults import PAYMENT_NOT_FOUND
from counterfoil.doors.language import Both
from counterfoil.payments.payment import Payment as Kept

PAYMENT_ID: Final = {"payment_id": Both("交易的编号", "The id of the payment")}

DONE: Final = {
    200: Answer(Both("相同的请求此前已受理，按记录回答", "The same was asked before; this is the record now"), Payment),
    201: Answer(Both("已受理，结果已知（成功或被拒，见 state）", "Accepted and its outcome is known; see state"), Payment),
    202: Answer(Both("已受理，结果未知，请稍后查询", "Accepted, outcome not known yet; look it up later"), Payment),
}


async def replied(call: Call, payment: Kept, asked_at: int | None) -> Reply:
    """202 while open; 200 where what was asked for is older than this request, so a repeat; else 201."""
    if payment.in_flight:
        status = 202
    elif asked_at is not None and asked_at < call.begun_at:
        status = 200
    else:
        status = 201
    return Reply(status, await answered(call, payment))


def leg_asked_at(payment: Kept, leg_id: str) -> int | None:
    """When the void, refund or withdrawal of that id was asked for."""
    return next((leg.asked_at for leg in payment.legs if leg.id == leg_id), None)


async def answered(call: Call, payment: Kept) -> Payment:
    """The payment with the position of its newest fact."""
    newest = await evidence.newest_positions(call.app.store, payment.merchant_id, (payment.id,))
    return shown(payment, newest.get(payment.id))


async def within_reach(call: Call) -> Kept:
    """The payment of the address. Raises PAYMENT_NOT_FOUND where there is none for this key."""
    payment = await payments.load(call.app.store, call.actor.merchant_id, payment_id(call))
    if payment is None or not reaches(call, payment.shop_id):
        raise PAYMENT_NOT_FOUND()
    return payment


def reaches(call: Call, shop_id: str) -> bool:
    """Whether the key may touch what belongs to that shop."""
    return call.actor.shop_ids is None or shop_id in call.actor.shop_ids


def payment_id(call: Call) -> str:
    """The id in the address. Raises PAYMENT_NOT_FOUND where it is no UUID: nothing can be kept under it."""
    try:
        return canonical_uuid(call.ids["payment_id"])
    except ValueError:
        raise PAYMENT_NOT_FOUND() from None
