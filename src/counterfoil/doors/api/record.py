"""``GET /payments/{payment_id}/record``: the payment with everything that happened to it."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

from counterfoil import records
from counterfoil.basis import Both, rfc3339
from counterfoil.doors.api.acts import PAYMENT_ID, within_reach
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply
from counterfoil.doors.api.payment import Payment, shown
from counterfoil.doors.said import said
from counterfoil.payments import PAYMENT_NOT_FOUND


class Event(msgspec.Struct, kw_only=True):
    """One fact of the log."""

    position: Annotated[int, said("Position in the merchant's log", "在日志中的位置")]
    at: Annotated[str, said("When", "时间", shown={"format": "date-time"})]
    kind: Annotated[str, said("What happened", "事件")]
    actor_id: Annotated[str, said("Who did it; system where the machine did", "操作人；系统自动为 system")]
    terminal_id: Annotated[str | None, said("Where", "终端")]
    approver_id: Annotated[str | None, said("Who approved it", "批准人")]
    from_: Annotated[str | None, said("State before", "之前的状态")] = msgspec.field(name="from")
    to: Annotated[str | None, said("State after", "之后的状态")]
    amount_minor: Annotated[int | None, said("Money effect in minor units", "涉及金额（最小单位）")]
    body: Annotated[dict[str, Any], said("The fact itself", "存证原文")]


class Record(msgspec.Struct, kw_only=True):
    """The payment, and its timeline oldest first."""

    payment: Payment
    events: list[Event]


async def record(call: Call) -> Reply:
    """Ask ``records.view``."""
    payment = await within_reach(call)
    kept = await records.view(call.app.records, payment.merchant_id, payment.id)
    if kept is None:
        raise PAYMENT_NOT_FOUND(field="payment_id")
    return Reply(200, Record(payment=shown(call, kept.payment), events=[_shown(event) for event in kept.events]))


def _shown(event: records.Event) -> Event:
    return Event(
        position=event.position,
        at=rfc3339(event.at),
        kind=event.kind,
        actor_id=event.actor_id,
        terminal_id=event.terminal_id,
        approver_id=event.approver_id,
        from_=event.from_,
        to=event.to,
        amount_minor=None if event.amount is None else event.amount.minor,
        body=dict(event.body),
    )


RECORD: Final = Endpoint(
    method="GET",
    path="/payments/{payment_id}/record",
    name="record",
    scope="read",
    title=Both("交易的来龙去脉", "A payment's record"),
    story=Both(
        "这笔交易和发生过的每一件事，每一条都有存证位置。",
        "The payment and all that happened to it, each with its place in the log.",
    ),
    ids=PAYMENT_ID,
    answers={200: Answer(Both("交易记录", "The record"), Record)},
    faults=(PAYMENT_NOT_FOUND,),
    run=record,
)
