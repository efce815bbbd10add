"""The only way out of the house: one POST, bounded in time and size, and an honest word about what became of it.

Built on httpcore rather than httpx above it: no redirects, cookies, proxies from the environment or content decoding
exist there, so there is nothing to switch off, and its trace says whether a request began to leave.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore

from counterfoil.basis import insist
from counterfoil.providers.faults import settings_wrong

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
TOTAL_SECONDS: Final = 25.0
ANSWER_BYTES_MAX: Final = 1 << 20
# Shorter than servers keep an idle connection, so that a request rarely meets one that is just being closed.
_IDLE_SECONDS: Final = 3.0
_LEAVING: Final = "http11.send_request_headers.started"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers by lower-case name, and the raw bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NotSent(Exception):  # noqa: N818 - says what happened
    """The connection never opened or no byte of the request left: nothing was executed."""


class NoAnswer(Exception):  # noqa: N818 - says what happened
    """The request may have left and no whole answer came back: it may or may not have been executed."""


class Transport:
    """Connections to providers. One for the program; ``close`` it at the end."""

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
    ) -> None:
        """``commit_open`` says whether this task has a commit open; a call is then refused as our own mistake.

        ``closed`` says whether the way out is shut, as it can be in a demonstration.
        """
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
        self._pool = httpcore.AsyncConnectionPool(max_connections=connections_max, keepalive_expiry=_IDLE_SECONDS)

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
            raise NotSent(type(error).__name__) from error

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
    """Refuse an address an account may not have: loopback for a live account, plain http anywhere but loopback.

    Raises Refused CF-4205 naming ``field``.
    """
    parts = urlsplit(url)
    loopback = is_loopback(parts.hostname or "")
    plain = parts.scheme == "http"
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or "@" in url:
        raise settings_wrong("address", field=field)
    if (environment == "live" and loopback) or (plain and not loopback):
        raise settings_wrong("address", field=field)


def is_loopback(host: str) -> bool:
    """Whether a connection to ``host`` as written reaches this machine."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        # Resolvers also read 127.1, 0x7f000001 and 2130706433 as addresses; no provider is named so.
        return name.replace(".", "").isdigit() or name.startswith("0x")
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)
