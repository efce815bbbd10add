"""What every list of payments lets one filter by, and how what was typed is read.

The list shows what was received, whatever became of it later (voided and refunded too), and what is still being
checked: money may be in it. What ended without money is hidden, counted, and one click away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from counterfoil.basis import MICROS, Money, NotMoney, zone_of
from counterfoil.doors.screen.faults import DATES_WRONG, NOT_AN_AMOUNT
from counterfoil.payments import MoneyState
from counterfoil.records import YEARS, Find

_M = MoneyState
STATES: Final = (
    *(_M.CAPTURED, _M.DECLINED, _M.SENT, _M.UNKNOWN, _M.REVERSING, _M.REVERSED),
    *(_M.VOIDING, _M.VOIDED, _M.PART_REFUNDED, _M.REFUNDED, _M.MANUAL),
)
# As a place: every shop. As a state: also what ended without money.
ALL: Final = "all"
FIELDS: Final = (
    *("number", "from", "to", "since", "until", "shop", "terminal", "operator", "wallet", "method", "entry"),
    *("min", "max", "status", "provider", "account"),
)
# Those that stand behind 更多条件 until one of them is set.
MORE: Final = ("since", "until", "terminal", "operator", "method", "entry", "provider", "account")
_TYPED_MAX: Final = 80
_MINUTE: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Range:
    """One touch for a range of business days; both ends included."""

    name: str
    first: str
    last: str


def typed_in(query: Mapping[str, str]) -> dict[str, str]:
    """What stands in the filters, each at most 80 characters."""
    return {name: query.get(name, "").strip()[:_TYPED_MAX] for name in FIELDS}


def find_of(typed: Mapping[str, str], *, zone: str, here: str | None, shops: frozenset[str] | None) -> Find:
    """What the filters ask for; days are business days, times those of ``zone``. Raises Refused CF-1801, CF-1806.

    ``here`` is the shop that is meant where none is said, ``shops`` those that may be seen. A number that somebody
    holds in the hand is found whatever became of it.
    """
    return Find(
        from_=_instant(typed["since"], "since", zone),
        to=_instant(typed["until"], "until", zone),
        first_day=day_of(typed["from"], "from"),
        last_day=day_of(typed["to"], "to"),
        amount_min=minor_of(typed["min"]),
        amount_max=minor_of(typed["max"]),
        method=typed["method"] or None,
        wallet=typed["wallet"] or None,
        entry=typed["entry"] or None,
        status=None if typed["status"] == ALL else typed["status"] or None,
        hide_unpaid=not typed["status"] and not typed["number"],
        shop_id=None if typed["shop"] == ALL else typed["shop"] or here,
        terminal_id=typed["terminal"] or None,
        operator_id=typed["operator"] or None,
        provider=typed["provider"] or None,
        account_id=typed["account"] or None,
        number="".join(typed["number"].split()) or None,
        shop_ids=shops,
    )


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


def time_shown(text: str) -> str:
    """The same of a time to the minute."""
    try:
        return datetime.fromisoformat(text).strftime(_MINUTE)
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


def _instant(text: str, field: str, zone: str) -> int | None:
    """A wall-clock time of ``zone`` as typed (``YYYY-MM-DDTHH:MM``), in UTC microseconds. Raises Refused CF-1806."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DATES_WRONG(field=field) from error
    # A day of margin: the zone may carry a time over the end of the years.
    if moment.tzinfo is not None or moment.year not in YEARS[1:-1]:
        raise DATES_WRONG(field=field)
    return int(moment.replace(tzinfo=zone_of(zone)).timestamp()) * MICROS
