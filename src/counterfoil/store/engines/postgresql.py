"""PostgreSQL through asyncpg: one connection for the committer, a pool for reading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from functools import lru_cache
from typing import Any, Final

import asyncpg
from asyncpg.connect_utils import SessionAttribute
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from counterfoil.basis import Clock, Fault, insist, uuid_text
from counterfoil.store.batch import Batch
from counterfoil.store.engines.engine import Body, CommitUnknown, Verdict, commit_open
from counterfoil.store.engines.fate import fate_of
from counterfoil.store.engines.reach import Connection, NotReached, Patience, Way
from counterfoil.store.engines.readers import Readers
from counterfoil.store.engines.reading import Compiled
from counterfoil.store.engines.told import AWAY, GONE, VERDICTS, is_lost, is_servers_no, sqlstate, told_by
from counterfoil.store.faults import DISTRIBUTED_ALREADY, NOT_CONFIRMED, TOO_SLOW, UNREACHABLE
from counterfoil.store.shape import Key, Shape
from counterfoil.store.statements import TEXTS_MAX
from counterfoil.store.steps import STEPS, Rows, Step

# How long a COMMIT may have waited for a standby before nothing new is begun, and for a connection to end.
CONFIRMED_WITHIN_SECONDS: Final = 2
PART_SECONDS: Final = 2.0
ASK_AGAIN_SECONDS: Final = 0.2
# Whoever set commits to be quick rather than kept did not mean payments; a stricter setting than "on" stays.
SETTINGS: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') IN ('off', 'local'); "
    "SET lock_timeout = '2s'; SET statement_timeout = '5s'; SET idle_in_transaction_session_timeout = '5s'"
)
TRANSACTION_TIMEOUT_SINCE: Final = 17
_NOTED: Final = "SELECT coalesce(max(number), 0), count(distributed_at) FROM schema_version"
# What this role's other sessions wait for can be seen without any privilege.
UNCONFIRMED: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user "
    "AND wait_event = 'SyncRep' AND state_change < clock_timestamp() - make_interval(secs => $1)"
)
WRITING: Final[Mapping[str, Any]] = {
    "target_session_attrs": SessionAttribute.read_write,
    "statement_cache_size": 500,
    "max_cached_statement_lifetime": 0,
}
LOCK_HEADS: Final = (
    "SELECT merchant_id, size, frontier FROM evidence_head WHERE merchant_id = ANY($1::bigint[]) "
    "ORDER BY merchant_id FOR NO KEY UPDATE"
)


class PostgresTransaction:
    """The open transaction of the committer's connection."""

    def __init__(self, connection: Connection) -> None:
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
        """Connects on first use. Raises Refused CF-6004 where the address cannot be read."""
        self._clock = clock
        self._patience = patience
        self._compiled = Compiled(PGDialect_asyncpg())  # type: ignore[no-untyped-call]
        self._way = Way(address, clock, patience)
        self._readers = Readers(self._way, patience, _speak_uuid)
        self._writer: Connection | None = None
        self._doubted = False
        self._unsure = False

    async def fetch(self, statement: Select[Any], params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows of a reading statement. Raises Trouble CF-6104 to CF-6107."""
        text, arguments = self._compiled.text(statement, params)
        return await self._readers.fetch(text, arguments)

    async def stream(
        self, statement: Select[Any], params: Mapping[str, Any], chunk: int
    ) -> AsyncIterator[dict[str, Any]]:
        """The rows of a reading statement in one snapshot, through a cursor on a connection of its own."""
        text, arguments = self._compiled.text(statement, params)
        connection = await self._connect()
        try:
            async with aclosing(_in_one_snapshot(connection, text, arguments, chunk, self._patience.read)) as rows:
                async for row in rows:
                    yield row
        except (*GONE, asyncpg.PostgresError) as error:
            fault = told_by(error)
            if fault is None:
                raise
            raise fault() from error
        finally:
            await _part(connection)

    async def transact(self, body: Body) -> None:
        """Run ``body`` in BEGIN … COMMIT. Raises CommitUnknown where the end of the COMMIT was not heard.

        Where the database is away, too slow, or its standbys do not confirm: Trouble CF-6104 to CF-6108.
        """
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
            self._unsure = True
            return None

    def judge(self, error: Exception) -> Verdict:
        """Say what an error of ``transact`` means."""
        if isinstance(error, CommitUnknown):
            return Verdict.UNKNOWN
        if isinstance(error, Fault) and error.kind in AWAY:
            return Verdict.AWAY
        told = VERDICTS.get(sqlstate(error))
        if told is not None:
            return told
        gone = self._writer is not None and self._writer.is_closed()
        return Verdict.LOST if gone or is_lost(error) else Verdict.POISON

    def begin(self, epoch: int) -> None:
        """Many processes share a database; the heads' locks keep them apart, not the epoch."""

    async def script(self, number: int, name: str, text: str) -> None:
        """Run one migration and note it, in one transaction; of several processes one runs it."""
        connection = await self._connect()
        try:
            await connection.execute("BEGIN")
            await without_limits(connection)
            await connection.execute("LOCK TABLE schema_version IN EXCLUSIVE MODE")
            if not await connection.fetchval("SELECT 1 FROM schema_version WHERE number = $1", number):
                await connection.execute(text)
                noted = "INSERT INTO schema_version (number, name, applied_at) VALUES ($1, $2, $3)"
                await connection.execute(noted, number, name, self._clock.now())
            await self._commit(connection)
        finally:
            await _part(connection)

    async def distribute(self) -> None:
        """One node holds everything."""

    async def schema_number(self) -> int:
        """The newest migration that was applied; 0 for none.

        Raises Refused CF-6024 where the tables are spread and the settings deny it.
        """
        connection = await self._connect()
        try:
            with _cut_after(connection, self._patience.commit):
                await _note_table(connection)
                ((number, spread),) = await connection.fetch(_NOTED)
        finally:
            await _part(connection)
        if spread and not self.several_nodes:
            raise DISTRIBUTED_ALREADY()
        return int(number)

    async def close(self) -> None:
        """Close the connections; one that does not answer is not waited for."""
        await self._readers.close()
        if self._writer is not None:
            await _part(self._writer)

    async def _within(self, connection: Connection, body: Body) -> None:
        with _cut_after(connection, self._patience.commit):
            await self._refuse_unconfirmed(connection)
            try:
                await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                await body(self.transaction(connection))
            except BaseException as error:
                await _roll_back(connection, error)
                raise
        await self._commit(connection)

    async def _refuse_unconfirmed(self, connection: Connection) -> None:
        """After a commit of unknown fate: as long as any hangs on the standbys, ours would hang as well."""
        if self._unsure:
            if await connection.fetchval(UNCONFIRMED, CONFIRMED_WITHIN_SECONDS):
                raise NOT_CONFIRMED()
            self._unsure = False

    async def _commit(self, connection: Connection) -> None:
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
        said_no = error is not None and is_servers_no(error) and not connection.is_closed()
        if error is not None and said_no and not self.several_nodes:
            raise error
        if error is not None or self._doubted:
            connection.terminate()
            raise CommitUnknown(NOT_CONFIRMED if self._doubted or not done else UNREACHABLE) from error
        insist(sent.result() == "COMMIT", "a transaction that was to be committed was in order")

    async def _writing(self) -> Connection:
        if self._writer is None or self._writer.is_closed():
            self._writer = await self._connect()
        return self._writer

    async def _connect(self) -> Connection:
        """A connection to a writable primary. Raises Refused CF-6008, Trouble CF-6104 to CF-6106."""
        return await self._way.found(self._make_ready, **WRITING)

    async def _make_ready(self, connection: Connection) -> None:
        connection.add_log_listener(self._hear)
        await _speak_uuid(connection)
        await connection.execute(SETTINGS)
        if _bounds_transactions(connection):
            await connection.execute("SET transaction_timeout = '5s'")

    def _hear(self, _connection: Any, message: Any) -> None:
        """What makes a COMMIT doubtful is a warning, not an error; the routine's name is not translated.

        A wait for a standby that was given up; of Citus, a node that was not heard when it was told to commit.
        """
        doubtful = message.message.startswith(("canceling", "failed to commit"))
        if message.server_source_function == "SyncRepWaitForLSN" or doubtful:
            self._doubted = True

    async def _ask_until_answered(self, batch: Batch) -> bool | None:
        while True:
            try:
                connection = await self._way.asked_once(self._make_ready, **WRITING)
                try:
                    return await self._ask(connection, batch)
                finally:
                    connection.terminate()
            except (NotReached, CommitUnknown, *GONE, asyncpg.PostgresError):
                await self._clock.sleep(ASK_AGAIN_SECONDS)

    async def _ask(self, connection: Connection, batch: Batch) -> bool | None:
        """Under the heads nobody can still be committing the batch: absence is final.

        The locks are committed, not rolled back: that waits for the standbys, which then hold the batch as well.
        """
        await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        tx = self.transaction(connection)
        await tx.lock_heads(sorted(batch.merchants()))
        fate = await fate_of(batch, tx)
        await self._commit(connection)
        return fate


def _bounds_transactions(connection: Connection) -> bool:
    """Whether the server knows transaction_timeout; before 17 the commit's own deadline must do."""
    return connection.get_server_version().major >= TRANSACTION_TIMEOUT_SINCE


async def without_limits(connection: Connection) -> None:
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


async def _in_one_snapshot(
    connection: Connection, text: str, arguments: Sequence[Any], chunk: int, read_seconds: float
) -> AsyncGenerator[dict[str, Any], None]:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if _bounds_transactions(connection):
            await connection.execute("SET LOCAL transaction_timeout = 0")
        cursor = await connection.cursor(text, *arguments)
        while rows := await cursor.fetch(chunk, timeout=read_seconds):
            for row in rows:
                yield dict(row)


async def _speak_uuid(connection: Connection) -> None:
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


async def _roll_back(connection: Connection, error: BaseException) -> None:
    """Roll back; leave a server that has become a standby."""
    if is_lost(error):
        connection.terminate()
        return
    try:
        await connection.execute("ROLLBACK")
    except (*GONE, asyncpg.PostgresError):
        connection.terminate()


@contextmanager
def _cut_after(connection: Connection, seconds: float) -> Iterator[None]:
    """The deadline of a silent network: the socket is cut, nothing is asked of the server. Raises Trouble CF-6107."""
    loop = asyncio.get_running_loop()
    cut = loop.call_later(seconds, connection.terminate)
    try:
        yield
    except (*GONE, asyncpg.PostgresError) as error:
        if cut.when() <= loop.time():
            raise TOO_SLOW() from error
        raise
    finally:
        cut.cancel()


async def _part(connection: Connection) -> None:
    """Say goodbye, and go even where nobody answers."""
    try:
        await connection.close(timeout=PART_SECONDS)
    except (*GONE, asyncpg.PostgresError):
        connection.terminate()


async def _note_table(connection: Connection) -> None:
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
