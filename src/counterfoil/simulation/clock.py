"""A clock on a machine: it shows the loop's time, and may be wrong for a while."""

from __future__ import annotations

import asyncio
from typing import Final

from counterfoil.basis import MICROS, from_rfc3339

# An hour before dawn in China, on a day like any other.
DAY_BEGINS: Final = from_rfc3339("2026-11-22T22:00:00Z")


class WallClock:
    """``ahead_seconds``: how far it is ahead of the true time. What is measured and slept is always true."""

    def __init__(self) -> None:
        """Be right."""
        self.ahead_seconds = 0.0

    def now(self) -> int:
        """UTC, in microseconds since 1970, as this machine believes."""
        return DAY_BEGINS + round((self.monotonic() + self.ahead_seconds) * MICROS)

    def monotonic(self) -> float:
        """Seconds since the day began."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0, seconds))
