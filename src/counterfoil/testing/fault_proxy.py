"""A TCP proxy that breaks connections in chosen ways: the wire between us and a provider at its worst.

Each request takes the next ``Break`` of the plan, on a kept connection too; when the plan is empty, everything passes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterable
from enum import StrEnum
from typing import Final

_PIECE: Final = 65536
_QUIET_SECONDS: Final = 0.02
_DROPS: Final = 10
_DROP_SECONDS: Final = 0.01


class Break(StrEnum):
    """What happens to one request; all but PASS, DUPLICATE and SLOW end the connection."""

    PASS = "pass"  # noqa: S105 - not a password
    DROP_REQUEST = "drop_request"  # swallow the request, never forward it, then close
    HALF_REQUEST = "half_request"  # forward only the beginning of the request
    DROP_ANSWER = "drop_answer"  # forward the request whole, let it be executed, then close
    HALF_ANSWER = "half_answer"  # give only the beginning of the answer back
    FLIP_ANSWER = "flip_answer"  # one byte of the answer's end is another
    DELAY = "delay"  # hold the request back, then forward it, whether or not somebody still waits
    DUPLICATE = "duplicate"  # forward the request twice, the second time on a connection of its own
    SLOW = "slow"  # give the answer back in drops


_KEEPS: Final = frozenset({Break.PASS, Break.DUPLICATE, Break.SLOW})


class FaultProxy:
    """Between ``127.0.0.1:<port>`` and a real server. ``plan`` may be extended at any time.

    ``hold_seconds``: how long DELAY holds a request back.
    """

    def __init__(self, host: str, port: int, plan: Iterable[Break] = (), *, hold_seconds: float = 0.5) -> None:
        """Forward to ``host:port``."""
        self.plan: deque[Break] = deque(plan)
        self._hold_seconds = hold_seconds
        self._target = (host, port)
        self._open: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """Listen on a free loopback port while the block runs; gives the port."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in list(self._open):
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
            await server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        # A cancelled connection ends like any other: asyncio would report it as an error of ours.
        with contextlib.suppress(OSError, asyncio.CancelledError):
            there, back = await asyncio.open_connection(*self._target)
            with contextlib.suppress(OSError, asyncio.CancelledError):
                while (request := await _burst(reader)) and await self._carry(request, writer, there, back):
                    pass
            await _close(back)
        await _close(writer)

    async def _carry(
        self, request: bytes, writer: asyncio.StreamWriter, there: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> bool:
        """Carry one exchange; False ends the connection."""
        how = self.plan.popleft() if self.plan else Break.PASS
        if how is Break.DROP_REQUEST:
            return False
        if how is Break.DELAY:
            await asyncio.sleep(self._hold_seconds)
        if how is Break.DUPLICATE:
            await self._once_more(request)
        back.write(request[: len(request) // 2] if how is Break.HALF_REQUEST else request)
        await back.drain()
        if how is Break.HALF_REQUEST:
            return False
        await _give(writer, _broken(how, await _burst(there)), slowly=how is Break.SLOW)
        return how in _KEEPS

    async def _once_more(self, request: bytes) -> None:
        """The same request on a connection of its own, whose answer nobody hears."""
        there, back = await asyncio.open_connection(*self._target)
        back.write(request)
        await back.drain()
        await _burst(there)
        await _close(back)


async def _give(writer: asyncio.StreamWriter, answer: bytes, *, slowly: bool) -> None:
    drops = _DROPS if slowly else 1
    size = max(1, -(-len(answer) // drops))
    for at in range(0, len(answer), size):
        writer.write(answer[at : at + size])
        await writer.drain()
        await asyncio.sleep(_DROP_SECONDS if slowly else 0)


def _broken(how: Break, answer: bytes) -> bytes:
    match how:
        case Break.PASS | Break.DELAY | Break.DUPLICATE | Break.SLOW:
            return answer
        case Break.HALF_ANSWER:
            return answer[: len(answer) * 2 // 3]
        case Break.FLIP_ANSWER:
            return answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:]
    return b""


async def _burst(reader: asyncio.StreamReader) -> bytes:
    """What arrives until the other side falls silent for a moment: one request or one answer."""
    got = await reader.read(_PIECE)
    while got:
        try:
            more = await asyncio.wait_for(reader.read(_PIECE), _QUIET_SECONDS)
        except TimeoutError:
            break
        if not more:
            break
        got += more
    return got


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, asyncio.CancelledError):
        await writer.wait_closed()
