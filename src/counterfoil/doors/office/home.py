"""首页: today against the same day last week, what waits for a person, and what looks odd."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import MICROS
from counterfoil.doors.office.chart import Chart, chart_of
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.looks import Mark, mark_of
from counterfoil.payments import Payment
from counterfoil.people import Shop, persons, shops, terminals
from counterfoil.records import Hour, Total, day_so_far, for_a_person, hours_of, odd, open_now, voids_of

WEEK_MICROS: Final = 7 * 24 * 3600 * MICROS
VOIDS_DAYS: Final = 28
_SHOWN: Final = 8


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
    """A day and the one a week before."""

    day: str
    before: str
    today: Sums
    whole_before: Sums
    by_now: Hour
    by_now_before: Hour
    chart: Chart
    wallets: tuple[Part, ...]
    shops: tuple[Part, ...]


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/office/home", home)]


async def home(desk: Desk) -> Response:
    """The day at a glance."""
    app, merchant_id = desk.app, desk.merchant_id
    waiting = await for_a_person(app.records, merchant_id, desk.now) + await open_now(app.records, merchant_id)
    voids = await voids_of(app.records, merchant_id, desk.now)
    return render(
        desk,
        "home.html",
        compared=await compared(desk),
        waiting=_marked(desk, waiting)[:_SHOWN],
        waiting_count=len({payment.id for payment in waiting}),
        places={one.id: (one, shop) for one, shop in await terminals(app.store, merchant_id)},
        voids=voids[:_SHOWN],
        odd={one.operator_id for one in odd(voids)},
        odd_ones=odd(voids),
        operators={one.id: one.number for one in await persons(app.store, merchant_id)},
        voids_from=(date.fromisoformat(desk.day) - timedelta(days=VOIDS_DAYS)).isoformat(),
    )


async def compared(desk: Desk) -> Compared:
    """Today and the same day last week, all shops together."""
    day = desk.day
    before = (date.fromisoformat(day) - timedelta(days=7)).isoformat()
    where = await shops(desk.app.store, desk.merchant_id)
    now = [(shop, total) for shop in where for total in await _day(desk, shop, day)]
    then = [(shop, total) for shop in where for total in await _day(desk, shop, before)]
    hours = await hours_of(desk.app.records, desk.merchant_id, day, desk.zone, until=desk.now)
    same = await hours_of(desk.app.records, desk.merchant_id, before, desk.zone, until=desk.now - WEEK_MICROS)
    whole = await hours_of(desk.app.records, desk.merchant_id, before, desk.zone, until=desk.now)
    wallet_link = lambda _, total: {"wallet": total.wallet, "from": day, "to": day}  # noqa: E731
    shop_link = lambda shop, _: {"shop": shop.id, "from": day, "to": day}  # noqa: E731
    return Compared(
        day=day,
        before=before,
        today=_sums(total for _, total in now),
        whole_before=_sums(total for _, total in then),
        by_now=_together(hours),
        by_now_before=_together(same),
        chart=chart_of(hours, whole),
        wallets=_parts(now, then, lambda _, total: desk.t(f"wallet.{total.wallet}"), wallet_link),
        shops=_parts(now, then, lambda shop, _: shop.name, shop_link),
    )


async def _day(desk: Desk, shop: Shop, day: str) -> list[Total]:
    return await day_so_far(desk.app.records, desk.merchant_id, shop.id, day)


def _sums(totals: Iterable[Total]) -> Sums:
    known = list(totals)
    taken = [total for total in known if total.kind == "sale"]
    back = sum(total.minor for total in known if total.kind != "sale")
    return Sums(sum(total.count for total in taken), sum(total.minor for total in taken), back)


def _together(hours: list[Hour]) -> Hour:
    return Hour(0, sum(hour.count for hour in hours), sum(hour.minor for hour in hours))


_Pair = tuple[Shop, Total]


def _parts(
    now: list[_Pair],
    then: list[_Pair],
    label: Callable[[Shop, Total], str],
    link: Callable[[Shop, Total], dict[str, str]],
) -> tuple[Part, ...]:
    """What was received by label, the greatest first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    links: dict[str, dict[str, str]] = {}
    for at, pairs in enumerate((now, then)):
        for shop, total in pairs:
            if total.kind == "sale":
                sums[label(shop, total)][at] += total.minor
                links[label(shop, total)] = link(shop, total)
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


def _marked(desk: Desk, payments: list[Payment]) -> list[tuple[Payment, Mark]]:
    once = {payment.id: payment for payment in payments}
    return [(payment, mark_of(desk, payment)) for payment in once.values()]
