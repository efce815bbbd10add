"""How a connection is made: the name is resolved once, the addresses are held, and one of these very ones is called.

Between a check and a second resolution a name could come to mean something else (rebinding); there is no second one.
TLS still asks for the name and holds the certificate against it, since httpcore takes that from the URL.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, TypeAlias

import httpcore

from counterfoil.providers.address import Address, address_of, is_loopback, is_public

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[Address]]]
NOT_PUBLIC: Final = "not a public address"
# No address of several takes all the time there is.
_SHARE_SECONDS_MIN: Final = 1.0
# Where httpcore names no limit.
_PATIENCE_SECONDS: Final = 60.0


class NotSent(Exception):  # noqa: N818 - says what happened
    """The connection never opened or no byte of the request left: nothing was executed."""


class WayOut(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses, and to this machine where that is allowed and the URL says so."""

    def __init__(self, *, loopback: bool, resolve: Resolve) -> None:
        """``loopback``: whether this machine may be called. ``resolve``: the addresses of a name and port."""
        self._loopback = loopback
        self._resolve = resolve
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to one address of ``host``. Raises NotSent where that is one nobody may be sent to."""
        left = _PATIENCE_SECONDS if timeout is None else timeout
        loop = asyncio.get_running_loop()
        until = loop.time() + left
        addresses = await self._addresses(host, port, left)
        for at, address in enumerate(addresses, 1):
            share = max((until - loop.time()) / (len(addresses) - at + 1), _SHARE_SECONDS_MIN)
            try:
                return await self._sockets.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if at == len(addresses):
                    raise
        raise httpcore.ConnectError("no address")

    async def sleep(self, seconds: float) -> None:
        """Wait; between tries, of which there are none here."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int, seconds: float) -> Sequence[Address]:
        """What ``host`` is or resolves to; all of it must be allowed, or nothing is called."""
        literal = address_of(host)
        if literal is None:
            try:
                async with asyncio.timeout(seconds):
                    found = await self._resolve(host, port)
            except TimeoutError as error:
                raise httpcore.ConnectTimeout("resolving") from error
            except OSError as error:
                raise httpcore.ConnectError(type(error).__name__) from error
        else:
            found = [literal]
        if is_loopback(host):
            allowed = self._loopback and all(is_loopback(str(each)) for each in found)
        else:
            allowed = all(map(is_public, found))
        if not allowed:
            raise NotSent(NOT_PUBLIC)
        return found


async def resolved(host: str, port: int) -> Sequence[Address]:
    """The addresses of a name, in the order in which the system would try them. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(each[4][0]) for each in found))
