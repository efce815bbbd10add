"""A range of days in the address of a page, and the moments at which it begins and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from counterfoil.basis import MICROS, zone_of
from counterfoil.doors.screen.faults import DATES_WRONG
from counterfoil.doors.screen.filters import day_of

_DAYS_MAX: Final = 366


@dataclass(frozen=True, slots=True)
class DayRange:
    """From the first to the last day (``YYYY-MM-DD``), both included, in a zone."""

    first: str
    last: str
    zone: str

    @property
    def since(self) -> int:
        """Its beginning, UTC microseconds."""
        return midnight(self.first, self.zone)

    @property
    def until(self) -> int:
        """Its end, UTC microseconds, which is no more in it."""
        return end_of(self.last, self.zone)


def range_in(query: Mapping[str, str], *, today: str, zone: str, days: int) -> DayRange:
    """``from`` and ``to``; up to today and ``days`` long where they are not typed. At most a year.

    Raises Refused CF-1806 for what is no date, a range that goes backwards, and one that is longer.
    """
    first = day_of(query.get("from", "").strip()[:80], "from")
    last = day_of(query.get("to", "").strip()[:80], "to") or max(first or "", today)
    first = first or (date.fromisoformat(last) - timedelta(days=days - 1)).isoformat()
    if first > last or (date.fromisoformat(last) - date.fromisoformat(first)).days >= _DAYS_MAX:
        raise DATES_WRONG(field="from")
    return DayRange(first, last, zone)


def midnight(day: str, zone: str) -> int:
    """The moment at which ``day`` begins in ``zone``, UTC microseconds."""
    return int(datetime.fromisoformat(day).replace(tzinfo=zone_of(zone)).timestamp()) * MICROS


def end_of(day: str, zone: str) -> int:
    """The moment at which ``day`` is over in ``zone``, UTC microseconds."""
    return midnight((date.fromisoformat(day) + timedelta(days=1)).isoformat(), zone)
