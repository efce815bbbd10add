"""Two lanes brought together at the point where they are meant to meet, however slow either of them is."""

# ruff: noqa: ASYNC110 - a database's state is asked for, not awaited

from __future__ import annotations

import asyncio

import asyncpg

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
_PATIENCE_SECONDS = 60


class Meeting:
    """A lane that arrives goes on once another has arrived as well, or waits for a lock that somebody holds."""

    def __init__(self, asked: asyncpg.Connection) -> None:
        self._asked = asked
        self._one_at_a_time = asyncio.Lock()
        self._arrived: set[int] = set()

    async def arrive(self) -> None:
        self._arrived.add(id(asyncio.current_task()))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while len(self._arrived) < 2 and not await self._somebody_waits():
                await asyncio.sleep(0.01)

    async def _somebody_waits(self) -> bool:
        async with self._one_at_a_time:
            return bool(await self._asked.fetchval(_WAITING))
