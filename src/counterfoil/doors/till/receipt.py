"""小票: printed by the browser or the terminal's own printer; again from the record it is marked and counted."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Printer
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.faults import NO_PRINTER
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.printing import send
from counterfoil.doors.till.result import payment_at
from counterfoil.doors.till.take import act_id
from counterfoil.records import bars, escpos, reprint, width_of
from counterfoil.records import receipt as receipt_of

PAPERS: Final = ("80", "58")
# Scanners want this many modules of white on each side of a Code 128.
QUIET: Final = 10


def routes(app: App) -> list[BaseRoute]:
    """One page, made for paper; sent as a form, it is printed once more; and the way to the printer."""
    return [
        at_desk(app, "/till/payments/{id}/receipt", receipt, print_again),
        at_desk(app, "/till/payments/{id}/receipt/printer", None, to_printer),
    ]


async def receipt(desk: Desk) -> Response:
    """The receipt of the payment, or of the void or refund ``leg``. Raises Refused CF-3204."""
    return await _page(desk)


async def _page(desk: Desk, fault: Fault | None = None) -> Response:
    payment, leg_id = await payment_at(desk), _leg_id(desk)
    found = await receipt_of(desk.app.records, desk.merchant_id, payment.id, desk.language, leg_id=leg_id)
    asked = desk.request.query_params.get("paper", PAPERS[0])
    here = f"/till/payments/{payment.id}/receipt"
    papers = [(mm, link(here, leg=leg_id, paper=mm)) for mm in PAPERS]
    return render(
        desk,
        "receipt.html",
        status_of(fault),
        payment=payment,
        receipt=found,
        paper=asked if asked in PAPERS else PAPERS[0],
        papers=papers,
        bars=bars(found.order_no.value),
        modules=width_of(found.order_no.value),
        quiet=QUIET,
        printer=link(f"{here}/printer", leg=leg_id) if _printer(desk) else None,
        printed="printed" in desk.request.query_params,
        here=link(here, leg=leg_id),
        **tell(desk, fault),
    )


async def print_again(desk: Desk, _: Form) -> Response:
    """Count one more copy and show it, marked. Raises Refused CF-3204."""
    payment, leg_id = await payment_at(desk), _leg_id(desk)
    await reprint(desk.app.records, desk.actor, payment, leg_id=leg_id)
    return go(desk.request.url.path, leg=leg_id)


async def to_printer(desk: Desk, _: Form) -> Response:
    """Send the receipt, marked as it is, to this terminal's printer. Refused CF-1821, Trouble CF-1820 on the page."""
    payment, leg_id = await payment_at(desk), _leg_id(desk)
    found = await receipt_of(desk.app.records, desk.merchant_id, payment.id, desk.language, leg_id=leg_id)
    printer = _printer(desk)
    try:
        if printer is None:
            raise NO_PRINTER()
        await send(printer, escpos(found, printer.paper))
    except Fault as fault:
        return await _page(desk, fault)
    return go(f"/till/payments/{payment.id}/receipt", leg=leg_id, printed="1")


def _printer(desk: Desk) -> Printer | None:
    return desk.app.settings.printers.get(f"{desk.merchant_id}.{desk.terminal.number}")


def _leg_id(desk: Desk) -> str | None:
    leg = desk.request.query_params.get("leg")
    return act_id(leg) if leg else None
