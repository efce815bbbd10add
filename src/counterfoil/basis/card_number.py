"""What reads as a card number, for whoever must not keep one (PCI DSS 3.4, 3.5). Pure.

A run of digits, with spaces or hyphens between or none, of a length that the issuers of its first digits use (ISO/IEC
7812-1, the networks' own ranges), and that ends in the right check digit. Providers' own numbers are longer, shorter or
begin otherwise. What stands before the ``=`` of a magnetic track goes with it, whatever follows.
"""

from __future__ import annotations

import re
from typing import Final

_HIDDEN: Final = "***"
_RUN: Final = re.compile(r"(?<![0-9])[3-6](?:[ -]?[0-9]){12,18}(?![0-9])(?:[=D^][0-9A-Z?]*)?", re.ASCII)
_LENGTHS: Final = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5|35"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"3[0689]"), (14, 16)),
    (re.compile(r"6"), (16, 17, 18, 19)),
)
_TRACK: Final = re.compile(r"[=D^]")
_NINE: Final = 9


def checks(digits: str) -> bool:
    """Whether the last digit is the one the others call for (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - _NINE if doubled > _NINE else doubled
    return total % 10 == 0


def is_card_number(digits: str) -> bool:
    """Whether the digits are a card's, by their beginning, length and check digit."""
    return any(head.match(digits) and len(digits) in lengths for head, lengths in _LENGTHS) and checks(digits)


def without_cards(text: str) -> str:
    """The text with ``***`` in the place of each card number, and of the track it begins."""
    return _RUN.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    number = _TRACK.split(found[0])[0]
    digits = number.replace(" ", "").replace("-", "")
    return _HIDDEN if is_card_number(digits) else found[0]
