"""SQLite through apsw: one writer thread, a few readers, WAL, synchronous=FULL, a checksum on every page."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import apsw
import apsw.sqlite_extra
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from counterfoil.basis import Clock, insist
from counterfoil.store.batch import Batch
from counterfoil.store.engines.checkpoints import BUSY_TIMEOUT_MILLISECONDS, Checkpoints
from counterfoil.store.engines.engine import Body, LeaseLost, Verdict, commit_open
from counterfoil.store.engines.lease import Lease
from counterfoil.store.engines.reading import Compiled
from counterfoil.store.engines.sqlite_writing import STATEMENTS_KEPT, SqliteTransaction
from counterfoil.store.faults import CHECKSUMS_MISSING, DAMAGED, NOTHING_THERE, SQLITE_TOO_OLD
from counterfoil.store.steps import STEPS_OF_ONE_WRITER, Step

# Below it, a WAL that is reset while another connection checkpoints can lose commits.
LEAST_VERSION: Final = (3, 51, 3)
READERS: Final = 4
RESERVED_BYTES: Final = 8
PLAIN_VFS: Final = "unix"
_HEADER: Final = b"SQLite format 3\0"
_UNREADABLE: Final = (apsw.IOError, apsw.CorruptError, apsw.NotADBError)
# Pages each connection keeps; a page read anew costs its checksum again.
CACHE_KIB: Final = 16 * 1024
T = TypeVar("T")


def refuse_old_sqlite(version: str) -> None:
    """Raises Refused CF-6002 where ``version`` is below LEAST_VERSION."""
    if tuple(map(int, version.split("."))) < LEAST_VERSION:
        raise SQLITE_TOO_OLD(found=version, least=".".join(map(str, LEAST_VERSION)))


def drive(work: Awaitable[T]) -> T:
    """Run a coroutine that never waits to its end, on this thread, without a loop."""
    step = work.__await__()
    try:
        next(step)
    except StopIteration as end:
        done: T = end.value
        return done
    insist(condition=False, why="work on SQLite waited for something")
    raise AssertionError


class SqliteEngine:
    """One file. ``inline`` runs everything on the calling thread (the simulator)."""

    name = "sqlite"
    steps: tuple[Step, ...] = STEPS_OF_ONE_WRITER

    def __init__(self, path: Path, clock: Clock, *, inline: bool, vfs: str | None = None, writes: bool = True) -> None:
        """Open, with the lease where it ``writes``. Raises Refused CF-6001, CF-6002, CF-6006 or CF-6007.

        Whoever only looks does so without the page checksums: it wants to see what stands there, also where plain SQL
        from outside wrote it. The plain VFS is named, because loading the checksums makes theirs the default one.
        """
        refuse_old_sqlite(apsw.sqlite_lib_version())
        self._path = path
        self._clock = clock
        self._inline = inline
        self._vfs = vfs if writes else PLAIN_VFS
        self._compiled = Compiled(sqlite.dialect(paramstyle="qmark"))
        self._epoch: int | None = None
        self._lease = Lease(path) if writes else None
        try:
            self._writer = _open_writing(path, vfs) if writes else self._open_reading()
            self._readers: queue.SimpleQueue[apsw.Connection] = queue.SimpleQueue()
            for _ in range(0 if inline else READERS):
                self._readers.put(open_file(path, self._vfs, apsw.SQLITE_OPEN_READONLY))
            # For look-ups by key, on the loop's own thread: they take 15 µs, and handing them to a reader 60 more.
            self._near = self._writer if inline else open_file(path, self._vfs, apsw.SQLITE_OPEN_READONLY)
            self._checkpoints = self._keep_short() if writes else None
        except _UNREADABLE as error:
            self._let_go()
            raise DAMAGED() from error
        except BaseException:
            self._let_go()
            raise
        self._writing = ThreadPoolExecutor(1, "counterfoil-writer")
        self._reading = ThreadPoolExecutor(READERS, "counterfoil-reader")

    def _keep_short(self) -> Checkpoints:
        beside = None if self._inline else open_file(self._path, self._vfs, apsw.SQLITE_OPEN_READWRITE)
        return Checkpoints(self._writer, beside, self._clock)

    def _open_reading(self) -> apsw.Connection:
        try:
            return open_file(self._path, self._vfs, apsw.SQLITE_OPEN_READONLY)
        except apsw.CantOpenError as error:
            raise NOTHING_THERE(path=self._path) from error

    async def fetch(self, statement: Select[Any], params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows of a reading statement. Raises Broken CF-6203 where a page cannot be read or fails its checksum."""
        text, arguments = self._compiled.text(statement, params)
        if self._inline:
            return _rows(self._writer, text, arguments)
        if self._compiled.by_key(statement):
            return _rows(self._near, text, arguments)
        return await self._aside(self._read, text, arguments)

    async def stream(
        self, statement: Select[Any], params: Mapping[str, Any], chunk: int
    ) -> AsyncIterator[dict[str, Any]]:
        """The rows of a reading statement, on a connection of its own so that its snapshot holds nobody up."""
        text, arguments = self._compiled.text(statement, params)
        connection = await self._aside(open_file, self._path, self._vfs, apsw.SQLITE_OPEN_READONLY)
        try:
            cursor = await self._aside(connection.execute, text, arguments)
            names = _names(cursor)
            while rows := await self._aside(_take, cursor, chunk):
                for row in rows:
                    yield dict(zip(names, row, strict=True))
        finally:
            connection.close()

    async def transact(self, body: Body) -> None:
        """Run ``body`` in BEGIN IMMEDIATE … COMMIT on the writer's thread."""
        if self._inline:
            self._transact(body)
        else:
            await asyncio.get_running_loop().run_in_executor(self._writing, self._transact, body)

    async def settle(self, _batch: Batch) -> bool | None:
        """A file that is ours leaves no commit unknown."""
        insist(condition=False, why="a commit on SQLite has no unknown end")
        return None

    def judge(self, error: Exception) -> Verdict:
        """Say what an error of ``transact`` means."""
        match error:
            case apsw.BusyError() | apsw.LockedError():
                return Verdict.AGAIN
            case apsw.FullError():
                return Verdict.FULL
            case apsw.IOError() | apsw.CorruptError() | apsw.NotADBError() | LeaseLost():
                return Verdict.STOP
        return Verdict.POISON

    def begin(self, epoch: int) -> None:
        """From here on commit only while ``epoch`` is the installation's."""
        self._epoch = epoch

    async def script(self, number: int, name: str, text: str) -> None:
        """Run one migration and note it, in one transaction."""
        noted = (number, name, self._clock.now())
        await self._call(_script, self._writer, text, noted)

    async def distribute(self) -> None:
        """One file is not spread over anything."""

    async def schema_number(self) -> int:
        """The newest migration that was applied; 0 for none."""
        try:
            return await self._call(_schema_number, self._writer)
        except _UNREADABLE as error:
            raise DAMAGED() from error

    async def close(self) -> None:
        """Empty the WAL into the file, close the connections, let the lease go."""
        self._writing.shutdown()
        self._reading.shutdown()
        if self._checkpoints is not None:
            self._checkpoints.close()
        while not self._readers.empty():
            self._readers.get().close()
        self._near.close()
        self._writer.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._lease is not None:
            self._lease.release()

    async def _call(self, work: Callable[..., T], *arguments: Any) -> T:
        if self._inline:
            return work(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._writing, work, *arguments)

    async def _aside(self, work: Callable[..., T], *arguments: Any) -> T:
        """Beside the writer, on a reader's thread."""
        if self._inline:
            return work(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._reading, work, *arguments)

    def _read(self, text: str, arguments: tuple[Any, ...]) -> list[dict[str, Any]]:
        connection = self._readers.get()
        try:
            return _rows(connection, text, arguments)
        finally:
            self._readers.put(connection)

    def _transact(self, body: Body) -> None:
        connection = self._writer
        token = commit_open.set(True)
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._hold_epoch()
            drive(body(SqliteTransaction(connection)))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            commit_open.reset(token)
        if self._checkpoints is not None:
            self._checkpoints.after_commit()

    def _hold_epoch(self) -> None:
        if self._epoch is None:
            return
        found = self._writer.execute("SELECT epoch FROM installation WHERE one = 1").get
        if found != self._epoch:
            raise LeaseLost(f"epoch {found}, ours is {self._epoch}")


def open_file(path: Path, vfs: str | None, flags: int) -> apsw.Connection:
    """A connection that checks each page it reads, and gives each it writes a checksum; ``vfs`` in place of that."""
    if "cksmvfs" not in apsw.vfs_names():
        apsw.sqlite_extra.load(apsw.Connection(":memory:"), "cksumvfs")
    connection = apsw.Connection(str(path), flags=flags, vfs=vfs or "cksmvfs", statementcachesize=STATEMENTS_KEPT)
    connection.set_busy_timeout(BUSY_TIMEOUT_MILLISECONDS)
    _pragma(connection, f"cache_size = -{CACHE_KIB}")
    # Also for who only copies the log into the file: it syncs both.
    _pragma(connection, "synchronous = FULL")
    return connection


def _open_writing(path: Path, vfs: str | None) -> apsw.Connection:
    fresh = not path.exists() or path.stat().st_size == 0
    if not fresh and _reserved_bytes(path) != RESERVED_BYTES:
        raise CHECKSUMS_MISSING(path=path)
    connection = open_file(path, vfs, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    if fresh:
        connection.reserve_bytes(reserve=RESERVED_BYTES)
    _pragma(connection, "journal_mode = WAL")
    _pragma(connection, "foreign_keys = ON")
    _pragma(connection, "trusted_schema = OFF")
    _pragma(connection, "wal_autocheckpoint = 0")  # Checkpoints does it
    return connection


def _reserved_bytes(path: Path) -> int | None:
    """Byte 20 of the file's header (sqlite.org/fileformat.html 1.3.5); None where it is no file of SQLite."""
    with path.open("rb") as file:
        head = file.read(21)
    return head[20] if head.startswith(_HEADER) and len(head) > len(_HEADER) + 4 else None


def _pragma(connection: apsw.Connection, text: str) -> None:
    connection.execute(f"PRAGMA {text}").fetchall()


def _rows(connection: apsw.Connection, text: str, arguments: tuple[Any, ...]) -> list[dict[str, Any]]:
    try:
        cursor = connection.execute(text, arguments)
        names = _names(cursor)
        return [dict(zip(names, row, strict=True)) for row in cursor]
    except _UNREADABLE as error:
        raise DAMAGED() from error


def _names(cursor: apsw.Cursor) -> list[str]:
    try:
        return [column[0] for column in cursor.get_description()]
    except apsw.ExecutionCompleteError:
        return []


def _take(cursor: apsw.Cursor, chunk: int) -> list[tuple[Any, ...]]:
    try:
        return list(islice(cursor, chunk))
    except _UNREADABLE as error:
        raise DAMAGED() from error


_NOTED: Final = (
    "CREATE TABLE IF NOT EXISTS schema_version "
    "(number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL, distributed_at INTEGER) "
    "STRICT"
)


def _schema_number(connection: apsw.Connection) -> int:
    connection.execute(_NOTED)
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM schema_version").get)


def _script(connection: apsw.Connection, text: str, noted: tuple[Any, ...]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(text)
        connection.execute("INSERT INTO schema_version VALUES (?, ?, ?, NULL)", noted)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
