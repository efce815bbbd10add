"""When an API key was used last: a working column, written at most once a minute."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.people.means import Means
from counterfoil.people.person import SEEN_EVERY_MICROS
from counterfoil.people.tables import api_key
from counterfoil.store import Change, Guard, Row, Stale, by_key

_BY_ID: Final = by_key(
    select(api_key).where(api_key.c.merchant_id == bindparam("merchant_id")).where(api_key.c.id == bindparam("id"))
)


async def note_use(means: Means, found: Row) -> None:
    """Write that the key of a row (``merchant_id``, ``id``, ``used_at``) is used now, where that is not known yet."""
    now = means.clock.now()
    if found["used_at"] is not None and now - found["used_at"] < SEEN_EVERY_MICROS:
        return
    row = await means.store.fetch_one(_BY_ID, {"merchant_id": found["merchant_id"], "id": found["id"]})
    if row is None:
        return
    guard = Guard(api_key, row, {"used_at": now})
    try:
        await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=row["merchant_id"], guards=(guard,)))
    except Stale:
        # Another request with the same key wrote it at this moment.
        return
