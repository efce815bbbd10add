"""One record: state, amounts and numbers, what happened to it with each entry's proof, as a page or beside the list."""

from __future__ import annotations

import json
import uuid
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Refused
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.faults import NO_SUCH_PAGE, NO_SUCH_PAYMENT
from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.looks import look_of, mark_of, provider_name
from counterfoil.doors.screen.room import D, Room
from counterfoil.doors.screen.timeline import line_of
from counterfoil.evidence import ProofSteps, origin_of, proof, proof_steps
from counterfoil.payments import Resolution, in_sight, resolutions_of
from counterfoil.people import Permission, demand_somewhere, persons, terminals
from counterfoil.providers import Routed
from counterfoil.providers import accounts as accounts_of
from counterfoil.records import Record, has_receipt, newest_root, view
from counterfoil.removal import holds_of

_BINARY: Final = "application/octet-stream"


def routes(app: App, room: Room[D]) -> list[BaseRoute]:
    """The record, the same without a frame, and the proof of one of its entries as a file or step by step."""

    async def record(desk: D) -> Response:
        return room.page(desk, "record.html", **await _given(desk, await record_at(desk)))

    async def side(desk: D) -> Response:
        return room.page(desk, "record_side.html", **await _given(desk, await record_at(desk)))

    async def verify(desk: D) -> Response:
        return await _verified(room, desk)

    return [
        room.route(app, "records/{id}", record),
        room.route(app, "records/{id}/side", side),
        room.route(app, "records/{id}/proof/{position}", download),
        room.route(app, "records/{id}/verify/{position}", verify),
    ]


async def side_of(desk: Signed, payment_id: str) -> dict[str, Any] | None:
    """What is shown beside the list, whose address names the record; None where there is no such record for them."""
    if not payment_id:
        return None
    try:
        return await _given(desk, await _record(desk, payment_id))
    except Refused:
        return None


async def download(desk: Signed) -> Response:
    """The ``.tlog-proof`` of one entry of this payment. Raises Refused CF-1805 for another's entry."""
    found, position = await _entry(desk)
    body = await proof(desk.app.archive, desk.merchant_id, position)
    name = f"{found.payment.order_no}-{position}.tlog-proof"
    return Response(body, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, _BINARY)


async def steps_of(desk: Signed, position: int) -> ProofSteps:
    """The proof of a leaf of this merchant's log, computed now."""
    origin = origin_of(desk.app.store.installation.uuid, desk.merchant_id)
    return await proof_steps(desk.app.archive, desk.app.log_key.verifier(origin), desk.merchant_id, position)


def said(steps: ProofSteps) -> str:
    """What the leaf says, indented for people. Its hash is over the bytes as they are kept."""
    return json.dumps(json.loads(steps.entry), ensure_ascii=False, indent=1)


async def record_at(desk: Signed) -> Record:
    """The record in the address. Raises Refused CF-1804, CF-1805."""
    return await _record(desk, desk.request.path_params["id"])


async def _record(desk: Signed, asked: str) -> Record:
    demand_somewhere(desk.actor, Permission.READ)
    try:
        payment_id = str(uuid.UUID(asked))
    except ValueError as error:
        raise NO_SUCH_PAGE() from error
    found = await view(desk.app.records, desk.merchant_id, payment_id)
    if found is None or not in_sight(desk.actor, found.payment):
        raise NO_SUCH_PAYMENT()
    return found


async def _verified(room: Room[D], desk: D) -> Response:
    """The proof of one entry step by step; only the steps where a page asks for them in place."""
    found, position = await _entry(desk)
    steps = await steps_of(desk, position)
    template = "steps.html" if "hx-request" in desk.request.headers else "verify_entry.html"
    back = room.path(f"records/{found.payment.id}")
    file = f"{back}/proof/{position}"
    return room.page(desk, template, steps=steps, said=said(steps), back=back, file=file)


async def _entry(desk: Signed) -> tuple[Record, int]:
    found = await record_at(desk)
    position = whole(desk.request.path_params["position"])
    if position is None or position not in [event.position for event in found.events]:
        raise NO_SUCH_PAYMENT()
    return found, position


async def _given(desk: Signed, found: Record) -> dict[str, Any]:
    """What the page of a record is made of."""
    payment = found.payment
    numbers = {one.id: one.called for one in await persons(desk.app.store, desk.merchant_id)}
    places = {one.id: (one, shop) for one, shop in await terminals(desk.app.store, desk.merchant_id)}
    where = {terminal_id: one.number for terminal_id, (one, _) in places.items()}
    root = await newest_root(desk.app.store, desk.merchant_id)
    return {
        "payment": payment,
        "look": look_of(desk, payment),
        "mark": mark_of(desk, payment),
        "lines": [line_of(desk, payment, event, numbers, where) for event in found.events],
        "place": places.get(payment.terminal_id),
        "operator": numbers.get(payment.operator_id or "", ""),
        "provider": provider_name(desk, payment),
        "routed": await _routed(desk, payment.row.get("routed")),
        "has_receipt": has_receipt(payment),
        "leg_receipts": [leg.id for leg in payment.legs if has_receipt(payment, leg.id)],
        "signed": root.size if root else 0,
        "new_id": desk.app.ids.uuid(),
        "holds": await holds_of(desk.app.store, desk.merchant_id, payment.id),
        "resolutions": await _resolutions(desk, found),
        "may_hold": desk.actor.may(Permission.HOLD),
    }


async def _resolutions(desk: Signed, found: Record) -> list[Resolution]:
    """By which lines of the provider's statement persons ended it, for whoever may read the evidence."""
    resolved = any(event.kind == "txn.resolved_manually" for event in found.events)
    if not resolved or not desk.actor.may(Permission.READ_EVIDENCE):
        return []
    means = desk.app.payments
    return await resolutions_of(means.store, means.vault, desk.merchant_id, found.payment.id)


async def _routed(desk: Signed, text: str | None) -> tuple[str, ...]:
    """Why it went through its account: by which route, and past which other accounts."""
    routed = Routed.read(text)
    if routed is None:
        return ()
    names = {row["id"]: row["name"] for row in await accounts_of(desk.app.store, desk.merchant_id)}
    return (
        desk.t(f"record.routed.{routed.because}", place=routed.place),
        *(desk.t(f"record.routed.past.{skip}", account=names.get(account, "—")) for account, skip in routed.skipped),
    )
