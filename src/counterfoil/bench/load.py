"""The other side of the API: many callers over loopback, in a process of their own, so that they take no time of ours.

Started by its path and importing nothing of ours, so that it is there at once. Each line of stdin is an order, each
line of stdout what it came to.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from typing import Any

CAPTURED = b'"money":"captured"'


class Caller(asyncio.Protocol):
    """One connection that asks for the next payment as soon as the last is answered, until the time is over."""

    def __init__(
        self, order: dict[str, Any], asked: dict[str, str], took: list[float], numbers: itertools.count[int]
    ) -> None:
        """Take payments as ``asked`` says, noting in ``took`` how long each took."""
        loop = asyncio.get_running_loop()
        self.time = loop.time
        self.connected: asyncio.Future[None] = loop.create_future()
        self.done: asyncio.Future[None] = loop.create_future()
        self.until = 0.0
        self._took = took
        self._numbers = numbers
        self._prefix = order["prefix"]
        body = json.dumps(asked["body"])[1:].encode()
        length = len(body) + len(b'{"id":"",') + 36
        self._head = (
            f"POST /api/v1/payments HTTP/1.1\r\nHost: {order['host']}\r\nAuthorization: Bearer {asked['key']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        ).encode() + b'{"id":"'
        self._rest = b'",' + body
        self._begun = 0.0
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        self._transport = transport
        self.connected.set_result(None)

    def ask(self) -> None:
        """The next payment, under an id of its own."""
        self._begun, self._heard = self.time(), b""
        number = f"{self._prefix}{next(self._numbers):012x}".encode()
        self._transport.write(self._head + number + self._rest)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """The answer, once it is there whole, must be a payment that was captured."""
        self._heard += data
        head, found, body = self._heard.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
            return
        if not head.startswith(b"HTTP/1.1 201") or CAPTURED not in body:
            self.done.set_exception(RuntimeError(self._heard[:200].decode(errors="replace")))
            return
        now = self.time()
        self._took.append(round(now - self._begun, 6))
        if now < self.until:
            self.ask()
        else:
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Too early, unless it is over."""
        if not self.done.done():
            self.done.set_exception(exc or RuntimeError("the server closed the connection"))


async def work(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order."""
    loop = asyncio.get_running_loop()
    took: list[float] = []
    numbers = itertools.count()
    callers = [
        Caller(order, order["asks"][number % len(order["asks"])], took, numbers) for number in range(order["callers"])
    ]
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, order["host"], order["port"])  # type: ignore[misc]
    begun = loop.time()
    for caller in callers:
        caller.until = begun + order["seconds"]
        caller.ask()
    await asyncio.gather(*(caller.done for caller in callers))
    seconds = loop.time() - begun
    for caller in callers:
        caller._transport.close()  # noqa: SLF001 - its own
    return {"count": len(took), "seconds": seconds, "took": took}


def main() -> None:
    """Until stdin ends."""
    import uvloop  # noqa: PLC0415 - the client must be the quick one of the two

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for line in sys.stdin:
            try:
                answer = runner.run(work(json.loads(line)))
            except (OSError, RuntimeError) as error:
                answer = {"failed": f"{type(error).__name__}: {error}"}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
