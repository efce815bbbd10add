"""Terminals with their shops, and provider accounts, as this process read them a moment ago.

An intent requires the versions of all it relied on, so what is out of date is found at the commit, forgotten and read
again; and nothing is refused before it was read again. Rows are kept for two seconds at most, because no version tells
that an older account takes payments again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from counterfoil.store import Row

Rows: TypeAlias = Sequence[Row]

KEPT_SECONDS: Final = 2.0
MERCHANTS_MAX: Final = 5_000


class Known:
    """See the module. One a process, in its ``Means``."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._kept: dict[int, dict[str, tuple[float, Rows]]] = {}

    async def rows(self, merchant_id: int, name: str, now: float, read: Callable[[], Awaitable[Rows]]) -> Rows:
        """What ``read`` answered less than two seconds before ``now`` (of the monotonic clock), or answers now."""
        kept = self._kept.get(merchant_id, {}).get(name)
        if kept is not None and 0 <= now - kept[0] < KEPT_SECONDS:
            return kept[1]
        found = await read()
        if len(self._kept) >= MERCHANTS_MAX:
            self._kept.clear()
        self._kept.setdefault(merchant_id, {})[name] = (now, found)
        return found

    def forget(self, merchant_id: int) -> None:
        """Something of this merchant turned out to be out of date, or is about to be refused."""
        self._kept.pop(merchant_id, None)
