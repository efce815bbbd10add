"""断网: in a demonstration the way out can be closed for a while, to see what a shop without internet is told.

Nothing else is pretended: the transport finds no way out, as with a cable pulled, and all above it is as in life.
"""

from __future__ import annotations

from counterfoil.basis import MICROS, Clock


class Outage:
    """Closed until a moment. Made once, in ``app``; nobody closes it outside a demonstration."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = 0

    def begin(self, seconds: int) -> None:
        """Close the way out for ``seconds``; 0 opens it."""
        self._until = self._clock.now() + seconds * MICROS

    def seconds_left(self) -> int:
        """For how long it is still closed; 0 when it is open."""
        return max(0, -(-(self._until - self._clock.now()) // MICROS))

    def closed(self) -> bool:
        """Whether nothing goes out now."""
        return self._clock.now() < self._until
