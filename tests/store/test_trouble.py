"""The world in the way: cut connections, full and failing disks, a second server, damaged pages."""

# ruff: noqa: N802, SIM117, ASYNC110 - SQLite names its VFS methods; a database's state is asked for, not awaited

import asyncio
import contextlib
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import apsw
import asyncpg
import pytest

from counterfoil.basis import Broken, Refused, Trouble
from counterfoil.store import Drop, FateUnknown
from counterfoil.store.engines.reach import Patience
from counterfoil.store.engines.sqlite import refuse_old_sqlite
from tests.store.altering import altered
from tests.store.house import (
    SALES,
    SEATS,
    assert_log_whole,
    dropping,
    fact,
    moving,
    never,
    opened,
    sale_of,
    seat,
    seating,
    selling,
)

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"


@dataclass
class Proxy:
    """Between store and server. ``cut`` says when the next COMMIT breaks: "before" it arrives or "after" it is done.

    ``silent``: nothing arrives any more, and nobody is told. ``late``: how many seconds each piece is under way.
    """

    host: str
    port: int
    cut: str | None = None
    shut: bool = False
    silent: bool = False
    late: float = 0.0
    cuts: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set = field(default_factory=set)

    async def serve(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if not self.shut:
                await self.pass_on(reader, writer)
        writer.transport.abort()

    async def pass_on(self, reader, writer):
        up_reader, up_writer = await asyncio.open_connection(self.host, self.port)
        back = asyncio.create_task(self.copy(up_reader, writer))
        try:
            while data := await reader.read(65536):
                if COMMIT in data and self.cut:
                    await self.break_at(data, up_reader, up_writer, back)
                    return
                await asyncio.sleep(self.late)
                up_writer.write(b"" if self.silent else data)
        finally:
            back.cancel()
            up_writer.transport.abort()

    async def break_at(self, data, up_reader, up_writer, back):
        when, self.cut = self.cut, None
        self.cuts += 1
        if when == "after":
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)
            up_writer.write(data)
            while b"COMMIT" not in await up_reader.read(65536):
                pass
        self.done.set()

    async def copy(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(65536):
                writer.write(b"" if self.silent else data)
            writer.close()


@contextlib.asynccontextmanager
async def proxied(address):
    parts = urlsplit(address)
    proxy = Proxy(parts.hostname, parts.port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield proxy, f"postgresql://postgres@127.0.0.1:{port}{parts.path}"
    server.close()
    for task in proxy.tasks:
        task.cancel()
    await asyncio.gather(*proxy.tasks, return_exceptions=True)
    await server.wait_closed()


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_commit_cut_by_the_network_is_found_or_run_again_never_doubled(postgres_address, when):
    async with proxied(postgres_address) as (proxy, address), opened(address) as store:
        proxy.cut = when
        changes = [selling(merchant) for merchant in (1, 2, 3)]
        done = await asyncio.gather(*(store.commit(change) for change in changes))
        assert [each.positions for each in done] == [(0,), (0,), (0,)]
        assert (proxy.cuts, store.counted["unknown"]) == (1, 1)
        for change in changes:
            assert (await sale_of(store, change))["last_change"] == change.change_id
            assert await assert_log_whole(store, change.merchant_id) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_drop_cut_by_the_network_is_told_by_the_fact_beside_it(postgres_address, when):
    async with proxied(postgres_address) as (proxy, address), opened(address) as store:
        await store.commit(seating())
        (row,) = await store.fetch(SEATS, {"merchant_id": 1})
        proxy.cut = when
        assert (await store.commit(dropping(Drop(seat, row), facts=(fact("left"),)))).positions == (0,)
        assert store.counted["unknown"] == 1
        assert await store.fetch(SEATS, {"merchant_id": 1}) == []
        assert await assert_log_whole(store, 1) == 1


@pytest.mark.parametrize(("when", "left"), [("before", 1), ("after", 0)])
async def test_a_drop_alone_that_was_cut_stays_untold(postgres_address, when, left):
    async with proxied(postgres_address) as (proxy, address), opened(address) as store:
        await store.commit(seating())
        (row,) = await store.fetch(SEATS, {"merchant_id": 1})
        proxy.cut = when
        with pytest.raises(FateUnknown):
            await store.commit(dropping(Drop(seat, row)))
        assert len(await store.fetch(SEATS, {"merchant_id": 1})) == left


async def test_a_commit_that_somebody_wrote_over_is_found_by_its_leaf(postgres_address):
    async with (
        proxied(postgres_address) as (proxy, address),
        opened(address) as store,
        opened(postgres_address) as other,
    ):
        proxy.cut = "after"
        proxy.shut = True
        change = selling()
        waiting = asyncio.create_task(store.commit(change))
        await proxy.done.wait()
        await other.commit(moving(await sale_of(other, change), "captured"))
        proxy.shut = False
        assert (await waiting).positions == (0,)
        assert await assert_log_whole(other, 1) == 2


async def test_a_database_that_stays_away_leaves_the_fate_unknown(postgres_address):
    async with proxied(postgres_address) as (proxy, address):
        async with opened(address, patience=Patience(reach=3.0, settle=1.0)) as store:
            proxy.cut = "after"
            proxy.shut = True
            change = selling()
            with pytest.raises(FateUnknown):
                await store.commit(change)
            with pytest.raises(Trouble) as trouble:
                await store.commit(selling())
            assert trouble.value.kind.code == "CF-6104"
            proxy.shut = False
            assert await sale_of(store, change) is not None
            await store.commit(selling())


async def test_a_wait_for_a_standby_that_was_given_up_is_not_taken_for_a_commit(postgres_address):
    async with opened(postgres_address) as store:
        await store.commit(selling())
        async with altered(postgres_address, synchronous_standby_names="nobody") as admin:
            change = selling()
            waiting = asyncio.create_task(store.commit(change))
            while not (pids := await admin.fetch("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")):
                await asyncio.sleep(0.05)
            await admin.execute("SELECT pg_cancel_backend($1)", pids[0]["pid"])
            while not store.counted["unknown"]:
                await asyncio.sleep(0.05)
            assert not waiting.done()
        assert (await waiting).positions == (1,)


async def test_a_second_server_on_one_file_is_refused(tmp_path):
    address = f"sqlite://{tmp_path}/one.db"
    async with opened(address) as store:
        with pytest.raises(Refused) as refused:
            async with opened(address):
                pass
        assert refused.value.kind.code == "CF-6001"
        await store.commit(selling())
    async with opened(address) as store:
        assert await assert_log_whole(store, 1) == 1


async def test_a_server_whose_epoch_was_taken_stops(tmp_path):
    stopped = []
    async with opened(f"sqlite://{tmp_path}/one.db", stopped.append) as store:
        await store.commit(selling())
        thief = apsw.Connection(f"{tmp_path}/one.db", vfs="cksmvfs")
        thief.execute("UPDATE installation SET epoch = epoch + 1")
        thief.close()
        for code in ("CF-6005", "CF-6202"):
            with pytest.raises(Broken) as broken:
                await store.commit(selling())
            assert broken.value.kind.code == code
        assert len(stopped) == 1
        assert await assert_log_whole(store, 1) == 1


@pytest.mark.parametrize(
    ("version", "fine"), [("3.40.1", False), ("3.51.2", False), ("3.51.3", True), ("3.60.0", True)]
)
def test_sqlite_that_can_lose_commits_is_refused(version, fine):
    if fine:
        refuse_old_sqlite(version)
    else:
        with pytest.raises(Refused) as refused:
            refuse_old_sqlite(version)
        assert refused.value.kind.code == "CF-6002"


async def test_an_address_of_no_known_engine_is_refused():
    with pytest.raises(Refused) as refused:
        async with opened("mysql://somewhere"):
            pass
    assert refused.value.kind.code == "CF-6004"


async def test_a_file_without_page_checksums_is_refused(tmp_path):
    plain = apsw.Connection(f"{tmp_path}/plain.db", vfs="unix")
    plain.execute("CREATE TABLE t (a)")
    plain.close()
    with pytest.raises(Refused) as refused:
        async with opened(f"sqlite://{tmp_path}/plain.db"):
            pass
    assert refused.value.kind.code == "CF-6006"


async def test_a_flipped_bit_is_never_served(tmp_path):
    path = tmp_path / "one.db"
    async with opened(f"sqlite://{path}") as store:
        await asyncio.gather(*(store.commit(selling()) for _ in range(200)))
    size = path.stat().st_size
    async with opened(f"sqlite://{path}", never) as store:
        with path.open("r+b") as file:
            for page in range(8, size // 4096):
                file.seek(page * 4096 + 3000)
                (byte,) = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes([byte ^ 4]))
        with pytest.raises(Broken) as broken:
            await store.fetch(SALES, {"merchant_id": 1})
        assert broken.value.kind.code == "CF-6203"


class FailingVFS(apsw.VFS):
    """The disk below SQLite: fails its ``fail_at``-th sync, or has no room once ``full``."""

    def __init__(self, name):
        super().__init__(name, "cksmvfs")
        self.syncs = 0
        self.fail_at = 0
        self.full = False

    def xOpen(self, name, flags):
        return FailingFile(self, name, flags)


class FailingFile(apsw.VFSFile):
    def __init__(self, vfs, name, flags):
        self.vfs = vfs
        super().__init__("cksmvfs", name, flags)

    def xSync(self, flags):
        self.vfs.syncs += 1
        if self.vfs.syncs == self.vfs.fail_at:
            raise apsw.IOError
        super().xSync(flags)

    def xWrite(self, data, offset):
        if self.vfs.full:
            raise apsw.FullError
        super().xWrite(data, offset)


@pytest.fixture
def disk(tmp_path):
    apsw.sqlite_extra.load(apsw.Connection(":memory:"), "cksumvfs")
    return FailingVFS(f"failing{tmp_path.name}")


async def test_a_full_disk_acknowledges_nothing_and_goes_on_reading(tmp_path, disk):
    async with opened(f"sqlite://{tmp_path}/one.db?vfs=failing{tmp_path.name}") as store:
        kept = selling()
        await store.commit(kept)
        disk.full = True
        ended = await asyncio.gather(*(store.commit(selling()) for _ in range(5)), return_exceptions=True)
        assert {each.kind.code for each in ended} == {"CF-6103"}
        assert await sale_of(store, kept) is not None
        disk.full = False
        await store.commit(selling())
        assert await assert_log_whole(store, 1) == 2


async def test_whichever_sync_fails_the_server_stops_and_nothing_acknowledged_is_lost(tmp_path, disk):
    stops = 0
    for nth in range(1, 6):
        path = tmp_path / f"{nth}.db"
        stopped, acknowledged = [], []
        async with opened(f"sqlite://{path}?vfs=failing{tmp_path.name}", stopped.append) as store:
            disk.syncs, disk.fail_at = 0, nth
            for _ in range(4):
                change = selling()
                with contextlib.suppress(Broken):
                    await store.commit(change)
                    acknowledged.append(change)
            disk.fail_at = 0
        stops += len(stopped)
        assert len(acknowledged) == (nth - 1 if stopped else 4)
        async with opened(f"sqlite://{path}") as store:
            assert [await sale_of(store, change) is not None for change in acknowledged] == [True] * len(acknowledged)
            await assert_log_whole(store, 1)
    assert stops == 4


async def test_a_statement_cancelled_from_outside_is_tried_again(postgres_address):
    async with opened(postgres_address) as store:
        await store.commit(selling())
        holder = await asyncpg.connect(postgres_address)
        held = holder.transaction()
        await held.start()
        await holder.execute("SELECT 1 FROM evidence_head WHERE merchant_id = 1 FOR UPDATE")
        waiting = asyncio.create_task(store.commit(selling()))
        cancelled = 0
        while not cancelled:
            await asyncio.sleep(0.02)
            cancelled = await holder.fetchval(
                "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        await held.rollback()
        await holder.close()
        assert (await waiting).positions == (1,)
        assert store.counted["again"] >= 1
