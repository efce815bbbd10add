"""How an account's line was in the last hour, as a picture and in figures: of all processes, also those that ended.

Only whether the breaker is open is this process's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.channels import tells_what_it_knows
from counterfoil.doors.office.chart import HEIGHT, WIDTH, Rule, rules_of
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.screen.looks import Mark
from counterfoil.providers import SLOT, Health, Line, Tally, health_of, tallies_of
from counterfoil.store import Row

SLOTS: Final = 12
_LEFT: Final = 40
_RIGHT: Final = WIDTH - 8
_TOP: Final = 20
_BASE: Final = HEIGHT - 24
_GAP: Final = 4
_MARKS: Final = {
    Line.CLOSED: ("good", "tick"),
    Line.HALF_OPEN: ("checking", "checking"),
    Line.OPEN: ("bad", "cross"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Five minutes from ``at`` on: how many calls, how many were answered, and the rectangles of both kinds."""

    at: int
    calls: int
    answered: int
    x: int
    width: int
    y: int
    height: int
    failed_y: int
    failed_height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Twelve bars, and the points of the line of the 95th percentile, which has a scale of its own to ``most_ms``."""

    bars: tuple[Bar, ...]
    rules: tuple[Rule, ...]
    line: str
    most_ms: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = _RIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Activating:
    """An activation begun ``at`` whose answer nobody has kept."""

    at: int
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """All that the page of an account says of its line."""

    line: Mark
    health: Health
    percent: str
    picture: Picture | None
    settings_at: int | None
    has_settings: bool
    activates: bool
    tells: bool
    activating: Activating | None


async def channel_of(desk: Desk, row: Row) -> Channel:
    """The line of that account."""
    app = desk.app
    since = desk.now // SLOT * SLOT - (SLOTS - 1) * SLOT
    pulses, process = app.accounts.pulses, app.payments.process
    tallies = await tallies_of(app.store, pulses, process, desk.merchant_id, row["id"], since)
    health = health_of(tallies)
    return Channel(
        line=line_mark(desk, row),
        health=health,
        percent=_percent(health),
        picture=picture_of(tallies, since) if health.calls else None,
        settings_at=row["settings_at"],
        has_settings=_has_settings(desk, row),
        activates=bool(desk.app.accounts.manifest(row["provider"]).activation),
        tells=tells_what_it_knows(desk.app.accounts, row["provider"]),
        activating=activating_of(desk, row),
    )


def activating_of(desk: Desk, row: Row) -> Activating | None:
    """The activation that stands in the account's row; None where there is none."""
    if row["activating_at"] is None:
        return None
    manifest = desk.app.accounts.manifest(row["provider"])
    name = manifest.name_zh if desk.language == "zh-CN" else manifest.name_en
    return Activating(at=row["activating_at"], provider=name)


def _has_settings(desk: Desk, row: Row) -> bool:
    """Whether it was given any, readable or not."""
    return row["settings_at"] is not None or bool(desk.app.accounts.settings(row))


def line_mark(desk: Desk, row: Row) -> Mark:
    """Where the breaker of that account stands, as a sign and a word."""
    line = desk.app.accounts.pulses.of(desk.merchant_id, row["id"]).line(desk.now)
    return Mark(*_MARKS[line], desk.t(f"office.line.{line}"))


def picture_of(tallies: Sequence[Tally], since: int) -> Picture:
    """The picture of an hour from ``since`` on; at least one call. Pure."""
    slots = [health_of(one for one in tallies if one.at == since + n * SLOT) for n in range(SLOTS)]
    most, rules = rules_of(max(1, *(slot.calls for slot in slots)), unit=1)
    wide = (_RIGHT - _LEFT) // SLOTS
    bars = tuple(_bar(n, slot, since, wide, most) for n, slot in enumerate(slots))
    known = [(bar, slot.p95_ms) for bar, slot in zip(bars, slots, strict=True) if slot.p95_ms is not None]
    most_ms = max([1, *(ms for _, ms in known)])
    points = [(bar.x + bar.width // 2, _BASE - (_BASE - _TOP) * ms // most_ms) for bar, ms in known]
    line = " ".join(f"{x},{y}" for x, y in points) if len(points) > 1 else ""
    return Picture(bars=bars, rules=rules, line=line, most_ms=most_ms)


def _bar(n: int, slot: Health, since: int, wide: int, most: int) -> Bar:
    # The same scale as that of the rules.
    room = _BASE - 12
    whole, answered = room * slot.calls // most, room * slot.answered // most
    return Bar(
        at=since + n * SLOT,
        calls=slot.calls,
        answered=slot.answered,
        x=_LEFT + n * wide + _GAP,
        width=wide - 2 * _GAP,
        y=_BASE - answered,
        height=answered,
        failed_y=_BASE - whole,
        failed_height=whole - answered,
    )


def _percent(health: Health) -> str:
    """``99.2``; never 100 while something failed."""
    if not health.calls:
        return "—"
    permille = health.answered * 1000 // health.calls
    return f"{permille // 10}.{permille % 10}"
