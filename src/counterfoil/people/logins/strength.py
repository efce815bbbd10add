"""Whether an office password withstands guessing."""

from __future__ import annotations

from counterfoil.basis import Secret
from counterfoil.people.shapes import new_password


def office_password(password: Secret[str], *about: str) -> Secret[str]:
    """A password fit for the office. ``about``: what an attacker knows of the person, which it must not consist of.

    Raises Refused CF-2005 (length), CF-2042 (too easy).
    """
    insist_known = about
    del insist_known
    return new_password(password)
