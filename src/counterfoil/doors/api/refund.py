"""``POST /payments/{payment_id}/refunds``: give money back, whole or in part."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from counterfoil import payments
from counterfoil.basis import Both, Money
from counterfoil.doors.api.acts import DONE, PAYMENT_ID, replied, within_reach
from counterfoil.doors.api.endpoint import Call, Endpoint, Reply
from counterfoil.doors.api.fields import WAIT_SECONDS, AmountMinor, AskId, Reason, ReasonText, WaitSeconds
from counterfoil.doors.said import said
from counterfoil.payments import RefundAsk
from counterfoil.people import DANGER_ELSEWHERE, Permission


class Refund(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How much goes back, in the payment's currency, and why."""

    id: AskId
    amount_minor: AmountMinor
    reason: Annotated[Reason, said("Why", "原因")]
    reason_text: ReasonText = None
    wait_seconds: WaitSeconds = WAIT_SECONDS


async def refund(call: Call) -> Reply:
    """Ask ``payments.refund``."""
    body = call.asked(Refund)
    origin = await within_reach(call, Permission.REFUND)
    ask = RefundAsk(
        id=body.id.lower(),
        payment_id=origin.id,
        amount=Money(body.amount_minor, origin.currency),
        reason=body.reason,
        reason_text=body.reason_text,
        wait_seconds=body.wait_seconds,
    )
    return replied(call, await payments.refund(call.app.payments, call.actor, ask), ask.id)


REFUND: Final = Endpoint(
    method="POST",
    path="/payments/{payment_id}/refunds",
    name="refund",
    scope="refund",
    title=Both("退款", "Refund a payment"),
    story=Both(
        "按原路退回，可分次退，合计不超过原收金额；处理中的退款先占用可退金额。"
        "账户可退余额不足时排队（state 为 queued），同一单号自动再试，最多一周。",
        "Goes back the way the money came, in one or several parts; what is under way counts against what is left. "
        "Where the account does not cover it, it is queued under the same number and tried again for a week.",
    ),
    ids=PAYMENT_ID,
    body=Refund,
    act=Permission.REFUND,
    faults=(DANGER_ELSEWHERE,),
    answers=DONE,
    run=refund,
)
