"""One record: its state, amounts and numbers, what happened to it with each entry's proof, and the way back."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.faults import NO_SUCH_PAYMENT
from counterfoil.doors.screen.looks import look_of, mark_of, provider_name
from counterfoil.doors.screen.timeline import line_of
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.take import act_id
from counterfoil.evidence import proof
from counterfoil.people import Permission, demand, persons, terminals
from counterfoil.records import Record, has_receipt, newest_root, view


def routes(app: App) -> list[BaseRoute]:
    """The record, and the proof of one of its entries."""
    return [
        at_desk(app, "/till/records/{id}", record),
        at_desk(app, "/till/records/{id}/proof/{position}", download),
    ]


async def record(desk: Desk) -> Response:
    """The whole record."""
    found = await record_at(desk)
    payment = found.payment
    numbers = {one.id: one.number for one in await persons(desk.app.store, desk.merchant_id)}
    places = {one.id: (one, shop) for one, shop in await terminals(desk.app.store, desk.merchant_id)}
    where = {terminal_id: one.number for terminal_id, (one, _) in places.items()}
    root = await newest_root(desk.app.store, desk.merchant_id)
    return render(
        desk,
        "record.html",
        payment=payment,
        look=look_of(desk, payment),
        mark=mark_of(desk, payment),
        lines=[line_of(desk, event, numbers, where) for event in found.events],
        place=places.get(payment.terminal_id),
        operator=numbers.get(payment.operator_id or "", ""),
        provider=provider_name(desk, payment),
        has_receipt=has_receipt(payment),
        signed=root.size if root else 0,
        new_id=desk.app.ids.uuid(),
    )


async def download(desk: Desk) -> Response:
    """The ``.tlog-proof`` of one entry of this payment. Raises Refused CF-1805 for another's entry."""
    found = await record_at(desk)
    position = whole(desk.request.path_params["position"])
    if position not in [event.position for event in found.events]:
        raise NO_SUCH_PAYMENT()
    body = await proof(desk.app.archive, desk.merchant_id, position)
    name = f"{found.payment.order_no}-{position}.tlog-proof"
    return Response(body, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, "application/octet-stream")


async def record_at(desk: Desk) -> Record:
    """The record in the address. Raises Refused CF-1804, CF-1805."""
    demand(desk.actor, Permission.READ)
    found = await view(desk.app.records, desk.merchant_id, act_id(desk.request.path_params["id"]))
    if found is None:
        raise NO_SUCH_PAYMENT()
    return found
