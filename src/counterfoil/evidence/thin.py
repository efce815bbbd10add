"""Thinning: which checkpoints stay. All for a day, then the last of each hour for 90 days, some for ever.

A proof stands on the newest checkpoint, which covers every leaf signed so far; so the newest of a log always stays,
however old it is. What goes is a row nobody needs any more: each later one vouches for the same leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select, tuple_

from counterfoil.basis import MICROS, Clock, Ids
from counterfoil.evidence.source import Writable
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.store import Change, Drop, Row, Whole

BY_AGE: Final = "by_age"
FOR_EVER: Final = "for_ever"
PAGE: Final = 512
DROPS_MAX: Final = 64
_HOUR: Final = 3600 * MICROS
ALL_FOR: Final = 24 * _HOUR
HOURLY_FOR: Final = 90 * 24 * _HOUR

_point: Final = evidence_checkpoint.c
_NEWEST: Final = select(func.max(_point.size).label("newest")).where(_point.merchant_id == bindparam("merchant_id"))
_from: Final = (bindparam("merchant_id", type_=Whole), bindparam("size", type_=Whole))
_OLD: Final = (
    select(evidence_checkpoint)
    .where(tuple_(_point.merchant_id, _point.size) >= tuple_(*_from))
    .where(_point.signed_at <= bindparam("before"))
    .order_by(_point.merchant_id, _point.size)
    .limit(PAGE)
)


class Signed(NamedTuple):
    """One checkpoint of a log: the size it signs, when (UTC microseconds), and ``by_age`` or ``for_ever``."""

    size: int
    signed_at: int
    kept: str


def superseded(points: Iterable[Signed], *, newest: int, now: int) -> frozenset[int]:
    """The sizes of one log that may go, of ``points`` in any order; ``newest`` is the largest size it ever signed.

    Of an hour (UTC) the largest size stays, so a part of a log may be judged by itself: what it spares goes once the
    rest of its hour is seen with it.
    """
    last_of_hour: dict[int, int] = {}
    known = list(points)
    for point in known:
        hour = point.signed_at // _HOUR
        last_of_hour[hour] = max(point.size, last_of_hour.get(hour, 0))
    return frozenset(
        point.size
        for point in known
        if point.kept == BY_AGE and point.size != newest and _is_due(point, last_of_hour, now)
    )


def _is_due(point: Signed, last_of_hour: dict[int, int], now: int) -> bool:
    age = now - point.signed_at
    if age < ALL_FOR:
        return False
    return age >= HOURLY_FOR or point.size != last_of_hour[point.signed_at // _HOUR]


class Thinning:
    """Goes over all logs page by page, and then begins again; one for a process."""

    def __init__(self, store: Writable, *, clock: Clock, ids: Ids) -> None:
        """Begin at the first log."""
        self._store = store
        self._clock = clock
        self._ids = ids
        self._at = (0, 0)

    async def round(self) -> int:
        """Look at one page of old checkpoints and drop what may go; how many went.

        Raises Stale where somebody wrote one of them meanwhile, as a close does that keeps it for ever.
        """
        now = self._clock.now()
        merchant_id, size = self._at
        page = await self._store.fetch(_OLD, {"merchant_id": merchant_id, "size": size, "before": now - ALL_FOR})
        # The last of a full page is judged again with what follows it: its hour may go on there.
        self._at = (page[-1]["merchant_id"], page[-1]["size"]) if len(page) == PAGE else (0, 0)
        gone = 0
        for owner, rows in groupby(page, key=lambda row: int(row["merchant_id"])):
            newest = (await self._store.fetch(_NEWEST, {"merchant_id": owner}))[0]["newest"]
            gone += await self._drop(owner, _due(list(rows), newest, now))
        return gone

    async def _drop(self, merchant_id: int, rows: Sequence[Row]) -> int:
        for start in range(0, len(rows), DROPS_MAX):
            drops = tuple(Drop(evidence_checkpoint, row) for row in rows[start : start + DROPS_MAX])
            await self._store.commit(Change(change_id=self._ids.uuid(), merchant_id=merchant_id, drops=drops))
        return len(rows)


def _due(rows: Sequence[Row], newest: int, now: int) -> list[Row]:
    points = [Signed(row["size"], row["signed_at"], row["kept"]) for row in rows]
    sizes = superseded(points, newest=newest, now=now)
    return [row for row in rows if row["size"] in sizes]
