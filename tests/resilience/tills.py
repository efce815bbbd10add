"""Many tills that take cash over plain HTTP/1.1, as fast as they are answered, and send again what was not answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.resilience.trading import IDS

AGAIN_PART = 0.02
AGAIN_SECONDS = 0.02


@dataclass(frozen=True)
class Till:
    """Where a payment is taken, and with which key."""

    merchant_id: int
    key: str
    shop_id: str
    terminal_id: str


@dataclass
class Tills:
    """``told`` holds each acknowledged id with its merchant and amount; ``repeats`` counts what was sent twice.

    ``third`` is set once a third of all is acknowledged.
    """

    places: list[Till]
    total: int
    luck: random.Random
    told: dict[str, tuple[int, int]] = field(default_factory=dict)
    begun: int = 0
    repeats: int = 0
    seconds: float = 0.0
    third: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, url: str, callers: int) -> None:
        """Take ``total`` payments with ``callers`` at once."""
        began = time.monotonic()
        await asyncio.gather(*(self._caller(url) for _ in range(callers)))
        self.seconds = time.monotonic() - began

    async def _caller(self, url: str) -> None:
        async with contextlib.AsyncExitStack() as closing:
            line = closing.enter_context(contextlib.closing(Connection(url)))
            while self.begun < self.total:
                self.begun += 1
                place = self.places[self.begun % len(self.places)]
                body = {
                    "id": IDS.uuid(),
                    "shop_id": place.shop_id,
                    "terminal_id": place.terminal_id,
                    "method": "cash",
                    "entry": "keyed",
                    "amount_minor": self.luck.randint(1, 10_000),
                    "currency": "CNY",
                }
                await self._take(line, place, body)
                if self.luck.random() < AGAIN_PART:
                    # To whichever process takes the new connection.
                    line.close()
                    self.repeats += 1
                    await self._take(line, place, body)

    async def _take(self, line: Connection, place: Till, body: dict) -> None:
        """Send it until it is acknowledged, always under the same id."""
        while True:
            try:
                status, answer = await line.post("/payments", place.key, body)
            except (OSError, asyncio.IncompleteReadError):
                line.close()
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if status == 503:
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            assert status in (200, 201), answer
            assert (answer["id"], answer["state"]["money"]) == (body["id"], "captured")
            self.told[body["id"]] = (place.merchant_id, body["amount_minor"])
            if len(self.told) >= self.total // 3:
                self.third.set()
            return


class Connection:
    """One connection that is kept, and opened anew after an error."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, key: str, body: dict) -> tuple[int, dict]:
        """Status and answer. Raises OSError or IncompleteReadError where there is none."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        raw = json.dumps(body).encode()
        head = (
            f"POST {self._path}{path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        writer.write(head.encode() + raw)
        heard = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(heard.partition(b"content-length:")[2].split(b"\r\n")[0])
        return int(heard.split(b" ", 2)[1]), json.loads(await reader.readexactly(length))

    def close(self) -> None:
        """Let it go."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
