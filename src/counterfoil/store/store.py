"""The store as the other areas see it: read, commit, and who this installation is."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from sqlalchemy import Select, select

from counterfoil.basis import Clock, Fault, Ids
from counterfoil.store.change import Change, Committed
from counterfoil.store.committer import GIVEN_UP, QUEUE_MAX, Committer
from counterfoil.store.engines.distributed import DistributedEngine
from counterfoil.store.engines.engine import CommitUnknown, Engine
from counterfoil.store.engines.postgresql import PostgresEngine
from counterfoil.store.engines.reach import Patience, parts_of
from counterfoil.store.engines.reading import BY_KEY
from counterfoil.store.engines.sqlite import SqliteEngine
from counterfoil.store.engines.wire import unverified_host
from counterfoil.store.faults import ADDRESS_UNKNOWN, DISTRIBUTED_NEEDS_POSTGRESQL, NOT_VERIFIED
from counterfoil.store.lanes import LANES, Committing, Lanes
from counterfoil.store.log import Log
from counterfoil.store.migrations import migrate, refuse_newer
from counterfoil.store.steps import Rows, Step, Transaction
from counterfoil.store.tables import installation as installation_row
from counterfoil.store.tables import schema_version

STREAM_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Installation:
    """Who we are: ``uuid`` for good, ``epoch`` one more with each start."""

    uuid: str
    epoch: int
    demonstration: bool


class Reader:
    """Reads, and nothing else. Made by ``open_reading``."""

    def __init__(self, engine: Engine, installation: Installation) -> None:
        """Put the parts together."""
        self._engine = engine
        self.installation: Final = installation

    @property
    def engine_name(self) -> str:
        """The engine: ``sqlite`` or ``postgresql``."""
        return self._engine.name

    async def fetch(self, statement: Select[Any], params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows of ``statement``, a module constant with ``bindparam``s. UUIDs are lower-case text.

        Raises Trouble CF-6104 to CF-6107 where the database cannot be reached or does not answer, Broken CF-6203 where
        a page is damaged.
        """
        return await self._engine.fetch(statement, params or {})

    async def fetch_one(self, statement: Select[Any], params: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """The first row, or None."""
        rows = await self._engine.fetch(statement, params or {})
        return rows[0] if rows else None

    async def stream(
        self, statement: Select[Any], params: Mapping[str, Any] | None = None, *, chunk: int = STREAM_CHUNK
    ) -> AsyncIterator[dict[str, Any]]:
        """The rows of one snapshot, ``chunk`` of them in memory at a time: ``async for row in store.stream(…)``."""
        async for row in self._engine.stream(statement, params or {}, chunk):
            yield row


class Store(Reader):
    """Reads and commits. Made by ``open_store``."""

    def __init__(
        self, engine: Engine, committer: Committing, installation: Installation, *, unverified: bool = False
    ) -> None:
        """Put the parts together. ``unverified``: it is on another machine, and who answers there is not verified."""
        self.unverified = unverified
        super().__init__(engine, installation)
        self._committer = committer

    @property
    def counted(self) -> Counter[str]:
        """How often each thing happened in the committer: batches, changes, again, poison, unknown, refused."""
        return self._committer.counted

    @property
    def queued(self) -> int:
        """How many Changes wait for their commit now."""
        return self._committer.queued

    @property
    def waits(self) -> Sequence[float]:
        """How many seconds each of the last few thousand Changes waited for its commit, in no order that matters."""
        return tuple(self._committer.waits)

    async def commit(self, change: Change) -> Committed:
        """Make ``change`` durable.

        Raises Stale or Repeated where it lost, FateUnknown where the database fell silent in the commit and could not
        be asked in time, Trouble CF-6101 to CF-6108 where nothing was written, Broken CF-6201, CF-6202 or CF-9001.
        """
        return await self._committer.commit(change)


@asynccontextmanager
async def open_store(
    address: str,
    *,
    log: Log,
    clock: Clock,
    ids: Ids,
    fail_stop: Callable[[BaseException], None],
    inline: bool = False,
    demonstration: bool = False,
    steps: Sequence[Step] | None = None,
    queue_max: int = QUEUE_MAX,
    patience: Patience | None = None,
    distributed: bool = False,
    trusted_wire: bool = False,
) -> AsyncIterator[Store]:
    """Open ``sqlite:///absolute/path`` or ``postgresql://…``, bring its schema up to date, begin a new epoch.

    ``distributed`` spreads the tables of a PostgreSQL with Citus over its nodes, and commits in several lanes.

    ``fail_stop`` is called where the disk failed or the lease was lost and must end the process. ``inline`` runs
    commits on the caller, without thread or task (the simulator). ``steps`` are for the tests that show what each step
    is for. SQLite's address may name a VFS: ``?vfs=name``.
    ``trusted_wire``: a database on another machine may be reached without verified TLS.
    Raises Refused CF-6001 to CF-6008, CF-6021 to CF-6024 and CF-6030; Trouble CF-6104 to CF-6107 where the database
    is away.
    """
    unverified = _hold_wire(address, trusted=trusted_wire)
    opening = partial(
        engine_of, address, clock, inline=inline, patience=patience or Patience(), distributed=distributed
    )
    async with AsyncExitStack() as closing:
        engine, *others = [_closing(closing, opening()) for _ in range(LANES if distributed else 1)]
        with _put_into_words(engine):
            await migrate(engine)
            installation = await _begin_epoch(engine, clock, ids, demonstration=demonstration)
        committing = partial(Committer, log=log, fail_stop=fail_stop, steps=steps, queue_max=queue_max)
        committer: Committing = committing(engine)
        if distributed:
            committer = Lanes([committing(each, one_merchant=True) for each in (engine, *others)])
        if not inline:
            committer.start()
        closing.push_async_callback(committer.close)
        yield Store(engine, committer, installation, unverified=unverified)


@asynccontextmanager
async def open_reading(address: str, *, clock: Clock, trusted_wire: bool = False) -> AsyncIterator[Reader]:
    """Open for reading only, beside a running server or without one: no lease, no migration, no new epoch.

    Raises Refused CF-6003 where the schema is newer than this program, CF-6030 as ``open_store``.
    """
    _hold_wire(address, trusted=trusted_wire)
    engine = engine_of(address, clock, inline=False, patience=Patience(), writes=False)
    try:
        applied = await engine.fetch(_APPLIED, {})
        refuse_newer(len(applied))
        (row,) = await engine.fetch(_INSTALLATION, {})
        yield Reader(engine, Installation(row["uuid"], row["epoch"], bool(row["demonstration"])))
    finally:
        await engine.close()


def _hold_wire(address: str, *, trusted: bool) -> bool:
    """Whether it goes to another machine without verifying it; only where that is trusted. Raises Refused CF-6030."""
    host = unverified_host(address)
    if host is not None and not trusted:
        raise NOT_VERIFIED(host=host)
    return host is not None


def by_key(statement: Select[Any]) -> Select[Any]:
    """Say of ``statement`` that it looks up one row by a whole unique key, and so is answered at once."""
    return statement.execution_options(**{BY_KEY: True})


_APPLIED: Final = select(schema_version.c.number)
_INSTALLATION: Final = select(installation_row)


def _closing(closing: AsyncExitStack, engine: Engine) -> Engine:
    closing.push_async_callback(engine.close)
    return engine


def engine_of(
    address: str, clock: Clock, *, inline: bool, patience: Patience, writes: bool = True, distributed: bool = False
) -> Engine:
    """The engine an address names. Raises Refused CF-6001, CF-6004 and CF-6021."""
    parts = parts_of(address)
    if parts.scheme == "sqlite" and parts.path:
        if distributed:
            raise DISTRIBUTED_NEEDS_POSTGRESQL()
        vfs = parse_qs(parts.query).get("vfs", [None])[0]
        return SqliteEngine(Path(parts.path), clock, inline=inline, vfs=vfs, writes=writes)
    if parts.scheme in {"postgresql", "postgres"}:
        return (DistributedEngine if distributed else PostgresEngine)(address, clock, patience)
    raise ADDRESS_UNKNOWN()


@contextmanager
def _put_into_words(engine: Engine) -> Iterator[None]:
    """A start that the database breaks off says so as a fault; nobody has been told anything yet."""
    try:
        yield
    except CommitUnknown as silent:
        raise silent.kind() from silent
    except Fault:
        raise
    except Exception as error:
        kind = GIVEN_UP.get(engine.judge(error))
        if kind is None:
            raise
        raise kind() from error


_FIRST_START: Final = (
    "INSERT INTO installation (one, uuid, epoch, demonstration, made_at) VALUES (1, $1, 0, $2, $3) "
    "ON CONFLICT (one) DO NOTHING"
)
_NEXT_EPOCH: Final = "UPDATE installation SET epoch = epoch + 1 WHERE one = $1 RETURNING uuid, epoch, demonstration"


async def _begin_epoch(engine: Engine, clock: Clock, ids: Ids, *, demonstration: bool) -> Installation:
    rows: Rows = []
    first = (ids.uuid(), int(demonstration), clock.now())
    await engine.transact(partial(_next_epoch, rows, first))
    uuid, epoch, is_demonstration = rows[0]
    engine.begin(epoch)
    return Installation(uuid, epoch, bool(is_demonstration))


async def _next_epoch(rows: Rows, first: tuple[Any, ...], tx: Transaction) -> None:
    await tx.many(_FIRST_START, [first])
    rows.extend(await tx.many(_NEXT_EPOCH, [(1,)]))
