"""The engines by themselves: how fast this disk takes plain rows, one a commit and many a commit."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

import apsw
import asyncpg

from counterfoil.basis import Clock
from counterfoil.bench.rounds import Taken

COLUMNS: Final = 22
BATCH: Final = 256
_NAMES: Final = ", ".join(f"c{number}" for number in range(COLUMNS))
_TABLE: Final = f"CREATE TABLE plain (id BIGINT PRIMARY KEY, {', '.join(f'c{n} TEXT' for n in range(COLUMNS))})"
_INDEXES: Final = ("CREATE INDEX plain_by_0 ON plain (c0)", "CREATE INDEX plain_by_1 ON plain (c1)")
_VALUES: Final = ", ".join(f"${place}" for place in range(1, COLUMNS + 2))
_INSERT: Final = f"INSERT INTO plain (id, {_NAMES}) VALUES ({_VALUES})"  # noqa: S608 - our own names


def _row(number: int) -> tuple[Any, ...]:
    return (number, *(f"{number * 7919 % 1_000_003:08}{column:02}" for column in range(COLUMNS)))


class SqliteInserts:
    """A table of 22 columns and two indexes, WAL and synchronous=FULL as in service."""

    name = "sqlite"

    def __init__(self, path: Path, clock: Clock) -> None:
        """Make it at ``path``."""
        self._clock = clock
        self._number = 0
        self._connection = apsw.Connection(str(path))
        for text in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", _TABLE, *_INDEXES):
            self._connection.execute(text).fetchall()

    async def insert_for(self, seconds: float, rows: int) -> Taken:
        """Insert ``rows`` a commit for so long."""
        return await asyncio.to_thread(self._insert_for, seconds, rows)

    async def close(self) -> None:
        """Close it."""
        self._connection.close()

    def _insert_for(self, seconds: float, rows: int) -> Taken:
        made, begun = Taken(), self._clock.monotonic()
        while made.seconds < seconds:
            with self._connection:
                self._connection.executemany(_INSERT, [_row(self._number + n) for n in range(rows)])
            self._number += rows
            made.count, made.seconds = made.count + rows, self._clock.monotonic() - begun
        return made


class PostgresInserts:
    """The same on PostgreSQL through asyncpg, one connection."""

    name = "postgresql"

    def __init__(self, connection: asyncpg.Connection[Any], clock: Clock) -> None:
        """Insert through ``connection``."""
        self._connection = connection
        self._clock = clock
        self._number = 0

    @classmethod
    async def open(cls, address: str, clock: Clock) -> PostgresInserts:
        """Make the table."""
        connection = await asyncpg.connect(address)
        for text in (_TABLE, *_INDEXES):
            await connection.execute(text)
        return cls(connection, clock)

    async def insert_for(self, seconds: float, rows: int) -> Taken:
        """Insert ``rows`` a commit for so long."""
        made, begun = Taken(), self._clock.monotonic()
        while made.seconds < seconds:
            async with self._connection.transaction():
                await self._connection.executemany(_INSERT, [_row(self._number + n) for n in range(rows)])
            self._number += rows
            made.count, made.seconds = made.count + rows, self._clock.monotonic() - begun
        return made

    async def close(self) -> None:
        """Close it."""
        await self._connection.close()
