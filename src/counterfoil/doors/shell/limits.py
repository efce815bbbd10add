"""How large, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes of a body; seconds for it to arrive, for a request that reads, and for one that acts.

    An act waits up to 60 seconds for its provider on behalf of the caller, and its body may take 15 to arrive.
    """

    body_bytes: int = 1_000_000
    body_seconds: float = 15
    read_seconds: float = 10
    write_seconds: float = 75


LIMITS: Final = Limits()
