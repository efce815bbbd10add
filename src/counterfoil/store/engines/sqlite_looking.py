"""A SQLite file opened only to look at, without the lease, also beside a running server.

Without the page checksums: whoever looks wants to see what stands there, also where plain SQL from outside wrote it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import apsw
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from counterfoil.store.engines.reading import Compiled
from counterfoil.store.faults import DAMAGED, NOTHING_THERE

BUSY_MILLIS: Final = 5000
# Named, because loading the checksums makes theirs the default one.
PLAIN_VFS: Final = "unix"


class SqliteLooking:
    """See the module."""

    def __init__(self, path: Path) -> None:
        """Open ``path``. Raises Refused CF-6007 where there is no such file."""
        try:
            self._connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY, vfs=PLAIN_VFS)
        except apsw.CantOpenError as error:
            raise NOTHING_THERE(path=path) from error
        self._connection.set_busy_timeout(BUSY_MILLIS)
        self._compiled = Compiled(sqlite.dialect(paramstyle="qmark"))

    async def fetch(self, statement: Select[Any], params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a reading statement. Raises Broken CF-6203 where the file cannot be read."""
        text, arguments = self._compiled.text(statement, params or {})
        names = [str(column.name) for column in statement.selected_columns]
        rows = await asyncio.to_thread(self._rows, text, arguments)
        return [dict(zip(names, row, strict=True)) for row in rows]

    async def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def _rows(self, text: str, arguments: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(text, arguments).fetchall()
        except (apsw.IOError, apsw.CorruptError, apsw.NotADBError) as error:
            raise DAMAGED() from error
