"""The sums of business days that belong to payments made up for measuring, gathered while the payments are made.

Years of them are held as three whole numbers a day for each shop, method, wallet and kind, not as rows.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from counterfoil.payments.tables import DAY_COLUMNS

# As what a payment of a state was booked, all on the day on which it was taken.
BOOKED: Final[Mapping[str, tuple[str, ...]]] = {
    "captured": ("sale",),
    "voided": ("sale", "void"),
    "refunded": ("sale", "refund"),
    "part_refunded": ("sale", "refund"),
}
_EPOCH: Final = date(1970, 1, 1)
_NUMBERS: Final = 3
# Merchant, shop, method, wallet and kind.
_Key = tuple[int, str, str, str, str]


class MadeDays:
    """Sums by day; payments are added in the order of their days."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._sums: dict[_Key, array[int]] = {}

    def add(self, row: Mapping[str, Any], day: int) -> None:
        """A payment's row, on its business day (``day``: days since 1970)."""
        for kind in BOOKED.get(row["money"], ()):
            key = (row["merchant_id"], row["shop_id"], row["method"], row["wallet"], kind)
            minor = row["refunded_minor"] if kind == "refund" else row["amount_minor"]
            sums = self._sums.setdefault(key, array("q"))
            if sums and sums[-_NUMBERS] == day:
                sums[-2] += 1
                sums[-1] += minor
            else:
                sums.extend((day, 1, minor))

    @property
    def count(self) -> int:
        """How many rows ``by_shop`` has."""
        return sum(map(len, self._sums.values())) // _NUMBERS

    def by_shop(self) -> Iterator[tuple[Any, ...]]:
        """Rows of ``day_totals``, by their key but for the day."""
        for (merchant, shop, method, wallet, kind), sums in sorted(self._sums.items()):
            for day, count, minor in _threes(sums):
                yield merchant, shop, day_text(day), method, wallet, kind, count, minor

    def by_merchant(self) -> Iterator[tuple[Any, ...]]:
        """Rows of ``merchant_day``, by their key."""
        for merchant, theirs in groupby(sorted(self._sums.items()), key=lambda each: each[0][0]):
            days: dict[int, dict[str, int]] = {}
            for key, sums in theirs:
                count_name, minor_name = DAY_COLUMNS[key[-1]]
                for day, count, minor in _threes(sums):
                    of_day = days.setdefault(day, dict.fromkeys(_COLUMNS, 0))
                    of_day[count_name] += count
                    of_day[minor_name] += minor
            for day, of_day in sorted(days.items()):
                yield merchant, day_text(day), *of_day.values()


_COLUMNS: Final = tuple(name for pair in DAY_COLUMNS.values() for name in pair)


@lru_cache(maxsize=1024)
def day_text(day: int) -> str:
    """``YYYY-MM-DD`` of so many days since 1970."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def _threes(sums: array[int]) -> Iterator[tuple[int, int, int]]:
    return zip(sums[::_NUMBERS], sums[1::_NUMBERS], sums[2::_NUMBERS], strict=True)
