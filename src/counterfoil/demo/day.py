"""One day of one shop, as it would go: who stands where, who pays what, what goes wrong and is put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from counterfoil.basis import MICROS, from_rfc3339
from counterfoil.demo.draws import Draws
from counterfoil.demo.shops import Shop
from counterfoil.providers.lakala.sandbox import BY_AMOUNT

MINUTE: Final = 60 * MICROS
OFFSET: Final = "+08:00"
# Two payments at one terminal stand at least so far apart, scanning and all.
_APART: Final = 8 * MICROS
_LATE_MAX: Final = 10 * MINUTE
_CUT_MINUTE: Final = 23 * 60
_PASSWORD_FROM: Final = 100_000
_TRICKS: Final = frozenset(row.amount_minor for row in BY_AMOUNT)
_STEPS: Final = ((500, 20), (1000, 30), (2000, 15), (5000, 20), (10000, 15))
_VOID_REASONS: Final = (
    ("WRONG_AMOUNT", 45),
    ("OTHER_METHOD", 25),
    ("CHARGED_TWICE", 12),
    ("CUSTOMER_CHANGED_MIND", 18),
)
_REFUND_REASONS: Final = {
    "社区便利店": (("QUALITY", 50), ("CUSTOMER_CHANGED_MIND", 50)),
    "家常菜馆": (("OUT_OF_STOCK", 80), ("QUALITY", 20)),
    "女装店": (("CUSTOMER_CHANGED_MIND", 65), ("QUALITY", 25), ("PRICE", 10)),
}
_DECLINES: Final = (("balance", 45), ("code_expired", 30), ("limit", 15), ("other", 10))
_APPROVAL_MILLIS: Final = ((0, 450), (500, 900), (900, 2100), (1000, 4000))
_PASSWORD_MILLIS: Final = ((0, 4000), (500, 9000), (950, 28000), (1000, 35000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A payment. ``shop``, ``terminal`` and ``operator`` are indexes; ``takes`` is how long its provider takes.

    ``ends`` is approved, declined (then ``reason`` says why) or unknown.
    """

    at: int
    shop: int
    terminal: int
    operator: int
    wallet: str
    amount_minor: int
    tendered_minor: int | None = None
    takes: int = 0
    ends: str = "approved"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A void or a refund of ``sale``, asked by ``operator`` and allowed by the shop's supervisor."""

    at: int
    sale: Sale
    kind: str
    amount_minor: int
    reason: str
    operator: int


Act = Sale | Undo


class ShopDay:
    """Makes the acts of ``shop`` (the ``index``-th) on ``day`` (YYYY-MM-DD), ``weekday`` 0 for Monday."""

    def __init__(self, shop: Shop, index: int, day: str, weekday: int, draws: Draws) -> None:
        """Prepare the day; ``draws`` belong to it alone."""
        self._shop = shop
        self._index = index
        self._midnight = from_rfc3339(f"{day}T00:00:00{OFFSET}")
        self._number = self._midnight // (24 * 60 * MINUTE)
        self._weekday = weekday
        self._draws = draws

    def acts(self) -> list[Act]:
        """Everything that happens, in no order."""
        acts: list[Act] = []
        for sale in self._apart([self._sale(at) for at in self._times()]):
            acts += self._story(sale)
        return acts

    def _times(self) -> list[int]:
        draws, shop = self._draws, self._shop
        count = shop.a_day * shop.weekdays[self._weekday] * draws.noise(120) // 100_000
        times: list[int] = []
        for _ in range(count):
            # A queue: the next one stands right behind.
            if times and draws.chance(280):
                times.append(times[-1] + draws.between(15, 40) * MICROS)
            else:
                begins, ends, _ = draws.pick([(hour, hour[2]) for hour in shop.hours])
                times.append(self._midnight + begins * MINUTE + draws.below((ends - begins) * 60) * MICROS)
        latest = self._midnight + shop.closes * MINUTE
        return sorted(min(at, latest) + draws.below(MICROS) for at in times)

    def _sale(self, at: int) -> Sale:
        draws = self._draws
        post, operator = self._on_duty(at)
        wallet, amount = draws.pick(self._shop.wallets), self._amount(at)
        return Sale(
            at=at,
            shop=self._index,
            terminal=draws.pick(self._shop.posts[post]),
            operator=operator,
            wallet=wallet,
            amount_minor=amount,
            tendered_minor=self._tendered(amount) if wallet == "cash" else None,
            takes=0 if wallet == "cash" else self._takes(amount),
        )

    def _on_duty(self, at: int) -> tuple[int, int]:
        """Which post, and who stands there. One of the staff is off each day; the rest take turns."""
        shop, evening = self._shop, self._minute(at) >= self._shop.shift_ends
        off = (self._weekday + self._index) % shop.staff
        here = [person for person in range(shop.staff) if person != off]
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

    def _tendered(self, amount_minor: int) -> int:
        step = self._draws.pick(_STEPS)
        return -(-amount_minor // step) * step

    def _takes(self, amount_minor: int) -> int:
        asked = amount_minor > _PASSWORD_FROM or self._draws.chance(40)
        return self._draws.along(_PASSWORD_MILLIS if asked else _APPROVAL_MILLIS) * 1000

    def _apart(self, sales: list[Sale]) -> list[Sale]:
        """Nobody begins at a terminal, or as an operator, before the payment before has ended."""
        free: dict[tuple[str, int], int] = {}
        kept = []
        for sale in sales:
            keys = (("terminal", sale.terminal), ("operator", sale.operator))
            at = max(sale.at, *(free.get(key, 0) for key in keys))
            if at > self._latest():
                continue
            kept.append(replace(sale, at=at))
            free.update(dict.fromkeys(keys, at + sale.takes + _APART))
        return kept

    def _latest(self) -> int:
        return self._midnight + self._shop.closes * MINUTE + _LATE_MAX

    def _story(self, sale: Sale) -> list[Act]:
        """The sale, and what belongs to it: a refusal and the next try, a void and the right sale, a refund."""
        draws, shop = self._draws, self._shop
        if sale.wallet != "cash" and draws.chance(12):
            return self._declined(sale)
        if draws.below(10_000) < shop.voids:
            return self._voided(sale)
        if draws.below(10_000) < shop.refunds:
            return [sale, self._refund(sale)]
        return [sale]

    def _declined(self, sale: Sale) -> list[Act]:
        draws = self._draws
        refused = replace(sale, ends="declined", reason=draws.pick(_DECLINES))
        if not draws.chance(850):
            return [refused]
        again = replace(sale, at=sale.at + sale.takes + draws.between(20, 60) * MICROS)
        if draws.chance(400):
            wallet = draws.pick([each for each in self._shop.wallets if each[0] != sale.wallet])
            tendered = self._tendered(sale.amount_minor) if wallet == "cash" else None
            again = replace(again, wallet=wallet, tendered_minor=tendered, takes=0 if wallet == "cash" else again.takes)
        return [refused, again]

    def _voided(self, sale: Sale) -> list[Act]:
        draws = self._draws
        at = sale.at + sale.takes + draws.between(60, 360) * MICROS
        if self._minute(at) >= min(_CUT_MINUTE, self._minute(self._latest())):
            return [sale]
        void = Undo(
            at=at,
            sale=sale,
            kind="void",
            amount_minor=sale.amount_minor,
            reason=draws.pick(_VOID_REASONS),
            operator=sale.operator,
        )
        if not draws.chance(700) or self._minute(at) + 2 >= self._shop.closes:
            return [sale, void]
        right = self._corrected(sale.amount_minor)
        tendered = self._tendered(right) if sale.wallet == "cash" else None
        after = at + draws.between(20, 110) * MICROS
        return [sale, void, replace(sale, at=after, amount_minor=right, tendered_minor=tendered)]

    def _corrected(self, amount_minor: int) -> int:
        """An amount that differs by a digit or a place, as mistyped ones do."""
        if amount_minor % 1000 == 0 and self._draws.chance(400):
            return amount_minor // 10
        return amount_minor + self._draws.between(1, 3) * 100

    def _refund(self, sale: Sale) -> Undo:
        draws, shop = self._draws, self._shop
        days = draws.between(1, shop.refund_days) if shop.refund_days else 0
        if days:
            at = self._midnight + days * 24 * 60 * MINUTE + draws.between(shop.opens + 30, shop.closes - 30) * MINUTE
        else:
            at = min(sale.at + sale.takes + draws.between(10, 90) * MINUTE, self._latest())
        return Undo(
            at=at + draws.below(MINUTE),
            sale=sale,
            kind="refund",
            amount_minor=self._given_back(sale.amount_minor),
            reason=draws.pick(_REFUND_REASONS[shop.name]),
            operator=sale.operator,
        )

    def _given_back(self, amount_minor: int) -> int:
        draws, shop = self._draws, self._shop
        if draws.below(100) >= shop.parts:
            return amount_minor
        if shop.prices:
            return max(100, amount_minor // 2 // 100 * 100)
        return min(draws.between(12, 58) * 100, amount_minor)
