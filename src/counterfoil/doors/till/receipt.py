"""小票: 58 or 80 mm wide, printed by the browser."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.proofs import covering
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.faults import NO_RECEIPT
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.result import payment_at
from counterfoil.payments import MoneyState, Payment
from counterfoil.people import merchant, person, terminals

PAPERS: Final = ("80", "58")
_M = MoneyState
# The states a payment reaches only after its money was received.
_RECEIVED: Final = frozenset({_M.CAPTURED, _M.VOIDING, _M.VOIDED, _M.PART_REFUNDED, _M.REFUNDED})


def routes(app: App) -> list[BaseRoute]:
    """One page, made for paper."""
    return [at_desk(app, "/till/payments/{id}/receipt", receipt)]


def received(payment: Payment) -> bool:
    """Whether the money was received, so that a receipt may be given, whatever became of it later."""
    return payment.money in _RECEIVED


async def receipt(desk: Desk) -> Response:
    """The receipt with its place in the log, and the root that covers it once one is signed. Raises Refused CF-1807."""
    payment = await payment_at(desk)
    if not received(payment):
        raise NO_RECEIPT()
    paper = desk.request.query_params.get("paper", PAPERS[0])
    whose = await merchant(desk.app.store, desk.merchant_id)
    places = {one.id: (one, shop) for one, shop in await terminals(desk.app.store, desk.merchant_id)}
    terminal, shop = places[payment.terminal_id]
    who = await person(desk.app.store, desk.merchant_id, payment.operator_id)
    return render(
        desk,
        "receipt.html",
        payment=payment,
        mark=mark_of(desk, payment),
        merchant=whose,
        operator=who,
        terminal=terminal,
        shop=shop,
        paper=paper if paper in PAPERS else PAPERS[0],
        papers=PAPERS,
        root=await covering(desk, payment.position),
    )
