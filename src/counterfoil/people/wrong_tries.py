"""Each wrong try to sign in or to prove oneself, counted by what was tried, where, with which answer, in which minute.

Counted in memory; ``write_wrong_tries`` makes one fact of each. A number or login that nobody has is counted like any.
Beyond ``KINDS_MAX`` those that come later are one, so that invented ones do not fill the memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.basis import MICROS

KINDS_MAX: Final = 1_000
_MINUTE_MICROS: Final = 60 * MICROS


@dataclass(frozen=True, slots=True, order=True)
class WrongTry:
    """What was tried, and how it was answered.

    ``terminal_id``: empty in the office. ``what``: a till number, in the office the digest of a login; empty for a
    passkey, which names nobody before it is right. ``minute``: UTC microseconds of its beginning.
    """

    merchant_id: int
    terminal_id: str
    what: str
    code: str
    minute: int = 0


class WrongTries:
    """Those not yet written; one for a process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: Counter[WrongTry] = Counter()

    def note(self, one: WrongTry, now: int) -> None:
        """Count one at ``now``."""
        made = replace(one, minute=now // _MINUTE_MICROS * _MINUTE_MICROS)
        if made not in self._counts and len(self._counts) >= KINDS_MAX:
            made = replace(made, terminal_id="", what="")
        self._counts[made] += 1

    def due(self, now: int, *, everything: bool = False) -> list[tuple[WrongTry, int]]:
        """Those of minutes that are over at ``now``, or of the running one too; in a fixed order."""
        past = [one for one in self._counts if everything or one.minute + _MINUTE_MICROS <= now]
        return [(one, self._counts[one]) for one in sorted(past)]

    def written(self, some: Sequence[tuple[WrongTry, int]]) -> None:
        """Forget what is in the log now; what came in between stays."""
        for one, count in some:
            self._counts[one] -= count
            if not self._counts[one]:
                del self._counts[one]
