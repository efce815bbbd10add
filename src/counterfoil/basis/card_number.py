"""What reads as a card number, for whoever must not keep one (PCI DSS 3.4, 3.5). Pure.

A run of digits, with spaces or hyphens between or none, of a length that the issuers of its first digits use (ISO/IEC
7812-1, the networks' own ranges), and that ends in the right check digit. Providers' own numbers are longer, shorter or
begin otherwise. What a magnetic track says behind the number goes with it, and the code on the card's back where it is
called one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

_HIDDEN: Final = "***"
_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_RUN: Final = re.compile(r"[0-9]+(?:[ -][0-9]+)*", re.ASCII)
_LENGTH_MIN: Final = 13
_LENGTH_MAX: Final = 19
_LENGTHS: Final = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5|35"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"3[0689]"), (14, 16)),
    (re.compile(r"6"), (16, 17, 18, 19)),
)
# What a magnetic track says behind the number: on the first one a name between carets, on the second one the rest.
_TRACK: Final = re.compile(r"\^[^^\r\n]{2,26}\^[0-9A-Z?]*|[=D^][0-9A-Z?]*", re.ASCII)
_CODE: Final = re.compile(r"\b(c[av]v2?|cvc2?|cvn2?)([^0-9A-Z]{1,3})[0-9]{3,4}(?![0-9])", re.ASCII | re.IGNORECASE)
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


def card_numbers(text: str, reads: Callable[[str], bool] = is_card_number) -> Iterator[tuple[int, int]]:
    """Where one begins and ends. ``reads``: whether so many digits, 13 to 19, are one.

    Of digits in groups each row of whole groups is looked at, so that what stands beside a number hides none.
    """
    for run in _RUN.finditer(text):
        groups = [each.span() for each in _DIGITS.finditer(text, *run.span())]
        first = 0
        while first < len(groups):
            last = _last_of(text, groups, first, reads)
            if last is not None:
                yield groups[first][0], groups[last][1]
            first = (first if last is None else last) + 1


def _last_of(text: str, groups: Sequence[tuple[int, int]], first: int, reads: Callable[[str], bool]) -> int | None:
    """The group with which the longest number that begins with group ``first`` ends; None where none does."""
    digits, found = "", None
    for at in range(first, len(groups)):
        digits += text[slice(*groups[at])]
        if len(digits) > _LENGTH_MAX:
            break
        if len(digits) >= _LENGTH_MIN and reads(digits):
            found = at
    return found


def without_cards(text: str, spared: Collection[str] = ()) -> str:
    """The text with ``***`` in the place of each card number, of the track it begins, and of a code called CVV.

    ``spared``: numbers that are known to be something else, exactly as they stand there.
    """
    said, upto = [], 0
    for begin, end in card_numbers(text):
        if begin < upto or text[begin:end] in spared:
            continue
        track = _TRACK.match(text, end)
        said += [text[upto:begin], _HIDDEN]
        upto = track.end() if track else end
    return _CODE.sub(rf"\1\2{_HIDDEN}", "".join((*said, text[upto:])))
