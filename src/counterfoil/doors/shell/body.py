"""How large a body may be, and how long it may take to arrive."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counterfoil.doors.faults import BODY_TOO_LARGE, BODY_TOO_SLOW
from counterfoil.doors.shell.limits import Limits


class BodyLimit:
    """Refuses a body over the limit: by its Content-Length before reading, else as soon as it has passed it."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        """Stand around ``app``."""
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a counted body. Raises BODY_TOO_LARGE, BODY_TOO_SLOW."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        if told.isdigit() and int(told[:20]) > self._limits.body_bytes:
            raise BODY_TOO_LARGE()
        await self._app(scope, _Counted(receive, self._limits), send)


class _Counted:
    """``receive`` of one request, counting bytes and seconds until the body is there whole."""

    def __init__(self, receive: Receive, limits: Limits) -> None:
        self._receive = receive
        self._most = limits.body_bytes
        self._bytes = 0
        self._whole = False
        self._until = asyncio.get_running_loop().time() + limits.body_seconds

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise BODY_TOO_SLOW() from None
        self._bytes += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._bytes > self._most:
            raise BODY_TOO_LARGE()
        return message
