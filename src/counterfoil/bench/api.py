"""Payments through the HTTP API: the real server in this process, its callers in another."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from counterfoil.bench.acts import cpu_seconds
from counterfoil.bench.faults import DID_NOT_RUN
from counterfoil.bench.house import CODE, Counter, House
from counterfoil.bench.rounds import Taken
from counterfoil.bench.serving import Serving

_CLIENT = Path(__file__).parent / "load.py"
_LINE_MAX = 2**26


class Callers:
    """The process that calls."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Talk to ``process``, which runs ``load.py``."""
        self._process = process

    async def take_for(self, house: House, address: str, callers: int, seconds: float) -> Taken:
        """As ``acts.take_for``, through the API at ``address``. Raises Refused CF-7203 where one was not captured."""
        spent = cpu_seconds()
        answer = await self._order(_order(house, address, callers, seconds))
        if failed := answer.get("failed"):
            raise DID_NOT_RUN(why=failed)
        return Taken(answer["count"], answer["seconds"], answer["took"], cpu_seconds() - spent)

    async def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise DID_NOT_RUN(why="load.py")
        stdin.write(msgspec.json.encode(order) + b"\n")
        await stdin.drain()
        line = await stdout.readline()
        if not line:
            raise DID_NOT_RUN(why="load.py")
        answer: dict[str, Any] = msgspec.json.decode(line)
        return answer


@asynccontextmanager
async def calling() -> AsyncIterator[Callers]:
    """The process, while the block runs."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(_CLIENT), stdin=pipe, stdout=pipe, limit=_LINE_MAX
    )
    try:
        yield Callers(process)
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def served(house: House, serving: Serving, folder: Path) -> AsyncIterator[str]:
    """The house's doors on a free port, writing their log to a file as in service; the address."""
    with (folder / "log").open("w", encoding="utf-8") as log:
        async with serving(house.app, log) as address:
            yield address


def _order(house: House, address: str, callers: int, seconds: float) -> dict[str, Any]:
    at = urlsplit(address)
    return {
        "host": at.hostname,
        "port": at.port,
        "callers": callers,
        "seconds": seconds,
        "prefix": house.app.ids.uuid()[:24],
        "asks": [{"key": house.keys[each.actor.merchant_id], "body": _body(each)} for each in house.counters],
    }


def _body(at: Counter) -> dict[str, Any]:
    return {
        "shop_id": at.shop_id,
        "terminal_id": at.terminal_id,
        "method": "qr",
        "entry": "consumer_code",
        "amount_minor": 3800,
        "currency": "CNY",
        "auth_code": CODE,
    }
