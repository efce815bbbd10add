"""What may be a till password, at a terminal that is enrolled and at one that is not."""

from __future__ import annotations

import re
from typing import Final

from counterfoil.basis import Secret
from counterfoil.people.faults import PASSWORD_LENGTH
from counterfoil.people.shapes import PASSWORD_CHARACTERS, normal

_PIN: Final = re.compile(r"[0-9]{4,8}", re.ASCII)


def till_password(password: Secret[str], *, enrolled: bool) -> Secret[str]:
    """A password fit to be set for a till number. Raises Refused CF-2005 otherwise.

    12 to 128 characters in NFC. 4 to 8 digits are enough only where a device that is ``enrolled`` stands for them: it
    cannot be copied, so nobody tries them from elsewhere.
    """
    made = normal(password)
    if not till_password_fits(made, enrolled=enrolled):
        raise PASSWORD_LENGTH(field="password")
    return made


def till_password_fits(password: Secret[str], *, enrolled: bool) -> bool:
    """Whether a till password has a shape that may be set, or tried, at such a terminal."""
    text = password.reveal()
    return len(text) in PASSWORD_CHARACTERS or (enrolled and _PIN.fullmatch(text) is not None)
