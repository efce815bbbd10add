"""查单: the customer says it is paid. Scan the bill or the receipt, or look at the last ones."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.pages import go
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.people import Permission, demand
from counterfoil.records import Find, find

_RECENT = 8


def routes(app: App) -> list[BaseRoute]:
    """One page; the number stands in the address."""
    return [at_desk(app, "/till/find", look_up)]


async def look_up(desk: Desk) -> Response:
    """The payment of that number, or a list where several have it; without a number the last ones here."""
    demand(desk.actor, Permission.READ)
    number = "".join(desk.request.query_params.get("number", "").split())
    asked = Find(number=number, limit=_RECENT) if number else Find(terminal_id=desk.terminal.id, limit=_RECENT)
    page = await find(desk.app.records, desk.merchant_id, asked)
    if number and len(page.items) == 1:
        return go(f"/till/records/{page.items[0].id}")
    found = [(payment, mark_of(desk, payment)) for payment in page.items]
    return render(desk, "find.html", number=number, payments=found)
