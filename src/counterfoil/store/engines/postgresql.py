"""PostgreSQL through asyncpg: one connection for the committer, a pool for reading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import asyncpg
from asyncpg.connect_utils import SessionAttribute
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from counterfoil.basis import Clock, uuid_text
from counterfoil.store.batch import Batch
from counterfoil.store.engines.engine import Body, CommitUnknown, Verdict, commit_open
from counterfoil.store.engines.fate import fate_of
from counterfoil.store.engines.reading import Compiled
from counterfoil.store.faults import DISTRIBUTED_ALREADY, UNREACHABLE
from counterfoil.store.shape import Key, Shape
from counterfoil.store.statements import TEXTS_MAX
from counterfoil.store.steps import STEPS, Rows, Step

READERS_MAX: Final = 8
TRANSACTION_TIMEOUT_SINCE: Final = 17
# A standby; cancelled from outside or by a timeout; deadlock, serialization, lock wait; disk full; I/O error, data and
# index corrupted.
READ_ONLY: Final = "25006"
VERDICTS: Final = {
    READ_ONLY: Verdict.LOST,
    "57014": Verdict.AGAIN,
    "40P01": Verdict.AGAIN,
    "40001": Verdict.AGAIN,
    "55P03": Verdict.AGAIN,
    "53100": Verdict.FULL,
    "58030": Verdict.STOP,
    "XX001": Verdict.STOP,
    "XX002": Verdict.STOP,
}
# Connection, invalid authorization, resources, object not in the state for it, operator's doing, system's doing.
TROUBLE_CLASSES: Final = frozenset({"08", "28", "53", "55", "57", "58"})
# asyncpg calls it its own mistake where a connection is torn down while it is being used.
LOST: Final = (asyncpg.PostgresConnectionError, asyncpg.InternalClientError, OSError, TimeoutError)
GONE: Final = (*LOST, asyncpg.InterfaceError)
_NOTED: Final = "SELECT coalesce(max(number), 0), count(distributed_at) FROM schema_version"
LOCK_HEADS: Final = (
    "SELECT merchant_id, size, frontier FROM evidence_head WHERE merchant_id = ANY($1::bigint[]) "
    "ORDER BY merchant_id FOR NO KEY UPDATE"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the database, in seconds."""

    connect: float = 5.0
    commit: float = 10.0
    settle: float = 15.0


class PostgresTransaction:
    """The open transaction of the committer's connection."""

    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        """Write through ``connection``."""
        self._connection = connection

    async def many(self, text: str, arguments: Sequence[tuple[Any, ...]]) -> Rows:
        """Run one statement for each tuple, in order, in one round trip."""
        if not arguments:
            return []
        return [tuple(row) for row in await self._connection.fetchmany(text, arguments)]

    async def versions(self, shape: Shape, keys: Sequence[Key]) -> dict[Key, int]:
        """Look them all up at once: a statement for each would cost more than the look-up."""
        found = await self._connection.fetch(
            _versions_text(shape, _kinds(shape, keys[0])), *map(list, zip(*keys, strict=True))
        )
        return {tuple(row)[:-1]: row[-1] for row in found}

    async def lock_heads(self, merchants: Sequence[int]) -> Rows:
        """Lock the heads in order of merchant. LockRows stands above the Sort, so the order is kept."""
        return [tuple(row) for row in await self._connection.fetch(LOCK_HEADS, list(merchants))]

    async def append(self, shape: Shape, rows: Sequence[tuple[Any, ...]]) -> None:
        """COPY the rows in."""
        await self._connection.copy_records_to_table(shape.name, records=rows, columns=list(shape.columns))


class PostgresEngine:
    """One database. Any number of processes may each have one."""

    name = "postgresql"
    steps: tuple[Step, ...] = STEPS
    transaction = PostgresTransaction
    # One node: where it answers a COMMIT with an error, nothing was committed.
    several_nodes = False

    def __init__(self, address: str, clock: Clock, patience: Patience) -> None:
        """Connects on first use."""
        self._address = address
        self._clock = clock
        self._patience = patience
        self._compiled = Compiled(PGDialect_asyncpg())  # type: ignore[no-untyped-call]
        self._writer: asyncpg.Connection[Any] | None = None
        self._pool: asyncpg.Pool[Any] | None = None
        self._doubted = False

    async def fetch(self, statement: Select[Any], params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows of a reading statement. Raises Trouble CF-6104 where the database cannot be reached."""
        text, arguments = self._compiled.text(statement, params)
        try:
            pool = await self._readers()
            async with pool.acquire(timeout=self._patience.connect) as connection:
                return [dict(row) for row in await connection.fetch(text, *arguments)]
        except (*GONE, asyncpg.PostgresError) as error:
            if isinstance(error, ValueError) or not _is_trouble(error):
                raise  # an argument of the wrong type, a wrong statement: ours, not the network's
            raise UNREACHABLE() from error

    async def stream(
        self, statement: Select[Any], params: Mapping[str, Any], chunk: int
    ) -> AsyncIterator[dict[str, Any]]:
        """The rows of a reading statement in one snapshot, through a cursor on a connection of its own."""
        text, arguments = self._compiled.text(statement, params)
        connection = await self._connect()
        try:
            async with aclosing(_in_one_snapshot(connection, text, arguments, chunk)) as rows:
                async for row in rows:
                    yield row
        finally:
            await connection.close()

    async def transact(self, body: Body) -> None:
        """Run ``body`` in BEGIN … COMMIT. Raises CommitUnknown where the end of the COMMIT was not heard."""
        connection = await self._writing()
        token = commit_open.set(True)
        try:
            await self._within(connection, body)
        finally:
            commit_open.reset(token)

    async def settle(self, batch: Batch) -> bool | None:
        """Ask a writable primary under the batch's heads; None where that cannot be done in time."""
        try:
            async with asyncio.timeout(self._patience.settle):
                return await self._ask_until_answered(batch)
        except TimeoutError:
            return None

    def judge(self, error: Exception) -> Verdict:
        """Say what an error of ``transact`` means."""
        if isinstance(error, CommitUnknown):
            return Verdict.UNKNOWN
        told = VERDICTS.get(getattr(error, "sqlstate", None) or "")
        if told is not None:
            return told
        gone = self._writer is None or self._writer.is_closed()
        return Verdict.LOST if gone or isinstance(error, LOST) else Verdict.POISON

    def begin(self, epoch: int) -> None:
        """Many processes share a database; the heads' locks keep them apart, not the epoch."""

    async def script(self, number: int, name: str, text: str) -> None:
        """Run one migration and note it, in one transaction; of several processes one runs it."""
        connection = await self._connect()
        try:
            async with connection.transaction():
                await without_limits(connection)
                await connection.execute("LOCK TABLE schema_version IN EXCLUSIVE MODE")
                if await connection.fetchval("SELECT 1 FROM schema_version WHERE number = $1", number):
                    return
                await connection.execute(text)
                noted = "INSERT INTO schema_version (number, name, applied_at) VALUES ($1, $2, $3)"
                await connection.execute(noted, number, name, self._clock.now())
        finally:
            await connection.close()

    async def distribute(self) -> None:
        """One node holds everything."""

    async def schema_number(self) -> int:
        """The newest migration that was applied; 0 for none.

        Raises Refused CF-6024 where the tables are spread and the settings deny it.
        """
        connection = await self._connect()
        try:
            await _note_table(connection)
            ((number, spread),) = await connection.fetch(_NOTED)
        finally:
            await connection.close()
        if spread and not self.several_nodes:
            raise DISTRIBUTED_ALREADY()
        return int(number)

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()
        if self._writer is not None and not self._writer.is_closed():
            await self._writer.close()

    async def _within(self, connection: asyncpg.Connection[Any], body: Body) -> None:
        # The deadline of a silent network: the socket is cut, nothing is asked of the server.
        deadline = asyncio.get_running_loop().call_later(self._patience.commit, connection.terminate)
        try:
            await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            await body(self.transaction(connection))
        except BaseException as error:
            await _roll_back(connection, error)
            raise
        finally:
            deadline.cancel()
        await self._commit(connection)

    async def _commit(self, connection: asyncpg.Connection[Any]) -> None:
        """COMMIT, never cancelled: a cancel would end the wait for a standby and look like success."""
        self._doubted = False
        sent = asyncio.ensure_future(connection.execute("COMMIT"))
        sent.add_done_callback(_heard)
        try:
            done, _ = await asyncio.wait({sent}, timeout=self._patience.commit)
        except asyncio.CancelledError:
            connection.terminate()
            raise
        if not done:
            connection.terminate()
            await asyncio.wait({sent})
        error = sent.exception()
        said = getattr(error, "sqlstate", None) is not None and not connection.is_closed()
        if error is not None and said and not self.several_nodes:
            raise error
        if error is not None:
            connection.terminate()
            raise CommitUnknown from error
        if self._doubted:
            raise CommitUnknown

    async def _writing(self) -> asyncpg.Connection[Any]:
        if self._writer is None or self._writer.is_closed():
            self._writer = await self._connect()
        return self._writer

    async def _connect(self) -> asyncpg.Connection[Any]:
        """A connection to a writable primary."""
        connection: asyncpg.Connection[Any] = await asyncpg.connect(
            self._address,
            timeout=self._patience.connect,
            target_session_attrs=SessionAttribute.read_write,
            statement_cache_size=500,
            max_cached_statement_lifetime=0,
        )
        await _prepare(connection)
        await connection.execute(
            "SET lock_timeout = '2s'; SET statement_timeout = '5s'; SET idle_in_transaction_session_timeout = '5s'"
        )
        if _bounds_transactions(connection):
            await connection.execute("SET transaction_timeout = '5s'")
        connection.add_log_listener(self._hear)
        return connection

    def _hear(self, _connection: Any, message: Any) -> None:
        """What makes a COMMIT doubtful is a warning, not an error; the routine's name is not translated.

        A wait for a standby that was given up; of Citus, a node that was not heard when it was told to commit.
        """
        doubtful = message.message.startswith(("canceling", "failed to commit"))
        if message.server_source_function == "SyncRepWaitForLSN" or doubtful:
            self._doubted = True

    async def _readers(self) -> asyncpg.Pool[Any]:
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                self._address,
                min_size=0,
                max_size=READERS_MAX,
                timeout=self._patience.connect,
                command_timeout=30,
                target_session_attrs=SessionAttribute.primary,
                init=_prepare,
                connection_class=_Reader,
                server_settings={"default_transaction_read_only": "on"},
            )
        return await self._pool

    async def _ask_until_answered(self, batch: Batch) -> bool | None:
        while True:
            try:
                connection = await self._connect()
                try:
                    return await self._ask(connection, batch)
                finally:
                    connection.terminate()
            except (*GONE, asyncpg.PostgresError, CommitUnknown):
                await self._clock.sleep(0.2)

    async def _ask(self, connection: asyncpg.Connection[Any], batch: Batch) -> bool | None:
        """Under the heads nobody can still be committing the batch: absence is final.

        The locks are committed, not rolled back: that waits for the standbys, which then hold the batch as well.
        """
        await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        tx = self.transaction(connection)
        await tx.lock_heads(sorted(batch.merchants()))
        fate = await fate_of(batch, tx)
        await self._commit(connection)
        return fate


def _bounds_transactions(connection: asyncpg.Connection[Any]) -> bool:
    """Whether the server knows transaction_timeout; before 17 the commit's own deadline must do."""
    return connection.get_server_version().major >= TRANSACTION_TIMEOUT_SINCE


async def without_limits(connection: asyncpg.Connection[Any]) -> None:
    """Let this transaction take as long as it takes."""
    await connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
    if _bounds_transactions(connection):
        await connection.execute("SET LOCAL transaction_timeout = 0")


def _kinds(shape: Shape, key: Key) -> tuple[str, ...]:
    """The type of each column of the key."""
    named = zip(shape.key, key, strict=True)
    return tuple(
        "uuid" if name in shape.ids else "bigint" if isinstance(value, int) else "text" for name, value in named
    )


@lru_cache(maxsize=TEXTS_MAX)
def _versions_text(shape: Shape, kinds: tuple[str, ...]) -> str:
    places = enumerate(kinds, 1)
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in places)
    names = ", ".join(f'"{name}"' for name in shape.key)
    return (
        f'SELECT {names}, "version" FROM "{shape.name}" '  # noqa: S608 - names of our own schema
        f"JOIN unnest({arrays}) AS wanted ({names}) USING ({names})"
    )


def _is_trouble(error: Exception) -> bool:
    """Whether the database could not answer, rather than would not: gone, starting, stopping, full of others."""
    state = getattr(error, "sqlstate", None)
    return state is None or state[:2] in TROUBLE_CLASSES


async def _in_one_snapshot(
    connection: asyncpg.Connection[Any], text: str, arguments: Sequence[Any], chunk: int
) -> AsyncGenerator[dict[str, Any], None]:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if _bounds_transactions(connection):
            await connection.execute("SET LOCAL transaction_timeout = 0")
        cursor = await connection.cursor(text, *arguments)
        while rows := await cursor.fetch(chunk):
            for row in rows:
                yield dict(row)


class _Reader(asyncpg.Connection):
    """A reading connection keeps no state between statements, so there is nothing to reset when it is given back."""

    def get_reset_query(self) -> str:
        """Nothing."""
        return ""


async def _prepare(connection: asyncpg.Connection[Any]) -> None:
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", format="binary", encoder=_uuid_bytes, decoder=_uuid_text
    )


def _uuid_bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


def _uuid_text(raw: bytes) -> str:
    return uuid_text(raw)


def _heard(sent: asyncio.Future[Any]) -> None:
    """Take note of an end nobody waits for any more."""
    if not sent.cancelled():
        sent.exception()


async def _roll_back(connection: asyncpg.Connection[Any], error: BaseException) -> None:
    """Roll back; leave a server that has become a standby."""
    if getattr(error, "sqlstate", None) == READ_ONLY:
        connection.terminate()
        return
    try:
        await connection.execute("ROLLBACK")
    except (*GONE, asyncpg.PostgresError):
        connection.terminate()


async def _note_table(connection: asyncpg.Connection[Any]) -> None:
    """Make the table of migrations; several processes may try at once, and all but one are told so by an error."""
    if await connection.fetchval("SELECT to_regclass('schema_version') IS NOT NULL"):
        return
    text = (
        "CREATE TABLE IF NOT EXISTS schema_version "
        "(number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL, distributed_at BIGINT)"
    )
    try:
        await connection.execute(text)
    except (asyncpg.UniqueViolationError, asyncpg.DuplicateTableError, asyncpg.DuplicateObjectError):
        await connection.execute(text)
