"""A picture of people beside each other: voids and refunds on a hundred payments, with the middle of all. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 640
_ROW: Final = 28
_TOP: Final = 8
_BOTTOM: Final = 24
_LEFT: Final = 200
_RIGHT: Final = 64
PEOPLE_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Somebody's figure, what was asked for beside it and not done, and whether the figure stands apart."""

    name: str
    per_hundred: float
    not_done: float
    apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A bar with its text; ``beyond``: how much of what was not done is drawn after it."""

    figure: Figure
    y: int
    width: int
    beyond: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleChart:
    """All that the template draws; ``middle`` is where the line of the median stands."""

    rows: tuple[Row, ...]
    middle: int
    height: int
    width: int = WIDTH
    left: int = _LEFT
    bar: int = _ROW - 12


def people_chart(figures: Sequence[Figure], median: float) -> PeopleChart:
    """The picture of at most PEOPLE_MAX people, in their order."""
    some = figures[:PEOPLE_MAX]
    most = max([median, *(one.per_hundred + one.not_done for one in some)], default=0.0) or 1.0
    room = WIDTH - _LEFT - _RIGHT
    rows = tuple(
        Row(
            figure=one,
            y=_TOP + _ROW * place,
            width=round(room * one.per_hundred / most),
            beyond=round(room * one.not_done / most),
            text=f"{one.per_hundred:.1f}",
        )
        for place, one in enumerate(some)
    )
    return PeopleChart(rows=rows, middle=_LEFT + round(room * median / most), height=_TOP + _ROW * len(some) + _BOTTOM)
