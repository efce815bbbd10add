"""What a provider's notice brought as raw bytes leaves once the notice has long ended; what was read of it stays.

The bytes may hold what a wallet calls its user; they prove what the provider signed, for as long as anybody may ask.
Their digest and their commitment stay, so that the log still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import MICROS
from counterfoil.payments import facts
from counterfoil.payments.means import Means
from counterfoil.payments.tables import provider_notice
from counterfoil.people import merchants
from counterfoil.store import Change, Guard, Row

CLEARED_AFTER_DAYS: Final = 90
# One entry of the log names every row of a Change and holds 8 KiB.
_AT_ONCE: Final = 32
# So many of one merchant in a round; the next round goes on.
_ROUNDS_MAX: Final = 32
_DAY_MICROS: Final = 24 * 3600 * MICROS
_OLD: Final = (
    select(provider_notice)
    .where(
        provider_notice.c.merchant_id == bindparam("merchant_id"),
        provider_notice.c.raw.is_not(None),
        provider_notice.c.state == "done",
        provider_notice.c.ended_at <= bindparam("before"),
    )
    .order_by(provider_notice.c.ended_at)
    .limit(_AT_ONCE)
)


async def clear_notices(means: Means) -> int:
    """Clear the bytes of notices that ended 90 days ago, at most 1,024 of each merchant; how many were cleared.

    Raises Stale where somebody writes one of them at this moment; it is cleared in the next round.
    """
    before, cleared = means.clock.now() - CLEARED_AFTER_DAYS * _DAY_MICROS, 0
    for merchant in await merchants(means.store):
        for _ in range(_ROUNDS_MAX):
            old = await means.store.fetch(_OLD, {"merchant_id": merchant.merchant_id, "before": before})
            if not old:
                break
            await means.store.commit(_change(means, merchant.merchant_id, old))
            cleared += len(old)
    return cleared


def _change(means: Means, merchant_id: int, rows: Sequence[Row]) -> Change:
    gone = {"raw": None, "raw_salt": None}
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=merchant_id,
        guards=tuple(Guard(provider_notice, row, gone) for row in rows),
        facts=(facts.NOTICES_CLEARED.fact(at=means.clock.now(), count=len(rows)),),
    )
