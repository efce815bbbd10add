"""The public addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from counterfoil.doors import static
from counterfoil.doors.public.health import health_routes
from counterfoil.doors.public.metrics import metrics_routes
from counterfoil.doors.public.notices import notice_routes
from counterfoil.doors.public.tiles import tile_routes

if TYPE_CHECKING:
    from counterfoil.app import App

_REVALIDATED: Final = {"Cache-Control": "no-cache"}


def routes(app: App) -> list[BaseRoute]:
    """Health, metrics, tiles, providers' notices, the icon browsers ask for, and the front address."""
    return [
        Route("/", _front, methods=["GET"]),
        Route("/favicon.ico", _icon, methods=["GET"]),
        *health_routes(app),
        *metrics_routes(app),
        *tile_routes(app),
        *notice_routes(app),
    ]


async def _front(_request: Request) -> Response:
    return RedirectResponse("/till", 303)


async def _icon(_request: Request) -> Response:
    return RedirectResponse(static.address("icon.svg"), 307, headers=_REVALIDATED)
