"""How the line to an account's provider is: a circuit breaker, and what the last calls were like.

The breaker opens after five failures to connect within a minute without an answer between them. Then, after a pause
that doubles up to two minutes, one call is let through to try. What counts as a failure is only that no connection came
about, or that a gateway said the provider is away: a late answer says nothing about the next call.

The breaker is each process's own, in memory, and closed after a start: it decides only which of several accounts is
tried first, never what an answer means, and five failures find it open again. What the calls were like is counted in
slots of five minutes, which ``keep_pulses`` writes down from time to time, so that a picture of all processes outlives
them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from counterfoil.basis import MICROS

FAILURES: Final = 5
WINDOW: Final = 60 * MICROS
PAUSE: Final = 15 * MICROS
PAUSE_MAX: Final = 120 * MICROS
# A trial whose end nobody told is over after this.
TRIAL: Final = 30 * MICROS
SLOT: Final = 300 * MICROS
SLOTS_MAX: Final = 13
_WHY_MAX: Final = 120
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


@dataclass(slots=True)
class Tally:
    """The calls that began within one slot. ``took``: answered ones by ``bucket_of``; ``kept``: calls written down."""

    at: int
    counted: dict[End, int] = field(default_factory=lambda: dict.fromkeys(End, 0))
    took: dict[int, int] = field(default_factory=dict)
    last_error: Beat | None = None
    kept: int = 0

    @property
    def calls(self) -> int:
        """All of them."""
        return sum(self.counted.values())

    def note(self, beat: Beat) -> None:
        """One more."""
        self.counted[beat.end] += 1
        if beat.end is End.ANSWERED:
            bucket = bucket_of(beat.took_ms)
            self.took[bucket] = self.took.get(bucket, 0) + 1
        else:
            self.last_error = Beat(beat.at, beat.took_ms, beat.end, beat.why[:_WHY_MAX])


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
        self.tallies: dict[int, Tally] = {}
        self.counted: dict[End, int] = dict.fromkeys(End, 0)
        self._failures: deque[int] = deque(maxlen=FAILURES)
        self._opened_at: int | None = None
        self._trial_at: int | None = None
        self._pause = PAUSE

    def note(self, beat: Beat, now: int) -> None:
        """A call ended at ``now``."""
        slot = beat.at // SLOT * SLOT
        self.tallies.setdefault(slot, Tally(slot)).note(beat)
        # A clock that was set back makes a slot older than all others: it goes first, with what was just noted.
        while len(self.tallies) > SLOTS_MAX:
            del self.tallies[min(self.tallies)]
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


def health_of(tallies: Iterable[Tally]) -> Health:
    """What the calls of some slots were like."""
    known = list(tallies)
    took: dict[int, int] = {}
    for tally in known:
        for bucket, count in tally.took.items():
            took[bucket] = took.get(bucket, 0) + count
    errors = [tally.last_error for tally in known if tally.last_error is not None]
    return Health(
        calls=sum(tally.calls for tally in known),
        answered=sum(tally.counted[End.ANSWERED] for tally in known),
        p50_ms=_quantile(took, 50),
        p95_ms=_quantile(took, 95),
        last_error=max(errors, key=lambda beat: beat.at, default=None),
    )


def _within(now: int, begun: int, span: int) -> bool:
    """Whether ``now`` is in the span; what began in a future of a clock that was ahead is over."""
    return begun <= now < begun + span


def bucket_of(took_ms: int) -> int:
    """Which of the buckets of times a time is in: exact below 8 ms, then four for each doubling (25 % wide at most)."""
    spare = max(0, took_ms.bit_length() - 3)
    return spare * 4 + (took_ms >> spare)


def middle_of(bucket: int) -> int:
    """The time in the middle of a bucket, in milliseconds."""
    spare = max(0, (bucket - 4) // 4)
    return ((bucket - 4 * spare) << spare) + ((1 << spare) >> 1)


def _quantile(took: Mapping[int, int], percent: int) -> int | None:
    """The nearest rank, as the middle of its bucket."""
    rank = -(-sum(took.values()) * percent // 100)
    for bucket in sorted(took):
        rank -= took[bucket]
        if rank <= 0:
            return middle_of(bucket)
    return None
