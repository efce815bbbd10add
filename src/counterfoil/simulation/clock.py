"""A clock on a machine: it shows the loop's time, and may be wrong for a while."""

from __future__ import annotations

import asyncio
from typing import Final

from counterfoil.basis import MICROS, from_rfc3339

# An hour before dawn in China, on a day like any other; and an afternoon there, for who is open past midnight.
MORNING: Final = from_rfc3339("2026-11-22T22:00:00Z")
AFTERNOON: Final = from_rfc3339("2026-11-22T06:00:00Z")


class WallClock:
    """``ahead_seconds``: how far it is ahead of the true time. What is measured and slept is always true."""

    def __init__(self, begins: int = MORNING) -> None:
        """Be right. ``begins``: the instant at which the loop's time is nought, UTC microseconds."""
        self.ahead_seconds = 0.0
        self._begins = begins

    def now(self) -> int:
        """UTC, in microseconds since 1970, as this machine believes."""
        return self._begins + round((self.monotonic() + self.ahead_seconds) * MICROS)

    def monotonic(self) -> float:
        """Seconds since the day began."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0, seconds))
