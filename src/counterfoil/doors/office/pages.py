"""The office's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.responses import Response

from counterfoil.basis import Fault
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.pages import Pages

PAGES: Final = Pages(Path(__file__).parent / "templates")
render = PAGES.render


def fault_page(guest: Guest, fault: Fault) -> Response:
    """A fault as a page, within the frame for whoever is signed in."""
    home = ("/office/home", "office.to_home") if isinstance(guest, Desk) else ("/office", "fault.to_sign_in")
    return PAGES.fault(guest, fault, to=home[0], button=guest.t(home[1]))
