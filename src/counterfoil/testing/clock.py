"""A clock that obeys: it stands still until it is told to go on."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count
from typing import Final

from counterfoil.basis import MICROS, from_rfc3339, insist

START: Final = from_rfc3339("2026-11-22T08:00:00Z")
_TURNS: Final = 8


class ManualClock:
    """Starts at ``start`` (UTC microseconds). Sleepers wake in order of their time, each at exactly that time."""

    def __init__(self, start: int = START) -> None:
        """Stand still at ``start``."""
        self._now = start
        self._start = start
        self._order = count()
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []

    def now(self) -> int:
        """UTC, in microseconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since this clock was made."""
        return (self._now - self._start) / MICROS

    async def sleep(self, seconds: float) -> None:
        """Wait until ``advance`` has come so far; with nothing to wait for, give the others a turn."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + round(seconds * MICROS), next(self._order), waker))
        await waker

    def sleepers(self) -> int:
        """How many wait."""
        return sum(not waker.done() for _, _, waker in self._sleepers)

    async def advance(self, seconds: float) -> None:
        """Go on by ``seconds``, stopping at each sleeper's time to let what it wakes run."""
        insist(seconds >= 0, "this clock never goes back")
        end = self._now + round(seconds * MICROS)
        await self._turns()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, waker = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            if not waker.done():
                waker.set_result(None)
            await self._turns()
        self._now = end

    def set_back(self, seconds: float) -> None:
        """Somebody sets the machine's clock back; sleepers keep the times they wait for."""
        insist(seconds > 0, "set back by something")
        self._now -= round(seconds * MICROS)

    async def _turns(self) -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)
