"""Looking at a database without being its server: no lease, no migration, nothing written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from sqlalchemy import Select

from counterfoil.basis import Clock
from counterfoil.store.engines.postgresql import Patience, PostgresEngine
from counterfoil.store.engines.sqlite_looking import SqliteLooking
from counterfoil.store.faults import ADDRESS_UNKNOWN


class Looking(Protocol):
    """What can be asked of such a database."""

    async def fetch(self, statement: Select[Any], params: Mapping[str, Any], /) -> Sequence[Mapping[str, Any]]:
        """All rows of a reading statement. UUIDs are lower-case text."""
        ...


@asynccontextmanager
async def open_looking(address: str, *, clock: Clock) -> AsyncIterator[Looking]:
    """Open ``sqlite:///absolute/path`` or ``postgresql://…`` for reading; a server may run beside.

    Raises Refused CF-6004 for another address, CF-6007 where there is no such file, Trouble CF-6104, Broken CF-6203.
    """
    parts = urlsplit(address)
    if parts.scheme == "sqlite" and parts.path:
        engine: SqliteLooking | PostgresEngine = SqliteLooking(Path(parts.path))
    elif parts.scheme in {"postgresql", "postgres"}:
        engine = PostgresEngine(address, clock, Patience())
    else:
        raise ADDRESS_UNKNOWN()
    try:
        yield engine
    finally:
        await engine.close()
