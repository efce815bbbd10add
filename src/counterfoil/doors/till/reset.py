"""重设密码: a supervisor sets a cashier's new password at this terminal, an administrator anybody's."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret
from counterfoil.doors.place import hold_act
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.screen.peer import peer_of
from counterfoil.doors.till.cookies import terminal_kept
from counterfoil.doors.till.device import hold_device
from counterfoil.doors.till.endpoint import as_guest
from counterfoil.doors.till.faults import PASSWORDS_DIFFER
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.sign_in import merchant_asked, sign_in_page
from counterfoil.people import ENROLLED, Permission, Person, at_terminal, enrolment_of, reset_password


def routes(app: App) -> list[BaseRoute]:
    """The page behind the link under the sign-in."""
    return [as_guest(app, "/till/at/{merchant_id}/reset", ask, reset)]


async def ask(guest: Guest) -> Response:
    """Whose password, the new one twice, and who allows it; only on a device that is a terminal already."""
    whose = await merchant_asked(guest)
    if terminal_kept(guest.request, whose.merchant_id) is None:
        return go(f"/till/at/{whose.merchant_id}")
    return await _page(guest, whose.merchant_id, {})


async def reset(guest: Guest, form: Form) -> Response:
    """Set it, and go back to the sign-in."""
    whose = await merchant_asked(guest)
    try:
        done = await _reset(guest, whose.merchant_id, form)
    except Fault as fault:
        return await _page(guest, whose.merchant_id, form, fault)
    return await sign_in_page(guest, whose, number=done.number, reset=done.number)


async def _reset(guest: Guest, merchant_id: int, form: Form) -> Person:
    new = form.get("new", "")
    if new != form.get("again", ""):
        raise PASSWORDS_DIFFER(field="again")
    # Nobody's password is tried where it could not be set.
    await hold_act(guest.app, guest.request, merchant_id, Permission.RESET_PASSWORD)
    terminal_id = terminal_kept(guest.request, merchant_id) or ""
    enrolled = await hold_device(guest, merchant_id, terminal_id)
    proof = await at_terminal(
        guest.app.people,
        merchant_id,
        terminal_id,
        number=form.get("number", ""),
        password=Secret(form.get("password", "")),
        address=peer_of(guest.request),
    )
    return await reset_password(guest.app.people, proof, form.get("whose", ""), Secret(new), enrolled=enrolled)


async def _page(guest: Guest, merchant_id: int, form: Form, fault: Fault | None = None) -> Response:
    """The page; after a refusal the numbers stay, the passwords are typed again."""
    numbers = {"whose": form.get("whose", ""), "number": form.get("number", "")}
    path = guest.request.url.path
    known = await enrolment_of(guest.app.store, merchant_id, terminal_kept(guest.request, merchant_id) or "")
    enrolled = known is not None and known.state == ENROLLED
    given = {"path": path, "enrolled": enrolled, **numbers}
    return render(guest, "reset.html", status_of(fault), **given, **tell(guest, fault))
