"""``/healthz``: the process answers. ``/readyz``: it can serve, part by part.

The store answers and is still ours; the worker keeps up. A log that does not fit what was signed of it is named too,
but payments go on (only destructive acts wait for it), so it does not make the server unready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterfoil.basis import MICROS, Fault
from counterfoil.doors.worker import evidence_found
from counterfoil.payments import due
from counterfoil.store.tables import installation

if TYPE_CHECKING:
    from counterfoil.app import App

_INSTALLATION: Final = select(installation.c.epoch)
_UNREADY: Final = 503
_OK: Final = "ok"
# The worker looks every second; what has been due this long, nobody is looking after.
_LATE_MICROS: Final = 120 * MICROS


class Ready(msgspec.Struct, kw_only=True):
    """Each part is ``ok``, or a word or code of what is wrong with it."""

    ready: bool
    parts: dict[str, str]


def health_routes(app: App) -> list[BaseRoute]:
    """Both addresses."""

    async def readyz(_request: Request) -> Response:
        parts = {"store": await _store(app), "worker": await _worker(app), "evidence": _evidence(app)}
        found = Ready(ready=parts["store"] == parts["worker"] == _OK, parts=parts)
        return Response(msgspec.json.encode(found), 200 if found.ready else _UNREADY, media_type="application/json")

    return [Route("/healthz", _healthz, methods=["GET"]), Route("/readyz", readyz, methods=["GET"])]


async def _healthz(_request: Request) -> Response:
    return Response(b'{"status":"ok"}', media_type="application/json")


async def _store(app: App) -> str:
    """Whether the database answers and is still ours.

    Where one process writes a database, another epoch means that another took it over; where many do, each began one.
    """
    try:
        row = await app.store.fetch_one(_INSTALLATION)
    except Fault as fault:
        return fault.kind.code
    shared = app.store.engine_name != "sqlite"
    ours = row is not None and (shared or row["epoch"] == app.store.installation.epoch)
    return _OK if ours else "lost"


async def _worker(app: App) -> str:
    """Whether payments that somebody must look at are looked at."""
    try:
        late = await due(app.store, app.clock.now() - _LATE_MICROS)
    except Fault as fault:
        return fault.kind.code
    return "late" if late else _OK


def _evidence(app: App) -> str:
    """The worst that was found of any merchant's log."""
    return min(evidence_found(app), default=_OK)
