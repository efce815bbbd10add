"""第二重验证: the second step of a sign-in, and setting up the first factor before anything else works."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Refused
from counterfoil.doors.office.arriving import arrive
from counterfoil.doors.office.desk import MERCHANT, SESSION, Desk
from counterfoil.doors.office.endpoint import SECOND, as_guest, half_way_in
from counterfoil.doors.office.enrolment import add_app, add_key, app_page, key_page
from counterfoil.doors.office.here import came_from, packed, site_at, why_no_passkeys
from counterfoil.doors.office.pages import render
from counterfoil.doors.place import hold_place
from counterfoil.doors.screen.cookies import YEAR_SECONDS, keep, whole
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.factors import (
    RESET,
    CodeShown,
    Coming,
    PasskeyShown,
    RecoveryShown,
    Shown,
    ask_second,
    code_now,
    factors_of,
    is_proven,
    second_step,
    sign_in_with_passkey,
    use_reset,
)
from counterfoil.people import OFFICE, WrongTry, merchant


def routes(app: App) -> list[BaseRoute]:
    """The second step, the two ways to set one up, and the sign-in without a password."""
    return [
        half_way_in(app, SECOND, step, show),
        half_way_in(app, f"{SECOND}/passkey", key_page, add_key),
        half_way_in(app, f"{SECOND}/app", app_page, add_app),
        half_way_in(app, f"{SECOND}/reset", None, begin_anew),
        as_guest(app, "/office/at/{merchant_id}/passkey", None, with_passkey),
    ]


async def step(desk: Desk) -> Response:
    """Ask for what they have; where there is nothing yet, lead to setting it up."""
    return await _step(desk)


async def show(desk: Desk, form: Form) -> Response:
    """Go on with the session under a new token, or say what is wrong."""
    try:
        token = await second_step(desk.app.factors, site_at(desk), desk.session, form.get("ticket", ""), _shown(form))
    except Fault as fault:
        desk.note("second_factor", fault)
        return await _step(desk, fault)
    response = arrive(desk.request)
    keep(response, desk.request, SESSION, token.reveal())
    return response


async def begin_anew(desk: Desk, form: Form) -> Response:
    """The code that an administrator handed over leads to setting up, and no further."""
    try:
        token = await use_reset(desk.app.factors, desk.session, form.get("code", ""))
    except Fault as fault:
        desk.note("reset_factors", fault)
        return await _step(desk, fault)
    response = go(SECOND)
    keep(response, desk.request, SESSION, token.reveal())
    return response


async def with_passkey(guest: Guest, form: Form) -> Response:
    """Sign in with a passkey alone: the device says whose it is and that it verified them."""
    merchant_id = whole(guest.request.path_params["merchant_id"]) or 0
    await hold_place(guest.app, guest.request, merchant_id, OFFICE)
    try:
        made = await sign_in_with_passkey(
            guest.app.factors,
            site_at(guest),
            merchant_id,
            ticket=form.get("ticket", ""),
            answer=form.get("credential", ""),
            coming=Coming(language=guest.language, came_from=came_from(guest.request)),
        )
    except Refused as fault:
        # Which device it was is not known before it is right.
        if await merchant(guest.app.store, merchant_id) is not None:
            guest.app.people.wrong_tries.note(WrongTry(merchant_id, "", "", fault.kind.code), guest.app.clock.now())
        raise
    response = arrive(guest.request)
    keep(response, guest.request, SESSION, made.token.reveal())
    keep(response, guest.request, MERCHANT, str(merchant_id), seconds=YEAR_SECONDS)
    return response


def _shown(form: Form) -> Shown:
    if "credential" in form:
        return PasskeyShown(form["credential"])
    if form.get("recovery"):
        return RecoveryShown(form["recovery"])
    return CodeShown(form.get("code", ""))


async def _step(desk: Desk, fault: Fault | None = None) -> Response:
    if is_proven(desk.session):
        return go("/office/home")
    has = await factors_of(desk.app.store, desk.merchant_id, desk.person.id)
    begins = desk.session.auth == RESET or not has.count
    if begins and not (has.count or desk.actor.may_do_dangerous):
        return go("/office/home")
    why_not = why_no_passkeys(desk)
    more: dict[str, Any] = {"why_not": why_not, "reset": desk.session.auth == RESET, **tell(desk, fault)}
    if begins:
        return render(desk, "second_begin.html", status_of(fault), **more)
    ticket, options = ask_second(desk.app.factors, site_at(desk), desk.session, has.passkeys)
    usable = [one for one in has.passkeys if one.rp_id == site_at(desk).rp_id and not one.locked]
    shows_code = desk.app.demonstration and has.code_app_since is not None
    return render(
        desk,
        "second.html",
        status_of(fault),
        ticket=ticket,
        options=packed(options) if usable and why_not is None else None,
        by_code=has.code_app_since is not None,
        codes_left=has.codes_left,
        code_now=await code_now(desk.app.factors, desk.merchant_id, desk.person.id) if shows_code else None,
        **more,
    )
