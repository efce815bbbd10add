"""What may be a till password, at a terminal that is enrolled and at one that is not."""

from __future__ import annotations

import re
from typing import Final

from counterfoil.basis import Secret
from counterfoil.people.enrol_faults import PIN_EASY
from counterfoil.people.faults import PASSWORD_LENGTH
from counterfoil.people.shapes import PASSWORD_CHARACTERS, normal

_PIN: Final = re.compile(r"[0-9]{4,8}", re.ASCII)
_RUNS: Final = ("01234567890", "09876543210")


def till_password(password: Secret[str], *, enrolled: bool) -> Secret[str]:
    """A password fit to be set for a till number. Raises Refused CF-2005 otherwise, CF-2137.

    12 to 128 characters in NFC. 4 to 8 digits are enough only where a device that is ``enrolled`` stands for them: it
    cannot be copied, so nobody tries them from elsewhere. Neither one digit again and again nor a run of them will do.
    """
    made = normal(password)
    if not till_password_fits(made, enrolled=enrolled):
        raise PASSWORD_LENGTH(field="password")
    if is_short(made) and (len(set(made.reveal())) == 1 or any(made.reveal() in run for run in _RUNS)):
        raise PIN_EASY(field="password")
    return made


def till_password_fits(password: Secret[str], *, enrolled: bool) -> bool:
    """Whether a till password has a shape that may be set, or tried, at such a terminal."""
    return len(password.reveal()) in PASSWORD_CHARACTERS or (enrolled and is_short(password))


def is_short(password: Secret[str]) -> bool:
    """Whether it is 4 to 8 digits."""
    return _PIN.fullmatch(password.reveal()) is not None
