"""How the office lets people in."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from counterfoil.doors.office.arriving import keep_wanted
from counterfoil.doors.office.desk import SESSION, Desk, desk_of, half_way
from counterfoil.doors.office.pages import fault_page
from counterfoil.doors.screen.endpoint import Door
from counterfoil.factors import SECOND_FACTOR_NEEDED, SECOND_FACTOR_TO_SET_UP

SECOND: Final = "/office/second"
_LEADS: Final = MappingProxyType({SECOND_FACTOR_NEEDED: SECOND, SECOND_FACTOR_TO_SET_UP: SECOND})
DOOR: Final[Door[Desk]] = Door(
    "/office", "/office/home", SESSION, desk_of, fault_page, leads=_LEADS, sent_away=keep_wanted
)
at_desk = DOOR.at_desk
as_guest = DOOR.as_guest
as_anybody = DOOR.as_anybody
# For the pages on which the second factor is shown or set up.
HALF: Final[Door[Desk]] = Door("/office", "/office/home", SESSION, half_way, fault_page)
half_way_in = HALF.at_desk
