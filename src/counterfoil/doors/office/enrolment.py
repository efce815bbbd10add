"""Setting up a passkey or a code app: the same two pages for the first one and for one more."""

from __future__ import annotations

from starlette.responses import Response

from counterfoil.basis import Fault
from counterfoil.doors.office.desk import SESSION, Desk
from counterfoil.doors.office.here import packed, site_at, why_no_passkeys
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.cookies import keep
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.screen.qr_code import picture
from counterfoil.factors import (
    CodeOffer,
    Enrolled,
    add_code_app,
    add_passkey,
    code_at,
    is_proven,
    offer_code_app,
    offer_passkey,
    same_offer,
    step_at,
)

MINE = "/office/me"


async def key_page(desk: Desk) -> Response:
    """What a passkey is, its name, and the button that makes one."""
    return await _key_page(desk)


async def add_key(desk: Desk, form: Form) -> Response:
    """Keep the passkey that the device made."""
    try:
        made = await add_passkey(
            desk.app.factors,
            site_at(desk),
            desk.session,
            desk.actor,
            ticket=form.get("ticket", ""),
            answer=form.get("credential", ""),
            name=form.get("name", ""),
        )
    except Fault as fault:
        desk.note("add_factor", fault)
        return await _key_page(desk, fault)
    return _done(desk, made, "passkey")


async def app_page(desk: Desk) -> Response:
    """The secret as a picture and as text, and the field for a first code."""
    offer = await offer_code_app(desk.app.factors, desk.session, desk.actor, account=account_of(desk))
    return _app_page(desk, offer)


async def add_app(desk: Desk, form: Form) -> Response:
    """Keep the code app once a code of it was typed; a mistyped one is asked for again, of the same secret."""
    means, ticket = desk.app.factors, form.get("ticket", "")
    try:
        made = await add_code_app(means, desk.session, desk.actor, ticket=ticket, code=form.get("code", ""))
    except Fault as fault:
        desk.note("add_factor", fault)
        offer = same_offer(means, desk.session, desk.actor, ticket=ticket, account=account_of(desk))
        return _app_page(desk, offer, fault)
    return _done(desk, made, "app")


def codes_page(desk: Desk, codes: tuple[str, ...], done: str) -> Response:
    """The recovery codes, shown this once."""
    return render(desk, "codes.html", codes=codes, done=done)


def account_of(desk: Desk) -> str:
    """What a device shows beside our name: the merchant and the operator."""
    return f"{desk.merchant.name} {desk.person.called}"


def _done(desk: Desk, made: Enrolled, done: str) -> Response:
    shown = tuple(code.reveal() for code in made.codes)
    response = codes_page(desk, shown, done) if shown else go(MINE, done=done)
    if made.token is not None:
        keep(response, desk.request, SESSION, made.token.reveal())
    return response


async def _key_page(desk: Desk, fault: Fault | None = None) -> Response:
    why_not = why_no_passkeys(desk)
    offer = None
    if why_not is None and fault is None:
        offer = await offer_passkey(desk.app.factors, site_at(desk), desk.session, desk.actor, account=account_of(desk))
    return render(
        desk,
        "passkey.html",
        status_of(fault),
        offer=offer,
        options=packed(offer.options) if offer else None,
        why_not=why_not,
        first=not is_proven(desk.session),
        **tell(desk, fault),
    )


def _app_page(desk: Desk, offer: CodeOffer, fault: Fault | None = None) -> Response:
    secret = offer.secret.reveal()
    return render(
        desk,
        "code_app.html",
        status_of(fault),
        ticket=offer.ticket,
        picture=picture(offer.address.reveal()),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        code_now=code_at(secret, step_at(desk.now)) if desk.app.demonstration else None,
        first=not is_proven(desk.session),
        **tell(desk, fault),
    )
