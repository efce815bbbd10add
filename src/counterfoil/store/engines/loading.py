"""Rows by the million into a table of a fresh database: without its secondary indexes, which are made again afterwards.

An entry put into an index in its place costs a page read and written; all of them sorted and written once cost a tenth.
The indexes come from what the database itself says of them, so that the schema is the same before and after. What
guards a database against a machine that stops, and rows against each other, is off meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TypeAlias

import apsw

from counterfoil.basis import Clock
from counterfoil.store import statements
from counterfoil.store.engines.postgresql import WRITING
from counterfoil.store.engines.reach import Connection, Patience, Way, parts_of
from counterfoil.store.engines.sqlite import open_file
from counterfoil.store.shape import Shape

Rows: TypeAlias = Iterable[tuple[Any, ...]]
OnIndex: TypeAlias = Callable[[int, int], None]

# Half a gibibyte is the most that SQLite sorts in memory.
_OF_THE_FILE: Final = (
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -524288; PRAGMA threads = 2"
)
_AS_IN_SERVICE: Final = "PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL"
_INDEXES_OF_THE_FILE: Final = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name"
)
_OF_THE_SERVER: Final = "SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '1GB'"
_INDEXES_OF_THE_SERVER: Final = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = $1 "
    "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname AND contype = 'p') ORDER BY indexname"
)


async def load(address: str, shape: Shape, rows: Rows, clock: Clock, on_index: OnIndex) -> None:
    """Put ``rows`` into the table of ``shape``; ``on_index`` is told of each index: which, and of how many."""
    parts = parts_of(address)
    if parts.scheme == "sqlite":
        await asyncio.to_thread(_into_a_file, Path(parts.path), shape, rows, on_index)
    else:
        await _into_a_server(Way(address, clock, Patience()), shape, rows, on_index)


def _into_a_file(path: Path, shape: Shape, rows: Rows, on_index: OnIndex) -> None:
    with closing(open_file(path, None, apsw.SQLITE_OPEN_READWRITE)) as connection:
        connection.execute(_OF_THE_FILE).fetchall()
        indexes = list(connection.execute(_INDEXES_OF_THE_FILE, (shape.name,)))
        connection.execute("BEGIN")
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        connection.executemany(statements.insert_text(shape), rows)
        connection.execute("COMMIT")
        for text in _each_told(indexes, on_index):
            connection.execute(text)
        connection.execute(_AS_IN_SERVICE).fetchall()


async def _into_a_server(way: Way, shape: Shape, rows: Rows, on_index: OnIndex) -> None:
    connection = await way.found(_as_it_comes, **WRITING)
    try:
        async with connection.transaction():
            await connection.execute(_OF_THE_SERVER)
            indexes = [tuple(row) for row in await connection.fetch(_INDEXES_OF_THE_SERVER, shape.name)]
            for name, _ in indexes:
                await connection.execute(f'DROP INDEX "{name}"')
            await connection.copy_records_to_table(shape.name, records=rows, columns=list(shape.columns))
            for text in _each_told(indexes, on_index):
                await connection.execute(text)
    finally:
        await connection.close()


async def _as_it_comes(_connection: Connection) -> None:
    """The driver's own way with UUIDs takes texts too, and is quicker than ours."""


def _each_told(indexes: list[tuple[Any, ...]], on_index: OnIndex) -> Iterator[str]:
    for nth, (_, text) in enumerate(indexes, 1):
        yield str(text)
        on_index(nth, len(indexes))
