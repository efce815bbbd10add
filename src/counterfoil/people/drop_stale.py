"""What nobody needs any more goes: sessions a day after their end, and tries nobody repeated for a day.

Neither is evidence: sign-in, sign-out, lock and lifting are facts of their own. Without this a session would stay for
each sign-in ever, and a row for each number somebody made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from sqlalchemy import Table, bindparam, or_, select

from counterfoil.basis import MICROS
from counterfoil.people.means import Means
from counterfoil.people.person import SESSION_IDLE_MICROS
from counterfoil.people.tables import session, sign_in_lock
from counterfoil.store import Change, Drop, Row

STALE_AFTER_MICROS: Final = 24 * 3600 * MICROS
ROWS_MAX: Final = 256
_DROPS_MAX: Final = 64
_ENDED: Final = (
    select(session)
    .where(or_(session.c.ends_at <= bindparam("before"), session.c.seen_at <= bindparam("idle_before")))
    .order_by(session.c.merchant_id, session.c.id)
    .limit(ROWS_MAX)
)
_FORGOTTEN: Final = (
    select(sign_in_lock)
    .where(sign_in_lock.c.tried_at <= bindparam("before"))
    .order_by(sign_in_lock.c.merchant_id, sign_in_lock.c.id)
    .limit(ROWS_MAX)
)


async def drop_stale(means: Means) -> int:
    """Drop at most 256 sessions and 256 locks that are due; how many went. What is left goes next time.

    Raises Stale where somebody tries that number at this very moment; it stays then.
    """
    before = means.clock.now() - STALE_AFTER_MICROS
    ended = await means.store.fetch(_ENDED, {"before": before, "idle_before": before - SESSION_IDLE_MICROS})
    forgotten = await means.store.fetch(_FORGOTTEN, {"before": before})
    await _drop(means, session, ended)
    await _drop(means, sign_in_lock, forgotten)
    return len(ended) + len(forgotten)


async def _drop(means: Means, table: Table, rows: Sequence[Row]) -> None:
    for merchant_id, group in groupby(rows, key=lambda row: int(row["merchant_id"])):
        drops = [Drop(table, row) for row in group]
        for start in range(0, len(drops), _DROPS_MAX):
            some = tuple(drops[start : start + _DROPS_MAX])
            await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=merchant_id, drops=some))
