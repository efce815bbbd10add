"""What a day is like before anybody pays: the season, the weather, who works in the shop, and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from counterfoil.demo.draws import Draws
from counterfoil.demo.shops import SHOPS, Shop

# New Year's Day of the Spring Festival (GB/T 33661-2017).
NEW_YEARS: Final = (date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13))
_RUSH_DAYS: Final = 12
_QUIET_DAYS: Final = 10
_QUIET: Final = 600
_GOLDEN: Final = ((5, range(1, 6)), (10, range(1, 8)))
_BARGAINS: Final = ((11, 11), (6, 18))
_SUMMER: Final = (7, 8)
_RAIN: Final = 55
_SATURDAY: Final = 5
# Saturdays, in weeks before today.
_SLOW_WEEKS: Final = 5
_OFFLINE_WEEKS: Final = 12
_OFFLINE_SHOP: Final = 1
# In days before today: six weeks, the last of them just over, so that the reports of the last four show it.
_OUTLIER_DAYS: Final = range(2, 44)
OUTLIER: Final = (0, 4)
# The shop, and how many days before today; the day before where the shop was closed.
_PAST_CUT: Final = (0, (52, 210))
_FUNDS_SHORT: Final = (2, (27, 133, 248))
_LEAVE: Final = (1, (33,))


@dataclass(frozen=True, slots=True)
class Succession:
    """Of the staff: in ``shop``, ``person`` leaves and ``successor`` begins so many days before today."""

    shop: int
    person: int
    successor: int
    days_ago: int

    def begins(self, today: date) -> date:
        """The first day of the successor."""
        return today - timedelta(days=self.days_ago)


SUCCESSIONS: Final = (Succession(0, 5, 6, 160), Succession(2, 3, 4, 95))


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Of one shop on one day. Factors are in per mille, minutes count from midnight, persons are the shop's indexes.

    ``slow``: the provider does not answer in time. ``offline``: nothing but cash goes on. ``outlier``: who voids cash
    sales at the end of the shift. ``past_cut``: the last void of the day comes too late. ``funds_short``: a sale of
    this day is taken back when the shop's account does not cover it yet.
    """

    index: int
    day: date
    today: date

    closed: bool
    whole: int
    evening: int
    staff: tuple[int, ...]
    slow: range
    offline: range
    outlier: int | None
    past_cut: bool
    funds_short: bool

    def staff_after(self, days: int) -> tuple[int, ...]:
        """Who works in the shop so many days later."""
        return staff(self.index, self.day + timedelta(days=days), self.today)


def circumstances(seed: str, index: int, day: date, today: date) -> Circumstances:
    """Of the ``index``-th shop on ``day``, seen from ``today``."""
    shop, ago = SHOPS[index], (today - day).days
    whole, evening = _season(shop, day)
    if Draws(f"{seed}/{day.isoformat()}/rain").chance(_RAIN):
        whole = whole * shop.year.rain // 1000
    slow = day.weekday() == _SATURDAY and ago // 7 == _SLOW_WEEKS
    offline = index == _OFFLINE_SHOP and day.weekday() == _SATURDAY and ago // 7 == _OFFLINE_WEEKS
    return Circumstances(
        index=index,
        day=day,
        today=today,
        closed=closed(shop, day),
        whole=whole,
        evening=evening,
        staff=staff(index, day, today),
        slow=range(18 * 60 + 30, 20 * 60 + 30) if slow else range(0),
        offline=range(18 * 60 + 10, 18 * 60 + 50) if offline else range(0),
        outlier=OUTLIER[1] if index == OUTLIER[0] and ago in _OUTLIER_DAYS else None,
        past_cut=_falls_on(_PAST_CUT, index, day, today),
        funds_short=_falls_on(_FUNDS_SHORT, index, day, today),
    )


def leave(today: date) -> tuple[int, date]:
    """The shop whose supervisor has a day off, and the day."""
    shop, (days,) = _LEAVE
    return shop, _open_day(shop, today - timedelta(days=days))


def _falls_on(planted: tuple[int, tuple[int, ...]], index: int, day: date, today: date) -> bool:
    shop, all_days = planted
    return index == shop and any(_open_day(shop, today - timedelta(days=days)) == day for days in all_days)


def _open_day(index: int, day: date) -> date:
    """That day, or the last one before it on which the shop was open."""
    while closed(SHOPS[index], day):
        day -= timedelta(days=1)
    return day


def closed(shop: Shop, day: date) -> bool:
    """Whether the shop keeps the Spring Festival on that day."""
    return any(0 <= (day - new_year).days + 1 < shop.year.closed for new_year in NEW_YEARS)


def staff(index: int, day: date, today: date) -> tuple[int, ...]:
    """Who works in the ``index``-th shop at that time: a successor stands in the place of who left."""
    persons = list(range(SHOPS[index].staff))
    for change in SUCCESSIONS:
        if change.shop == index and day >= change.begins(today):
            persons[change.person] = change.successor
    return tuple(persons)


def _season(shop: Shop, day: date) -> tuple[int, int]:
    """The factors of the whole day and, on top, of its evening."""
    year = shop.year
    for new_year in NEW_YEARS:
        eve = new_year - timedelta(days=1)
        opens = eve + timedelta(days=year.closed)
        if eve - timedelta(days=_RUSH_DAYS) <= day < eve:
            return year.rush, year.rush_evening
        if opens <= day < opens + timedelta(days=_QUIET_DAYS):
            return _QUIET, 1000
    if any(day.month == month and day.day in days for month, days in _GOLDEN):
        return year.golden, 1000
    if (day.month, day.day) in _BARGAINS:
        return year.bargains, 1000
    return 1000, year.summer_evening if day.month in _SUMMER else 1000
