"""Whoever asks too often is told so before anything is looked up; who is let in is counted once they are known.

What is counted is the digest of a key or token, so no secret is kept; only one that proved right is remembered, so that
nobody fills the memory with invented ones.
"""

from __future__ import annotations

from counterfoil.basis import Pace, Secret
from counterfoil.doors.faults import TOO_OFTEN
from counterfoil.people import token_digest


def held_to(pace: Pace, shown: str) -> str:
    """What a request that shows this key or token is counted as. Raises TOO_OFTEN."""
    caller = token_digest(Secret(shown))
    if pace.spent(caller):
        raise TOO_OFTEN()
    return caller
