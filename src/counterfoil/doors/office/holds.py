"""保全锁定: all holds, one of them, placing one on a record, and lifting it, which takes two persons."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret, canonical_uuid
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import Cell, Kind, Thing, id_in, list_page
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.screen.record import record_at
from counterfoil.locale import when
from counterfoil.people import Permission, demand, persons
from counterfoil.removal import (
    HOLD_UNKNOWN,
    REASONS,
    REFERENCE_MAX,
    Hold,
    HoldState,
    PlaceHold,
    amounts_held,
    ask_to_lift,
    hold_by_id,
    holds,
    lift_hold,
    place_hold,
)

KIND: Final = Kind(name="hold", path="/office/holds", icon="lock", added=False)
_ACTS: Final = {"asked": "ask_to_lift", "lifted": "lift_hold"}
_MARKS: Final = {
    HoldState.HELD: ("checking", "lock"),
    HoldState.LIFTING: ("checking", "checking"),
    HoldState.LIFTED: ("quiet", "tick"),
}


def routes(app: App) -> list[BaseRoute]:
    """The list, one with its two acts, and the form on a record."""
    return [
        at_desk(app, "/office/holds", listed),
        at_desk(app, "/office/holds/{id}", one),
        at_desk(app, "/office/holds/{id}/ask", None, ask),
        at_desk(app, "/office/holds/{id}/lift", None, lift),
        at_desk(app, "/office/records/{id}/hold", form, place),
    ]


async def listed(desk: Desk) -> Response:
    """Newest first, also those that were lifted."""
    amounts, names = await amounts_held(desk.app.store, desk.merchant_id), await _names(desk)
    rows = [
        Thing(
            f"{KIND.path}/{each.id}",
            (
                Cell(each.name),
                Cell(str(amounts.get(each.payment_id, "—"))),
                Cell(desk.t(f"hold.reason.{each.reason}")),
                Cell(when(each.placed_at, zone=desk.zone, now=desk.now, language=desk.language)),
                Cell(names.get(each.placed_by, "—")),
                Cell("", _mark(desk, each)),
            ),
        )
        for each in await holds(desk.app.store, desk.merchant_id)
    ]
    columns = [desk.t(f"office.hold.{name}") for name in ("number", "record", "reason", "since", "by", "state")]
    return list_page(desk, KIND, columns, rows, may=True)


async def one(desk: Desk) -> Response:
    """The hold, the record it is on, and what can be done with it."""
    return await _page(desk)


async def ask(desk: Desk, _: Form) -> Response:
    """申请解除: the first of two persons."""
    return await _moved(desk, "asked", ask_to_lift(desk.app.people, desk.actor, id_in(desk)))


async def lift(desk: Desk, form: Form) -> Response:
    """解除: the second, who gives a number and a password here, whoever is signed in."""
    number, password = form.get("number", ""), Secret(form.get("password", ""))
    return await _moved(desk, "lifted", lift_hold(desk.app.people, desk.actor, id_in(desk), number, password))


async def form(desk: Desk) -> Response:
    """What a hold means, and why it is placed."""
    demand(desk.actor, Permission.HOLD)
    return await _form(desk, desk.app.ids.uuid(), {})


async def place(desk: Desk, form: Form) -> Response:
    """Place it on this record, under the id that the form carries, so that a second press places none."""
    try:
        hold_id = canonical_uuid(form.get("hold_id", ""))
    except ValueError:
        hold_id = desk.app.ids.uuid()
    payment = (await record_at(desk)).payment
    asked = PlaceHold(id=hold_id, payment_id=payment.id, reason=form.get("reason", ""), reference=form.get("reference"))
    try:
        await place_hold(desk.app.people, desk.actor, asked)
    except Fault as fault:
        desk.note("place_hold", fault)
        return await _form(desk, hold_id, form, fault)
    return go(f"{KIND.path}/{hold_id}", done="placed")


async def _moved(desk: Desk, done: str, act: Awaitable[None]) -> Response:
    try:
        await act
    except Fault as fault:
        desk.note(_ACTS[done], fault)
        return await _page(desk, fault)
    return go(f"{KIND.path}/{id_in(desk)}", done=done)


async def _form(desk: Desk, hold_id: str, typed: Form, fault: Fault | None = None) -> Response:
    payment = (await record_at(desk)).payment
    return render(
        desk,
        "hold_form.html",
        status_of(fault),
        payment=payment,
        hold_id=hold_id,
        reasons=REASONS,
        most=REFERENCE_MAX,
        typed=typed,
        wrong=fault.field if fault else None,
        **tell(desk, fault),
    )


async def _page(desk: Desk, fault: Fault | None = None) -> Response:
    found = await hold_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise HOLD_UNKNOWN()
    return render(
        desk,
        "hold.html",
        status_of(fault),
        hold=found,
        mark=_mark(desk, found),
        names=await _names(desk),
        may=desk.actor.may(Permission.HOLD),
        mine=found.lifting_by == desk.actor.person_id,
        **tell(desk, fault),
    )


async def _names(desk: Desk) -> dict[str, str]:
    known = await persons(desk.app.store, desk.merchant_id)
    return {each.id: desk.t("hold.who", number=each.number, person=each.name or "").strip() for each in known}


def _mark(desk: Desk, of: Hold) -> Mark:
    tone, icon = _MARKS[of.state]
    return Mark(tone, icon, desk.t(f"hold.state.{of.state.value}"))
