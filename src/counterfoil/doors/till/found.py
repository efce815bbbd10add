"""查单, the answer: paid, not paid, or still being asked; which payment it is, and what to do now."""

from __future__ import annotations

import contextlib
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import MICROS, Fault
from counterfoil.doors.screen.looks import Look, look_of
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.result import payment_at
from counterfoil.doors.till.scanned import number_of
from counterfoil.payments import MoneyState, Payment, PaymentLeg, resolve
from counterfoil.people import terminals
from counterfoil.records import has_receipt

# What was taken longer ago is hardly what the customer before the till speaks of, and the page says so.
_JUST_NOW: Final = 30 * 60 * MICROS
_M = MoneyState
_PAID: Final = frozenset({_M.CAPTURED, _M.AUTHORIZED})
_NOT_PAID: Final = frozenset({_M.DECLINED, _M.EXPIRED, _M.REVERSED})
_BACK: Final = frozenset({_M.VOIDING, _M.VOIDED, _M.PART_REFUNDED, _M.REFUNDED})


def routes(app: App) -> list[BaseRoute]:
    """The answer, and its live part."""
    return [at_desk(app, "/till/find/{id}", found), at_desk(app, "/till/find/{id}/state", state)]


async def found(desk: Desk) -> Response:
    """The whole page. Where the outcome is open the provider is asked first, for at most three seconds."""
    payment = await payment_at(desk)
    if payment.in_flight:
        # What is being asked at this moment by somebody else, or cannot be asked, is shown as it stands.
        with contextlib.suppress(Fault):
            payment = await resolve(desk.app.payments, desk.merchant_id, payment.id)
    return await _page(desk, "found.html", payment)


async def state(desk: Desk) -> Response:
    """The live part alone."""
    return await _page(desk, "found_state.html", await payment_at(desk))


def verdict(payment: Payment) -> str:
    """``paid``, ``not_paid``, ``back`` (received, and given back), ``person`` or ``checking``."""
    if payment.money in _PAID:
        return "paid"
    if payment.money in _NOT_PAID:
        return "not_paid"
    if payment.money in _BACK:
        return "back"
    return "person" if payment.money is _M.MANUAL else "checking"


def leg_named(payment: Payment, number: str) -> PaymentLeg | None:
    """The void, reversal or refund that ``number`` stands for, where it is not the payment's own."""
    known = ((leg, {leg.order_no, leg.provider_trade_no, leg.wallet_trade_no}) for leg in payment.legs if number)
    return next((leg for leg, numbers in known if number in numbers), None)


async def _page(desk: Desk, template: str, payment: Payment) -> Response:
    places = {one.id: (one, shop) for one, shop in await terminals(desk.app.store, desk.merchant_id)}
    look = look_of(desk, payment)
    number = number_of(desk.request.query_params.get("number", ""))
    away = payment.terminal_id != desk.terminal.id or desk.now - payment.taken_at > _JUST_NOW
    return render(
        desk,
        template,
        payment=payment,
        look=look,
        verdict=verdict(payment),
        do=_do(desk, payment, look),
        place=places.get(payment.terminal_id),
        away=away,
        leg=leg_named(payment, number),
        number=number,
        has_receipt=has_receipt(payment),
    )


def _do(desk: Desk, payment: Payment, look: Look) -> str:
    own = {"paid": "find.paid.do", "not_paid": "find.not_paid.do", "checking": "find.checking.do"}
    name = own.get(verdict(payment))
    return desk.t(name) if name else look.do
