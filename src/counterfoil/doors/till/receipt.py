"""小票: 58 or 80 mm wide, printed by the browser; printed again from the record, it is marked and counted."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, link
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.result import payment_at
from counterfoil.doors.till.take import act_id
from counterfoil.records import bars, reprint, width_of
from counterfoil.records import receipt as receipt_of

PAPERS: Final = ("80", "58")
# Scanners want this many modules of white on each side of a Code 128.
QUIET: Final = 10


def routes(app: App) -> list[BaseRoute]:
    """One page, made for paper; sent as a form, it is printed once more."""
    return [at_desk(app, "/till/payments/{id}/receipt", receipt, print_again)]


async def receipt(desk: Desk) -> Response:
    """The receipt of the payment, or of the void or refund ``leg``. Raises Refused CF-3204."""
    payment, leg_id = await payment_at(desk), _leg_id(desk)
    found = await receipt_of(desk.app.records, desk.merchant_id, payment.id, desk.language, leg_id=leg_id)
    asked = desk.request.query_params.get("paper", PAPERS[0])
    papers = [(mm, link(desk.request.url.path, leg=leg_id, paper=mm)) for mm in PAPERS]
    return render(
        desk,
        "receipt.html",
        payment=payment,
        receipt=found,
        paper=asked if asked in PAPERS else PAPERS[0],
        papers=papers,
        bars=bars(found.order_no.value),
        modules=width_of(found.order_no.value),
        quiet=QUIET,
    )


async def print_again(desk: Desk, _: Form) -> Response:
    """Count one more copy and show it, marked. Raises Refused CF-3204."""
    payment, leg_id = await payment_at(desk), _leg_id(desk)
    await reprint(desk.app.records, desk.actor, payment, leg_id=leg_id)
    return go(desk.request.url.path, leg=leg_id)


def _leg_id(desk: Desk) -> str | None:
    leg = desk.request.query_params.get("leg")
    return act_id(leg) if leg else None
