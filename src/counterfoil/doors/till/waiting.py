"""待确认: what was parked at this terminal, refreshed while one looks at it."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.payments import waiting
from counterfoil.second_person import Request, opened


def routes(app: App) -> list[BaseRoute]:
    """The list, its live part, and the badge in the bar."""
    return [
        at_desk(app, "/till/waiting", page),
        at_desk(app, "/till/waiting/list", live),
        at_desk(app, "/till/waiting/badge", badge),
    ]


async def page(desk: Desk) -> Response:
    """The whole page."""
    return await _render(desk, "waiting.html")


async def live(desk: Desk) -> Response:
    """The list alone."""
    return await _render(desk, "waiting_list.html")


async def badge(desk: Desk) -> Response:
    """How many, in the bar."""
    return render(desk, "waiting_badge.html")


async def _render(desk: Desk, template: str) -> Response:
    found = await waiting(desk.app.store, desk.merchant_id, desk.terminal.id)
    asked = [(one, _page_of(desk, one)) for one in desk.asked]
    return render(desk, template, payments=[(payment, mark_of(desk, payment)) for payment in found], asked=asked)


def _page_of(desk: Desk, request: Request) -> str:
    return f"/till/records/{opened(desk.app.factors, request).path['id']}/back/{request.id}/asked"
