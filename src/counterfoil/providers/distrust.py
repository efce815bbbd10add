"""A provider that could not be believed: its certificate did not hold, or a signature did not.

One line of the log for an account and what failed, and while it goes on one more each quarter of an hour, with how
often since the last. A process's own, in memory; what each call means for the money is decided elsewhere, as for any
call without an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog

from counterfoil.basis import MICROS, Clock

EVERY: Final = 15 * 60 * MICROS
_log = structlog.get_logger(__name__)


class Doubt(StrEnum):
    """What did not hold."""

    CERTIFICATE = "certificate"
    SIGNATURE = "signature"


@dataclass(slots=True)
class _Since:
    said_at: int | None = None
    count: int = 0


class Distrust:
    """The doubts of all accounts; one for a process."""

    def __init__(self, clock: Clock) -> None:
        """By ``clock``'s time."""
        self._clock = clock
        self._since: dict[tuple[int, str, Doubt], _Since] = {}

    def note(self, merchant_id: int, account_id: str, doubt: Doubt) -> None:
        """One call of that account could not be believed."""
        since = self._since.setdefault((merchant_id, account_id, doubt), _Since())
        since.count += 1
        now = self._clock.now()
        if since.said_at is not None and since.said_at <= now < since.said_at + EVERY:
            return
        _log.error(
            "provider.not_trusted",
            merchant_id=merchant_id,
            account_id=account_id,
            why=doubt.value,
            count=since.count,
        )
        since.said_at, since.count = now, 0
