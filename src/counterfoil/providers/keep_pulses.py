"""Write down what the calls of each account were like, away from any payment; and let go what is old.

A process writes what it counted itself, whole, under an id of its own: writing twice, or dying in between, counts
nothing twice. What was counted since the last time is lost with a process that is killed; no money hangs on it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, Protocol

from sqlalchemy import Select, bindparam, select

from counterfoil.basis import Ids
from counterfoil.providers.pulse import SLOT, Beat, End, Pulses, Tally
from counterfoil.providers.tables import account_pulse
from counterfoil.store import Change, Committed, Drop, Guard, Insert, Lost, Row, by_key

KEPT: Final = 24 * SLOT
ROWS_MAX: Final = 256
_DROPS_MAX: Final = 64
_NAMES: Final = uuid.UUID("3b0c5a0e-7c40-5b5b-8a39-1f7c2a9e4d10")
_BY_ID: Final = by_key(
    select(account_pulse).where(
        account_pulse.c.merchant_id == bindparam("merchant_id"), account_pulse.c.id == bindparam("id")
    )
)
_SINCE: Final = select(account_pulse).where(
    account_pulse.c.merchant_id == bindparam("merchant_id"),
    account_pulse.c.account_id == bindparam("account_id"),
    account_pulse.c.at >= bindparam("since"),
)
_OLD: Final = (
    select(account_pulse)
    .where(account_pulse.c.at < bindparam("before"))
    .order_by(account_pulse.c.merchant_id, account_pulse.c.id)
    .limit(ROWS_MAX)
)


class Store(Protocol):
    """What this asks of the store."""

    async def fetch(self, statement: Select[Any], parameters: Mapping[str, Any]) -> Sequence[Row]:
        """The rows of ``statement``."""
        ...

    async def fetch_one(self, statement: Select[Any], parameters: Mapping[str, Any]) -> Row | None:
        """The row of ``statement``, if there is one."""
        ...

    async def commit(self, change: Change) -> Committed:
        """Make ``change`` durable."""
        ...


async def keep_pulses(store: Store, ids: Ids, pulses: Pulses, process: str) -> None:
    """Write what ``process`` counted and has not written yet."""
    for merchant_id, account_id, pulse in pulses.all():
        for tally in list(pulse.tallies.values()):
            calls = tally.calls
            if calls == tally.kept:
                continue
            row_id = str(uuid.uuid5(_NAMES, f"{process}/{account_id}/{tally.at}"))
            before = await store.fetch_one(_BY_ID, {"merchant_id": merchant_id, "id": row_id})
            change = _change(ids.uuid(), merchant_id, row_id, before, _row_of(tally, account_id, process))
            try:
                await store.commit(change)
            except Lost:
                continue  # The next round looks again.
            tally.kept = calls


async def drop_old_pulses(store: Store, ids: Ids, now: int) -> int:
    """Let go of at most 256 rows older than two hours; how many went. ``now`` in UTC microseconds. Raises Stale."""
    rows = await store.fetch(_OLD, {"before": now - KEPT})
    for merchant_id, group in groupby(rows, key=lambda row: int(row["merchant_id"])):
        drops = [Drop(account_pulse, row) for row in group]
        for start in range(0, len(drops), _DROPS_MAX):
            some = tuple(drops[start : start + _DROPS_MAX])
            await store.commit(Change(change_id=ids.uuid(), merchant_id=merchant_id, drops=some))
    return len(rows)


async def tallies_of(
    store: Store, pulses: Pulses, process: str, merchant_id: int, account_id: str, since: int
) -> list[Tally]:
    """What the calls of an account were like from ``since`` on: as others wrote it, and as this process knows it."""
    told = {"merchant_id": merchant_id, "account_id": account_id, "since": since}
    others = [_tally_of(row) for row in await store.fetch(_SINCE, told) if row["process"] != process]
    own = pulses.of(merchant_id, account_id).tallies.values()
    return [*others, *(tally for tally in own if tally.at >= since)]


def _change(change_id: str, merchant_id: int, row_id: str, before: Row | None, row: dict[str, Any]) -> Change:
    if before is not None:
        return Change(change_id=change_id, merchant_id=merchant_id, guards=(Guard(account_pulse, before, row),))
    whole = row | {"merchant_id": merchant_id, "id": row_id, "version": 1, "last_change": change_id}
    return Change(change_id=change_id, merchant_id=merchant_id, inserts=(Insert(account_pulse, whole),))


def _row_of(tally: Tally, account_id: str, process: str) -> dict[str, Any]:
    error = tally.last_error
    return {
        "account_id": account_id,
        "process": process,
        "at": tally.at,
        **{end.value: count for end, count in tally.counted.items()},
        "took": " ".join(f"{bucket}:{count}" for bucket, count in sorted(tally.took.items())),
        "error_at": None if error is None else error.at,
        "error_end": None if error is None else error.end.value,
        "error_why": None if error is None else error.why,
    }


def _tally_of(row: Row) -> Tally:
    pairs = (each.split(":") for each in row["took"].split())
    error = None
    if row["error_at"] is not None:
        error = Beat(row["error_at"], 0, End(row["error_end"]), row["error_why"] or "")
    return Tally(
        at=row["at"],
        counted={end: row[end.value] for end in End},
        took={int(bucket): int(count) for bucket, count in pairs},
        last_error=error,
    )
