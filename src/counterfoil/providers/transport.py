"""The only way out of the house: one POST, bounded in time and size, and an honest word about what became of it.

Built on httpcore rather than httpx above it: no redirects, cookies, proxies from the environment or content decoding
exist there, so there is nothing to switch off, and its trace says whether a request began to leave.

A name is resolved once, its addresses are held, and one of these very ones is called: between a check and a second
resolution it could come to mean something else (rebinding). TLS still asks for the name and holds the certificate
against it, since httpcore takes that from the URL.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import httpcore

from counterfoil.basis import insist
from counterfoil.providers.address import Address, address_of, is_loopback, is_public
from counterfoil.providers.faults import settings_wrong

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
TOTAL_SECONDS: Final = 25.0
ANSWER_BYTES_MAX: Final = 1 << 20
# Shorter than servers keep an idle connection, so that a request rarely meets one that is just being closed.
_IDLE_SECONDS: Final = 3.0
_LEAVING: Final = "http11.send_request_headers.started"
NOT_PUBLIC: Final = "not a public address"
# No address of several takes all the time there is; where httpcore names no limit, this is one.
_SHARE_SECONDS_MIN: Final = 1.0
_PATIENCE_SECONDS: Final = 60.0
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[Address]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers by lower-case name, and the raw bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NotSent(Exception):  # noqa: N818 - says what happened
    """The connection never opened or no byte of the request left: nothing was executed."""


class NotCertified(NotSent):
    """The certificate of whoever answered does not hold; nothing but the greeting of TLS was said to them."""


class NoAnswer(Exception):  # noqa: N818 - says what happened
    """The request may have left and no whole answer came back: it may or may not have been executed."""


async def resolved(host: str, port: int) -> Sequence[Address]:
    """The addresses of a name, in the order in which the system would try them. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(each[4][0]) for each in found))


class Transport:
    """Connections to providers. One for the program; ``close`` it at the end.

    ``loopback``: whether it goes to sandboxes on this machine too.
    """

    loopback = False

    def __init__(
        self,
        *,
        commit_open: Callable[[], bool],
        closed: Callable[[], bool] = lambda: False,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        answer_bytes_max: int = ANSWER_BYTES_MAX,
        connections_max: int = 200,
        loopback: bool = False,
        resolve: Resolve = resolved,
    ) -> None:
        """``commit_open`` says whether this task has a commit open; a call is then refused as our own mistake.

        ``closed`` says whether the way out is shut, as it can be in a demonstration. ``loopback``: whether this
        machine's own address may be called, where it is written as such. ``resolve``: the addresses of a name.
        """
        self.loopback = loopback
        self._commit_open = commit_open
        self._closed = closed
        self._timeouts = {
            "connect": connect_seconds,
            "read": read_seconds,
            "write": read_seconds,
            "pool": connect_seconds,
        }
        self._total_seconds = total_seconds
        self._answer_bytes_max = answer_bytes_max
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=connections_max,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_WayOut(loopback=loopback, resolve=resolve),
        )

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, read_seconds: float | None = None
    ) -> Answer:
        """POST ``body`` to ``url``. Raises NotSent or NoAnswer; never follows a redirect.

        ``read_seconds``: how long this answer is waited for, where that is longer than usual.
        """
        insist(not self._commit_open(), "a provider was called while a commit is open")
        if self._closed():
            raise NotSent("the way out is closed")
        leaving, timeouts, total = _Leaving(), self._timeouts, self._total_seconds
        if read_seconds is not None and read_seconds > timeouts["read"]:
            timeouts = timeouts | {"read": read_seconds}
            total = max(total, timeouts["connect"] + read_seconds)
        try:
            async with asyncio.timeout(total):
                return await self._exchange(url, headers, body, leaving, timeouts)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            if leaving.began:
                raise NoAnswer(type(error).__name__) from error
            raise (NotCertified if _is_certificate(error) else NotSent)(type(error).__name__) from error

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    async def _exchange(
        self, url: str, headers: Mapping[str, str], body: bytes, leaving: _Leaving, timeouts: Mapping[str, float]
    ) -> Answer:
        sent = [("Host", urlsplit(url).netloc), ("Accept-Encoding", "identity"), ("Content-Length", str(len(body)))]
        async with self._pool.stream(
            "POST",
            url,
            headers=[*sent, *headers.items()],
            content=body,
            extensions={"timeout": timeouts, "trace": leaving.note},
        ) as response:
            return Answer(response.status, _by_name(response.headers), await self._bounded(response))

    async def _bounded(self, response: httpcore.Response) -> bytes:
        raw = bytearray()
        async for piece in response.aiter_stream():
            raw += piece
            if len(raw) > self._answer_bytes_max:
                raise NoAnswer("the answer is larger than allowed")
        return bytes(raw)


def _is_certificate(error: BaseException | None) -> bool:
    """Whether a certificate that does not hold is what lies under it."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


class _WayOut(httpcore.AsyncNetworkBackend):
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


class _Leaving:
    """Listens to httpcore's trace for the moment from which the request may have arrived."""

    def __init__(self) -> None:
        self.began = False

    async def note(self, event: str, _info: Mapping[str, Any]) -> None:
        """Remember that the request began to leave."""
        self.began = self.began or event == _LEAVING


def _by_name(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name. A repeated one becomes a list, as RFC 9110 5.3 has it, and matches nothing signed."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def check_address(url: str, environment: str, *, field: str = "base_url") -> None:
    """Refuse an address an account may not have: any that is not public, and plain http.

    This machine's own may stand in a sandbox account, with plain http too; whether a server goes there at all is its
    own setting (see ``Accounts``). What a name resolves to is held where the connection is made. Raises Refused CF-4205
    naming ``field``.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise settings_wrong("address", field=field) from error
    sandbox = environment == "sandbox" and is_loopback(host)
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or "@" in url:
        raise settings_wrong("address", field=field)
    if sandbox:
        return
    literal = address_of(host)
    if parts.scheme == "http" or is_loopback(host) or (literal is not None and not is_public(literal)):
        raise settings_wrong("address", field=field)
