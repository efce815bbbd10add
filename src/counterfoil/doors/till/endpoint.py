"""How the till lets people in."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from counterfoil.basis import Fault, Money, NotMoney
from counterfoil.doors.screen.endpoint import Door, First
from counterfoil.doors.screen.guard import from_here, texts_of
from counterfoil.doors.screen.pages import link
from counterfoil.doors.till.cookies import SESSION, keep_back
from counterfoil.doors.till.desk import Desk, desk_of
from counterfoil.doors.till.device import hold_desk
from counterfoil.doors.till.fault_page import fault_page
from counterfoil.people import PASSWORD_NOT_OWN

FIRST_PAGE: Final = "/till/password"
SIGN_OUT: Final = "/till/sign-out"


async def _came_too_late(request: Request, page: Response) -> None:
    if sale := await _sale_cut_off(request):
        keep_back(page, request, sale)


async def _sale_cut_off(request: Request) -> str | None:
    """The page of the sale whose form came too late, with its id and amount; nothing was done with the form.

    The id is the same, so that what had been sent before is shown afterwards and not charged again.
    """
    if request.method != "POST" or not request.url.path.startswith("/till/take"):
        return None
    try:
        from_here(request)
        amount = Money.parse((await texts_of(request)).get("amount", ""))
    except (Fault, NotMoney):
        return None
    return link(request.url.path, amount=amount.decimal())


def _own_password_first(desk: Desk) -> First | None:
    """Whoever came with a password that somebody else typed sets their own, or leaves; nothing else is done."""
    if desk.person.has_own_password or desk.request.url.path in (FIRST_PAGE, SIGN_OUT):
        return None
    return First(FIRST_PAGE, "finish_password", PASSWORD_NOT_OWN())


DOOR: Final[Door[Desk]] = Door(
    "/till",
    "/till/menu",
    SESSION,
    desk_of,
    fault_page,
    _came_too_late,
    hold=hold_desk,
    first=_own_password_first,
)
at_desk = DOOR.at_desk
as_guest = DOOR.as_guest
as_anybody = DOOR.as_anybody
