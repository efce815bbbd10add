"""Money: an integer count of minor units in one ISO 4217 currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# ISO 4217 minor units of the currencies a merchant here may meet; a currency that is not listed is refused.
MINOR_DIGITS: Final = {
    "AUD": 2,
    "CNY": 2,
    "EUR": 2,
    "GBP": 2,
    "HKD": 2,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "MOP": 2,
    "MYR": 2,
    "SGD": 2,
    "THB": 2,
    "TWD": 2,
    "USD": 2,
    "VND": 0,
}
SIGNS: Final = {"CNY": "¥", "EUR": "€", "GBP": "£", "JPY": "JP¥", "USD": "$", "HKD": "HK$"}
CNY: Final = "CNY"


class NotMoney(ValueError):  # noqa: N818 - reads as the statement it is
    """A text or a pair of values that is no amount of money."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """``minor`` units (fen for CNY) of ``currency``. Adding or comparing two currencies is an error."""

    minor: int
    currency: str = CNY

    def __post_init__(self) -> None:
        """Refuse anything but an integer of a known currency."""
        if type(self.minor) is not int:
            raise NotMoney(f"minor units are an integer, not {type(self.minor).__name__}")
        if self.currency not in MINOR_DIGITS:
            raise NotMoney(f"unknown currency {self.currency!r}")

    @classmethod
    def parse(cls, text: str, currency: str = CNY) -> Money:
        """Read what a person typed: ``38``, ``38.5``, ``38.50``, full-width digits, an optional sign or 元.

        A comma stands between thousands and nowhere else: where people write ``1,2`` for 1.20, nobody is charged 12.00.

        Raises NotMoney for anything else, and for more decimals than the currency has.
        """
        if currency not in MINOR_DIGITS:
            raise NotMoney(f"unknown currency {currency!r}")
        plain = text.strip().translate(_NARROW).removesuffix("元").removeprefix("¥").strip()
        found = _TYPED.fullmatch(plain)
        digits = MINOR_DIGITS[currency]
        if not found or len(found["part"] or "") > digits:
            raise NotMoney(f"not an amount of {currency}: {text!r}")
        whole, part = found["whole"].replace(",", ""), (found["part"] or "").ljust(digits, "0")
        return cls(int(whole + part), currency)

    def __add__(self, other: Money) -> Money:
        """Sum of the same currency."""
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Difference of the same currency; may be negative."""
        return Money(self.minor - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        """Order within one currency."""
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        """Order within one currency."""
        return self.minor <= self._same(other)

    def decimal(self) -> str:
        """Plain decimal text without grouping: ``1234.50``."""
        digits = MINOR_DIGITS[self.currency]
        sign = "-" if self.minor < 0 else ""
        text = str(abs(self.minor)).rjust(digits + 1, "0")
        return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)

    def __str__(self) -> str:
        """As a person reads it: ``¥1,234.50``."""
        whole, dot, part = self.decimal().lstrip("-").partition(".")
        sign = "-" if self.minor < 0 else ""
        mark = SIGNS.get(self.currency, self.currency + " ")
        return f"{sign}{mark}{int(whole):,}{dot}{part}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise NotMoney(f"{self.currency} and {other.currency} do not mix")
        return other.minor


_NARROW: Final = str.maketrans("０１２３４５６７８９．，￥", "0123456789.,¥")
_TYPED: Final = re.compile(r"(?P<whole>[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.(?P<part>[0-9]{0,3}))?", re.ASCII)
