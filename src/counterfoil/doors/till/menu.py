"""The menu: what there is to do, and the shop's day so far."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.records import day_so_far


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/till/menu", menu)]


async def menu(desk: Desk) -> Response:
    """What can be done here."""
    totals = await day_so_far(desk.app.records, desk.merchant_id, desk.shop.id, desk.business_day)
    return render(desk, "menu.html", totals=totals)
