"""撤销、退款 that a till asked somebody in the office to approve: what would happen, and that it happens."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.responses import Response

from counterfoil.basis import Money
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.screen.faults import NO_SUCH_PAYMENT
from counterfoil.doors.screen.giving_back import PERMISSIONS, ask_of, deed_of, send
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go
from counterfoil.payments import Payment, RefundAsk, VoidAsk, asked_sha256, load
from counterfoil.people import demand_there


async def _telling(desk: Desk, form: Form) -> Told:
    payment, ask = await _asked(desk, form)
    kind = "void" if isinstance(ask, VoidAsk) else "refund"
    demand_there(desk.actor, PERMISSIONS[kind], payment.shop_id)
    amount = ask.amount if isinstance(ask, RefundAsk) else payment.amount
    lines = [
        (desk.t("record.amount"), str(payment.amount)),
        (desk.t("request.back"), str(amount)),
        (desk.t("back.reason"), desk.t(f"reason.{ask.reason}")),
    ]
    if ask.reason_text:
        lines.append((desk.t("back.reason_text"), ask.reason_text))
    lines.append((desk.t("record.order_no"), payment.order_no))
    money = {"amount": str(amount)}
    if payment.method != "cash":
        money["wallet"] = desk.t(f"wallet.{payment.wallet}")
    return Told(
        deed=deed_of(desk, kind, payment, ask),
        title=desk.t(f"back.{kind}.title"),
        lines=tuple(lines),
        means=desk.t(f"back.money.{kind if 'wallet' in money else 'cash'}", **money),
        button=desk.t(f"back.do.{kind}", amount=amount),
        back="/office/requests",
        amount_minor=amount.minor,
        shop_id=payment.shop_id,
        made_by=payment.operator_id,
    )


async def _carry_out(desk: Desk, form: Form) -> Response:
    payment, ask = await _asked(desk, form)
    actor = replace(desk.actor, deed_sha256=asked_sha256(ask, desk.app.payments.hmac_key))
    await send(desk, actor, ask)
    return go(f"/office/records/{payment.id}")


async def _asked(desk: Desk, form: Form) -> tuple[Payment, VoidAsk | RefundAsk]:
    path = desk.request.path_params
    payment = await load(desk.app.store, desk.merchant_id, path["id"])
    if payment is None:
        raise NO_SUCH_PAYMENT()
    amount = Money.parse(form["amount"])
    return payment, ask_of(form["kind"], payment=payment, leg_id=path["leg"], amount=amount, form=form)


VOIDING: Final = Danger(act="void", tell=_telling, carry_out=_carry_out)
REFUNDING: Final = Danger(act="refund", tell=_telling, carry_out=_carry_out)
