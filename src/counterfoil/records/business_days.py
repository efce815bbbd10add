"""A merchant's business days over a range: what was received, voided and refunded on each, and over all of them.

They are read from the sums that each commit adds to, never counted: a void or refund counts on the business day on
which it was carried out, whenever its payment was taken. (``totals`` is of payments, and counts them with theirs.)
All shops together are one row a day; of one shop, method or wallet the finer sums of those days are summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, bindparam, case, cast, func, select

from counterfoil.payments.tables import DAY_COLUMNS, day_totals, merchant_day
from counterfoil.people import shops
from counterfoil.records.faults import RANGE_TOO_LONG
from counterfoil.records.find import Find, check
from counterfoil.records.means import Means
from counterfoil.store import Row, Whole

# Two years, one of them a leap year.
DAYS_MAX: Final = 731
# A statement for each of these; so many shops are asked for at once.
_SHOPS: Final = (1, 4, 16, 64)
_SUMS: Final = tuple(name for pair in DAY_COLUMNS.values() for name in pair)
_SUMS_OF: Final = itemgetter(*_SUMS)
_WHOLE: Final = (
    select(merchant_day.c.business_day, *(merchant_day.c[name] for name in _SUMS))
    .where(
        merchant_day.c.merchant_id == bindparam("merchant_id"),
        merchant_day.c.business_day >= bindparam("first"),
        merchant_day.c.business_day <= bindparam("last"),
    )
    .order_by(merchant_day.c.business_day)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAsked:
    """Which days, both ``YYYY-MM-DD`` and included, and what of them; None is everything.

    ``shop_ids``: what the asker may see.
    """

    first: str
    last: str
    shop_id: str | None = None
    method: str | None = None
    wallet: str | None = None
    shop_ids: frozenset[str] | None = None


class DaySums(Struct, frozen=True):
    """``payments`` brought ``gross_minor``; ``voids`` and ``refunds`` count acts. Sums in minor units."""

    payments: int = 0
    gross_minor: int = 0
    voids: int = 0
    voided_minor: int = 0
    refunds: int = 0
    refunded_minor: int = 0

    @property
    def net_minor(self) -> int:
        """What is left; below zero where more went back on these days than came in."""
        return self.gross_minor - self.voided_minor - self.refunded_minor


class BusinessDay(DaySums, frozen=True, kw_only=True):
    """The sums of one business day (``YYYY-MM-DD``)."""

    day: str


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """The days on which there was anything, oldest first, and the sums of all of them."""

    days: tuple[BusinessDay, ...]
    total: DaySums


async def business_days(means: Means, merchant_id: int, asked: DaysAsked) -> BusinessDays:
    """The merchant's business days, at most DAYS_MAX of them.

    Raises RANGE_REVERSED, RANGE_TOO_LONG or FILTER_UNKNOWN.
    """
    _check(asked)
    span = {"merchant_id": merchant_id, "first": asked.first, "last": asked.last}
    narrow = {name: value for name in ("method", "wallet") if (value := getattr(asked, name)) is not None}
    if asked.shop_id is None and asked.shop_ids is None and not narrow:
        rows: Sequence[Row] = await means.store.fetch(_WHOLE, span)
    else:
        rows = await _of_shops(means, await _shops_of(means, merchant_id, asked), span, narrow)
    days = tuple(BusinessDay(*_SUMS_OF(row), day=row["business_day"]) for row in rows)
    return BusinessDays(days, sum_of(days))


def sum_of(days: Sequence[DaySums]) -> DaySums:
    """All of them together."""
    return DaySums(*(sum(getattr(one, name) for one in days) for name in _SUMS))


def _check(asked: DaysAsked) -> None:
    check(
        Find(
            first_day=asked.first,
            last_day=asked.last,
            shop_id=asked.shop_id,
            method=asked.method,
            wallet=asked.wallet,
        )
    )
    if (date.fromisoformat(asked.last) - date.fromisoformat(asked.first)).days >= DAYS_MAX:
        raise RANGE_TOO_LONG(field="first_day", most=DAYS_MAX)


async def _shops_of(means: Means, merchant_id: int, asked: DaysAsked) -> list[str]:
    wanted = [one.id for one in await shops(means.store, merchant_id)] if asked.shop_id is None else [asked.shop_id]
    return [one for one in wanted if asked.shop_ids is None or one in asked.shop_ids]


async def _of_shops(
    means: Means, shop_ids: Sequence[str], span: Mapping[str, Any], narrow: Mapping[str, str]
) -> Sequence[Row]:
    """A row a day, oldest first, of these shops."""
    parts = []
    for start in range(0, len(shop_ids), _SHOPS[-1]):
        asked = shop_ids[start : start + _SHOPS[-1]]
        size = next(size for size in _SHOPS if size >= len(asked))
        their = {f"shop_{n}": asked[min(n, len(asked) - 1)] for n in range(size)}
        parts.append(await means.store.fetch(_parts(size, tuple(narrow)), {**span, **narrow, **their}))
    return parts[0] if len(parts) == 1 else _together(parts)


def _together(parts: Sequence[Sequence[Row]]) -> list[Row]:
    found: dict[str, dict[str, Any]] = {}
    for row in chain.from_iterable(parts):
        day = found.setdefault(row["business_day"], {"business_day": row["business_day"]} | dict.fromkeys(_SUMS, 0))
        day |= {name: day[name] + row[name] for name in _SUMS}
    return [found[day] for day in sorted(found)]


@lru_cache(maxsize=4 * len(_SHOPS))
def _parts(size: int, narrow: tuple[str, ...]) -> Select[Any]:
    """The days of ``size`` shops, where each column of ``narrow`` equals the parameter of its name."""
    columns = day_totals.c
    conditions: list[ColumnElement[bool]] = [
        columns.merchant_id == bindparam("merchant_id"),
        columns.shop_id.in_([bindparam(f"shop_{n}") for n in range(size)]),
        columns.business_day >= bindparam("first"),
        columns.business_day <= bindparam("last"),
        *(columns[name] == bindparam(name) for name in narrow),
    ]
    # PostgreSQL sums whole numbers as numeric, which takes long to read.
    sums = [
        cast(func.sum(case((columns.kind == kind, columns[source]), else_=0)), Whole).label(name)
        for kind, pair in DAY_COLUMNS.items()
        for source, name in zip(("count", "minor"), pair, strict=True)
    ]
    found = select(columns.business_day, *sums).where(*conditions)
    return found.group_by(columns.business_day).order_by(columns.business_day)
