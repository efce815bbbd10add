"""The device before the till: whether a form was signed by the one that is this terminal."""

from __future__ import annotations

import hashlib
from typing import Final

from starlette.requests import Request

from counterfoil.basis import Fault
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.till.cookies import TERMINAL
from counterfoil.doors.till.desk import Desk
from counterfoil.people import Signed, admit

# The two fields a device adds to a form; the signature is over the body without its own field.
COUNTER: Final = b"cf_counter="
SIGNATURE: Final = b"cf_signature="


async def hold_device(guest: Guest, merchant_id: int, terminal_id: str) -> bool:
    """Whether that terminal is enrolled; this form then comes from its device. Raises as ``people.admit`` does."""
    return await admit(guest.app.people, merchant_id, terminal_id, await signed_of(guest.request))


async def hold_desk(desk: Desk) -> None:
    """The same for who is signed in; a refusal is counted to them."""
    try:
        await hold_device(desk, desk.merchant_id, desk.terminal.id)
    except Fault as fault:
        desk.note("sign_form", fault)
        raise


async def signed_of(request: Request) -> Signed | None:
    """What the form was signed for; None where it carries no signature, or more than one."""
    parts = (await request.body()).split(b"&")
    signatures = [part.removeprefix(SIGNATURE) for part in parts if part.startswith(SIGNATURE)]
    counters = [part.removeprefix(COUNTER) for part in parts if part.startswith(COUNTER)]
    if len(signatures) != 1 or len(counters) != 1:
        return None
    counter = whole(counters[0].decode("ascii", "replace"))
    rest = b"&".join(part for part in parts if not part.startswith(SIGNATURE))
    return Signed(
        method=request.method,
        path=_path(request),
        body_sha256=hashlib.sha256(rest).hexdigest(),
        counter=counter or 0,
        signature=signatures[0].decode("ascii", "replace"),
    )


def device_of(guest: Guest) -> str:
    """Which terminal this page is at, as ``merchant.terminal``; empty where that is not known yet."""
    if isinstance(guest, Desk):
        return f"{guest.merchant_id}.{guest.terminal.id}"
    return guest.request.cookies.get(TERMINAL, "")


def _path(request: Request) -> str:
    """As it stands in the request line, with the query."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope["query_string"]
    return (raw.partition(b"?")[0] + (b"?" + query if query else b"")).decode("ascii", "replace")
