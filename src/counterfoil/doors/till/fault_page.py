"""A fault as a page: what happened at 40 px, the money at 28, what to do, and one primary button."""

from __future__ import annotations

from starlette.responses import Response

from counterfoil.basis import Fault
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.pages import PAGES


def fault_page(guest: Guest, fault: Fault, *, to: str | None = None, button: str | None = None) -> Response:
    """The page of ``fault``. ``to`` and ``button`` (its text) make its primary button; else the menu or sign-in."""
    home = ("/till/menu", "fault.to_menu") if isinstance(guest, Desk) else ("/till", "fault.to_sign_in")
    return PAGES.fault(guest, fault, to=to or home[0], button=button or guest.t(home[1]))
