"""In a demonstration: which amounts make the sandbox decline, ask for a password, answer late."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.till.desk import Guest
from counterfoil.doors.till.endpoint import as_guest
from counterfoil.doors.till.faults import NO_SUCH_PAGE
from counterfoil.doors.till.pages import render


def routes(app: App) -> list[BaseRoute]:
    """One page, there only in a demonstration."""
    return [as_guest(app, "/till/help/amounts", amounts)]


async def amounts(guest: Guest) -> Response:
    """The sandbox's amounts. Raises Refused CF-1804 outside a demonstration."""
    if not guest.app.store.installation.demonstration:
        raise NO_SUCH_PAGE()
    return render(guest, "amounts.html", amounts=())
