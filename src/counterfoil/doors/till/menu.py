"""The menu: what there is to do. No sums here: customers stand in front of it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/till/menu", menu)]


async def menu(desk: Desk) -> Response:
    """What can be done here."""
    return render(desk, "menu.html")
