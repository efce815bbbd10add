"""小票: 58 or 80 mm wide, printed by the browser or saved as a picture; printed again, it is marked and counted."""

from __future__ import annotations

import uuid
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen.faults import NO_SUCH_PAGE, NO_SUCH_PAYMENT
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.in_sight import payment_in_sight
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.screen.room import D, Room
from counterfoil.payments import Payment
from counterfoil.people import Permission, demand_somewhere
from counterfoil.records import Receipt, bars, reprint, svg, width_of
from counterfoil.records import receipt as receipt_of

PAPERS: Final = ("80", "58")
# Scanners want this many modules of white on each side of a Code 128.
QUIET: Final = 10
_PICTURE: Final = "image/svg+xml; charset=utf-8"


def routes(app: App, room: Room[D]) -> list[BaseRoute]:
    """One page, made for paper; sent as a form, it is printed once more. And its picture."""

    async def receipt(desk: D) -> Response:
        return await show(room, desk)

    return [
        room.route(app, "payments/{id}/receipt", receipt, print_again),
        room.route(app, "payments/{id}/receipt.svg", picture),
    ]


async def picture(desk: Signed) -> Response:
    """The receipt as SVG, marked as the page is. Raises Refused CF-3204."""
    _, _, found = await receipt_at(desk)
    headers = {
        "Content-Disposition": f'inline; filename="receipt-{found.order_no.value}.svg"',
        "Cache-Control": "no-store",
    }
    return Response(svg(found, _paper(desk)), 200, headers, _PICTURE)


async def print_again(desk: Signed, _: Form) -> Response:
    """Count one more copy and show it, marked. Raises Refused CF-3204."""
    payment, leg_id = await _payment_at(desk), _leg_id(desk)
    await reprint(desk.app.records, desk.actor, payment, leg_id=leg_id)
    return go(desk.request.url.path, leg=leg_id)


async def show(room: Room[D], desk: D, fault: Fault | None = None) -> Response:
    """The page, with a printer's ``fault`` above the receipt. Raises Refused CF-3204."""
    payment, leg_id, found = await receipt_at(desk)
    paper, here = _paper(desk), room.path(f"payments/{payment.id}/receipt")
    return room.page(
        desk,
        "receipt.html",
        status_of(fault),
        payment=payment,
        receipt=found,
        paper=paper,
        papers=[(mm, link(here, leg=leg_id, paper=mm)) for mm in PAPERS],
        picture=link(f"{here}.svg", leg=leg_id, paper=paper),
        printer=link(f"{here}/printer", leg=leg_id) if room.prints(desk) else None,
        printed="printed" in desk.request.query_params,
        here=link(here, leg=leg_id),
        bars=bars(found.order_no.value),
        modules=width_of(found.order_no.value),
        quiet=QUIET,
        **tell(desk, fault),
    )


async def receipt_at(desk: Signed) -> tuple[Payment, str | None, Receipt]:
    """The payment in the address, its void or refund ``leg``, and the receipt. Raises Refused CF-3204."""
    payment, leg_id = await _payment_at(desk), _leg_id(desk)
    return (
        payment,
        leg_id,
        await receipt_of(desk.app.records, desk.merchant_id, payment.id, desk.language, leg_id=leg_id),
    )


async def _payment_at(desk: Signed) -> Payment:
    """The payment in the address. Raises Refused CF-1804, CF-1805."""
    demand_somewhere(desk.actor, Permission.READ)
    found = await payment_in_sight(desk, _id(desk.request.path_params["id"]))
    if found is None:
        raise NO_SUCH_PAYMENT()
    return found


def _leg_id(desk: Signed) -> str | None:
    leg = desk.request.query_params.get("leg")
    return _id(leg) if leg else None


def _paper(desk: Signed) -> str:
    asked = desk.request.query_params.get("paper", PAPERS[0])
    return asked if asked in PAPERS else PAPERS[0]


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise NO_SUCH_PAGE() from error
