"""Where a caller comes from: the socket's peer, or what a proxy that this server was told of says in its place.

A proxy that nobody told us of could stand anywhere and speak for anybody: whoever comes through one has no address, and
lies in no network.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from counterfoil.basis import NOWHERE, Address, Networks, address_of

_PROXIES: Final = "counterfoil.proxies"
_FORWARDED_FOR: Final = "x-forwarded-for"
# What proxies write of whom they speak for.
SPEAKS_FOR: Final = (_FORWARDED_FOR, "forwarded", "x-real-ip")
_HOPS_MAX: Final = 32


class Caller:
    """Lets each request know which proxies are believed."""

    def __init__(self, app: ASGIApp, *, proxies: Networks) -> None:
        """Stand around ``app``."""
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        scope[_PROXIES] = self._proxies
        await self._app(scope, receive, send)


def caller_of(request: Request) -> Address | None:
    """Who asks; None where that cannot be known.

    From the last hop backwards, as each proxy writes whom it heard behind what it was sent: the first address that is
    no proxy of ours. What stands before that one was written by the caller and is worth nothing.
    """
    peer = address_of(request.client.host) if request.client else None
    proxies: Networks = request.scope.get(_PROXIES, NOWHERE)
    if not proxies.hold(peer):
        return None if any(name in request.headers for name in SPEAKS_FOR) else peer
    hops = [hop for line in request.headers.getlist(_FORWARDED_FOR) for hop in line.split(",")]
    for hop in reversed(hops[-_HOPS_MAX:]):
        found = address_of(hop)
        if found is None or not proxies.hold(found):
            return found
    return None
