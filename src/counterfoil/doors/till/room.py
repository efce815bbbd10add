"""The till's records: those of its own shop unless more are asked for."""

from __future__ import annotations

from typing import Final

from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Printer
from counterfoil.doors.screen import exporting, listing, receipt, record, removing, saving
from counterfoil.doors.screen.room import Room
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import PAGES, render


def printer_of(desk: Desk) -> Printer | None:
    """The receipt printer of this terminal, where the settings name one."""
    return desk.app.settings.printers.get(f"{desk.merchant_id}.{desk.terminal.number}")


_PAGES: Final = (listing, exporting, saving, record, removing, receipt)
ROOM: Final[Room[Desk]] = Room(
    base="/till",
    frame="base.html",
    back="/till/menu",
    at_desk=at_desk,
    render=render,
    fault=PAGES.fault,
    rows=30,
    columns=("time", "amount", "wallet", "state", "voucher", "order", "terminal", "operator"),
    today=lambda desk: desk.business_day,
    shop_of=lambda desk: desk.shop,
    prints=lambda desk: printer_of(desk) is not None,
)


def routes(app: App) -> list[BaseRoute]:
    """The list, one record, its receipt, whether it could be removed, files and saved filters."""
    return [route for page in _PAGES for route in page.routes(app, ROOM)]
