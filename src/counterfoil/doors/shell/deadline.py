"""No request is worked on for ever; an answer that is sent in pieces has the time anew for each piece."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counterfoil.doors.faults import TOO_SLOW
from counterfoil.doors.shell.limits import Limits


class Deadline:
    """Ends a request that takes too long. A payment under way goes on without its caller."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        """Stand around ``app``."""
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. Raises TOO_SLOW."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seconds = self._seconds(scope["method"])
        try:
            async with asyncio.timeout(seconds) as limit:

                async def sending(message: Message) -> None:
                    await send(message)
                    if not limit.expired():
                        limit.reschedule(asyncio.get_running_loop().time() + seconds)

                await self._app(scope, receive, sending)
        except TimeoutError:
            if not limit.expired():
                raise
            raise TOO_SLOW() from None

    def _seconds(self, method: str) -> float:
        return self._limits.read_seconds if method in ("GET", "HEAD") else self._limits.write_seconds
