"""小票 at the till: sent to the terminal's own printer. The page itself is the one of every room."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go
from counterfoil.doors.screen.receipt import receipt_at, show
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.faults import NO_PRINTER
from counterfoil.doors.till.printing import send
from counterfoil.doors.till.room import ROOM, printer_of
from counterfoil.records import escpos


def routes(app: App) -> list[BaseRoute]:
    """The way to the printer."""
    return [at_desk(app, "/till/payments/{id}/receipt/printer", None, to_printer)]


async def to_printer(desk: Desk, _: Form) -> Response:
    """Send the receipt, marked as it is, to this terminal's printer. Refused CF-1821, Trouble CF-1820 on the page."""
    payment, leg_id, found = await receipt_at(desk)
    printer = printer_of(desk)
    try:
        if printer is None:
            raise NO_PRINTER()
        await send(printer, escpos(found, printer.paper))
    except Fault as fault:
        return await show(ROOM, desk, fault)
    return go(f"/till/payments/{payment.id}/receipt", leg=leg_id, printed="1")
