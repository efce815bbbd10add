"""A PostgreSQL to be killed, filled and crowded: what was acknowledged is there, and it goes on by itself."""

# ruff: noqa: ASYNC110 - a database's state is asked for, not awaited

import asyncio
import contextlib
import os
import subprocess
import uuid

import asyncpg
import pytest

from counterfoil.basis import Fault
from counterfoil.store.engines.reach import Patience
from tests.conftest import NOBODY, new_cluster
from tests.killing import kill_server
from tests.store.house import assert_log_whole, opened, sale_of, selling
from tests.store.test_reach import SHORT, ended

CALLERS = 16
KILLS = 2
UNKNOWN = "CF-6109"


@pytest.fixture(scope="module")
def own():
    with new_cluster(max_connections="16") as cluster:
        cluster.start()
        yield cluster


async def fresh(cluster):
    """The address of a new database of it."""
    name = f"t{uuid.uuid4().hex}"
    admin = await asyncpg.connect(cluster.address("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    return cluster.address(name)


async def test_a_server_killed_under_load_loses_nothing_it_acknowledged_and_is_found_again(own):
    address = await fresh(own)
    async with opened(address, patience=Patience(reach=1.0)) as store:
        told = {}
        stop = asyncio.Event()

        async def caller(merchant):
            while not stop.is_set():
                change = selling(merchant)
                told[change.change_id] = (change, await ended(store.commit(change)))

        async def told_more():
            """Until as many again were answered that they were kept as there are callers."""
            before = sum(not isinstance(end, str) for _, end in told.values())
            while sum(not isinstance(end, str) for _, end in told.values()) <= before + CALLERS:
                await asyncio.sleep(0.05)

        callers = [asyncio.create_task(caller(number % 4 + 1)) for number in range(CALLERS)]
        try:
            for _ in range(KILLS):
                await told_more()
                await asyncio.to_thread(kill_server, own.data)
                # Nobody may have buried it yet, and a number in the list looks alive to the next one.
                for lock in (own.data / "postmaster.pid", own.folder / f".s.PGSQL.{own.port}.lock"):
                    lock.unlink(missing_ok=True)
                await asyncio.to_thread(own.start)
            await told_more()
        finally:
            stop.set()
            await asyncio.gather(*callers)
        there = [(end, await sale_of(store, change) is not None) for change, end in told.values()]
        assert [found for end, found in there if not isinstance(end, str)].count(False) == 0
        assert [found for end, found in there if isinstance(end, str) and end != UNKNOWN].count(True) == 0
        sizes = [await assert_log_whole(store, merchant) for merchant in (1, 2, 3, 4)]
        assert sum(sizes) == [found for _, found in there].count(True) > CALLERS * KILLS


async def test_a_server_that_is_stopped_is_told_of_and_found_again_once_it_runs(own):
    async with opened(await fresh(own), patience=SHORT) as store:
        kept, lost = selling(), selling()
        await store.commit(kept)
        await sale_of(store, kept)
        await asyncio.to_thread(own.run, "pg_ctl", "-D", str(own.data), "-m", "fast", "stop")
        assert await ended(store.commit(lost)) == "CF-6104"
        assert await ended(sale_of(store, kept)) == "CF-6104"
        await asyncio.to_thread(own.start)
        assert await sale_of(store, lost) is None
        await store.commit(selling())
        assert await assert_log_whole(store, 1) == 2


@contextlib.asynccontextmanager
async def crowded(address):
    """Take every connection there is while the block runs; gives one of them, and what takes those that come free."""
    async with contextlib.AsyncExitStack() as others:

        async def take():
            other = await asyncpg.connect(address)
            others.push_async_callback(other.close)
            return other

        first = await take()
        with contextlib.suppress(asyncpg.TooManyConnectionsError):
            while True:
                await take()
        yield first, take


async def test_a_server_without_a_free_connection_is_told_of_and_taken_once_there_is_one(own):
    address = await fresh(own)
    async with opened(address, patience=SHORT) as store:
        kept, lost = selling(), selling()
        await store.commit(kept)
        async with crowded(address) as (other, take):
            assert await ended(sale_of(store, kept)) == "CF-6105"
            await store.commit(selling())  # its own connection it has
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND query = 'COMMIT'"
            )
            async with asyncio.timeout(60):
                while await ended_connecting(take):
                    await asyncio.sleep(0.02)
            assert await ended(store.commit(lost)) == "CF-6105"
            with pytest.raises(Fault) as told:
                async with opened(address, patience=SHORT):
                    pass
            assert told.value.kind.code == "CF-6105"
        assert await sale_of(store, lost) is None
        await store.commit(selling())
        assert await assert_log_whole(store, 1) == 3


async def ended_connecting(take):
    """Whether there was none to take."""
    try:
        await take()
    except asyncpg.TooManyConnectionsError:
        return True
    return False


if os.geteuid() == 0:
    # Only root can make a disk so small. What the server says of a full one, test_reach.py has on every machine.
    async def test_a_disk_that_is_really_full_takes_nothing_is_read_and_goes_on_once_there_is_room():
        with new_cluster() as cluster:
            small = cluster.folder / "small"
            small.mkdir()
            mounting = f"mount -t tmpfs -o size=32m,mode=700,uid={NOBODY},gid={NOBODY} tmpfs {small}"
            nobody = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups"
            # In a name space of its own the disk is gone with the server, however the test ends.
            starting = ["sh", "-c", f'{mounting} && exec {nobody} "$0" "$@"', cluster.program("pg_ctl")]
            await asyncio.to_thread(subprocess.run, ["unshare", "-m", *starting, *cluster.starting()], check=True)
            admin = await asyncpg.connect(cluster.address("postgres"))
            await admin.execute(f"CREATE TABLESPACE small LOCATION '{small}'")
            await admin.execute("CREATE DATABASE small TABLESPACE small")
            await admin.close()
            async with opened(cluster.address("small")) as store:
                kept = selling()
                await store.commit(kept)
                filler = await asyncpg.connect(cluster.address("small"))
                await filler.execute("CREATE TABLE filler (words text STORAGE PLAIN)")
                for rows in (1000, 100, 10, 1):
                    with contextlib.suppress(asyncpg.DiskFullError):
                        while True:
                            fill = "INSERT INTO filler SELECT repeat('x', 8000) FROM generate_series(1, $1)"
                            await filler.execute(fill, rows)
                ends = [await ended(store.commit(selling())) for _ in range(60)]
                assert "CF-6103" in ends
                assert {end for end in ends if isinstance(end, str)} == {"CF-6103"}
                assert await sale_of(store, kept) is not None
                await filler.execute("DROP TABLE filler")
                await filler.close()
                await store.commit(selling())
                assert await assert_log_whole(store, 1) == 2 + sum(not isinstance(end, str) for end in ends)
