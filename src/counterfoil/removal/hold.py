"""A legal hold (保全锁定) on a record."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.removal.states import HoldState
from counterfoil.store import Row

# Why a record is held: an order of a court, a request of an authority, a dispute, an inspection of one's own.
REASONS: Final = ("COURT_ORDER", "AUTHORITY", "DISPUTE", "AUDIT")
_NAME: Final = re.compile(r"(?:BQ)?[- ]*0*([0-9]{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """As it stands. Times in UTC microseconds, persons by id; ``row`` is the stored row, which the acts guard.

    ``reference`` is what somebody wrote to find the matter again: a case number, for example.
    """

    merchant_id: int
    id: str
    number: int
    payment_id: str
    reason: str
    reference: str | None
    state: HoldState
    placed_by: str
    placed_at: int
    lifting_by: str | None
    lifting_at: int | None
    lifted_by: str | None
    lifted_at: int | None
    row: Row

    @property
    def name(self) -> str:
        """``BQ-0012``: what people call it."""
        return f"BQ-{self.number:04}"

    @property
    def holds(self) -> bool:
        """Whether it still keeps the record where it is; also while its lifting waits for a second person."""
        return self.state is not HoldState.LIFTED

    @property
    def reference_erased(self) -> bool:
        """Whether there was one that is gone; its commitment stays."""
        return self.reference is None and self.row["reference_commitment"] is not None

    @classmethod
    def of(cls, row: Row) -> Hold:
        """Read a row of ``record_hold``."""
        read: dict[str, Any] = {name: row[name] for name in cls.__slots__ if name not in ("row", "state")}
        return cls(**read, state=HoldState(row["state"]), row=row)


def number_in(text: str) -> int | None:
    """The number that somebody means who writes ``BQ-0012``, ``bq12`` or ``12``, in whatever width; else None."""
    found = _NAME.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    return int(found[1]) if found else None
