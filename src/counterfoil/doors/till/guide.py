"""帮助: how one works here, on one page."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.till.endpoint import as_anybody
from counterfoil.doors.till.pages import render


def routes(app: App) -> list[BaseRoute]:
    """One page, for whoever stands before the till."""
    return [as_anybody(app, "/till/help", help_)]


async def help_(guest: Guest) -> Response:
    """The page."""
    return render(guest, "help.html")
