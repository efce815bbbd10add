"""``POST /payments/{payment_id}/withdraw``: undo a payment whose outcome is not known."""

from __future__ import annotations

from typing import Final

import msgspec

from counterfoil import payments
from counterfoil.basis import Both
from counterfoil.doors.api.acts import DONE, PAYMENT_ID, acted_on, replied
from counterfoil.doors.api.endpoint import Call, Endpoint, Reply
from counterfoil.doors.api.fields import WAIT_SECONDS, AskId, WaitSeconds
from counterfoil.payments import WithdrawAsk
from counterfoil.people import DANGER_ELSEWHERE, Permission


class Withdraw(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The id of the withdrawal itself."""

    id: AskId
    wait_seconds: WaitSeconds = WAIT_SECONDS


async def withdraw(call: Call) -> Reply:
    """Ask ``payments.withdraw``."""
    body = call.asked(Withdraw)
    ask = WithdrawAsk(
        id=body.id.lower(), payment_id=await acted_on(call, Permission.WITHDRAW), wait_seconds=body.wait_seconds
    )
    return replied(call, await payments.withdraw(call.app.payments, call.actor, ask))


WITHDRAW: Final = Endpoint(
    method="POST",
    path="/payments/{payment_id}/withdraw",
    name="withdraw",
    scope="pay",
    title=Both("撤回", "Withdraw a payment"),
    story=Both(
        "顾客不付了，而结果还不知道：撤回这一笔。撤回有了回答之后再另收。",
        "The customer does not pay after all, and the outcome is not known: undo it. Take again only once the "
        "withdrawal has its answer.",
    ),
    ids=PAYMENT_ID,
    body=Withdraw,
    act=Permission.WITHDRAW,
    faults=(DANGER_ELSEWHERE,),
    answers=DONE,
    run=withdraw,
)
