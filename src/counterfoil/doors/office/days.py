"""营业日: the sums of each business day over a range, drawn and listed; each day leads to its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.chart import SPELLS_MAX, Pillars, Spell, spells_chart
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.filters import date_shown, day_of
from counterfoil.doors.screen.pages import link, status_of, tell
from counterfoil.doors.spreadsheet import MEDIA
from counterfoil.people import Permission, Shop, demand_somewhere, shops
from counterfoil.records import (
    METHODS,
    WALLETS,
    BusinessDay,
    BusinessDays,
    DaysAsked,
    DaySums,
    business_days,
    days_csv,
    note_days_export,
    sum_of,
)

PATH: Final = "/office/days"
# How many days are shown where none are asked for, today among them.
SHOWN: Final = 31
_FIELDS: Final = ("from", "to", "shop", "wallet", "method")
_TYPED_MAX: Final = 80
# Fewer days than two weeks say nothing of weekdays.
_WEEKDAYS_LEAST: Final = 14
_FIRST_EVER: Final = "1970-01-01"
_NOTHING: Final = BusinessDays((), DaySums())


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month within the range, ``YYYY-MM``: its days newest first, and their sums."""

    name: str
    days: tuple[BusinessDay, ...]
    sums: DaySums

    @property
    def whole(self) -> tuple[str, str]:
        """Its first and last day."""
        return month_of(f"{self.name}-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekday:
    """Monday is 1. On how many such days there were payments, and what they brought on average."""

    number: int
    days: int
    average_minor: int
    of_most: int


def routes(app: App) -> list[BaseRoute]:
    """The page, and the same as a file."""
    return [at_desk(app, PATH, days), at_desk(app, f"{PATH}/export", export)]


async def days(desk: Desk) -> Response:
    """The days, newest first. Anything wrong in what was asked is said above an empty list."""
    demand_somewhere(desk.actor, Permission.READ_DAYS)
    typed = _typed(desk)
    try:
        asked = _asked(desk, typed)
        found = await business_days(desk.app.records, desk.merchant_id, asked)
    except Fault as fault:
        return await _page(desk, typed, None, _NOTHING, fault)
    return await _page(desk, typed, asked, found)


async def export(desk: Desk) -> Response:
    """The days as CSV, oldest first. Raises Refused CF-1806, CF-32xx."""
    demand_somewhere(desk.actor, Permission.READ_DAYS)
    demand_somewhere(desk.actor, Permission.EXPORT)
    asked = _asked(desk, _typed(desk))
    found = await business_days(desk.app.records, desk.merchant_id, asked)
    await note_days_export(desk.app.records, desk.actor, asked, "csv", len(found.days))
    name = f"business-days-{asked.first}-{asked.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(days_csv(found.days, desk.language), 200, headers, MEDIA["csv"])


def month_of(day: str) -> tuple[str, str]:
    """The first and the last day of the month in which ``day`` is."""
    first = date.fromisoformat(day).replace(day=1)
    return first.isoformat(), ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).isoformat()


def _typed(desk: Desk) -> dict[str, str]:
    return {name: desk.request.query_params.get(name, "").strip()[:_TYPED_MAX] for name in _FIELDS}


def _asked(desk: Desk, typed: Mapping[str, str]) -> DaysAsked:
    """What is asked for: up to today, and SHOWN days, where nothing else was typed. Raises Refused CF-1806."""
    first, last = day_of(typed["from"], "from"), day_of(typed["to"], "to")
    last = last or max(first or "", desk.day)
    return DaysAsked(
        first=first or max(_FIRST_EVER, _before(last, SHOWN - 1)),
        last=last,
        shop_id=typed["shop"] or None,
        method=typed["method"] or None,
        wallet=typed["wallet"] or None,
        shop_ids=desk.actor.shops_for(Permission.READ_DAYS),
    )


async def _page(
    desk: Desk, typed: dict[str, str], asked: DaysAsked | None, found: BusinessDays, fault: Fault | None = None
) -> Response:
    kept = {name: typed[name] for name in ("shop", "wallet", "method")}
    span = (asked.first, asked.last) if asked else (typed["from"], typed["to"])
    by_month = asked is not None and _length(asked) > SPELLS_MAX
    months = _months(found.days)
    return render(
        desk,
        "days.html",
        status_of(fault),
        asked=asked,
        typed=typed,
        shown={"from": date_shown(span[0]), "to": date_shown(span[1])},
        ranges=[(name, first, last, _at(kept, first, last)) for name, first, last in _ranges(desk.day)],
        around=[] if asked is None else [(name, _at(kept, *month)) for name, month in _around(asked, desk.day)],
        choices={"shops": await _shops(desk), "wallets": WALLETS, "methods": METHODS},
        days=found.days,
        total=found.total,
        months=months,
        by_month=by_month,
        chart=_chart(asked, found.days, months, by_month=by_month) if asked and found.days else None,
        length=0 if asked is None else _length(asked),
        busy=[one for one in found.days if one.payments],
        weekdays=_weekdays(found.days) if asked and _length(asked) >= _WEEKDAYS_LEAST else (),
        most=max(found.days, key=lambda one: one.gross_minor, default=None),
        at=lambda first, last: _at(kept, first, last),
        records_of=lambda day: link("/office/records", **{**kept, "from": day, "to": day}),
        file=link(f"{PATH}/export", **{**kept, "from": span[0], "to": span[1]}),
        **tell(desk, fault),
    )


def _at(kept: Mapping[str, str], first: str, last: str) -> str:
    return link(PATH, **{**kept, "from": first, "to": last})


def _length(asked: DaysAsked) -> int:
    return (date.fromisoformat(asked.last) - date.fromisoformat(asked.first)).days + 1


def _before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def _ranges(today: str) -> list[tuple[str, str, str]]:
    """One touch for a range: its text, first and last day."""
    this, last = month_of(today)[0], month_of(_before(month_of(today)[0], 1))
    year = int(today[:4])
    return [
        ("days.last", _before(today, SHOWN - 1), today),
        ("days.this_month", this, today),
        ("days.last_month", *last),
        ("days.this_year", f"{year}-01-01", today),
        ("days.last_year", f"{year - 1}-01-01", f"{year - 1}-12-31"),
    ]


def _around(asked: DaysAsked, today: str) -> list[tuple[str, tuple[str, str]]]:
    """The whole month before the range, and the one after it where it has begun."""
    found = []
    if asked.first >= f"{_FIRST_EVER[:4]}-02":
        found.append(("days.month_before", month_of(_before(month_of(asked.first)[0], 1))))
    after = month_of(_before(month_of(asked.last)[1], -1))
    return [*found, ("days.month_after", after)] if after[0] <= today else found


def _months(days: Sequence[BusinessDay]) -> tuple[Month, ...]:
    """The months of the days, newest first."""
    grouped = groupby(reversed(days), key=lambda one: one.day[:7])
    listed = [(name, tuple(each)) for name, each in grouped]
    return tuple(Month(name=name, days=each, sums=sum_of(each)) for name, each in listed)


def _weekdays(days: Sequence[BusinessDay]) -> tuple[Weekday, ...]:
    """What each weekday brings, Monday first; those without payments are left out."""
    brought: dict[int, list[int]] = {}
    for one in days:
        if one.payments:
            brought.setdefault(date.fromisoformat(one.day).isoweekday(), []).append(one.gross_minor)
    averages = {number: sum(each) // len(each) for number, each in sorted(brought.items())}
    most = max(averages.values(), default=0) or 1
    return tuple(
        Weekday(number=number, days=len(brought[number]), average_minor=minor, of_most=100 * minor // most)
        for number, minor in averages.items()
    )


def _chart(asked: DaysAsked, days: Sequence[BusinessDay], months: Sequence[Month], *, by_month: bool) -> Pillars:
    """Every day of the range a bar, or every month of a long one; also those on which there was nothing."""
    known: dict[str, DaySums] = {one.name: one.sums for one in months} if by_month else {one.day: one for one in days}
    all_days = [_before(asked.first, -n) for n in range(_length(asked))]
    names = dict.fromkeys(day[:7] for day in all_days) if by_month else all_days
    return spells_chart([Spell(name, known.get(name, _NOTHING.total)) for name in names])


async def _shops(desk: Desk) -> list[Shop]:
    seen = desk.actor.shops_for(Permission.READ_DAYS)
    return [one for one in await shops(desk.app.store, desk.merchant_id) if seen is None or one.id in seen]
