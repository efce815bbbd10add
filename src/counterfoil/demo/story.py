"""What belongs to a sale: what goes wrong with it, and how it is put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from counterfoil.basis import MICROS
from counterfoil.demo.act import Act, Sale, Undo
from counterfoil.demo.circumstances import Circumstances, closed
from counterfoil.demo.draws import Draws
from counterfoil.demo.shops import Shop

MINUTE: Final = 60 * MICROS
DAY: Final = 24 * 60 * MINUTE
LATE_MAX: Final = 10 * MINUTE
_CUT_MINUTE: Final = 23 * 60
_PASSWORD_FROM: Final = 100_000
_STEPS: Final = ((500, 20), (1000, 30), (2000, 15), (5000, 20), (10000, 15))
_APPROVAL_MILLIS: Final = ((0, 450), (500, 900), (900, 2100), (1000, 4000))
_PASSWORD_MILLIS: Final = ((0, 4000), (500, 9000), (950, 28000), (1000, 35000))
_SCANNING_MILLIS: Final = ((0, 4000), (500, 9000), (950, 28000), (1000, 50000))
_UNPAID: Final = 40
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
_DECLINED: Final = 12
# In ten thousand, outside the two bad hours.
_NO_ANSWER: Final = 10
_NO_ANSWER_ENDS: Final = (("found", 85), ("withdrawn", 10), ("reversed", 5))
_SLOW_ENDS: Final = (("found", 88), ("withdrawn", 12))
_SLOW: Final = 900
_TRIED_OFFLINE: Final = 2
_OUTLIER_MINUTES: Final = 20
_OUTLIER_CHANCE: Final = 480
_SAME_OPERATOR: Final = 920
_FUNDS_SHORT_UNTIL: Final = 13 * 60
# What the customer scanned can only be refunded.
_VOIDABLE: Final = frozenset({"keyed", "consumer_code"})
_LAST_SALE_MINUTE: Final = 22 * 60 + 56


def tendered(amount_minor: int, draws: Draws) -> int:
    """What somebody hands over: the next 5, 10, 20, 50 or 100."""
    step = draws.pick(_STEPS)
    return -(-amount_minor // step) * step


def takes(amount_minor: int, draws: Draws) -> int:
    """How long the provider takes; large amounts ask for a password."""
    asked = amount_minor > _PASSWORD_FROM or draws.chance(40)
    return draws.along(_PASSWORD_MILLIS if asked else _APPROVAL_MILLIS) * 1000


def scanning(draws: Draws) -> int:
    """How long a customer takes to scan what the till shows, and to confirm it."""
    return draws.along(_SCANNING_MILLIS) * 1000


class Stories:
    """Tells the stories of one shop's sales on one day, which begins at ``midnight``."""

    def __init__(self, shop: Shop, day: date, midnight: int, now: Circumstances, draws: Draws) -> None:
        """Share the ``draws`` of the day."""
        self._shop = shop
        self._day = day
        self._midnight = midnight
        self._now = now
        self._draws = draws
        self._latest = midnight + shop.closes * MINUTE + LATE_MAX
        self._offline = 0

    def of(self, sales: list[Sale]) -> list[Act]:
        """All acts of these sales."""
        planted = self._planted(sales)
        return [act for sale in sales for act in planted.get(sale.at, self._story)(sale)]

    def _planted(self, sales: list[Sale]) -> dict[int, Callable[[Sale], list[Act]]]:
        """The stories that are told on purpose, by the times of their sales."""
        planted: dict[int, Callable[[Sale], list[Act]]] = {}
        if (outlier := self._outlier(sales)) is not None:
            planted[outlier.at] = self._put_back
        asked = [sale for sale in sales if sale.entry == "consumer_code"]
        if self._now.past_cut and (early := [sale for sale in asked if self._minute(sale.at) < _LAST_SALE_MINUTE]):
            planted[early[-1].at] = self._past_the_cut
        if self._now.funds_short and asked:
            planted[asked[0].at] = self._funds_short
        return planted

    def _story(self, sale: Sale) -> list[Act]:
        if sale.wallet == "cash":
            return self._taken(sale)
        if self._minute(sale.at) in self._now.offline:
            return self._without_a_line(sale)
        if sale.entry == "static_code":
            # The customer's own telephone did it: nobody hears of what did not come about.
            return self._taken(sale)
        if sale.entry == "merchant_code":
            return self._unpaid(sale) if self._draws.chance(_UNPAID) else self._taken(sale)
        if ends := self._no_answer(sale):
            return self._not_known(sale, ends)
        return self._declined(sale) if self._draws.chance(_DECLINED) else self._taken(sale)

    def _taken(self, sale: Sale) -> list[Act]:
        draws, shop = self._draws, self._shop
        if draws.below(10_000) < shop.voids and sale.entry in _VOIDABLE:
            return self._voided(sale)
        if draws.below(10_000) < shop.refunds:
            return [sale, self._refund(sale)]
        return [sale]

    def _minute(self, at: int) -> int:
        return (at - self._midnight) // MINUTE

    def _no_answer(self, sale: Sale) -> str:
        draws = self._draws
        if self._minute(sale.at) in self._now.slow and draws.chance(_SLOW):
            return draws.pick(_SLOW_ENDS)
        return draws.pick(_NO_ANSWER_ENDS) if draws.below(10_000) < _NO_ANSWER else ""

    def _not_known(self, sale: Sale, ends: str) -> list[Act]:
        """No answer in time; who was not charged in the end pays another way."""
        draws = self._draws
        lost = replace(sale, ends=ends, takes=draws.between(12, 30) * MICROS)
        if ends == "found":
            return [lost]
        return [lost, self._in_cash(sale, lost.at + lost.takes + draws.between(30, 50) * MICROS)]

    def _without_a_line(self, sale: Sale) -> list[Act]:
        """The first ones try; from then on everybody pays in cash."""
        self._offline += sale.entry == "consumer_code"
        if sale.entry == "consumer_code" and self._offline <= _TRIED_OFFLINE:
            return self._not_known(sale, "withdrawn")
        return [self._in_cash(sale, sale.at)]

    def _in_cash(self, sale: Sale, at: int) -> Sale:
        return replace(
            sale,
            at=at,
            wallet="cash",
            entry="keyed",
            tendered_minor=tendered(sale.amount_minor, self._draws),
            takes=0,
            merchant_discount_minor=0,
            platform_discount_minor=0,
        )

    def _unpaid(self, sale: Sale) -> list[Act]:
        """Shown and never scanned: the provider closes it. Half of them pay in cash instead."""
        draws = self._draws
        closed = replace(sale, ends="closed", takes=0)
        if not draws.chance(500):
            return [closed]
        return [closed, self._in_cash(sale, sale.at + draws.between(30, 90) * MICROS)]

    def _declined(self, sale: Sale) -> list[Act]:
        draws = self._draws
        refused = replace(sale, ends="declined", reason=draws.pick(_DECLINES))
        if not draws.chance(850):
            return [refused]
        at = sale.at + sale.takes + draws.between(20, 60) * MICROS
        if not draws.chance(400):
            return [refused, replace(sale, at=at)]
        wallet = draws.pick([each for each in self._shop.wallets if each[0] != sale.wallet])
        return [refused, self._in_cash(sale, at) if wallet == "cash" else replace(sale, at=at, wallet=wallet)]

    def _voided(self, sale: Sale) -> list[Act]:
        draws = self._draws
        at = sale.at + sale.takes + draws.between(60, 360) * MICROS
        if self._minute(at) >= min(_CUT_MINUTE, self._minute(self._latest)):
            return [sale]
        void = self._void(sale, at, draws.pick(_VOID_REASONS))
        if not draws.chance(700) or self._minute(at) + 2 >= self._shop.closes:
            return [sale, void]
        right = replace(sale, at=at + draws.between(20, 110) * MICROS, amount_minor=self._corrected(sale.amount_minor))
        if sale.wallet == "cash":
            return [sale, void, replace(right, tendered_minor=tendered(right.amount_minor, draws))]
        return [sale, void, replace(right, merchant_discount_minor=0, platform_discount_minor=0)]

    def _void(self, sale: Sale, at: int, reason: str) -> Undo:
        others = [person for person in self._now.staff if person != sale.operator]
        same = self._draws.chance(_SAME_OPERATOR)
        return Undo(
            at=at,
            sale=sale,
            kind="void",
            amount_minor=sale.amount_minor,
            reason=reason,
            operator=sale.operator if same else self._draws.among(others),
        )

    def _corrected(self, amount_minor: int) -> int:
        """An amount that differs by a digit or a place, as mistyped ones do."""
        if amount_minor % 1000 == 0 and self._draws.chance(400):
            return amount_minor // 10
        return amount_minor + self._draws.between(1, 3) * 100

    def _outlier(self, sales: list[Sale]) -> Sale | None:
        """The last sale of one operator's shift, which they will take in cash and void once the customer has gone."""
        theirs = [sale for sale in sales if sale.operator == self._now.outlier and sale.entry != "static_code"]
        if not theirs or not self._draws.chance(_OUTLIER_CHANCE):
            return None
        return theirs[-1]

    def _put_back(self, sale: Sale) -> list[Act]:
        draws, shop = self._draws, self._shop
        ends = shop.shift_ends if self._minute(sale.at) < shop.shift_ends else shop.closes
        end = self._midnight + ends * MINUTE
        late = end - draws.between(5, _OUTLIER_MINUTES - 1) * MINUTE - draws.below(MINUTE)
        kept = self._in_cash(sale, max(late, min(sale.at, end - 5 * MINUTE)))
        void = self._void(kept, kept.at + draws.between(60, 180) * MICROS, "CUSTOMER_CHANGED_MIND")
        return [kept, replace(void, operator=kept.operator)]

    def _past_the_cut(self, sale: Sale) -> list[Act]:
        """Voided in the day's last seconds: the provider's day is over already, and the money goes back as a refund."""
        draws = self._draws
        late = replace(sale, at=self._midnight + (_CUT_MINUTE - 3) * MINUTE + draws.below(MINUTE), takes=MICROS)
        asked = self._midnight + _CUT_MINUTE * MINUTE - draws.between(1_000_000, 5_000_000)
        void = replace(self._void(late, asked, "CUSTOMER_CHANGED_MIND"), operator=sale.operator, refused="past_cut")
        again = asked + draws.between(70, 150) * MICROS
        return [late, void, replace(void, at=again, kind="refund", refused="")]

    def _funds_short(self, sale: Sale) -> list[Act]:
        """Taken back the next morning, when the shop's account does not cover it yet; it waits for the afternoon."""
        draws, undo = self._draws, self._refund(sale)
        midnight = undo.at - (undo.at - self._midnight) % DAY
        morning = midnight + draws.between(self._shop.opens + 30, _FUNDS_SHORT_UNTIL) * MINUTE + draws.below(MINUTE)
        again = midnight + draws.between(15 * 60, 17 * 60 - 1) * MINUTE + draws.below(MINUTE)
        return [sale, replace(undo, at=morning, again_at=again)]

    def _refund(self, sale: Sale) -> Undo:
        draws, shop = self._draws, self._shop
        if shop.refund_days:
            days = draws.between(1, shop.refund_days)
            while closed(shop, self._day + timedelta(days=days)):
                days += 1
            at = self._midnight + days * DAY + draws.between(shop.opens + 30, shop.closes - 30) * MINUTE
            operator = draws.among(self._now.staff_after(days))
        else:
            operator = sale.operator
            after = sale.at + sale.takes
            at = max(after + MICROS, min(after + draws.between(10, 90) * MINUTE, self._latest))
        return Undo(
            at=at + draws.below(MINUTE),
            sale=sale,
            kind="refund",
            amount_minor=self._given_back(sale.amount_minor),
            reason=draws.pick(_REFUND_REASONS[shop.name]),
            operator=operator,
        )

    def _given_back(self, amount_minor: int) -> int:
        draws, shop = self._draws, self._shop
        if draws.below(100) >= shop.parts:
            return amount_minor
        if shop.prices:
            return max(100, amount_minor // 2 // 100 * 100)
        return min(draws.between(12, 58) * 100, amount_minor)
