"""A void or refund as one request: the same at the till that asks for it and in the office that approves it."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Money
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Signed
from counterfoil.payments import Payment, RefundAsk, VoidAsk, asked_sha256, refund, void
from counterfoil.people import Act, Actor, Deed, Permission

WAIT_SECONDS: Final = 2
# What the operator must be allowed, alone or with somebody else.
PERMISSIONS: Final = {"void": Permission.VOID, "refund": Permission.REFUND}
ACTS: Final = {"void": Act.VOID, "refund": Act.REFUND}


def ask_of(kind: str, *, payment: Payment, leg_id: str, amount: Money, form: Form) -> VoidAsk | RefundAsk:
    """The void or refund that the form is about, under that id."""
    reason, text = form.get("reason", ""), form.get("reason_text", "").strip() or None
    if kind == "void":
        return VoidAsk(id=leg_id, payment_id=payment.id, reason=reason, reason_text=text, wait_seconds=WAIT_SECONDS)
    return RefundAsk(
        id=leg_id,
        payment_id=payment.id,
        amount=amount,
        reason=reason,
        reason_text=text,
        wait_seconds=WAIT_SECONDS,
    )


async def send(desk: Signed, actor: Actor, ask: VoidAsk | RefundAsk) -> Payment:
    """Do it."""
    if isinstance(ask, VoidAsk):
        return await void(desk.app.payments, actor, ask)
    return await refund(desk.app.payments, actor, ask)


def deed_of(desk: Signed, kind: str, payment: Payment, ask: VoidAsk | RefundAsk) -> Deed:
    """Exactly what it would do, to a payment that stands as it stands now."""
    return Deed(
        act=kind,
        merchant_id=desk.merchant_id,
        by=desk.person.id,
        what={
            "payment": payment.id,
            "leg": ask.id,
            "amount_minor": ask.amount.minor if isinstance(ask, RefundAsk) else payment.amount_minor,
            "reason": ask.reason,
            "request_sha256": asked_sha256(ask, desk.app.payments.hmac_key),
            "money": payment.money.value,
            "refunded_minor": payment.refunded_minor,
            "reserved_minor": payment.refund_reserved_minor,
        },
    )
