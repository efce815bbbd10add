"""How often one caller may ask: a rate a minute, kept as one number a caller.

The number is the moment until which the caller's requests are used up; each takes its share of a minute further. It may
lie a minute ahead, so a minute's worth may come at once. Whoever stands in the past is the same as nobody, and is
forgotten when room is needed. Pure, but for the clock.
"""

from __future__ import annotations

from typing import Final

from counterfoil.basis.clock import Clock

_MINUTE_SECONDS: Final = 60.0
CALLERS_MAX: Final = 20_000


class Pace:
    """The rate of some callers; one for a process, made in ``app``."""

    def __init__(self, clock: Clock, a_minute: int, callers_max: int = CALLERS_MAX) -> None:
        """Let each caller have ``a_minute`` requests, by ``clock``; remember ``callers_max`` of them at the most."""
        self._clock = clock
        self._share = _MINUTE_SECONDS / a_minute
        self._ahead = _MINUTE_SECONDS - self._share / 2
        self._callers_max = callers_max
        self._used_until: dict[str, float] = {}

    def spent(self, caller: str) -> bool:
        """Whether the caller has asked too often to ask now; counts nothing and remembers nobody."""
        until = self._used_until.get(caller)
        return until is not None and until - self._clock.monotonic() > self._ahead

    def count(self, caller: str) -> None:
        """Count one request of a caller who was let in."""
        now = self._clock.monotonic()
        until = self._used_until.get(caller)
        if until is None and len(self._used_until) >= self._callers_max:
            self._make_room(now)
        self._used_until[caller] = (now if until is None or until < now else until) + self._share

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._used_until)

    def _make_room(self, now: float) -> None:
        """Forget everybody who stands in the past; of more than half who do not, whoever asked least."""
        ahead = sorted((until, caller) for caller, until in self._used_until.items() if until > now)
        self._used_until = {caller: until for until, caller in ahead[-(self._callers_max // 2) :]}
