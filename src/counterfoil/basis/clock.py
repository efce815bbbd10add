"""Time: one injected clock, UTC microseconds inside, RFC 3339 outside, and the three kinds of day.

An act reads the clock once. ``business_day`` is the shop's (it may end at 04:00), ``clearing_day`` the provider
account's (it ends at the account's cut); neither is the calendar day of the instant.
"""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

MICROS: Final = 1_000_000
_MINUTE: Final = 60 * MICROS
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# What JSON can say exactly (RFC 8785): 285 years on either side of 1970.
_EXACT_MAX: Final = 2**53 - 1


class Clock(Protocol):
    """What tells an act the time. The simulator and the tests bring their own."""

    def now(self) -> int:
        """UTC, in microseconds since 1970."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back; for measuring, not for dates."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait in this clock's time."""
        ...


class SystemClock:
    """The machine's clock. Made once, in ``app``."""

    def now(self) -> int:
        """UTC, in microseconds since 1970."""
        return time.time_ns() // 1000

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep on the event loop."""
        await asyncio.sleep(seconds)


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ZoneInfoNotFoundError for an unknown one."""
    return ZoneInfo(name)


def rfc3339(micros: int) -> str:
    """``2026-11-22T08:00:00.123456Z``, always six decimals, so texts sort as times do."""
    second, part = divmod(micros, MICROS)
    return f"{_to_the_second(second)}.{part:06}Z"


@lru_cache(maxsize=64)
def _to_the_second(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).isoformat(timespec="seconds")[:-6]


def from_rfc3339(text: str) -> int:
    """Microseconds of an RFC 3339 time with any offset.

    Raises ValueError where the text is none, or lies so far off that canonical JSON could not say it (before 1684).
    """
    if not _RFC3339.fullmatch(text):
        raise ValueError(f"not an RFC 3339 time: {text!r}")
    micros = (datetime.fromisoformat(text.upper()) - _EPOCH) // timedelta(microseconds=1)
    if abs(micros) > _EXACT_MAX:
        raise ValueError(f"too far off: {text!r}")
    return micros


def local_time(micros: int, zone: str) -> datetime:
    """The instant as a wall-clock time in ``zone``."""
    return (_EPOCH + timedelta(microseconds=micros)).astimezone(zone_of(zone))


def local_day(micros: int, zone: str, ends_at_minute: int) -> str:
    """The day (``YYYY-MM-DD``) to which an instant belongs when a day ends ``ends_at_minute`` after midnight.

    A shop that closes its day at 04:00 has ``ends_at_minute=240``: 03:59 still belongs to the day before. A provider
    whose day is cut at 23:00 has ``ends_at_minute=-60``: 23:00 already belongs to the next day.
    """
    return _day_of_minute(micros // _MINUTE, zone, ends_at_minute)


@lru_cache(maxsize=1024)
def _day_of_minute(minute: int, zone: str, ends_at_minute: int) -> str:
    """Days begin and zones change on whole minutes, so all of a minute is of one day."""
    return (local_time(minute * _MINUTE, zone) - timedelta(minutes=ends_at_minute)).date().isoformat()


def next_cut(micros: int, zone: str, cut_minute: int) -> int:
    """The first instant after ``micros`` at which ``zone``'s clock shows ``cut_minute`` minutes after midnight."""
    return _cut_after_minute(micros // _MINUTE, zone, cut_minute)


@lru_cache(maxsize=1024)
def _cut_after_minute(minute: int, zone: str, cut_minute: int) -> int:
    """The cut is on a whole minute: after any moment of a minute comes the same one."""
    local = local_time(minute * _MINUTE, zone)
    cut = local.replace(hour=cut_minute // 60, minute=cut_minute % 60, second=0, microsecond=0)
    if cut <= local:
        cut += timedelta(days=1)
    return (cut.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)


_RFC3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
