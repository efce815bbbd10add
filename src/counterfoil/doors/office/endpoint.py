"""How the office lets people in."""

from __future__ import annotations

from typing import Final

from counterfoil.doors.office.desk import SESSION, Desk, desk_of
from counterfoil.doors.office.pages import fault_page
from counterfoil.doors.screen.endpoint import Door

DOOR: Final[Door[Desk]] = Door("/office", "/office/home", SESSION, desk_of, fault_page)
at_desk = DOOR.at_desk
as_guest = DOOR.as_guest
as_anybody = DOOR.as_anybody
