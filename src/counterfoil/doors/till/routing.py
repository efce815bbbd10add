"""All pages of the till."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.till import (
    asked,
    card,
    cash,
    enrol,
    find,
    found,
    give_back,
    guide,
    live,
    lock,
    menu,
    more,
    network,
    own_password,
    preferences,
    receipt,
    reset,
    result,
    room,
    sandbox_help,
    show_code,
    sign_in,
    sure,
    take,
    waiting,
)
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk

_PAGES = (
    sign_in,
    enrol,
    reset,
    lock,
    preferences,
    menu,
    more,
    network,
    own_password,
    guide,
    show_code,
    card,
    take,
    sure,
    cash,
    result,
    live,
    waiting,
    find,
    found,
    room,
    receipt,
    give_back,
    asked,
    sandbox_help,
)


def routes(app: App) -> list[BaseRoute]:
    """Everything under ``/till``."""
    pages = [route for page in _PAGES for route in page.routes(app)]
    return [*pages, at_desk(app, "/till/{rest:path}", _nothing_here)]


async def _nothing_here(_: Desk) -> Response:
    raise NO_SUCH_PAGE()
