"""One day of one shop, as it would go: who stands where, and who pays what."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import Final, TypeVar

from counterfoil.basis import MICROS, from_rfc3339
from counterfoil.demo.act import Act, Sale, Undo
from counterfoil.demo.circumstances import circumstances
from counterfoil.demo.draws import Draws
from counterfoil.demo.shops import SHOPS, SHOWN_FOR
from counterfoil.demo.story import LATE_MAX, MINUTE, Stories, scanning, takes, tendered
from counterfoil.providers.lakala.sandbox import BY_AMOUNT

A = TypeVar("A", Sale, Act)

OFFSET: Final = "+08:00"
# Two payments at one terminal stand at least so far apart, scanning and all.
_APART: Final = 8 * MICROS
_EVENING: Final = 17 * 60
_SATURDAY: Final = 5
_TRICKS: Final = frozenset(row.amount_minor for row in BY_AMOUNT)
_PLATFORM_COUPONS: Final = 50
_COUPONS: Final = ((100, 40), (200, 30), (300, 15), (500, 15))
_SHOPS_COUPONS: Final = ((500, 40), (1000, 40), (2000, 20))
# A coupon is never worth more than this part of the bill.
_COUPON_PART: Final = 4


class ShopDay:
    """Makes the acts of the ``index``-th shop on ``day``, seen from ``today``."""

    def __init__(self, seed: str, index: int, day: date, today: date) -> None:
        """Prepare the day; its draws belong to it alone."""
        self._shop = SHOPS[index]
        self._index = index
        self._midnight = from_rfc3339(f"{day.isoformat()}T00:00:00{OFFSET}")
        self._number = self._midnight // (24 * 60 * MINUTE)
        self._weekday = day.weekday()
        self._draws = Draws(f"{seed}/{day.isoformat()}/{index}")
        self._now = circumstances(seed, index, day, today)
        self._stories = Stories(self._shop, day, self._midnight, self._now, self._draws)

    def acts(self) -> list[Act]:
        """Everything that happens, in no order."""
        if self._now.closed:
            return []
        return _apart(self._stories.of(self._in_time(self._sale(at) for at in self._times())))

    def _hours(self) -> list[tuple[tuple[int, int], int]]:
        """From and to with the weight; a busier evening weighs more."""
        shop = self._shop
        hours = shop.weekend_hours if self._weekday >= _SATURDAY else shop.hours
        return [
            ((begins, ends), weight * (self._now.evening if begins >= _EVENING else 1000))
            for begins, ends, weight in hours
        ]

    def _times(self) -> list[int]:
        draws, shop, hours = self._draws, self._shop, self._hours()
        busy = sum(weight for _, weight in hours) * self._now.whole // 100_000
        count = (shop.a_day * shop.weekdays[self._weekday] * busy * draws.noise(120) + 10**8 // 2) // 10**8
        times: list[int] = []
        # Spread over the hours evenly, as a day's customers are; within them by chance.
        sums = list(accumulate(weight for _, weight in hours))
        begin = draws.below(sums[-1])
        for place in range(count):
            # A queue: the next one stands right behind.
            if times and draws.chance(280):
                times.append(times[-1] + draws.between(15, 40) * MICROS)
            else:
                begins, ends = hours[bisect(sums, (begin + place * sums[-1] // count) % sums[-1])][0]
                times.append(self._midnight + begins * MINUTE + draws.below((ends - begins) * 60) * MICROS)
        latest = self._midnight + shop.closes * MINUTE
        return sorted(min(at, latest) + draws.below(MICROS) for at in times)

    def _sale(self, at: int) -> Sale:
        draws = self._draws
        post, operator = self._on_duty(at)
        wallet, amount = draws.pick(self._shop.wallets), self._amount(at)
        sale = Sale(
            at=at,
            shop=self._index,
            terminal=draws.pick(self._shop.posts[post]),
            operator=operator,
            wallet=wallet,
            amount_minor=amount,
        )
        if wallet == "cash":
            return replace(sale, entry="keyed", tendered_minor=tendered(amount, draws))
        if draws.below(100) < self._shop.printed:
            return self._with_coupons(replace(sale, entry="static_code", terminal=0))
        if wallet in SHOWN_FOR and draws.below(100) < self._shop.shown:
            return self._with_coupons(replace(sale, entry="merchant_code", takes=scanning(draws)))
        return self._with_coupons(replace(sale, takes=takes(amount, draws)))

    def _with_coupons(self, sale: Sale) -> Sale:
        draws, most = self._draws, sale.amount_minor // _COUPON_PART
        if draws.chance(_PLATFORM_COUPONS):
            return replace(sale, platform_discount_minor=min(draws.pick(_COUPONS), most))
        if draws.chance(self._shop.merchant_coupons):
            return replace(sale, merchant_discount_minor=min(draws.pick(_SHOPS_COUPONS), most))
        return sale

    def _on_duty(self, at: int) -> tuple[int, int]:
        """Which post, and who stands there. One of the staff is off each day; the rest take turns."""
        shop, evening = self._shop, self._minute(at) >= self._shop.shift_ends
        off = (self._weekday + self._index) % shop.staff
        here = [person for place, person in enumerate(self._now.staff) if place != off]
        posts = list(enumerate(shop.busy))
        post = self._draws.pick(posts[:2] if len(posts) > 2 and not evening else posts)  # noqa: PLR2004 - noon needs fewer
        return post, here[(self._number + evening * len(shop.posts) + post) % len(here)]

    def _minute(self, at: int) -> int:
        return (at - self._midnight) // MINUTE

    def _amount(self, at: int) -> int:
        amount = self._drawn_amount(at)
        return amount if amount not in _TRICKS else amount + 10

    def _drawn_amount(self, at: int) -> int:
        draws, shop = self._draws, self._shop
        if shop.prices:
            pieces = 1 + draws.chance(320) + draws.chance(90)
            whole = sum(draws.pick(shop.prices) for _ in range(pieces))
            return whole // 10 * 9 if draws.chance(150) else whole
        if shop.spikes and draws.chance(50):
            return draws.pick(shop.spikes)
        curve = next(curve for until, curve in shop.curves if self._minute(at) < until)
        return draws.along(curve) // 100 * 100 + draws.pick(shop.endings)

    def _in_time(self, sales: Iterable[Sale]) -> list[Sale]:
        """Who still finds the shop open, once everybody before them is through."""
        latest = self._midnight + self._shop.closes * MINUTE + LATE_MAX
        return [sale for sale in _apart(list(sales)) if sale.at <= latest]


def _apart(acts: list[A]) -> list[A]:
    """Nobody begins at a terminal, or as an operator, before the one before has ended; an undo moves with its sale."""
    free: dict[tuple[str, int], int] = {}
    moved: dict[int, Sale] = {}
    made: list[A] = []
    for act in sorted(acts, key=_at):
        if isinstance(act, Undo):
            sale = moved[id(act.sale)]
            made.append(act if sale is act.sale else replace(act, sale=sale, at=act.at + sale.at - act.sale.at))
            continue
        moved[id(act)] = act
        if act.entry != "static_code":
            keys = (("terminal", act.terminal), ("operator", act.operator))
            at = max(act.at, *(free.get(key, 0) for key in keys))
            moved[id(act)] = act if at == act.at else replace(act, at=at)
            free.update(dict.fromkeys(keys, at + act.takes + _APART))
        made.append(moved[id(act)])
    return made


def _at(act: Act) -> int:
    return act.at
