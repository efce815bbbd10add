"""收款结果: readable from two metres, refreshed while it is open, and never in the way of the next customer."""

from __future__ import annotations

import uuid
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen.faults import NO_SUCH_PAYMENT
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import payment_in_sight
from counterfoil.doors.screen.looks import CUSTOMER, look_of, provider_name
from counterfoil.doors.screen.pages import go
from counterfoil.doors.screen.placed import Placed, always
from counterfoil.doors.screen.provider_code import code_said, last_code
from counterfoil.doors.screen.qr_code import picture
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.fault_page import fault_page
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.take import WAIT_SECONDS, act_id
from counterfoil.evidence import newest_of
from counterfoil.locale import seconds_left
from counterfoil.payments import MoneyState, Payment, WithdrawAsk, resolve, withdraw
from counterfoil.people import Permission, demand

_OPEN = (MoneyState.SENT, MoneyState.UNKNOWN)
# The no is among the newest of what is said about a payment.
_LEAVES = 4


def routes(app: App) -> list[BaseRoute]:
    """The result, its live part, and what may be done while it is open."""
    return [
        at_desk(app, "/till/payments/{id}", result),
        at_desk(app, "/till/payments/{id}/state", state),
        at_desk(app, "/till/payments/{id}/withdraw", None, WITHDRAWING),
        at_desk(app, "/till/payments/{id}/ask", None, ask_now),
    ]


async def result(desk: Desk) -> Response:
    """The whole page."""
    payment = await payment_at(desk)
    return _render(desk, "result.html", payment, await _code_of(desk, payment))


async def state(desk: Desk) -> Response:
    """The live part alone; it asks again by itself while the payment is open."""
    payment = await payment_at(desk)
    return _render(desk, "result_state.html", payment, await _code_of(desk, payment))


async def withdraw_it(desk: Desk, _: Form) -> Response:
    """撤回这笔再收: one withdrawal a payment, so its id follows from the payment's."""
    payment = await payment_at(desk)
    own_id = str(uuid.uuid5(uuid.UUID(payment.id), "withdraw"))
    ask = WithdrawAsk(id=own_id, payment_id=payment.id, wait_seconds=WAIT_SECONDS)
    try:
        demand(desk.actor, Permission.WITHDRAW)
        await withdraw(desk.app.payments, desk.actor, ask)
    except Fault as fault:
        desk.note("withdraw", fault)
        return fault_page(desk, fault, to=f"/till/payments/{payment.id}", button=desk.t("fault.to_result"))
    return go(f"/till/payments/{payment.id}")


async def _not_withdrawn(desk: Desk, _: Form, fault: Fault) -> Response:
    payment = await payment_at(desk)
    return fault_page(desk, fault, to=f"/till/payments/{payment.id}", button=desk.t("fault.to_result"))


async def ask_now(desk: Desk, _: Form) -> Response:
    """马上查单: ask the provider now, not when its turn comes."""
    payment = await payment_at(desk)
    try:
        await resolve(desk.app.payments, desk.merchant_id, payment.id)
    except Fault as fault:
        return fault_page(desk, fault, to=f"/till/payments/{payment.id}", button=desk.t("fault.to_result"))
    return go(f"/till/payments/{payment.id}")


async def payment_at(desk: Desk) -> Payment:
    """The payment in the address, if they may see those of its shop. Raises Refused CF-1804, CF-1805."""
    demand(desk.actor, Permission.READ)
    found = await payment_in_sight(desk, act_id(desk.request.path_params["id"]))
    if found is None:
        raise NO_SUCH_PAYMENT()
    return found


async def _code_of(desk: Desk, payment: Payment) -> str:
    """With what code the provider said no, for whoever calls it; of what was received nothing is read."""
    if payment.money is not MoneyState.DECLINED:
        return ""
    leaves = [leaf for _, leaf in await newest_of(desk.app.store, desk.merchant_id, payment.id, _LEAVES)]
    return code_said(desk, payment, last_code(leaves))


def _render(desk: Desk, template: str, payment: Payment, code: str) -> Response:
    ends = payment.code_until or 0
    scannable = payment.code is not None and desk.now < ends
    return render(
        desk,
        template,
        picture=picture(payment.code) if scannable and payment.code else None,
        seconds=seconds_left(ends, desk.now),
        payment=payment,
        code=code,
        look=look_of(desk, payment),
        provider=provider_name(desk, payment),
        open=payment.money in _OPEN,
        customer=payment.awaiting == CUSTOMER,
        card=payment.at_card_terminal and payment.awaiting == CUSTOMER and desk.now < ends,
    )


WITHDRAWING: Final = Placed(
    permission=Permission.WITHDRAW, name=always("withdraw"), act=withdraw_it, otherwise=_not_withdrawn
)
