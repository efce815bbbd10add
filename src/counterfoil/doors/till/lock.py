"""锁屏: the session ends; who it was and where to go on stays on the device, with the amount being keyed."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen.cookies import drop, keep
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.number_words import number_called
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.till.cookies import (
    LOCK,
    SESSION,
    Locked,
    lock_kept,
    lock_value,
    merchant_kept,
    own_path,
    terminal_kept,
)
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import as_guest, at_desk
from counterfoil.doors.till.pages import back_of, render
from counterfoil.doors.till.sign_in import refused, signed_in, welcome
from counterfoil.people import MERCHANT_UNKNOWN, SIGN_IN_LOCKED, Merchant, merchant, number_rule_of, sign_out


def routes(app: App) -> list[BaseRoute]:
    """Lock, and the page that opens it again."""
    return [at_desk(app, "/till/lock", None, lock), as_guest(app, "/till/locked", locked, unlock)]


async def lock(desk: Desk, form: Form) -> Response:
    """End the session and remember the page; an amount in the form is what was being keyed."""
    back = own_path(back_of(form))
    await sign_out(desk.app.people, desk.session)
    response = go("/till/locked")
    drop(response, desk.request, SESSION)
    keep(response, desk.request, LOCK, lock_value(Locked(desk.person.number or "", back)))
    return response


async def locked(guest: Guest) -> Response:
    """Who locked it, what is kept, and the password."""
    kept = lock_kept(guest.request)
    merchant_id = merchant_kept(guest.request)
    whose = await merchant(guest.app.store, merchant_id) if merchant_id else None
    if kept is None or whose is None:
        return go("/till")
    return await _page(guest, whose, kept)


async def unlock(guest: Guest, form: Form) -> Response:
    """Sign the same operator in again and go on where it was."""
    kept, merchant_id = lock_kept(guest.request), merchant_kept(guest.request)
    if kept is None or not merchant_id:
        return go("/till")
    whose = await merchant(guest.app.store, merchant_id)
    if whose is None:
        raise MERCHANT_UNKNOWN()
    known = {"number": kept.number, "terminal": terminal_kept(guest.request, merchant_id) or ""}
    try:
        made = await signed_in(guest, merchant_id, {**form, **known})
    except Fault as fault:
        if fault.kind is SIGN_IN_LOCKED:
            return await refused(guest, whose, {**form, **known}, fault)
        return await _page(guest, whose, kept, fault)
    return welcome(guest, made, kept.back)


async def _page(guest: Guest, whose: Merchant, kept: Locked, fault: Fault | None = None) -> Response:
    amount = parse_qs(urlsplit(kept.back).query).get("amount", [""])[0]
    who = number_called(guest.t, await number_rule_of(guest.app.store, whose.merchant_id), kept.number)
    return render(guest, "locked.html", status_of(fault), kept=kept, who=who, amount=amount, **tell(guest, fault))
