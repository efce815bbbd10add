"""The questions people put to records, as the till's and the office's filters ask them, with values that occur."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from counterfoil.bench.made_days import day_text
from counterfoil.bench.made_records import BEGINS, DAY, SPAN, MadeRecords
from counterfoil.records import DaysAsked, Find

QUARTER: Final = 90 * DAY
# Nobody asks for the first weeks of two years.
_LATEST_TENTHS: Final = 9

Question = Callable[[MadeRecords, random.Random, int], Find]


def _ninety_days(draw: random.Random) -> tuple[int, int]:
    until = BEGINS + SPAN // 10 + draw.randrange(SPAN * _LATEST_TENTHS // 10)
    return until - QUARTER, until


def newest(_made: MadeRecords, _draw: random.Random, _merchant: int) -> Find:
    """The list as it opens."""
    return Find(hide_unpaid=True)


def by_time(_made: MadeRecords, draw: random.Random, _merchant: int) -> Find:
    """Ninety days anywhere in the two years."""
    begins, ends = _ninety_days(draw)
    return Find(from_=begins, to=ends)


def by_method_and_status(_made: MadeRecords, draw: random.Random, _merchant: int) -> Find:
    """Captured payments by code of ninety days."""
    begins, ends = _ninety_days(draw)
    return Find(from_=begins, to=ends, status="captured", method="qr")


def by_exact_amount(made: MadeRecords, draw: random.Random, _merchant: int) -> Find:
    """One amount, any time."""
    minor = made.some_amount(draw)
    return Find(amount_min=minor, amount_max=minor)


def by_narrow_amount(made: MadeRecords, draw: random.Random, _merchant: int) -> Find:
    """A tenth around an amount, captured, any time."""
    minor = made.some_amount(draw)
    return Find(amount_min=minor, amount_max=minor + minor // 10, status="captured")


def by_wide_amount(made: MadeRecords, draw: random.Random, _merchant: int) -> Find:
    """An amount or three times as much, in ninety days."""
    begins, ends = _ninety_days(draw)
    minor = made.some_amount(draw)
    return Find(from_=begins, to=ends, amount_min=minor, amount_max=3 * minor)


def by_rare_status(_made: MadeRecords, _draw: random.Random, _merchant: int) -> Find:
    """Voids of two years."""
    return Find(status="voided")


def by_last_four(_made: MadeRecords, draw: random.Random, _merchant: int) -> Find:
    """Four digits off a card, or a voucher number."""
    return Find(number=f"{draw.randrange(10_000):04d}")


def by_order_no(made: MadeRecords, draw: random.Random, _merchant: int) -> Find:
    """The barcode of a receipt."""
    return Find(number=made.order_no(draw.randrange(made.count)))


def by_wallet_no(made: MadeRecords, draw: random.Random, _merchant: int) -> Find:
    """The number in the customer's bill."""
    return Find(number=made.wallet_trade_no(draw.randrange(made.count)))


def by_operator(made: MadeRecords, draw: random.Random, merchant: int) -> Find:
    """One cashier's payments, any time."""
    return Find(operator_id=draw.choice(made.people[merchant].operators))


def by_terminal_in_cash(made: MadeRecords, draw: random.Random, merchant: int) -> Find:
    """One terminal's cash, any time."""
    return Find(terminal_id=draw.choice(made.people[merchant].terminals), method="cash")


def two_years(_made: MadeRecords, _draw: random.Random, _merchant: int) -> DaysAsked:
    """Every business day there is, of all shops together."""
    return DaysAsked(first=day_text(BEGINS // DAY), last=day_text((BEGINS + SPAN) // DAY))


def two_years_of_a_shop(made: MadeRecords, draw: random.Random, merchant: int) -> DaysAsked:
    """The same of one shop."""
    return replace(two_years(made, draw, merchant), shop_id=draw.choice(made.people[merchant].shops))


QUESTIONS: Final[dict[str, Question]] = {
    "newest": newest,
    "time": by_time,
    "method and status": by_method_and_status,
    "exact amount": by_exact_amount,
    "narrow amount": by_narrow_amount,
    "wide amount": by_wide_amount,
    "rare status": by_rare_status,
    "last four": by_last_four,
    "order number": by_order_no,
    "wallet's number": by_wallet_no,
    "operator": by_operator,
    "terminal, cash": by_terminal_in_cash,
}
DAY_QUESTIONS: Final[dict[str, Callable[[MadeRecords, random.Random, int], DaysAsked]]] = {
    "day totals, two years": two_years,
    "day totals, two years, a shop": two_years_of_a_shop,
}
