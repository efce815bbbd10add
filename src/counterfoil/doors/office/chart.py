"""The picture of a day by the hour: bars for today, a stepped line for the same day last week. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.records import Hour

WIDTH: Final = 480
HEIGHT: Final = 200
_LEFT: Final = 52
_TOP: Final = 12
_BOTTOM: Final = 24
_GAP: Final = 3
_STEPS: Final = (1, 2, 5)
_LINES_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: its rectangle in the picture, and both days' sums in minor units."""

    hour: int
    x: int
    y: int
    width: int
    height: int
    today: int
    before: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line with its value in whole units of the currency."""

    y: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """All that the template draws. ``line`` are the points of last week's stepped line, "" where there is none."""

    bars: tuple[Bar, ...]
    line: str
    rules: tuple[Rule, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    base: int = HEIGHT - _BOTTOM


def chart_of(today: Sequence[Hour], before: Sequence[Hour]) -> Chart:
    """The picture of 24 hours of each day, from the first to the last hour in which there was anything."""
    busy = [at for at in range(24) if today[at].minor or before[at].minor]
    hours = range(busy[0], busy[-1] + 1) if busy else range(8, 20)
    greatest = max(max(today[at].minor, before[at].minor) for at in hours)
    step = _step(greatest)
    lines = max(1, -(-greatest // step))
    most = step * lines
    slot = (WIDTH - _LEFT) // len(hours)
    bars = tuple(_bar(_LEFT + place * slot, slot, today[at], before[at], most) for place, at in enumerate(hours))
    corners = [f"{x},{_y(bar.before, most)}" for bar in bars for x in _ends(bar, slot)]
    rules = tuple(Rule(_y(step * n, most), _short(step * n)) for n in range(lines + 1))
    return Chart(bars=bars, line=" ".join(corners) if any(bar.before for bar in bars) else "", rules=rules)


def _bar(x: int, slot: int, today: Hour, before: Hour, most: int) -> Bar:
    y = _y(today.minor, most)
    return Bar(
        hour=today.hour,
        x=x + _GAP,
        y=y,
        width=slot - 2 * _GAP,
        height=HEIGHT - _BOTTOM - y,
        today=today.minor,
        before=before.minor,
    )


def _ends(bar: Bar, slot: int) -> tuple[int, int]:
    return bar.x - _GAP, bar.x - _GAP + slot


def _y(minor: int, most: int) -> int:
    room = HEIGHT - _BOTTOM - _TOP
    return HEIGHT - _BOTTOM - room * minor // most


def _step(greatest: int) -> int:
    """The distance of the rules in minor units: 1, 2 or 5 times a power of ten of whole units."""
    unit = 100
    while True:
        for step in _STEPS:
            if step * unit * _LINES_MAX >= greatest:
                return step * unit
        unit *= 10


def _short(minor: int) -> str:
    """A round sum in whole units."""
    return f"{minor // 100:,}"
