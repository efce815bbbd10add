"""What a scanner or a hand gave, made plain: which number it is, or that it is none."""

from __future__ import annotations

import unicodedata
from typing import Final

from counterfoil.providers import wallet_of

NUMBER_MAX: Final = 64
# Our own order numbers: the day and eighteen digits. From 2025 to 2030 they begin as Alipay's payment codes do.
ORDER_DIGITS: Final = 24
# Shorter texts may well be the same twice.
_TWICE_MIN: Final = 16


def plain(scanned: str) -> str:
    """Without blanks, line ends and invisible marks; digits and letters of full width made narrow."""
    return "".join(one for one in unicodedata.normalize("NFKC", scanned) if one.isprintable() and not one.isspace())


def number_of(scanned: str) -> str:
    """The number to look for; the same code scanned twice into one field is read once."""
    number = plain(scanned)
    half, odd = divmod(len(number), 2)
    twice = not odd and half >= _TWICE_MIN and number[:half] == number[half:]
    return number[:half] if twice else number


def kind_of(number: str) -> str:
    """What a number is that no payment has: ``code`` a payment code, ``link`` no number at all, else ``other``."""
    if wallet_of(number) is not None and len(number) != ORDER_DIGITS:
        return "code"
    return "other" if number.isascii() and number.isalnum() and len(number) <= NUMBER_MAX else "link"
