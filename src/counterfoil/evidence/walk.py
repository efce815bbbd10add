"""A log read along its positions: backwards from the newest, forwards through a time, and where a time begins in it.

Nothing but the position is indexed, and nothing is written for it: whoever looks for something pays for the looking,
and not every payment.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.evidence.reading import log_size, written_at
from counterfoil.evidence.source import Source
from counterfoil.store.tables import evidence_leaf

# Facts of one moment may stand in another order than their times: whoever needs all of a time begins that much earlier.
UNORDERED: Final = 512
_BETWEEN: Final = (
    select(evidence_leaf.c.position, evidence_leaf.c.entry)
    .where(evidence_leaf.c.merchant_id == bindparam("merchant_id"))
    .where(evidence_leaf.c.position >= bindparam("least"))
    .where(evidence_leaf.c.position < bindparam("before"))
    .limit(bindparam("count"))
)
_BACK: Final = _BETWEEN.order_by(evidence_leaf.c.position.desc())
_ON: Final = _BETWEEN.order_by(evidence_leaf.c.position)


async def leaves_back(
    source: Source, merchant_id: int, *, before: int, least: int, count: int
) -> list[tuple[int, bytes]]:
    """At most ``count`` leaves from the one before ``before`` back to ``least``: position and bytes, newest first."""
    params = {"merchant_id": merchant_id, "before": before, "least": least, "count": count}
    return [(row["position"], bytes(row["entry"])) for row in await source.fetch(_BACK, params)]


async def leaves_on(
    source: Source, merchant_id: int, *, least: int, before: int, count: int
) -> list[tuple[int, bytes]]:
    """The same forwards, beginning at ``least``."""
    params = {"merchant_id": merchant_id, "before": before, "least": least, "count": count}
    return [(row["position"], bytes(row["entry"])) for row in await source.fetch(_ON, params)]


async def span_of(source: Source, merchant_id: int, first: int, last: int) -> tuple[int, int]:
    """Positions between which everything written from ``first`` until before ``last`` stands (UTC microseconds).

    A little more than that: the times of what stands there must still be asked.
    """
    size = await log_size(source, merchant_id)
    begins, ends = await _reached(source, merchant_id, first, size), await _reached(source, merchant_id, last, size)
    return max(0, begins - UNORDERED), min(size, ends + UNORDERED)


async def _reached(source: Source, merchant_id: int, at: int, size: int) -> int:
    """The first position whose leaf was written at ``at`` or later, by halving; ``size`` where there is none."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        written = await written_at(source, merchant_id, middle)
        if written is not None and written < at:
            low = middle + 1
        else:
            high = middle
    return low
