"""保全锁定: all holds, one of them, placing one on a record, and lifting it, which takes two persons."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret, canonical_uuid
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.screen.record import record_at
from counterfoil.payments import load
from counterfoil.people import EMAIL_CHARACTERS_MAX, Deed, Permission, demand, login_of, persons
from counterfoil.removal import (
    HOLD_UNKNOWN,
    REASONS,
    REFERENCE_MAX,
    FindHolds,
    Hold,
    HoldPage,
    HoldState,
    PlaceHold,
    ask_to_lift,
    find_holds,
    hold_by_id,
    lift_hold,
    number_in,
    place_hold,
    placeable,
)

PATH: Final = "/office/holds"
_ASKED_MAX: Final = 64
_ACTS: Final = {"asked": "ask_to_lift", "lifted": "lift_hold"}
_STATES: Final = {state.value: state for state in HoldState}
_MARKS: Final = {
    HoldState.HELD: ("held", "lock"),
    HoldState.LIFTING: ("checking", "person"),
    HoldState.LIFTED: ("quiet", "tick"),
}


def routes(app: App) -> list[BaseRoute]:
    """The list, one with its two acts, and the form on a record."""
    return [
        at_desk(app, PATH, listed),
        at_desk(app, f"{PATH}/{{id}}", one),
        at_desk(app, f"{PATH}/{{id}}/ask", None, Danger(act="ask_to_lift", tell=_asking, carry_out=ask)),
        at_desk(app, f"{PATH}/{{id}}/lift", None, Danger(act="lift_hold", tell=_lifting, carry_out=lift)),
        at_desk(
            app,
            "/office/records/{id}/hold",
            form,
            Danger(act="place_hold", tell=_placing, carry_out=place, otherwise=_not_placed),
        ),
    ]


async def listed(desk: Desk) -> Response:
    """Newest first, also those that were lifted; of a number or a state. Anything wrong is said above an empty list."""
    demand(desk.actor, Permission.READ)
    query = desk.request.query_params
    number, state = query.get("number", "").strip()[:_ASKED_MAX], _STATES.get(query.get("state", ""))
    # What is no number of a hold is nobody's.
    asked = FindHolds(
        state=state, number=(number_in(number) or 0) if number else None, after=query.get("after") or None
    )
    fault, page = None, HoldPage((), None)
    try:
        page = await find_holds(desk.app.records, desk.merchant_id, asked)
    except Fault as wrong:
        fault = wrong
    typed = {"number": number, "state": state}
    return render(
        desk,
        "holds.html",
        status_of(fault),
        rows=[(hold, amount, _mark(desk, hold)) for hold, amount in page.items],
        names=await _names(desk),
        states=list(HoldState),
        filtered=bool(number or state or asked.after),
        more=link(PATH, **typed, after=page.next) if page.next else None,
        newest=link(PATH, **typed) if asked.after else None,
        **typed,
        **tell(desk, fault),
    )


async def one(desk: Desk) -> Response:
    """The hold, the record it is on, and what can be done with it."""
    return await _page(desk)


async def ask(desk: Desk, _: Form) -> Response:
    """申请解除: the first of two persons."""
    return await _moved(desk, "asked", ask_to_lift(desk.app.people, desk.actor, id_in(desk)))


async def lift(desk: Desk, form: Form) -> Response:
    """解除: the second, who gives their office login here, whoever is signed in."""
    email, password = form.get("email", ""), Secret(form.get("password", ""))
    act = lift_hold(desk.app.people, desk.actor, id_in(desk), email, password)
    return await _moved(desk, "lifted", act, email[:EMAIL_CHARACTERS_MAX])


async def form(desk: Desk) -> Response:
    """What a hold means, and why it is placed."""
    demand(desk.actor, Permission.HOLD)
    return await _form(desk, desk.app.ids.uuid(), {})


async def place(desk: Desk, form: Form) -> Response:
    """Place it on this record, under the id that the form carries, so that a second press places none."""
    asked = _asked_for(desk, form, (await record_at(desk)).payment.id)
    try:
        await place_hold(desk.app.people, desk.actor, asked)
    except Fault as fault:
        desk.note("place_hold", fault)
        return await _form(desk, asked.id, form, fault)
    return go(f"{PATH}/{asked.id}", done="placed")


async def _placing(desk: Desk, form: Form) -> Told:
    """What placing it would do. Raises what ``place_hold`` would refuse."""
    demand(desk.actor, Permission.HOLD)
    payment = (await record_at(desk)).payment
    asked = placeable(_asked_for(desk, form, payment.id))
    what = {
        "hold": asked.id,
        "payment": payment.id,
        "reason": asked.reason,
        "reference_sha256": hashlib.sha256(f"{asked.id}{asked.reference or ''}".encode()).hexdigest(),
    }
    lines = [
        (desk.t("office.hold.record"), str(payment.amount)),
        (desk.t("office.hold.reason"), desk.t(f"hold.reason.{asked.reason}")),
    ]
    if asked.reference:
        lines.append((desk.t("hold.reference"), asked.reference))
    return Told(
        deed=Deed(act="place_hold", merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t("hold.place"),
        lines=tuple(lines),
        means=desk.t("hold.place.means"),
        button=desk.t("hold.place.do"),
        back=f"/office/records/{payment.id}",
    )


async def _not_placed(desk: Desk, form: Form, fault: Fault) -> Response:
    return await _form(desk, _asked_for(desk, form, "").id, form, fault)


def _asked_for(desk: Desk, form: Form, payment_id: str) -> PlaceHold:
    try:
        hold_id = canonical_uuid(form.get("hold_id", ""))
    except ValueError:
        hold_id = desk.app.ids.uuid()
    return PlaceHold(id=hold_id, payment_id=payment_id, reason=form.get("reason", ""), reference=form.get("reference"))


async def _asking(desk: Desk, _: Form) -> Told:
    return await _about(desk, "ask_to_lift", "hold.lift.ask")


async def _lifting(desk: Desk, _: Form) -> Told:
    """Confirmed by whose desk it is; the second person's login is asked for by the act itself."""
    return await _about(desk, "lift_hold", "hold.lift")


async def _about(desk: Desk, act: str, title: str) -> Told:
    demand(desk.actor, Permission.RELEASE_HOLD)
    found = await hold_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    on = await load(desk.app.store, desk.merchant_id, found.payment_id) if found else None
    if found is None or on is None:
        raise HOLD_UNKNOWN()
    what = {"hold": found.id, "payment": found.payment_id, "state": found.state.value}
    return Told(
        deed=Deed(act=act, merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t(title),
        lines=(
            (desk.t("office.holds"), found.name),
            (desk.t("office.hold.record"), str(on.amount)),
            (desk.t("office.hold.reason"), desk.t(f"hold.reason.{found.reason}")),
        ),
        means=desk.t("hold.lift.means"),
        button=desk.t("hold.lift.ask") if act == "ask_to_lift" else desk.t("hold.lift.do", number=found.name),
        back=f"{PATH}/{found.id}",
    )


async def _moved(desk: Desk, done: str, act: Awaitable[None], email: str | None = None) -> Response:
    try:
        await act
    except Fault as fault:
        desk.note(_ACTS[done], fault)
        return await _page(desk, email, fault)
    return go(f"{PATH}/{id_in(desk)}", done=done)


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


async def _page(desk: Desk, email: str | None = None, fault: Fault | None = None) -> Response:
    demand(desk.actor, Permission.READ)
    found = await hold_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    on = await load(desk.app.store, desk.merchant_id, found.payment_id) if found else None
    if found is None or on is None:
        raise HOLD_UNKNOWN()
    own = await login_of(desk.app.store, desk.merchant_id, desk.person.id)
    return render(
        desk,
        "hold.html",
        status_of(fault),
        hold=found,
        amount=on.amount,
        mark=_mark(desk, found),
        names=await _names(desk),
        may=desk.actor.may(Permission.RELEASE_HOLD),
        mine=found.lifting_by == desk.actor.person_id,
        email=email,
        own_email=own.email if own else "",
        **tell(desk, fault),
    )


async def _names(desk: Desk) -> dict[str, str]:
    known = await persons(desk.app.store, desk.merchant_id)
    return {each.id: desk.in_full(each) for each in known}


def _mark(desk: Desk, of: Hold) -> Mark:
    tone, icon = _MARKS[of.state]
    return Mark(tone, icon, desk.t(f"hold.state.{of.state.value}"))
