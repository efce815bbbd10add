"""How the till lets people in."""

from __future__ import annotations

from typing import Final

from counterfoil.doors.screen.endpoint import Door
from counterfoil.doors.till.cookies import SESSION
from counterfoil.doors.till.desk import Desk, desk_of
from counterfoil.doors.till.fault_page import fault_page

DOOR: Final[Door[Desk]] = Door("/till", "/till/menu", SESSION, desk_of, fault_page)
at_desk = DOOR.at_desk
as_guest = DOOR.as_guest
as_anybody = DOOR.as_anybody
