"""The public addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from counterfoil.doors.faults import NOT_FOUND
from counterfoil.doors.public.assets import Asset, asset_url, assets
from counterfoil.doors.public.health import health_routes
from counterfoil.doors.public.tiles import tile_routes

if TYPE_CHECKING:
    from counterfoil.app import App

_FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_REVALIDATED: Final = {"Cache-Control": "no-cache"}


def routes(app: App) -> list[BaseRoute]:
    """Health, tiles, static files, and the front address, which leads to the till."""
    return [
        Route("/", _front, methods=["GET"]),
        Route("/favicon.ico", _icon, methods=["GET"]),
        Route("/static/{digest}/{name:path}", _static, methods=["GET"]),
        *health_routes(app),
        *tile_routes(app),
    ]


async def _front(_request: Request) -> Response:
    return RedirectResponse("/till", 303)


async def _icon(_request: Request) -> Response:
    if "icon.svg" not in assets():
        raise NOT_FOUND()
    return RedirectResponse(asset_url("icon.svg"), 307, headers=_REVALIDATED)


async def _static(request: Request) -> Response:
    """A file under its digest. Under another digest it is found too (a page from before an update) but not kept."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        raise NOT_FOUND()
    kept = _FOREVER if request.path_params["digest"] == asset.digest else _REVALIDATED
    headers = {**kept, "ETag": f'"{asset.digest}"'}
    if _has_it(request, asset):
        return Response(status_code=304, headers=headers)
    return Response(asset.content, headers=headers, media_type=asset.media)


def _has_it(request: Request, asset: Asset) -> bool:
    return f'"{asset.digest}"' in request.headers.get("if-none-match", "")
