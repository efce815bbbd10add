"""One line a request."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counterfoil.basis import MICROS, Clock, Ids
from counterfoil.doors.log import Log

_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{5,}")
_PATH_MAX: Final = 100


class Journal:
    """Gives each request an id, which the answer carries, and writes its line when it has ended."""

    def __init__(self, app: ASGIApp, *, clock: Clock, ids: Ids, log: Log) -> None:
        """Stand around ``app``."""
        self._app = app
        self._clock = clock
        self._ids = ids
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write about it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = self._clock.monotonic()
        scope["counterfoil.request_id"] = self._ids.uuid()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = scope["counterfoil.request_id"]
            await send(message)

        await self._app(scope, receive, watched)
        self._write(scope, status, round((self._clock.monotonic() - begun) * MICROS))

    def _write(self, scope: Scope, status: int, micros: int) -> None:
        self._log.info(
            "request",
            method=scope["method"],
            path=_ID.sub("*", scope["path"][:_PATH_MAX]),
            status=status,
            micros=micros,
            code=scope.get("counterfoil.code"),
            merchant_id=scope.get("counterfoil.merchant_id"),
            request_id=scope["counterfoil.request_id"],
        )
