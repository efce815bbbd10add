"""A duty: what only one of all processes on a database does at a time, on whichever machine it runs.

Who is on duty stands in a row, for some seconds at a time. The row's version is the fence: each Change that the duty
writes requires it, so one who slept while another took over writes nothing more. The clock only says from when on
another may take over.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import MICROS, Clock, Ids
from counterfoil.store.change import Change, Guard, Insert, Repeated, Require, Row, Stale
from counterfoil.store.store import Store, by_key
from counterfoil.store.tables import duty

_HELD: Final = by_key(select(duty).where(duty.c.name == bindparam("name")))
# Everybody who takes over at once gets their turn; more than a few in one moment there never are.
_TRIES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Being on duty: ``epoch`` counts those who took over so far, ``require`` belongs into each Change of the duty."""

    epoch: int
    require: Require


class Duty:
    """One duty as one process sees it.

    A renewal ends the fence before it: what requires it is committed before the next ``take``, or its Change is Stale.
    """

    def __init__(self, store: Store, name: str, *, holder: str, seconds: float, clock: Clock, ids: Ids) -> None:
        """``holder`` names this process; without a word for ``seconds`` another may take over."""
        self._store = store
        self._name = name
        self._holder = holder
        self._micros = int(seconds * MICROS)
        self._clock = clock
        self._ids = ids
        self._one_at_a_time = asyncio.Lock()

    async def elsewhere(self) -> bool:
        """Whether another process is on duty now."""
        row = await self._row()
        return row is not None and row["holder"] != self._holder and row["until"] > self._clock.now()

    async def take(self, *, at_once: bool = False) -> OnDuty | None:
        """Be on duty, or go on being it; None where another process is. ``at_once``: whoever is, take over.

        Raises the faults of a commit, and Stale where others took over at once many times in a row.
        """
        async with self._one_at_a_time:
            for _ in range(_TRIES_MAX):
                taken = await self._taken(await self._row(), at_once=at_once)
                if taken is not None or not at_once:
                    return taken
        raise Stale(f"duty {self._name}")

    async def leave(self) -> None:
        """Let another take over from now on; nothing where somebody else is on duty."""
        row, now = await self._row(), self._clock.now()
        if row is not None and row["holder"] == self._holder and row["until"] > now:
            await self._write(row, {"until": now})

    async def _row(self) -> Row | None:
        return await self._store.fetch_one(_HELD, {"name": self._name})

    async def _taken(self, row: Row | None, *, at_once: bool) -> OnDuty | None:
        now = self._clock.now()
        until = now + self._micros
        if row is None:
            first = {"name": self._name, "holder": self._holder, "epoch": 1, "until": until}
            made = Change(change_id=self._ids.uuid(), merchant_id=0, inserts=(Insert(duty, first),))
            return await self._committed(made, 1, 1)
        mine = row["holder"] == self._holder
        if mine and row["until"] - now > self._micros // 2:
            return self._on_duty(row["epoch"], row["version"])
        if not mine and row["until"] > now and not at_once:
            return None
        epoch = row["epoch"] + (not mine)
        return await self._write(row, {"holder": self._holder, "epoch": epoch, "until": until})

    async def _write(self, row: Row, values: Row) -> OnDuty | None:
        change = Change(change_id=self._ids.uuid(), merchant_id=0, guards=(Guard(duty, row, values),))
        return await self._committed(change, values.get("epoch", row["epoch"]), row["version"] + 1)

    async def _committed(self, change: Change, epoch: int, version: int) -> OnDuty | None:
        """None where another was quicker."""
        try:
            await self._store.commit(change)
        except (Stale, Repeated):
            return None
        return self._on_duty(epoch, version)

    def _on_duty(self, epoch: int, version: int) -> OnDuty:
        return OnDuty(epoch, Require(duty, {"name": self._name}, version))
