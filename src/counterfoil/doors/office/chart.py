"""Pictures the server draws: a day by the hour with the same day last week, days or months, how the log grew. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.evidence import Grown
from counterfoil.records import DaySums, Hour

WIDTH: Final = 480
HEIGHT: Final = 200
_LEFT: Final = 52
_TOP: Final = 12
_BOTTOM: Final = 24
_LEFT_WIDE: Final = 76
_RIGHT: Final = 16
_MARKS: Final = 3
_GAP: Final = 3
_STEPS: Final = (1, 2, 5)
_LINES_MAX: Final = 5
# More bars than these are too thin to see; a label under each eighth or so.
SPELLS_MAX: Final = 62
_LABELS_MAX: Final = 8
_PILLAR_MAX: Final = 28


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


@dataclass(frozen=True, slots=True)
class Spell:
    """A day (``YYYY-MM-DD``) or a month (``YYYY-MM``) and its sums."""

    name: str
    sums: DaySums


@dataclass(frozen=True, slots=True, kw_only=True)
class Pillar:
    """A spell's two rectangles, one before the other: what was received, and what is left of it."""

    spell: Spell
    x: int
    width: int
    y: int
    height: int
    left_y: int
    left_height: int
    labelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pillars:
    """What was received on each day or in each month."""

    pillars: tuple[Pillar, ...]
    rules: tuple[Rule, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT_WIDE
    base: int = HEIGHT - _BOTTOM


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment under the picture (UTC microseconds)."""

    x: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the log grew: the points of its line and of the area under it, its rules, and moments under it."""

    line: str
    area: str
    rules: tuple[Rule, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT_WIDE
    base: int = HEIGHT - _BOTTOM


def chart_of(today: Sequence[Hour], before: Sequence[Hour]) -> Chart:
    """The picture of 24 hours of each day, from the first to the last hour in which there was anything."""
    busy = [at for at in range(24) if today[at].minor or before[at].minor]
    hours = range(busy[0], busy[-1] + 1) if busy else range(8, 20)
    most, rules = rules_of(max(max(today[at].minor, before[at].minor) for at in hours), unit=100)
    slot = (WIDTH - _LEFT) // len(hours)
    bars = tuple(_bar(_LEFT + place * slot, slot, today[at], before[at], most) for place, at in enumerate(hours))
    corners = [f"{x},{_y(bar.before, most)}" for bar in bars for x in _ends(bar, slot)]
    return Chart(bars=bars, line=" ".join(corners) if any(bar.before for bar in bars) else "", rules=rules)


def spells_chart(spells: Sequence[Spell]) -> Pillars:
    """The picture of days or months in their order, at least one and at most SPELLS_MAX."""
    most, rules = rules_of(max(1, *(one.sums.gross_minor for one in spells)), unit=100)
    slot = (WIDTH - _LEFT_WIDE) / len(spells)
    every = -(-len(spells) // _LABELS_MAX)
    pillars = tuple(_pillar(one, n, slot, most, labelled=n % every == 0) for n, one in enumerate(spells))
    return Pillars(pillars=pillars, rules=rules)


def growth_of(grown: Sequence[Grown], now: int) -> Growth:
    """The picture from the first leaf until ``now``. There must be at least one leaf."""
    most, rules = rules_of(grown[-1].size, unit=1)
    begins, ends = grown[0].at, max(now, grown[-1].at + 1)
    room = WIDTH - _LEFT_WIDE - _RIGHT
    points = [(_LEFT_WIDE + room * (one.at - begins) // (ends - begins), _y(one.size, most)) for one in grown]
    points.append((WIDTH - _RIGHT, points[-1][1]))
    corners = [(points[0][0], HEIGHT - _BOTTOM), *points, (points[-1][0], HEIGHT - _BOTTOM)]
    marks = tuple(
        Mark(_LEFT_WIDE + room * n // _MARKS, begins + (ends - begins) * n // _MARKS) for n in range(_MARKS + 1)
    )
    return Growth(line=_points(points), area=_points(corners), rules=rules, marks=marks)


def rules_of(greatest: int, *, unit: int) -> tuple[int, tuple[Rule, ...]]:
    """The top of a scale that holds ``greatest``, and its rules at 1, 2 or 5 times a power of ten of ``unit``."""
    step = _step(greatest, unit)
    lines = max(1, -(-greatest // step))
    most = step * lines
    return most, tuple(Rule(_y(step * n, most), f"{step * n // unit:,}") for n in range(lines + 1))


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


def _pillar(spell: Spell, place: int, slot: float, most: int, *, labelled: bool) -> Pillar:
    begins, ends = round(_LEFT_WIDE + place * slot), round(_LEFT_WIDE + (place + 1) * slot)
    # Few days stand as pillars and not as walls.
    gap = max(1, (ends - begins) // 6, (ends - begins - _PILLAR_MAX) // 2)
    y, left_y = _y(spell.sums.gross_minor, most), _y(max(0, spell.sums.net_minor), most)
    return Pillar(
        spell=spell,
        x=begins + gap,
        width=ends - begins - 2 * gap,
        y=y,
        height=HEIGHT - _BOTTOM - y,
        left_y=left_y,
        left_height=HEIGHT - _BOTTOM - left_y,
        labelled=labelled,
    )


def _ends(bar: Bar, slot: int) -> tuple[int, int]:
    return bar.x - _GAP, bar.x - _GAP + slot


def _y(minor: int, most: int) -> int:
    room = HEIGHT - _BOTTOM - _TOP
    return HEIGHT - _BOTTOM - room * minor // most


def _step(greatest: int, unit: int) -> int:
    while True:
        for step in _STEPS:
            if step * unit * _LINES_MAX >= greatest:
                return step * unit
        unit *= 10


def _points(points: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
