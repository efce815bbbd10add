"""Who comes when there are more than can be served is told so, in the words of the catalogue, before any work is done.

The server would answer with two bare words: no code, nothing about the money, and no time at which to come again.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from counterfoil.doors.faults import CANNOT_SERVE
from counterfoil.doors.shell.errors import FaultPage, answer

# Where ``BoundedProtocol`` says in a request's scope that there are too many.
CROWDED: Final = "counterfoil.crowded"
# The connection makes room for another.
_LEAVE: Final = {"Connection": "close"}


class Crowd:
    """Answers 503 (CF-1042, with Retry-After) to what came when there were too many; passes on everything else."""

    def __init__(self, app: ASGIApp, *, page: FaultPage) -> None:
        """Stand around ``app``."""
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on."""
        if not scope.get(CROWDED):
            await self._app(scope, receive, send)
            return
        response = await answer(Request(scope, receive), CANNOT_SERVE(), self._page, _LEAVE)
        await response(scope, receive, send)
