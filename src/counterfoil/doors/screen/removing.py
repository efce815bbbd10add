"""能否移出列表: whether a record could be removed, check by check; where a hold keeps it, that is said instead."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, local_day
from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.record import record_at
from counterfoil.doors.screen.room import D, Room
from counterfoil.people import person
from counterfoil.removal import RECORD_HELD, Hold, check, holds_of


def routes(app: App, room: Room[D]) -> list[BaseRoute]:
    """One page, which only looks."""

    async def ask(desk: D) -> Response:
        payment = (await record_at(desk)).payment
        held = await holds_of(desk.app.store, desk.merchant_id, payment.id)
        if held:
            back = room.path(f"records/{payment.id}")
            return room.fault(desk, await _held(desk, held[0]), to=back, button=desk.t("fault.to_record"))
        return room.page(desk, "removing.html", payment=payment, checks=check(payment, held))

    return [room.route(app, "records/{id}/remove", ask)]


async def _held(desk: Signed, by: Hold) -> Fault:
    who = await person(desk.app.store, desk.merchant_id, by.placed_by)
    named = desk.in_full(who) if who else "—"
    return RECORD_HELD(number=by.name, since=local_day(by.placed_at, desk.zone, 0), who=named)
