"""Contestants taking turns, round after round, and the rows made of that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, TypeAlias

from counterfoil.bench.report import Row

ROUNDS: Final = 5

OnProgress: TypeAlias = Callable[[int, int], None]


@dataclass(slots=True)
class Taken:
    """What a while came to: how many, in how many seconds, how long each took (seconds; empty where not known).

    ``cpu_seconds`` is what this process spent of its processors on it; 0 where that was another process.
    """

    count: int = 0
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.count / self.seconds

    def at(self, part: float) -> float | None:
        """The time, in milliseconds, below which ``part`` of all stayed."""
        if not self.took:
            return None
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * part))] * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Something to run for so many seconds. ``against`` is the index of its reference among all of them.

    ``timed``: what counts is how long one takes, not how many there are a second, and the ratio is that of the times.
    """

    name: str
    engine: str
    run: Callable[[float], Awaitable[Taken]]
    callers: int | None = None
    against: int | None = None
    records: int | None = None
    timed: bool = False


async def take_turns(
    contestants: Sequence[Contestant], seconds: float, on_progress: OnProgress, rounds: int = ROUNDS
) -> list[list[Taken]]:
    """Each round lets everybody run once; answers with each contestant's rounds."""
    made: list[list[Taken]] = [[] for _ in contestants]
    for turn in range(rounds):
        for index, contestant in enumerate(contestants):
            made[index].append(await contestant.run(seconds))
            on_progress(turn * len(contestants) + index + 1, rounds * len(contestants))
    return made


def rows_of(contestants: Sequence[Contestant], made: Sequence[Sequence[Taken]]) -> list[Row]:
    """A row for each contestant: medians over its rounds."""
    return [_row(contestants, made, index) for index in range(len(contestants))]


def _row(contestants: Sequence[Contestant], made: Sequence[Sequence[Taken]], index: int) -> Row:
    who, rounds = contestants[index], made[index]
    rates = [taken.per_second for taken in rounds]
    against = contestants[who.against] if who.against is not None else None
    return Row(
        name=who.name,
        engine=who.engine,
        callers=who.callers,
        records=who.records,
        per_second=None if who.timed else _neat(median(rates)),
        p50_ms=_middle([taken.at(0.5) for taken in rounds]),
        p99_ms=_middle([taken.at(0.99) for taken in rounds]),
        reference=against.name if against else None,
        ratio=_ratio(rounds, made[who.against], timed=who.timed) if who.against is not None else None,
        spread=round((max(rates) - min(rates)) / median(rates), 3),
    )


def _ratio(rounds: Sequence[Taken], reference: Sequence[Taken], *, timed: bool) -> float:
    rates = [ours.per_second / theirs.per_second for ours, theirs in zip(rounds, reference, strict=True)]
    return _neat(median(1 / rate for rate in rates) if timed else median(rates))


def _middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return _neat(median(known)) if known else None


def _neat(value: float) -> float:
    return round(value, 3)
