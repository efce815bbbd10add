"""What every list of payments lets one filter by, and how what was typed is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from counterfoil.basis import Money, NotMoney
from counterfoil.doors.screen.faults import DATES_WRONG, NOT_AN_AMOUNT
from counterfoil.payments import MoneyState
from counterfoil.records import YEARS

_M = MoneyState
STATES: Final = (
    *(_M.CAPTURED, _M.DECLINED, _M.SENT, _M.UNKNOWN, _M.REVERSING, _M.REVERSED),
    *(_M.VOIDING, _M.VOIDED, _M.PART_REFUNDED, _M.REFUNDED, _M.MANUAL),
)


@dataclass(frozen=True, slots=True)
class Range:
    """One touch for a range of business days; both ends included."""

    name: str
    first: str
    last: str


def ranges(today: str) -> tuple[Range, ...]:
    """Today, yesterday, the last seven days, any."""
    day = date.fromisoformat(today)
    before = (day - timedelta(days=1)).isoformat()
    return (
        Range("records.today", today, today),
        Range("records.yesterday", before, before),
        Range("records.week", (day - timedelta(days=6)).isoformat(), today),
        Range("records.any", "", ""),
    )


def day_of(text: str, field: str) -> str | None:
    """A business day as typed (``YYYY-MM-DD``); None where nothing was. Raises Refused CF-1806."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise DATES_WRONG(field=field) from error
    if day.year not in YEARS:
        raise DATES_WRONG(field=field)
    return day.isoformat()


def date_shown(text: str) -> str:
    """``text`` where it is a date a browser's field can show, else nothing: a browser complains of any other."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def minor_of(text: str) -> int | None:
    """An amount as typed, in minor units; None where nothing was. Raises Refused CF-1801."""
    if not text:
        return None
    try:
        return Money.parse(text).minor
    except NotMoney as error:
        raise NOT_AN_AMOUNT(field="min") from error
