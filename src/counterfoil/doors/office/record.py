"""One record: its timeline, amounts, attempts, and each entry's proof, as a file or verified in place."""

from __future__ import annotations

import json
import uuid
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.faults import NO_SUCH_PAGE, NO_SUCH_PAYMENT
from counterfoil.doors.screen.looks import look_of, mark_of, provider_name
from counterfoil.doors.screen.timeline import line_of
from counterfoil.evidence import ProofSteps, origin_of, proof, proof_steps
from counterfoil.people import Permission, demand, persons, terminals
from counterfoil.records import Record, newest_root, view

_BINARY: Final = "application/octet-stream"


def routes(app: App) -> list[BaseRoute]:
    """The record, and the proof of one of its entries as a file or step by step."""
    return [
        at_desk(app, "/office/records/{id}", record),
        at_desk(app, "/office/records/{id}/proof/{position}", download),
        at_desk(app, "/office/records/{id}/verify/{position}", verify),
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
        signed=root.size if root else 0,
    )


async def download(desk: Desk) -> Response:
    """The ``.tlog-proof`` of one entry of this payment. Raises Refused CF-1805 for another's entry."""
    found, position = await _entry(desk)
    body = await proof(desk.app.archive, desk.merchant_id, position)
    name = f"{found.payment.order_no}-{position}.tlog-proof"
    return Response(body, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, _BINARY)


async def verify(desk: Desk) -> Response:
    """The proof of one entry step by step; only the steps where a page asks for them in place."""
    found, position = await _entry(desk)
    template = "steps.html" if "hx-request" in desk.request.headers else "verify.html"
    steps = await steps_of(desk, position)
    return render(desk, template, steps=steps, said=said(steps), back=f"/office/records/{found.payment.id}")


async def steps_of(desk: Desk, position: int) -> ProofSteps:
    """The proof of a leaf of this merchant's log, computed now."""
    origin = origin_of(desk.app.store.installation.uuid, desk.merchant_id)
    return await proof_steps(desk.app.archive, desk.app.log_key.verifier(origin), desk.merchant_id, position)


def said(steps: ProofSteps) -> str:
    """What the leaf says, indented for people. Its hash is over the bytes as they are kept."""
    return json.dumps(json.loads(steps.entry), ensure_ascii=False, indent=1)


async def record_at(desk: Desk) -> Record:
    """The record in the address. Raises Refused CF-1804, CF-1805."""
    demand(desk.actor, Permission.READ)
    asked = desk.request.path_params["id"]
    try:
        payment_id = str(uuid.UUID(asked))
    except ValueError as error:
        raise NO_SUCH_PAGE() from error
    found = await view(desk.app.records, desk.merchant_id, payment_id)
    if found is None:
        raise NO_SUCH_PAYMENT()
    return found


async def _entry(desk: Desk) -> tuple[Record, int]:
    found = await record_at(desk)
    position = whole(desk.request.path_params["position"])
    if position is None or position not in [event.position for event in found.events]:
        raise NO_SUCH_PAYMENT()
    return found, position
