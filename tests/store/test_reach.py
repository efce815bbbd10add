"""The database away, silent, slow, full or read-only: each has its own words, an end, and a way back by itself."""

# ruff: noqa: ASYNC110 - a database's state is asked for, not awaited

import asyncio
import contextlib
import socket

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from counterfoil.basis import Refused, Trouble
from counterfoil.store import FAULTS, Committed, FateUnknown
from counterfoil.store.engines.reach import Patience, Server, servers_of
from counterfoil.store.engines.readers import READERS_MAX
from counterfoil.store.faults import CHECKSUMS_MISSING
from tests.store.altering import alter, altered
from tests.store.house import FrontierLog, assert_log_whole, fact, opened, sale_of, selling
from tests.store.test_trouble import proxied

SHORT = Patience(connect=2.0, reach=3.0, read=2.0, commit=2.0, settle=2.0)
# Whoever waits for ever is told from whoever is slow.
ENDS_SECONDS = 60
HOSTS = st.from_regex(r"[a-z][a-z0-9.-]{0,10}", fullmatch=True)
PORTS = st.integers(1, 65535)


async def ended(work):
    """How it ended: the fault's code, or what came of it."""
    try:
        return await work
    except Trouble as trouble:
        return trouble.kind.code


def test_each_trouble_of_the_store_is_one_to_come_back_with():
    for kind in FAULTS:
        if kind.cls is Trouble:
            assert (kind.status, bool(kind.retry_after_seconds)) == (503, True)


@given(st.lists(st.tuples(HOSTS, PORTS), min_size=1, max_size=5))
def test_an_address_names_its_servers_in_either_form(named):
    told = tuple(Server(host, port) for host, port in named)
    listed = ",".join(f"{host}:{port}" for host, port in named)
    assert servers_of(f"postgresql://till:p%40ss@{listed}/db?target_session_attrs=read-write") == told
    hosts, ports = ",".join(host for host, _ in named), ",".join(str(port) for _, port in named)
    assert servers_of(f"postgresql:///db?host={hosts}&port={ports}") == told


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://a,b/db", (Server("a", 5432), Server("b", 5432))),
        ("postgresql:///db?host=a,b&port=7000", (Server("a", 7000), Server("b", 7000))),
        ("postgresql://u@[::1]:7000/db", (Server("::1", 7000),)),
        ("postgresql://u:p%40@a,[::1]:7000,b/db?x=1", (Server("a", 5432), Server("::1", 7000), Server("b", 5432))),
        ("postgresql://%2Frun%2Fpg/db", (Server("/run/pg", 5432),)),
        ("postgresql:///db", ()),
    ],
)
def test_what_an_address_leaves_out_is_as_libpq_has_it(address, told):
    assert servers_of(address) == told


@pytest.mark.parametrize("servers", ["a:0", "a:65536", "a:b", "a,,b", "a:-1", ":5432", "[::1", "a:１"])
def test_an_address_that_cannot_be_read_is_refused(servers):
    with pytest.raises(Refused) as refused:
        servers_of(f"postgresql://u@{servers}/db")
    assert refused.value.kind.code == "CF-6004"


async def test_an_ipv6_address_among_several_is_asked_and_another_found(postgres_address):
    here, database = postgres_address.partition("@")[2].split("/")
    async with opened(f"postgresql://postgres@[::1]:1,{here}/{database}", with_tables=False) as store:
        assert store.unverified is False


@contextlib.contextmanager
def nobody_there():
    """A port where nobody listens, and one that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as mute, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield tuple(f"127.0.0.1:{each.getsockname()[1]}" for each in (closed, mute))


async def test_a_start_without_a_database_says_so_and_ends():
    with nobody_there() as servers:
        for server in servers:
            async with asyncio.timeout(ENDS_SECONDS):
                with pytest.raises(Trouble) as trouble:
                    async with opened(f"postgresql://postgres@{server}/db", patience=SHORT):
                        pass
            assert trouble.value.kind.code == "CF-6104"


async def test_a_database_that_will_not_have_us_says_why(postgres_address):
    address = postgres_address.rpartition("/")[0] + "/nowhere"
    with pytest.raises(Refused) as refused:
        async with opened(address):
            pass
    assert refused.value.kind.code == "CF-6008"
    assert "nowhere" in refused.value.tell("en").what


async def test_dead_servers_before_the_living_one_cost_no_more_than_moments(postgres_address):
    user, _, rest = postgres_address.partition("@")
    with nobody_there() as servers:
        async with asyncio.timeout(ENDS_SECONDS):
            # One that does not answer is given up long before we stop waiting for it.
            patience = Patience(connect=2 * ENDS_SECONDS, reach=3 * ENDS_SECONDS)
            address = f"{user}@{','.join(servers)},{rest}"
            async with opened(address, with_tables=False, patience=patience) as store:
                assert store.installation.epoch == 1


@pytest.mark.parametrize(("how", "told"), [("silent", "CF-6107"), ("shut", "CF-6104")])
async def test_a_database_that_falls_away_is_waited_for_no_longer_than_was_said(postgres_address, how, told):
    async with proxied(postgres_address) as (proxy, address), opened(address, patience=SHORT) as store:
        kept = selling()
        await store.commit(kept)
        await sale_of(store, kept)
        setattr(proxy, how, True)
        if how == "shut":
            for task in proxy.tasks:
                task.cancel()
        lost = [selling() for _ in range(20)]
        async with asyncio.timeout(ENDS_SECONDS):
            codes = {await each for each in asyncio.as_completed([ended(store.commit(change)) for change in lost])}
        assert codes == {told}
        async with asyncio.timeout(ENDS_SECONDS):
            assert await ended(sale_of(store, kept)) == told
        setattr(proxy, how, False)
        await store.commit(selling())
        assert [await sale_of(store, change) for change in lost] == [None] * 20
        assert await assert_log_whole(store, 1) == 2


async def test_a_slow_database_is_given_up_for_writing_and_still_read(postgres_address):
    patience = Patience(commit=1.0, read=30.0)
    async with proxied(postgres_address) as (proxy, address), opened(address, patience=patience) as store:
        kept = selling()
        await store.commit(kept)
        await sale_of(store, kept)
        proxy.late = 0.4
        lost = selling()
        assert await ended(store.commit(lost)) == "CF-6107"
        assert await sale_of(store, kept) is not None
        proxy.late = 0.0
        assert await sale_of(store, lost) is None
        await store.commit(selling())
        assert await assert_log_whole(store, 1) == 2


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_commit_into_silence_is_found_or_run_again_once_somebody_answers(postgres_address, when):
    patience = Patience(commit=2.0)
    async with proxied(postgres_address) as (proxy, address), opened(address, patience=patience) as store:
        await store.commit(selling())
        proxy.cut, proxy.shut = when, True
        change = selling()
        waiting = asyncio.create_task(store.commit(change))
        await proxy.done.wait()
        await asyncio.sleep(0.5)
        assert not waiting.done()
        proxy.shut = False
        assert (await waiting).positions == (1,)


WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'SyncRep'"


async def test_a_server_that_became_read_only_is_left_and_taken_again(postgres_address):
    async with opened(postgres_address, patience=SHORT) as store:
        kept = selling()
        await store.commit(kept)
        async with altered(postgres_address, default_transaction_read_only="on"):
            assert await ended(store.commit(selling())) == "CF-6106"
            assert await sale_of(store, kept) is not None
            with pytest.raises(Trouble) as trouble:
                async with opened(postgres_address, patience=SHORT):
                    pass
            assert trouble.value.kind.code == "CF-6106"
        await store.commit(selling())
        assert await assert_log_whole(store, 1) == 2


async def test_standbys_that_do_not_confirm_make_it_unknown_and_nothing_new_is_begun(postgres_address):
    async with opened(postgres_address, patience=SHORT) as store:
        await store.commit(selling())
        first = selling()
        async with altered(postgres_address, synchronous_standby_names="nobody"):
            behind = selling()
            async with asyncio.timeout(ENDS_SECONDS):
                with pytest.raises(FateUnknown) as unknown:
                    await store.commit(first)
                assert unknown.value.kind.code == "CF-6109"
                await asyncio.sleep(2)
                assert await ended(store.commit(behind)) == "CF-6108"
            with pytest.raises(Trouble) as trouble:
                async with opened(postgres_address, patience=SHORT):
                    pass
            assert trouble.value.kind.code == "CF-6108"
        await store.commit(selling())
        assert (await sale_of(store, first))["last_change"] == first.change_id
        assert await sale_of(store, behind) is None
        assert await assert_log_whole(store, 1) == 3


@pytest.mark.parametrize("quick", ["off", "local"])
async def test_a_database_set_to_commit_before_it_is_safe_is_not_taken_at_its_word(postgres_address, quick):
    address = f"{postgres_address}?synchronous_commit={quick}"
    async with opened(address, patience=Patience(commit=2.0, settle=1.0)) as store:
        await store.commit(selling())
        async with altered(postgres_address, synchronous_standby_names="nobody"):
            assert await ended(store.commit(selling())) == "CF-6109"
        await store.commit(selling())
        assert await assert_log_whole(store, 1) == 3


async def test_a_store_whose_standbys_do_not_confirm_still_closes(postgres_address):
    async with altered(postgres_address, synchronous_standby_names="") as admin:
        async with asyncio.timeout(ENDS_SECONDS):
            async with opened(postgres_address, patience=SHORT) as store:
                await store.commit(selling())
                await alter(admin, postgres_address, synchronous_standby_names="nobody")
                hanging = [asyncio.create_task(ended(store.commit(selling()))) for _ in range(300)]
                await asyncio.sleep(0.1)
        codes = [await each for each in hanging]
        assert set(codes) <= {"CF-6109", "CF-6104", "CF-6107", "CF-6108"}


@pytest.mark.parametrize("how", ["SELECT pg_cancel_backend($1)", "SELECT pg_terminate_backend($1)"])
async def test_a_wait_for_standbys_that_somebody_ends_is_no_success(postgres_address, how):
    patience = Patience(commit=60.0, settle=5.0)
    async with opened(postgres_address, patience=patience) as store:
        await store.commit(selling())
        change = selling()
        async with altered(postgres_address, synchronous_standby_names="nobody") as admin:
            waiting = asyncio.create_task(ended(store.commit(change)))
            stopped = 0
            while not waiting.done():
                stopped += len([await admin.fetch(how, row["pid"]) for row in await admin.fetch(WAITING)])
                await asyncio.sleep(0.05)
            # Each question after it is answered, and is as little confirmed as what it asks about.
            assert stopped > 1
            assert await waiting == "CF-6109"
        assert (await sale_of(store, change))["last_change"] == change.change_id
        assert await assert_log_whole(store, 1) == 2


async def test_questions_whose_connections_are_ended_are_asked_again_and_never_end_in_a_riddle(postgres_address):
    async with opened(postgres_address) as store:
        kept, ends, stop, answered = selling(), [], asyncio.Event(), asyncio.Semaphore(0)
        await store.commit(kept)

        async def asking():
            while not stop.is_set():
                ends.append(await ended(sale_of(store, kept)))
                if not isinstance(ends[-1], str):
                    answered.release()

        askers = [asyncio.create_task(asking()) for _ in range(16)]
        admin = await asyncpg.connect(postgres_address)
        for _ in range(30):
            for _ in range(4):
                await answered.acquire()
            await admin.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await admin.close()
        stop.set()
        await asyncio.gather(*askers)
        assert {each for each in ends if isinstance(each, str)} <= {"CF-6104"}
        assert sum(not isinstance(each, str) for each in ends) > 100
        await store.commit(selling())


class Choosy(FrontierLog):
    """A log that will not have one kind of fact."""

    def append(self, head, entries):
        if any(fact.kind == "unheard of" for entry in entries for fact in entry.facts):
            raise CHECKSUMS_MISSING(path="-")
        return super().append(head, entries)


async def test_a_fault_that_is_not_the_databases_is_its_own_changes_alone(postgres_address):
    async with opened(postgres_address, log=Choosy()) as store:
        odd = selling(facts=(fact("unheard of"),))
        ends = await asyncio.gather(*map(store.commit, [selling(), odd, selling(2)]), return_exceptions=True)
        assert [isinstance(end, Committed) for end in ends] == [True, False, True]
        assert ends[1].kind.code == "CF-6201"


async def test_more_questions_than_connections_wait_a_while_and_are_told(postgres_address):
    holder = await asyncpg.connect(postgres_address)
    await holder.execute("SELECT pg_advisory_lock(1)")
    async with opened(postgres_address, patience=Patience(connect=1, reach=3)) as store:
        held = select(func.pg_advisory_xact_lock_shared(1))
        waiting = [asyncio.create_task(store.fetch(held)) for _ in range(READERS_MAX)]
        while await holder.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted") < READERS_MAX:
            await asyncio.sleep(0.01)
        assert await ended(store.fetch(select(func.now()))) == "CF-6105"
        await holder.close()
        await asyncio.gather(*waiting)
        assert len(await store.fetch(select(func.now()))) == 1


async def test_what_the_server_calls_a_full_disk_is_told_as_one(postgres_address):
    async with opened(postgres_address) as store:
        kept = selling()
        await store.commit(kept)
        admin = await asyncpg.connect(postgres_address)
        await admin.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$; "
            "CREATE TRIGGER full_disk BEFORE INSERT ON sale EXECUTE FUNCTION full_disk()"
        )
        assert await ended(store.commit(selling())) == "CF-6103"
        assert await sale_of(store, kept) is not None
        await admin.execute("DROP TRIGGER full_disk ON sale")
        await admin.close()
        await store.commit(selling())
        assert await assert_log_whole(store, 1) == 2
