"""A fault as a page: what happened at 40 px, the money at 28, what to do, and one primary button."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from counterfoil.basis import Fault
from counterfoil.doors.till.desk import Desk, Guest
from counterfoil.doors.till.pages import render

# The two that say "not known yet": in the look of being checked, never red.
_CHECKING: Final = frozenset({"CF-3116", "CF-3117", "CF-3118", "CF-9001"})


def fault_page(guest: Guest, fault: Fault, *, to: str | None = None, button: str | None = None) -> Response:
    """The page of ``fault``. ``to`` and ``button`` (its text) make its primary button; else the menu or sign-in."""
    home = ("/till/menu", "fault.to_menu") if isinstance(guest, Desk) else ("/till", "fault.to_sign_in")
    response = render(
        guest,
        "fault.html",
        fault.kind.status,
        fault=fault.tell(guest.language),
        checking=fault.kind.code in _CHECKING,
        to=to or home[0],
        button=button or guest.t(home[1]),
    )
    if fault.kind.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(fault.kind.retry_after_seconds)
    return response
