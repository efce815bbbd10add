"""The server's side of a connection, with a bound on what a request's head may cost and on how many are served at once.

httptools reads a head of any length, and uvicorn waits for its end for ever; a caller who sends neither an end nor
anything else would hold memory and a connection. Such a connection is closed without an answer. A request that comes
when there are too many is marked, and refused by ``Crowd`` in the words of the catalogue.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from counterfoil.doors.shell.crowd import CROWDED
from counterfoil.doors.shell.headers import raw_headers

AT_ONCE_MAX: Final = 2000
HEAD_BYTES_MAX: Final = 65_536
HEAD_SECONDS_MAX: Final = 15


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it; a head ends within 64 KiB and 15 seconds, and 2,000 are served at once.

    Where more are connected than that, each connection ends with its answer.
    """

    at_once_max: int = AT_ONCE_MAX
    head_bytes: int = HEAD_BYTES_MAX
    head_seconds: float = HEAD_SECONDS_MAX
    _head_bytes = 0
    _in_head = True
    _too_late: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; what has come of a head that has not ended is counted."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.head_bytes:
                self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is told so, under the same headers as everything else."""
        told = msg.encode("ascii", "replace")
        length = b"content-length: %d\r\n" % len(told)
        head = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        self.transport.write(head + length + raw_headers() + b"\r\n" + told)
        self.transport.close()

    def on_message_begin(self) -> None:
        """Another head begins."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """The head is there whole."""
        self._end_head()
        # Requests, not connections: who is connected and asks nothing must not keep out who asks.
        self.scope[CROWDED] = len(self.tasks) >= self.at_once_max  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()
        if len(self.connections) > self.at_once_max:
            self.cycle.keep_alive = False

    def _await_head(self) -> None:
        self._end_head()
        self._in_head, self._head_bytes = True, 0
        self._too_late = self.loop.call_later(self.head_seconds, self.transport.close)

    def _end_head(self) -> None:
        self._in_head = False
        if self._too_late is not None:
            self._too_late.cancel()
            self._too_late = None
