"""In a demonstration: which amounts make the sandbox decline, ask for a password, answer late."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Money
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.till.endpoint import as_anybody
from counterfoil.doors.till.pages import render
from counterfoil.payments import SHOWN_CODE
from counterfoil.providers.lakala.sandbox import BY_AMOUNT

_TABLES: Final = {"scanned": "consumer_code", "shown": SHOWN_CODE}


def routes(app: App) -> list[BaseRoute]:
    """One page, there only in a demonstration."""
    return [as_anybody(app, "/till/help/amounts", amounts)]


async def amounts(guest: Guest) -> Response:
    """The sandbox's amounts. Raises Refused CF-1804 outside a demonstration."""
    if not guest.app.demonstration:
        raise NO_SUCH_PAGE()
    told = {name: _amounts(guest, entry) for name, entry in _TABLES.items()}
    return render(guest, "amounts.html", tables=told)


def _amounts(guest: Guest, entry: str) -> list[tuple[Money, str]]:
    own = [row for row in BY_AMOUNT if row.entry == entry]
    return [(Money(row.amount_minor), row.zh if guest.language == "zh-CN" else row.en) for row in own]
