"""What a payment costs in bytes and processor time, measured on this machine: the inputs of tools/capacity.py.

    PYTHONPATH=src python tools/measure_footprint.py > tools/footprint.toml

Real payments through the HTTP API of the real server, on SQLite and on a PostgreSQL of its own: what the files and the
log of the database grew by, what its processes and ours spent, what went over the connections. Bytes move little with
the machine's other work; of processor times the least of five rounds is taken, and on a busy machine even that is too
much. Rates are not taken here.
"""

# ruff: noqa: T201 - a script that prints
from __future__ import annotations

import asyncio
import os
import re
import socket
import sqlite3
import struct
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg

from counterfoil.basis import SystemClock
from counterfoil.bench.acts import cpu_seconds
from counterfoil.bench.api import Callers, calling, served
from counterfoil.bench.cluster import Cluster, running_cluster
from counterfoil.bench.house import House, open_house
from counterfoil.bench.machine import machine
from counterfoil.doors.cli.bench import serving

SECONDS = 4.0
ROUNDS = 5
WARM_SECONDS = 2.0
CALLERS = 64
SIGNINGS = 20
# Where Linux keeps the bytes a socket sent (acknowledged) and received in its TCP_INFO.
_TCP_BYTES = struct.Struct("=QQ")
_TCP_BYTES_AT = 120
_RECORDS = re.compile(r"^Total\s+\d+\s+(\d+)\s+\[[^]]*\]\s+(\d+)\s+\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Measured:
    """A line of the file: what, how much, and the unit."""

    name: str
    value: float


async def on_sqlite(callers: Callers, folder: Path) -> list[Measured]:
    """Bytes of the file and processor time of the server's process, a payment."""
    database = folder / "data" / "counterfoil.db"
    async with open_house(folder / "data") as house, served(house, serving, folder) as address:
        await callers.take_for(house, address, CALLERS, WARM_SECONDS)
        before = file_bytes(database)
        rounds = [await callers.take_for(house, address, CALLERS, SECONDS) for _ in range(ROUNDS)]
        signing, more = await signing_seconds(house, address, callers)
        grown = file_bytes(database) - before
    return [
        Measured("sqlite_payments", sum(taken.count for taken in rounds)),
        Measured("sqlite_disk_bytes", grown / (sum(taken.count for taken in rounds) + more)),
        Measured("sqlite_server_cpu_us", min(taken.cpu_seconds / taken.count for taken in rounds) * 1e6),
        Measured("signing_cpu_us", signing * 1e6),
    ]


def file_bytes(database: Path) -> int:
    """How large the file is with what still stands in its write-ahead log."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)


async def signing_seconds(house: House, address: str, callers: Callers) -> tuple[float, int]:
    """Processor time of signing one log that grew, its files written too; and how many payments made them grow."""
    each, taken = [], 0
    for _ in range(SIGNINGS):
        taken += (await callers.take_for(house, address, CALLERS, 0.01)).count
        begun = cpu_seconds()
        signed = await house.app.signer.sign_all()
        each.append((cpu_seconds() - begun) / signed)
    return min(each), taken


async def on_postgresql(callers: Callers, cluster: Cluster, folder: Path) -> list[Measured]:
    """Bytes of tables, log and connections, processor time of both sides, a payment."""
    database = await cluster.fresh("counterfoil")
    async with open_house(folder / "data", database) as house, served(house, serving, folder) as address:
        await callers.take_for(house, address, CALLERS, WARM_SECONDS)
        async with looking(cluster, database) as look:
            seen, taken = [await look.now(house)], []
            for _ in range(ROUNDS):
                taken.append(await callers.take_for(house, address, CALLERS, SECONDS))
                seen.append(await look.now(house))
            records, pages = await look.wal(seen[0].lsn, seen[-1].lsn)
    count = sum(each.count for each in taken)
    grown = {name: seen[-1].numbers[name] - seen[0].numbers[name] for name in seen[0].numbers}
    spent = [later.numbers["cpu"] - sooner.numbers["cpu"] for sooner, later in pairwise(seen)]
    return [
        Measured("postgresql_payments", count),
        Measured("postgresql_disk_bytes", grown["disk"] / count),
        Measured("postgresql_server_cpu_us", min(each.cpu_seconds / each.count for each in taken) * 1e6),
        Measured("postgresql_database_cpu_us", min(s / t.count for s, t in zip(spent, taken, strict=True)) * 1e6),
        Measured("postgresql_wal_record_bytes", records / count),
        Measured("postgresql_wal_page_bytes", pages / count),
        Measured("postgresql_sent_bytes", grown["sent"] / count),
        Measured("postgresql_received_bytes", grown["received"] / count),
        Measured("postgresql_batch_changes", grown["changes"] / grown["batches"]),
    ]


@dataclass(frozen=True, slots=True)
class Seen:
    """Counters at one moment, and where the database's log stood."""

    numbers: dict[str, float]
    lsn: str


@dataclass(frozen=True, slots=True)
class Look:
    """Looks at the database from beside the server."""

    cluster: Cluster
    connection: asyncpg.Connection[Any]

    async def now(self, house: House) -> Seen:
        """Everything that grows with payments."""
        disk = await self.connection.fetchval(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        sent, received = writer_bytes(house)
        counted = house.app.store.counted
        numbers = {
            "disk": float(disk),
            "cpu": database_cpu_seconds(self.cluster),
            "sent": sent,
            "received": received,
            "changes": counted["changes"],
            "batches": counted["batches"],
        }
        return Seen(numbers, str(await self.connection.fetchval("SELECT pg_current_wal_flush_lsn()::text")))

    async def wal(self, start: str, end: str) -> tuple[int, int]:
        """Bytes of records and of whole pages (written once after each checkpoint) between two places of the log."""
        told = await self.cluster.run(
            "pg_waldump", "-z", "-p", str(self.cluster.folder / "data" / "pg_wal"), "-s", start, "-e", end
        )
        found = _RECORDS.search(told)
        if found is None:
            raise RuntimeError(told[-400:])
        return int(found[1]), int(found[2])


@asynccontextmanager
async def looking(cluster: Cluster, database: str) -> AsyncIterator[Look]:
    """A connection beside the server."""
    connection = await asyncpg.connect(database)
    try:
        yield Look(cluster, connection)
    finally:
        await connection.close()


def writer_bytes(house: House) -> tuple[float, float]:
    """What the committer's connection has sent and received so far; the readers' is not in it."""
    writer = house.app.store._engine._writer  # type: ignore[attr-defined]  # noqa: SLF001
    told = writer._transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)  # noqa: SLF001
    return _TCP_BYTES.unpack_from(told, _TCP_BYTES_AT)


def database_cpu_seconds(cluster: Cluster) -> float:
    """What the database's processes have spent, those that ended too."""
    postmaster = int((cluster.folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()[0])
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(entry.parent.name) == postmaster:
            ticks += int(fields[13]) + int(fields[14])
        if int(entry.parent.name) == postmaster or int(fields[1]) == postmaster:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def main() -> None:
    """Measure, and print the file."""
    async with AsyncExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-footprint-")))
        for each in (folder, folder / "sqlite", folder / "postgresql"):
            each.mkdir(exist_ok=True)
            each.chmod(0o755)  # PostgreSQL's user, who may be another, enters here
        found = machine(folder, SystemClock())
        cluster = await ending.enter_async_context(running_cluster(folder))
        callers = await ending.enter_async_context(calling())
        lines = await on_sqlite(callers, folder / "sqlite")
        lines += await on_postgresql(callers, cluster, folder / "postgresql")
    print("# What a payment costs, measured by tools/measure_footprint.py; read by tools/capacity.py.")
    print(f'measured_on = "{datetime.now(UTC).date()}"')
    print(f'machine = "{found.sentence()}"')
    for line in lines:
        print(f"{line.name} = {line.value:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
