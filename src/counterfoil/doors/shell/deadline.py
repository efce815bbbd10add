"""No request is worked on for ever."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from counterfoil.doors.faults import TOO_SLOW

READ_SECONDS_MAX: Final = 10
# An act waits up to 60 seconds for its provider on behalf of the caller; a body may take 15 to arrive.
WRITE_SECONDS_MAX: Final = 75


class Deadline:
    """Ends a request that takes too long. A payment under way goes on without its caller."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand around ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. Raises TOO_SLOW."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seconds = READ_SECONDS_MAX if scope["method"] in ("GET", "HEAD") else WRITE_SECONDS_MAX
        try:
            async with asyncio.timeout(seconds) as limit:
                await self._app(scope, receive, send)
        except TimeoutError:
            if not limit.expired():
                raise
            raise TOO_SLOW() from None
