"""``GET /payments/{payment_id}``: one payment as it stands now."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Both
from counterfoil.doors.api.acts import PAYMENT_ID, within_reach
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply
from counterfoil.doors.api.payment import Payment, shown
from counterfoil.payments import PAYMENT_NOT_FOUND


async def show(call: Call) -> Reply:
    """Read it."""
    return Reply(200, shown(call, await within_reach(call)))


SHOW: Final = Endpoint(
    method="GET",
    path="/payments/{payment_id}",
    name="show",
    scope="read",
    title=Both("查一笔交易", "Look a payment up"),
    story=Both("按记录回答当前状态。", "The record as it stands now."),
    ids=PAYMENT_ID,
    answers={200: Answer(Both("这笔交易", "The payment"), Payment)},
    faults=(PAYMENT_NOT_FOUND,),
    run=show,
)
