"""A day and the same day of the week before: sums, by the hour, by method and by shop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from counterfoil.basis import MICROS
from counterfoil.doors.office.chart import Chart, chart_of
from counterfoil.doors.office.desk import Desk
from counterfoil.people import shops
from counterfoil.records import Hour, ShopTotal, Total, days_of, hours_of

WEEK_MICROS: Final = 7 * 24 * 3600 * MICROS


@dataclass(frozen=True, slots=True)
class Sums:
    """What was received in ``count`` payments and what went back, in minor units."""

    count: int
    taken: int
    back: int

    @property
    def net(self) -> int:
        """What is left."""
        return self.taken - self.back


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One wallet or shop: today, and the whole of the same day last week; ``of_most`` 0 to 100 for its bars."""

    label: str
    link: dict[str, str]
    today: int
    before: int
    today_of_most: int
    before_of_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A day and the one a week before. ``by_now`` is each day until this time of the day."""

    day: str
    before: str
    today: Sums
    whole_before: Sums
    by_now: Hour
    by_now_before: Hour
    chart: Chart
    wallets: tuple[Part, ...]
    shops: tuple[Part, ...]


async def compared(desk: Desk) -> Compared:
    """Today and the same day last week, all shops together."""
    means, merchant_id, day = desk.app.records, desk.merchant_id, desk.day
    before = (date.fromisoformat(day) - timedelta(days=7)).isoformat()
    names = {shop.id: shop.name for shop in await shops(desk.app.store, merchant_id)}
    found = await days_of(means, merchant_id, list(names), (day, before))
    hours = await hours_of(means, merchant_id, day, desk.zone, until=desk.now)
    same = await hours_of(means, merchant_id, before, desk.zone, until=desk.now - WEEK_MICROS)
    whole = await hours_of(means, merchant_id, before, desk.zone, until=desk.now)
    span = {"from": day, "to": day}
    return Compared(
        day=day,
        before=before,
        today=_sums(one.total for one in found if one.day == day),
        whole_before=_sums(one.total for one in found if one.day == before),
        by_now=_together(hours),
        by_now_before=_together(same),
        chart=chart_of(hours, whole),
        wallets=_parts(found, day, lambda one: _wallet(desk, one, span)),
        shops=_parts(found, day, lambda one: (names[one.shop_id], {"shop": one.shop_id, **span})),
    )


def _wallet(desk: Desk, one: ShopTotal, span: dict[str, str]) -> tuple[str, dict[str, str]]:
    return desk.t(f"wallet.{one.total.wallet}"), {"kind": f"wallet.{one.total.wallet}", **span}


def _sums(totals: Iterable[Total]) -> Sums:
    known = list(totals)
    taken = [total for total in known if total.kind == "sale"]
    back = sum(total.minor for total in known if total.kind != "sale")
    return Sums(sum(total.count for total in taken), sum(total.minor for total in taken), back)


def _together(hours: list[Hour]) -> Hour:
    counted = [sum(getattr(hour, name) for hour in hours) for name in ("count", "minor", "declined")]
    return Hour(0, *counted)


def _parts(
    found: Sequence[ShopTotal], day: str, named: Callable[[ShopTotal], tuple[str, dict[str, str]]]
) -> tuple[Part, ...]:
    """What was received by what ``named`` calls it (with where that leads), the greatest first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    links: dict[str, dict[str, str]] = {}
    for one in found:
        if one.total.kind == "sale":
            name, links[name] = named(one)
            sums[name][0 if one.day == day else 1] += one.total.minor
    most = max((max(pair) for pair in sums.values()), default=0) or 1
    return tuple(
        Part(
            label=name,
            link=links[name],
            today=today,
            before=before,
            today_of_most=100 * today // most,
            before_of_most=100 * before // most,
        )
        for name, (today, before) in sorted(sums.items(), key=lambda item: -sum(item[1]))
    )
