"""What may be a till password, at a terminal that is enrolled and at one that is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from counterfoil.basis import Secret
from counterfoil.people.enrol_faults import PIN_EASY
from counterfoil.people.faults import PASSWORD_LENGTH
from counterfoil.people.logins.strength import is_leaked, office_password
from counterfoil.people.shapes import PASSWORD_CHARACTERS, normal

_PIN: Final = re.compile(r"[0-9]{4,8}", re.ASCII)
_RUNS: Final = ("01234567890", "09876543210")
_YEARS: Final = range(1950, 2036)
# What is tried first beside the leaked ones: strokes over a keypad, and the lucky numbers of this country.
_COMMON: Final = frozenset(
    (
        *(
            "0852",
            "0258",
            "1379",
            "1397",
            "9713",
            "7913",
            "1590",
            "1593",
            "3575",
            "1478",
            "1470",
            "2589",
            "3690",
            "3692",
        ),
        *(
            "9630",
            "7410",
            "8520",
            "1236",
            "3214",
            "7896",
            "9874",
            "1230",
            "6789",
            "1313",
            "1004",
            "5683",
            "2013",
            "0070",
        ),
        *(
            "0520",
            "5200",
            "5201",
            "1314",
            "5210",
            "9420",
            "0088",
            "8866",
            "6688",
            "8668",
            "1688",
            "1668",
            "1168",
            "1668",
        ),
        *("5188", "5168", "8188", "9998", "9988", "8899", "8800", "6600", "8998", "9889", "8008", "8080", "9876"),
        *("520131", "521131", "131420", "131452", "168888", "588588", "100200", "201314", "147852", "258000", "888666"),
        *("5201314", "1314520", "5211314", "1314521", "52013140", "13145200"),
    )
)


def till_password(password: Secret[str], *about: str, enrolled: bool) -> Secret[str]:
    """A password fit to be set for a till number. Raises Refused CF-2005 otherwise, CF-2137, CF-2042.

    12 to 128 characters in NFC, held against what leaked as one of the office is. 4 to 8 digits are enough only where a
    device that is ``enrolled`` stands for them: it cannot be copied, so nobody tries them from elsewhere. ``about``:
    what everybody at the till knows: the operator's number and name, the number of the terminal.
    """
    made = normal(password)
    if not till_password_fits(made, enrolled=enrolled):
        raise PASSWORD_LENGTH(field="password")
    if not is_short(made):
        return office_password(made, *about)
    if _easy(made.reveal(), about):
        raise PIN_EASY(field="password")
    return made


def _easy(pin: str, about: Sequence[str]) -> bool:
    """Whether the digits are among what somebody tries first."""
    run = any(pin in row for row in _RUNS)
    again = pin in (pin + pin)[1:-1] or pin[::2] == pin[1::2]
    year = len(pin) == len(str(_YEARS.start)) and int(pin) in _YEARS
    return run or again or year or pin in _COMMON or is_leaked(pin) or any(_is_number(pin, said) for said in about)


def _is_number(pin: str, said: str) -> bool:
    """Whether it is the digits of a number that is known, again and again or between zeros."""
    number = "".join(re.findall(r"[0-9]", said))
    plain = number.strip("0")
    return bool(number) and (pin.strip("0") == plain != "" or pin == (number * len(pin))[: len(pin)])


def till_password_fits(password: Secret[str], *, enrolled: bool) -> bool:
    """Whether a till password has a shape that may be set, or tried, at such a terminal."""
    return len(password.reveal()) in PASSWORD_CHARACTERS or (enrolled and is_short(password))


def is_short(password: Secret[str]) -> bool:
    """Whether it is 4 to 8 digits."""
    return _PIN.fullmatch(password.reveal()) is not None
