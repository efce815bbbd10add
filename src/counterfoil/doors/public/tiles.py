"""The log under ``/evidence/<merchant_id>/``: signed heads and tiles of hashes (C2SP tlog-tiles), read-only.

Entry bundles hold what happened and are not public: they need an API key of that merchant that may read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterfoil import evidence
from counterfoil.doors.api_key import hold, proven
from counterfoil.doors.faults import NOT_FOUND
from counterfoil.people import Permission

if TYPE_CHECKING:
    from counterfoil.app import App

_FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_FRESH: Final = {"Cache-Control": "no-cache"}
_PRIVATE: Final = {"Cache-Control": "private, no-store"}
_MERCHANT_MAX: Final = 2**53


def tile_routes(app: App) -> list[BaseRoute]:
    """The checkpoint and the tiles of every merchant's log."""

    async def checkpoint(request: Request) -> Response:
        note = await evidence.latest_checkpoint(app.store, _merchant(request))
        return Response(note, headers=_FRESH, media_type="text/plain; charset=utf-8")

    async def tile(request: Request) -> Response:
        merchant_id, path = _merchant(request), request.path_params["path"]
        entries = path.startswith("entries/")
        if entries:
            await _own_reader(app, request, merchant_id)
        found = await evidence.tile(app.archive, merchant_id, path)
        return Response(found, headers=_PRIVATE if entries else _FOREVER, media_type="application/octet-stream")

    return [
        Route("/evidence/{merchant_id}/checkpoint", checkpoint, methods=["GET"]),
        Route("/evidence/{merchant_id}/tile/{path:path}", tile, methods=["GET"]),
    ]


async def _own_reader(app: App, request: Request, merchant_id: int) -> None:
    """Go on for a key of that merchant, of all its shops, that may read."""
    actor = await proven(app, request)
    hold(actor, "read")
    if actor.merchant_id != merchant_id or actor.shops_for(Permission.READ) is not None:
        raise NOT_FOUND()


def _merchant(request: Request) -> int:
    text = request.path_params["merchant_id"]
    if not text.isascii() or not text.isdigit() or not int(text[:17]) < _MERCHANT_MAX or str(int(text)) != text:
        raise NOT_FOUND()
    return int(text)
