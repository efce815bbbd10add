"""How the line to an account's provider is: a circuit breaker, and what the last calls were like.

The breaker opens after five failures to connect within a minute without an answer between them. Then, after a pause
that doubles up to two minutes, one call is let through to try. What counts as a failure is only that no connection came
about, or that a gateway said the provider is away: a late answer says nothing about the next call.

Kept in memory by each process for itself. It decides only which of several accounts is tried first, never what an
answer means.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.basis import MICROS

FAILURES: Final = 5
WINDOW: Final = 60 * MICROS
PAUSE: Final = 15 * MICROS
PAUSE_MAX: Final = 120 * MICROS
# A trial whose end nobody told is over after this.
TRIAL: Final = 30 * MICROS
BEATS_MAX: Final = 4_000
AWAY: Final = frozenset({502, 503, 504})


class Line(StrEnum):
    """Where the breaker stands."""

    CLOSED = "closed"  # calls go through
    HALF_OPEN = "half_open"  # one call may try
    OPEN = "open"  # others are tried first


class End(StrEnum):
    """How a call ended on the wire."""

    ANSWERED = "answered"
    AWAY = "away"  # a gateway answered for it: 502, 503, 504
    NOT_SENT = "not_sent"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Beat:
    """One call: when it began (UTC microseconds), how long it took, how it ended, and a word of what went wrong."""

    at: int
    took_ms: int
    end: End
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the calls since an instant were like. Times in milliseconds, of answered calls; None without any."""

    calls: int
    answered: int
    p50_ms: int | None
    p95_ms: int | None
    last_error: Beat | None


class Pulse:
    """The line of one account."""

    def __init__(self) -> None:
        self.beats: deque[Beat] = deque(maxlen=BEATS_MAX)
        self.counted: dict[End, int] = dict.fromkeys(End, 0)
        self._failures: deque[int] = deque(maxlen=FAILURES)
        self._opened_at: int | None = None
        self._trial_at: int | None = None
        self._pause = PAUSE

    def note(self, beat: Beat, now: int) -> None:
        """A call ended at ``now``."""
        self.beats.append(beat)
        self.counted[beat.end] += 1
        if beat.end is End.ANSWERED:
            self._failures.clear()
            self._opened_at, self._trial_at, self._pause = None, None, PAUSE
        elif beat.end in (End.NOT_SENT, End.AWAY):
            self._failed(now)

    def line(self, now: int) -> Line:
        """Where the breaker stands at ``now``."""
        if self._opened_at is None:
            return Line.CLOSED
        return Line.OPEN if _within(now, self._opened_at, self._pause) else Line.HALF_OPEN

    def admits(self, now: int) -> bool:
        """Whether a call goes this way first; of those that ask while it is half open, one does."""
        line = self.line(now)
        if line is not Line.HALF_OPEN:
            return line is Line.CLOSED
        if self._trial_at is not None and _within(now, self._trial_at, TRIAL):
            return False
        self._trial_at = now
        return True

    def health(self, since: int) -> Health:
        """What the calls from ``since`` on were like."""
        return health_of(beat for beat in self.beats if beat.at >= since)

    def _failed(self, now: int) -> None:
        self._failures.append(now)
        if self._opened_at is not None:
            # The trial failed, or a call that began before it opened: only the first makes the pause longer.
            if self._trial_at is not None:
                self._pause = min(2 * self._pause, PAUSE_MAX)
                self._opened_at, self._trial_at = now, None
        elif len(self._failures) == FAILURES and self._failures[0] > now - WINDOW:
            self._opened_at = now


class Pulses:
    """The lines of all accounts, by merchant and account id. Made once, in ``app``."""

    def __init__(self) -> None:
        self._pulses: dict[tuple[int, str], Pulse] = {}

    def of(self, merchant_id: int, account_id: str) -> Pulse:
        """The line of that account."""
        return self._pulses.setdefault((merchant_id, account_id), Pulse())

    def all(self) -> list[tuple[int, str, Pulse]]:
        """Every line that was ever used, in a steady order."""
        return [(merchant, account, pulse) for (merchant, account), pulse in sorted(self._pulses.items())]


def health_of(beats: Iterable[Beat]) -> Health:
    """The same of any calls, in the order in which they ended."""
    known = list(beats)
    took = sorted(beat.took_ms for beat in known if beat.end is End.ANSWERED)
    errors = [beat for beat in known if beat.end is not End.ANSWERED]
    return Health(
        calls=len(known),
        answered=len(took),
        p50_ms=_quantile(took, 50),
        p95_ms=_quantile(took, 95),
        last_error=errors[-1] if errors else None,
    )


def _within(now: int, begun: int, span: int) -> bool:
    """Whether ``now`` is in the span; what began in a future of a clock that was ahead is over."""
    return begun <= now < begun + span


def _quantile(took: list[int], percent: int) -> int | None:
    """The nearest rank."""
    return took[max(0, -(-len(took) * percent // 100) - 1)] if took else None
