"""The records in the office: those of all shops."""

from __future__ import annotations

from typing import Final

from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import PAGES, render
from counterfoil.doors.screen import exporting, listing, receipt, record, removing, saving
from counterfoil.doors.screen.room import Room

_PAGES: Final = (listing, exporting, saving, record, removing, receipt)
ROOM: Final[Room[Desk]] = Room(
    base="/office",
    frame="frame.html",
    back=None,
    at_desk=at_desk,
    render=render,
    fault=PAGES.fault,
    rows=50,
    columns=("time", "amount", "wallet", "state", "shop", "terminal", "operator", "voucher", "order"),
    today=lambda desk: desk.day,
    shop_of=lambda _: None,
    prints=lambda _: False,
)


def routes(app: App) -> list[BaseRoute]:
    """The list, one record, its receipt, whether it could be removed, files and saved filters."""
    return [route for page in _PAGES for route in page.routes(app, ROOM)]
