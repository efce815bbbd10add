"""The reading connections: a pool that outlives its servers. What was lost on the way is asked once more elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from counterfoil.store.engines.reach import Connection, Patience, Prepare, Way
from counterfoil.store.engines.told import GONE, is_lost, told_by
from counterfoil.store.faults import NO_CONNECTION_FREE, TOO_SLOW, UNREACHABLE

READERS_MAX: Final = 8
CLOSE_SECONDS: Final = 5.0
_POOL_ONLY: Final = frozenset({"loop", "connection_class", "record_class"})

Pooled: TypeAlias = "asyncpg.pool.PoolConnectionProxy[Any]"


class Readers:
    """At most eight connections to the server that takes writes, each for one question at a time."""

    def __init__(self, way: Way, patience: Patience, prepare: Prepare) -> None:
        """Connects on first use."""
        self._way = way
        self._patience = patience
        self._prepare = prepare
        self._pool: asyncpg.Pool[Any] | None = None

    async def fetch(self, text: str, arguments: Sequence[Any]) -> list[dict[str, Any]]:
        """All rows. Raises Trouble CF-6104 to CF-6107, and the server's own error where the question is wrong."""
        with contextlib.suppress(_Lost):
            return await self._fetch(text, arguments)
        try:
            # A question changes nothing, so it may be asked twice; the second time on a new connection.
            return await self._fetch(text, arguments)
        except _Lost as lost:
            raise UNREACHABLE() from lost

    async def close(self) -> None:
        """Close them, waiting for none that does not answer."""
        if self._pool is None:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._pool.close()
        except (*GONE, asyncpg.PostgresError):
            self._pool.terminate()

    async def _fetch(self, text: str, arguments: Sequence[Any]) -> list[dict[str, Any]]:
        pool = await self._opened()
        try:
            connection = await pool.acquire(timeout=self._patience.reach + self._patience.connect)
        except TimeoutError as error:
            raise NO_CONNECTION_FREE() from error
        except (*GONE, asyncpg.PostgresError) as error:
            raise _Lost from error
        try:
            return [dict(row) for row in await connection.fetch(text, *arguments, timeout=self._patience.read)]
        except TimeoutError as error:
            _drop(connection)
            raise TOO_SLOW() from error
        except (*GONE, asyncpg.PostgresError) as error:
            if is_lost(error) or _is_gone(connection):
                _drop(connection)
                # What one has lost the others have, more often than not.
                await pool.expire_connections()
                raise _Lost from error
            kind = told_by(error)
            if kind is None:
                raise
            raise kind() from error
        finally:
            # The answer is in hand; that its connection cannot be given back in order is the pool's affair.
            with contextlib.suppress(*GONE, asyncpg.PostgresError):
                await pool.release(connection)

    async def _opened(self) -> asyncpg.Pool[Any]:
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                min_size=0,
                max_size=READERS_MAX,
                connect=self._connect,
                connection_class=_Reader,
            )
        return await self._pool

    async def _connect(self, *_address: Any, **settings: Any) -> Connection:
        return await self._way.found(
            self._prepare,
            target_session_attrs=SessionAttribute.primary,
            server_settings={"default_transaction_read_only": "on"},
            **{name: value for name, value in settings.items() if name in _POOL_ONLY},
        )


def _drop(connection: Pooled) -> None:
    with contextlib.suppress(asyncpg.InterfaceError):  # the pool noticed first and has taken it back
        connection.terminate()


def _is_gone(connection: Pooled) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True


class _Lost(Exception):  # noqa: N818 - the state of the world
    """The connection went before it had answered."""


class _Reader(asyncpg.Connection):
    """A reading connection keeps no state between statements, so there is nothing to reset when it is given back."""

    def get_reset_query(self) -> str:
        """Nothing."""
        return ""
