"""登记终端: a code from the office, a key made here, and six words to compare."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen.cookies import YEAR_SECONDS, keep
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.till.cookies import TERMINAL, merchant_kept, terminal_kept
from counterfoil.doors.till.endpoint import as_guest
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.sign_in import merchant_asked
from counterfoil.people import (
    ACTIVE,
    ENROLLED,
    TERMINAL_UNKNOWN,
    Merchant,
    SixWords,
    Terminal,
    device_key,
    enrolment_of,
    hand_in,
    merchants,
    terminal,
    terminals,
    window_of,
)

WAITING: Final = "waiting"


@dataclass(frozen=True, slots=True)
class Handed:
    """How it stands with a key that was handed in: ``waiting`` with its words, ``enrolled``, or ``over``."""

    state: str
    words: SixWords | None = None


def routes(app: App) -> list[BaseRoute]:
    """The way there, the form, and what became of the key."""
    return [
        as_guest(app, "/till/enrol", begin),
        as_guest(app, "/till/at/{merchant_id}/enrol", ask, hand),
        as_guest(app, "/till/at/{merchant_id}/enrol/{terminal_id}", handed),
    ]


async def begin(guest: Guest) -> Response:
    """Go on to this device's merchant, or the only one there is; else one is chosen first."""
    numbers = [one.merchant_id for one in await merchants(guest.app.store) if one.merchant_id]
    kept = merchant_kept(guest.request)
    if kept in numbers or len(numbers) == 1:
        return go(f"/till/at/{kept if kept in numbers else numbers[0]}/enrol")
    return go("/till")


async def ask(guest: Guest) -> Response:
    """Which terminal this is to be, and the code."""
    return await _page(guest, await merchant_asked(guest), {})


async def hand(guest: Guest, form: Form) -> Response:
    """Hand the key in that this browser has just made."""
    whose, terminal_id = await merchant_asked(guest), form.get("terminal", "")
    try:
        key = device_key(form.get("algorithm", ""), form.get("public_key", ""))
        await hand_in(guest.app.people, whose.merchant_id, terminal_id, form.get("code", ""), key)
    except Fault as fault:
        return await _page(guest, whose, form, fault)
    return go(f"/till/at/{whose.merchant_id}/enrol/{terminal_id}", key=key.sha256)


async def handed(guest: Guest) -> Response:
    """The six words until the office has confirmed them; then this device is that terminal."""
    whose = await merchant_asked(guest)
    found = await terminal(guest.app.store, whose.merchant_id, guest.request.path_params["terminal_id"])
    if found is None:
        raise TERMINAL_UNKNOWN()
    sha256 = guest.request.query_params.get("key", "")
    handed = await _handed(guest, found, sha256)
    # The page asks by itself; as long as nothing is new it stays as it is, so that nobody hears the words again.
    if "hx-request" in guest.request.headers and handed.state == WAITING:
        return Response(status_code=204)
    response = render(guest, "enrol_words.html", merchant=whose, terminal=found, handed=handed, sha256=sha256)
    if handed.state == ENROLLED:
        keep(response, guest.request, TERMINAL, f"{whose.merchant_id}.{found.id}", seconds=YEAR_SECONDS)
    return response


async def _handed(guest: Guest, found: Terminal, sha256: str) -> Handed:
    """Of that very key: whoever does not know it is shown nothing of another's."""
    store, shown = guest.app.store, sha256.encode()
    window = await window_of(store, found.merchant_id, found.id, guest.app.clock.now())
    if window and window.key and hmac.compare_digest(window.key.sha256.encode(), shown):
        return Handed(WAITING, window.words)
    known = await enrolment_of(store, found.merchant_id, found.id)
    if known and known.state == ENROLLED and hmac.compare_digest(known.key.sha256.encode(), shown):
        return Handed(ENROLLED)
    return Handed("over")


async def _page(guest: Guest, whose: Merchant, form: Form, fault: Fault | None = None) -> Response:
    known = await terminals(guest.app.store, whose.merchant_id)
    usable = [(one, shop) for one, shop in known if one.state == shop.state == ACTIVE]
    wanted = form.get("terminal") or terminal_kept(guest.request, whose.merchant_id)
    given = {"merchant": whose, "terminals": usable, "wanted": wanted}
    return render(guest, "enrol.html", status_of(fault), **given, **tell(guest, fault))
