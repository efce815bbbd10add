"""登录: which merchant, which terminal, who; and a supervisor lifting a pause on the spot."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret, local_day
from counterfoil.doors.screen.cookies import YEAR_SECONDS, cookie_of, drop, keep, signed_out, whole
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.number_words import number_called
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.screen.peer import peer_of
from counterfoil.doors.till.cookies import BACK, LOCK, SESSION, TERMINAL, back_kept, merchant_kept, terminal_kept
from counterfoil.doors.till.desk import Desk, desk_of
from counterfoil.doors.till.device import hold_device
from counterfoil.doors.till.endpoint import SIGN_OUT, as_guest, at_desk
from counterfoil.doors.till.pages import render
from counterfoil.locale import day
from counterfoil.people import (
    MERCHANT_UNKNOWN,
    SIGN_IN_LOCKED,
    Merchant,
    SignedIn,
    authenticate_session,
    enrolments,
    lift_lock,
    merchant,
    merchants,
    number_rule_of,
    sign_in,
    sign_out,
    terminals,
)

_ACTIVE = "active"


def routes(app: App) -> list[BaseRoute]:
    """The way in and out. With several merchants the address carries the merchant."""
    return [
        as_guest(app, "/till", begin),
        as_guest(app, "/till/at/{merchant_id}", ask_who, enter),
        as_guest(app, "/till/at/{merchant_id}/lift", None, lift),
        at_desk(app, SIGN_OUT, None, leave),
    ]


async def begin(guest: Guest) -> Response:
    """Go on to the menu when signed in, else to the sign-in of this device's merchant, else let one be chosen."""
    try:
        await desk_of(guest.app, guest.request)
    except Fault:
        known = await merchants(guest.app.store)
    else:
        return go("/till/menu")
    numbers = [one.merchant_id for one in known if one.merchant_id]
    if not numbers:
        return go("/setup")
    kept = merchant_kept(guest.request)
    if kept in numbers or len(numbers) == 1:
        return go(f"/till/at/{kept if kept in numbers else numbers[0]}")
    return render(guest, "merchants.html", merchants=[one for one in known if one.merchant_id])


async def ask_who(guest: Guest) -> Response:
    """Terminal, operator number, password."""
    return await sign_in_page(guest, await merchant_asked(guest))


async def enter(guest: Guest, form: Form) -> Response:
    """Sign in; this device is that terminal from now on."""
    whose = await merchant_asked(guest)
    try:
        made = await signed_in(guest, whose.merchant_id, form)
    except Fault as fault:
        return await refused(guest, whose, form, fault)
    await _end_earlier(guest)
    return welcome(guest, made, back_kept(guest.request))


async def lift(guest: Guest, form: Form) -> Response:
    """A supervisor lifts the pause of an operator number at this terminal."""
    whose = await merchant_asked(guest)
    number = form.get("locked_number", "")
    try:
        await hold_device(guest, whose.merchant_id, form.get("terminal", ""))
        await lift_lock(
            guest.app.people,
            merchant_id=whose.merchant_id,
            terminal_id=form.get("terminal", ""),
            locked_number=number,
            number=form.get("number", ""),
            password=Secret(form.get("password", "")),
            address=peer_of(guest.request),
        )
    except Fault as fault:
        return _lock_page(guest, whose, form, number, again=fault)
    return await sign_in_page(guest, whose, number=number, lifted=number)


async def leave(desk: Desk, _: Form) -> Response:
    """退出: end the session on the server."""
    await sign_out(desk.app.people, desk.session)
    response = go(f"/till/at/{desk.merchant_id}")
    signed_out(response, desk.request, SESSION)
    return response


async def signed_in(guest: Guest, merchant_id: int, form: Form) -> SignedIn:
    """Ask for a session with what the form says. Raises as ``people.sign_in`` and ``people.admit`` do."""
    terminal_id = form.get("terminal", "")
    return await sign_in(
        guest.app.people,
        enrolled=await hold_device(guest, merchant_id, terminal_id),
        merchant_id=merchant_id,
        terminal_id=terminal_id,
        number=form.get("number", ""),
        password=Secret(form.get("password", "")),
        language=guest.language,
        address=peer_of(guest.request),
    )


def welcome(guest: Guest, made: SignedIn, to: str) -> Response:
    """Go on with the new session."""
    response = go(to)
    keep(response, guest.request, SESSION, made.token.reveal())
    terminal = f"{made.session.merchant_id}.{made.session.terminal_id}"
    keep(response, guest.request, TERMINAL, terminal, seconds=YEAR_SECONDS)
    drop(response, guest.request, LOCK)
    drop(response, guest.request, BACK)
    return response


async def refused(guest: Guest, whose: Merchant, form: Form, fault: Fault) -> Response:
    """The page again with the refusal, or the page where a supervisor lifts a pause."""
    number = form.get("number", "")
    if fault.kind is SIGN_IN_LOCKED:
        return _lock_page(guest, whose, form, number, locked=fault)
    more = {"number": number, "terminal": form.get("terminal"), **tell(guest, fault)}
    return await sign_in_page(guest, whose, fault.kind.status, **more)


async def sign_in_page(guest: Guest, whose: Merchant, status: int = 200, **more: Any) -> Response:
    """The page with the merchant's terminals grouped by shop."""
    known = [(terminal, shop) for terminal, shop in await terminals(guest.app.store, whose.merchant_id)]
    usable = [(terminal, shop) for terminal, shop in known if terminal.state == shop.state == _ACTIVE]
    wanted = more.pop("terminal", None) or terminal_kept(guest.request, whose.merchant_id)
    asked_to_change = "change" in guest.request.query_params
    here = next((pair for pair in usable if pair[0].id == wanted), None) if not asked_to_change else None
    zone, ends = (here[1].zone, here[1].day_ends_minute) if here else (whose.zone, 0)
    shops = {shop.id: shop for _, shop in usable}
    given = {
        "merchant": whose,
        "here": here,
        "shops": [(shop, [one for one, at in usable if at.id == shop.id]) for shop in shops.values()],
        "business_day": day(local_day(guest.app.clock.now(), zone, ends), guest.language),
        "wanted": wanted,
        "enrolled": here is not None and (await enrolments(guest.app.store, whose.merchant_id)).get(here[0].id),
    }
    blank = {"number": "", "fault": None, "lifted": None, "reset": None}
    called = {
        name: number_called(guest.t, await number_rule_of(guest.app.store, whose.merchant_id), more[name])
        for name in ("lifted", "reset")
        if more.get(name)
    }
    return render(guest, "sign_in.html", status, **given, **(blank | more | called))


def _lock_page(
    guest: Guest, whose: Merchant, form: Form, number: str, *, locked: Fault | None = None, again: Fault | None = None
) -> Response:
    fault = again or locked
    return render(
        guest,
        "paused.html",
        status_of(fault),
        merchant=whose,
        terminal=form.get("terminal", ""),
        locked_number=number,
        fault=locked.tell(guest.language) if locked else None,
        again=again.tell(guest.language) if again else None,
    )


async def _end_earlier(guest: Guest) -> None:
    """A device has one session: whoever was signed in on it before is not any more."""
    try:
        earlier, _ = await authenticate_session(guest.app.people, cookie_of(guest.request, SESSION), used=False)
    except Fault:
        return
    await sign_out(guest.app.people, earlier)


async def merchant_asked(guest: Guest) -> Merchant:
    """The merchant in the address. Raises Refused CF-2016."""
    found = await merchant(guest.app.store, whole(guest.request.path_params["merchant_id"]) or 0)
    if found is None or found.merchant_id == 0:
        raise MERCHANT_UNKNOWN()
    return found
