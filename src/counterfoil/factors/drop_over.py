"""Questions nobody answered and tickets that were used go once they are over; neither is evidence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from sqlalchemy import Table, bindparam, select

from counterfoil.factors.means import Means
from counterfoil.factors.tables import confirmation, spent_ticket
from counterfoil.store import Change, Drop, Row

ROWS_MAX: Final = 256
_DROPS_MAX: Final = 64
_QUESTIONS: Final = (
    select(confirmation)
    .where(confirmation.c.ends_at <= bindparam("now"))
    .order_by(confirmation.c.merchant_id, confirmation.c.id)
    .limit(ROWS_MAX)
)
_TICKETS: Final = (
    select(spent_ticket)
    .where(spent_ticket.c.ends_at <= bindparam("now"))
    .order_by(spent_ticket.c.merchant_id, spent_ticket.c.id)
    .limit(ROWS_MAX)
)


async def drop_over(means: Means) -> int:
    """Drop at most 256 of each that are over; how many went. Raises Stale where one is just being answered."""
    now = means.clock.now()
    questions = await means.store.fetch(_QUESTIONS, {"now": now})
    tickets = await means.store.fetch(_TICKETS, {"now": now})
    await _drop(means, confirmation, questions)
    await _drop(means, spent_ticket, tickets)
    return len(questions) + len(tickets)


async def _drop(means: Means, table: Table, rows: Sequence[Row]) -> None:
    for merchant_id, group in groupby(rows, key=lambda row: int(row["merchant_id"])):
        drops = [Drop(table, row) for row in group]
        for start in range(0, len(drops), _DROPS_MAX):
            some = tuple(drops[start : start + _DROPS_MAX])
            await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=merchant_id, drops=some))
