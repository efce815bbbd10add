"""SQLite's write-ahead log stays short under steady writes, and nobody who reads for long stops the writer."""

import os

import apsw
import pytest

from counterfoil.store.engines.checkpoints import PAGES, PAGES_MAX, TRUNCATE_SECONDS, Checkpoints
from counterfoil.testing.clock import ManualClock

MIB = 1024 * 1024
PAGE = 4096


def opened(path):
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(5000)
    for text in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0"):
        connection.execute(f"PRAGMA {text}").fetchall()
    return connection


class File:
    """A file that is written, a megabyte a commit."""

    def __init__(self, path, *, beside):
        self.path = path
        self.clock = ManualClock()
        self.writer = opened(path)
        self.writer.execute("CREATE TABLE page (body BLOB)")
        self.checkpoints = Checkpoints(self.writer, opened(path) if beside else None, self.clock)
        self.longest = 0

    def write(self, megabytes):
        for _ in range(megabytes):
            self.writer.execute("INSERT INTO page VALUES (?)", (os.urandom(MIB),))
            self.checkpoints.after_commit()
            self.longest = max(self.longest, self.log())

    def log(self):
        return self.path.with_name(f"{self.path.name}-wal").stat().st_size

    def close(self):
        self.checkpoints.close()
        self.writer.close()


@pytest.fixture(params=[True, False], ids=["beside", "on the writer's thread"])
def file(request, tmp_path):
    made = File(tmp_path / "some.db", beside=request.param)
    yield made
    made.close()


def test_the_log_is_started_over_while_it_is_written(file):
    file.write(240)
    assert file.longest < 3 * PAGES * PAGE
    assert file.writer.execute("SELECT count(*), sum(length(body)) FROM page").get == (240, 240 * MIB)
    assert file.writer.execute("PRAGMA integrity_check").get == "ok"


async def test_a_long_reader_sees_what_was_there_and_the_log_is_cut_off_when_it_is_gone(file):
    file.write(1)
    reader = opened(file.path)
    rows = reader.execute("SELECT length(body) FROM page")
    assert next(rows) == (MIB,)
    file.write(100)
    assert file.log() > PAGES_MAX * PAGE
    assert list(rows) == []
    reader.close()
    await file.clock.advance(TRUNCATE_SECONDS)
    file.write(3)
    assert file.log() < 8 * MIB


async def test_the_file_of_the_log_is_cut_off_now_and_then(file):
    file.write(20)
    assert file.log() > 20 * MIB
    await file.clock.advance(TRUNCATE_SECONDS)
    file.write(1)
    assert file.log() < 2 * MIB


def test_a_copy_that_fails_stops_the_writer_and_one_without_room_does_not(tmp_path):
    for error, stops in ((apsw.FullError, False), (apsw.BusyError, False), (apsw.IOError, True)):
        file = File(tmp_path / f"{error.__name__}.db", beside=True)
        file.checkpoints.close()
        failing = Checkpoints(file.writer, Failing(error), file.clock)
        file.checkpoints = failing
        if stops:
            with pytest.raises(error):
                file.write(80)
        else:
            file.write(80)
        file.close()


class Failing:
    """A connection whose disk says ``error``."""

    def __init__(self, error):
        self.error = error

    def wal_checkpoint(self, **_):
        raise self.error

    def close(self):
        pass
