"""``POST /payments/{payment_id}/void``: cancel a whole payment before the account's cut."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from counterfoil import payments
from counterfoil.basis import Both
from counterfoil.doors.api.acts import DONE, PAYMENT_ID, acted_on, replied
from counterfoil.doors.api.endpoint import Call, Endpoint, Reply
from counterfoil.doors.api.fields import WAIT_SECONDS, AskId, Reason, ReasonText, WaitSeconds
from counterfoil.doors.said import said
from counterfoil.payments import VoidAsk
from counterfoil.people import DANGER_ELSEWHERE, Permission


class Void(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why it is cancelled."""

    id: AskId
    reason: Annotated[Reason, said("Why", "原因")]
    reason_text: ReasonText = None
    wait_seconds: WaitSeconds = WAIT_SECONDS


async def void(call: Call) -> Reply:
    """Ask ``payments.void``."""
    body = call.asked(Void)
    ask = VoidAsk(
        id=body.id.lower(),
        payment_id=await acted_on(call, Permission.VOID),
        reason=body.reason,
        reason_text=body.reason_text,
        wait_seconds=body.wait_seconds,
    )
    return replied(call, await payments.void(call.app.payments, call.actor, ask))


VOID: Final = Endpoint(
    method="POST",
    path="/payments/{payment_id}/void",
    name="void",
    scope="void",
    title=Both("撤销", "Void a payment"),
    story=Both(
        "撤销整笔，须在渠道日切之前。不能撤销时回答 409，instead 为 refund：请改为退款，系统不会自行改做退款。",
        "Cancels the whole payment, before the provider's cut. Where it cannot be voided the answer is 409 with "
        "instead: refund; a void never turns itself into a refund.",
    ),
    ids=PAYMENT_ID,
    body=Void,
    act=Permission.VOID,
    faults=(DANGER_ELSEWHERE,),
    answers=DONE,
    run=void,
)
