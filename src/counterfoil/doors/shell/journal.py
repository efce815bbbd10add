"""One line a request.

Of its address only the words of our own routes are written: an id says whom it was about, and people type anything into
an address, a password too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counterfoil.basis import MICROS, Clock, Ids
from counterfoil.doors.log import Log

_HIDDEN: Final = "*"
_PATH_MAX: Final = 100
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Journal:
    """Gives each request an id, which the answer carries, and writes its line when it has ended."""

    def __init__(self, app: ASGIApp, *, clock: Clock, ids: Ids, log: Log, paths: Iterable[str]) -> None:
        """Stand around ``app``, whose routes have these ``paths``."""
        self._app = app
        self._words = frozenset(word for path in paths for word in path.split("/") if "{" not in word)
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
            method=scope["method"] if scope["method"] in _METHODS else _HIDDEN,
            path=self._known(scope["path"]),
            status=status,
            micros=micros,
            code=scope.get("counterfoil.code"),
            merchant_id=scope.get("counterfoil.merchant_id"),
            request_id=scope["counterfoil.request_id"],
        )

    def _known(self, path: str) -> str:
        words = path[:_PATH_MAX].split("/")
        return "/".join(word if word in self._words else _HIDDEN for word in words)
