"""Time and chance in the made-up past: both are set to each step, so that no step depends on how the others went."""

from __future__ import annotations

import asyncio

from counterfoil.basis import MICROS, SeededEntropy


class HistoryClock:
    """Stands where it was put. Nobody waits in the past: who sleeps moves it."""

    def __init__(self, start: int) -> None:
        """Stand at ``start``, UTC microseconds."""
        self._start = start
        self._now = start

    def now(self) -> int:
        """UTC, in microseconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since this clock was made."""
        return (self._now - self._start) / MICROS

    async def sleep(self, seconds: float) -> None:
        """Go on by ``seconds`` at once."""
        self._now += int(seconds * MICROS)
        await asyncio.sleep(0)

    def stand_at(self, at: int) -> None:
        """Stand at ``at``."""
        self._now = at


class HistoryEntropy:
    """Seeded, with a stream of its own for each step."""

    def __init__(self, seed: str) -> None:
        """Begin with the stream of ``seed`` alone."""
        self._seed = seed
        self._stream = SeededEntropy(seed)

    def bytes(self, count: int) -> bytes:
        """The next bytes of the stream."""
        return self._stream.bytes(count)

    def turn_to(self, step: str) -> None:
        """Begin the stream of a step."""
        self._stream = SeededEntropy(f"{self._seed}/{step}")
