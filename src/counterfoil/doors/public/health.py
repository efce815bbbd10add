"""``/healthz``: the process answers. ``/readyz``: it can serve, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterfoil.basis import Fault
from counterfoil.store.tables import installation

if TYPE_CHECKING:
    from counterfoil.app import App

_INSTALLATION: Final = select(installation.c.epoch)
_UNREADY: Final = 503


class Ready(msgspec.Struct, kw_only=True):
    """Each part is ``ok`` or the code of what is wrong with it."""

    ready: bool
    parts: dict[str, str]


def health_routes(app: App) -> list[BaseRoute]:
    """Both addresses."""

    async def readyz(_request: Request) -> Response:
        parts = {"store": await _store(app)}
        found = Ready(ready=set(parts.values()) == {"ok"}, parts=parts)
        return Response(msgspec.json.encode(found), 200 if found.ready else _UNREADY, media_type="application/json")

    return [Route("/healthz", _healthz, methods=["GET"]), Route("/readyz", readyz, methods=["GET"])]


async def _healthz(_request: Request) -> Response:
    return Response(b'{"status":"ok"}', media_type="application/json")


async def _store(app: App) -> str:
    """Whether the database answers and is still ours: another process that took it over began another epoch."""
    try:
        row = await app.store.fetch_one(_INSTALLATION)
    except Fault as fault:
        return fault.kind.code
    return "ok" if row is not None and row["epoch"] == app.store.installation.epoch else "CF-6201"
