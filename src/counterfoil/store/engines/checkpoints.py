"""Keeps SQLite's write-ahead log short without holding the writer up.

A checkpoint copies the log's pages into the file and syncs it, some 15 ms for 30 MiB. A thread with a connection of
its own does most of that beside the writer (SQLITE_CHECKPOINT_PASSIVE, which waits for nobody); what was committed
meanwhile the writer copies itself between two commits, after which its next commit starts the log over. Versions below
3.51.3 can lose commits when a log is started over beside a checkpoint; the engine refuses them.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import apsw

from counterfoil.basis import Clock

BUSY_TIMEOUT_MILLISECONDS: Final = 5000
PAGES: Final = 8_000
# A long reader keeps the log from being started over; above this the writer tries to truncate it each second.
PAGES_MAX: Final = 24_000
TRUNCATE_SECONDS: Final = 30.0
_AGAIN_SECONDS: Final = 1.0
_BUSY_MILLISECONDS: Final = 20


class Checkpoints:
    """Of one file. All methods but ``close`` are called on the writer's thread."""

    def __init__(self, writer: apsw.Connection, beside: apsw.Connection | None, clock: Clock) -> None:
        """Watch ``writer``; copy through ``beside``, or through ``writer`` where one thread does all."""
        self._writer = writer
        self._beside = beside
        self._clock = clock
        self._pages = 0
        self._copy_at = PAGES
        self._truncated = clock.monotonic()
        self._copying: Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, "counterfoil-checkpoint")
        writer.set_wal_hook(self._committed)

    def after_commit(self) -> None:
        """Begin a copy where the log has grown, end one that is done, and truncate the log's file now and then.

        Raises what the disk said where it cannot be written.
        """
        if self._copying is not None:
            self._end_copy(self._copying)
        elif self._due_to_truncate():
            self._truncate()
        elif self._pages >= self._copy_at:
            self._copying = self._begin_copy()

    def close(self) -> None:
        """Wait for a copy that is going on, and close the connection beside."""
        self._thread.shutdown()
        if self._beside is not None:
            self._beside.close()

    def _committed(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        if pages < self._pages:
            self._copy_at = PAGES  # started over
        self._pages = pages
        return apsw.SQLITE_OK

    def _begin_copy(self) -> Future[None] | None:
        self._copy_at = self._pages + PAGES
        if self._beside is None:
            _copy(self._writer)
            return None
        return self._thread.submit(_copy, self._beside)

    def _end_copy(self, copying: Future[None]) -> None:
        if copying.done():
            self._copying = None
            copying.result()
            _copy(self._writer)

    def _due_to_truncate(self) -> bool:
        after = _AGAIN_SECONDS if self._pages >= PAGES_MAX else TRUNCATE_SECONDS
        return self._clock.monotonic() - self._truncated >= after

    def _truncate(self) -> None:
        self._truncated = self._clock.monotonic()
        self._writer.set_busy_timeout(_BUSY_MILLISECONDS)
        try:
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except (apsw.BusyError, apsw.FullError):
            return  # a long reader, or no room to copy into: the next turn
        finally:
            self._writer.set_busy_timeout(BUSY_TIMEOUT_MILLISECONDS)


def _copy(connection: apsw.Connection) -> None:
    try:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
    except (apsw.BusyError, apsw.FullError):
        return  # somebody else copies, or there is no room in the file: nothing is lost, and the log goes on growing
