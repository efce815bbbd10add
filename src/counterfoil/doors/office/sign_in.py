"""登录后台: which merchant, who, and the way out."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret
from counterfoil.doors.office.arriving import arrive
from counterfoil.doors.office.desk import MERCHANT, SESSION, Desk, half_way
from counterfoil.doors.office.endpoint import as_guest, at_desk
from counterfoil.doors.office.here import came_from, packed, site_at, why_no_passkeys
from counterfoil.doors.office.pages import render
from counterfoil.doors.place import hold_place
from counterfoil.doors.screen.cookies import YEAR_SECONDS, cookie_of, keep, signed_out, whole
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.pages import go, tell
from counterfoil.doors.screen.peer import peer_of
from counterfoil.factors import ask_first
from counterfoil.people import (
    EMAIL_CHARACTERS_MAX,
    MERCHANT_UNKNOWN,
    OFFICE,
    Merchant,
    merchant,
    merchants,
    nothing_more,
    sign_in_office,
    sign_out,
)


def routes(app: App) -> list[BaseRoute]:
    """The way in and out. With several merchants the address carries the merchant."""
    return [
        as_guest(app, "/office", begin),
        as_guest(app, "/office/others", choose),
        as_guest(app, "/office/at/{merchant_id}", ask_who, enter),
        at_desk(app, "/office/sign-out", None, leave),
    ]


async def begin(guest: Guest) -> Response:
    """Go on home when signed in, else to the sign-in of this device's merchant, else let one be chosen."""
    try:
        await half_way(guest.app, guest.request)
    except Fault:
        known = [one for one in await merchants(guest.app.store) if one.merchant_id]
    else:
        return go("/office/home")
    if not known:
        return go("/setup")
    numbers = [str(one.merchant_id) for one in known]
    kept = cookie_of(guest.request, MERCHANT)
    if kept in numbers or len(numbers) == 1:
        return go(f"/office/at/{kept if kept in numbers else numbers[0]}")
    return render(guest, "merchants.html", merchants=known)


async def choose(guest: Guest) -> Response:
    """Choose another merchant than the one this device was last used for."""
    return render(
        guest, "merchants.html", merchants=[one for one in await merchants(guest.app.store) if one.merchant_id]
    )


async def ask_who(guest: Guest) -> Response:
    """E-mail address and password."""
    whose = await merchant_asked(guest)
    await hold_place(guest.app, guest.request, whose.merchant_id, OFFICE)
    return await sign_in_page(guest, whose)


async def enter(guest: Guest, form: Form) -> Response:
    """Sign in, without a terminal."""
    whose = await merchant_asked(guest)
    await hold_place(guest.app, guest.request, whose.merchant_id, OFFICE)
    try:
        made = await sign_in_office(
            guest.app.people,
            merchant_id=whose.merchant_id,
            email=form.get("email", ""),
            password=Secret(form.get("password", "")),
            language=guest.language,
            came_from=came_from(guest.request),
            address=peer_of(guest.request),
            ask_more=nothing_more,
        )
    except Fault as fault:
        more = {"email": form.get("email", "")[:EMAIL_CHARACTERS_MAX], **tell(guest, fault)}
        return await sign_in_page(guest, whose, fault.kind.status, **more)
    response = arrive(guest.request)
    keep(response, guest.request, SESSION, made.token.reveal())
    keep(response, guest.request, MERCHANT, str(whose.merchant_id), seconds=YEAR_SECONDS)
    return response


async def leave(desk: Desk, _: Form) -> Response:
    """退出: end the session on the server."""
    await sign_out(desk.app.people, desk.session)
    response = go(f"/office/at/{desk.merchant_id}")
    signed_out(response, desk.request, SESSION)
    return response


async def sign_in_page(guest: Guest, whose: Merchant, status: int = 200, **more: Any) -> Response:
    """The page; ``email`` is what stands in its first field, ``done``: a password was just set."""
    blank = {"email": "", "fault": None, "done": False, "several": await _several(guest)}
    if why_no_passkeys(guest) is None:
        ticket, options = ask_first(guest.app.factors, site_at(guest), whose.merchant_id)
        blank |= {"ticket": ticket, "options": packed(options)}
    return render(guest, "sign_in.html", status, merchant=whose, **(blank | more))


async def _several(guest: Guest) -> bool:
    return sum(one.merchant_id != 0 for one in await merchants(guest.app.store)) > 1


async def merchant_asked(guest: Guest) -> Merchant:
    """The merchant in the address. Raises Refused CF-2016."""
    found = await merchant(guest.app.store, whole(guest.request.path_params["merchant_id"]) or 0)
    if found is None or found.merchant_id == 0:
        raise MERCHANT_UNKNOWN()
    return found
