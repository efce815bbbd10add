"""A distributed store: what is spread by what, one merchant a batch, and what is refused.

Citus itself cannot be installed with the tests. What runs here on one PostgreSQL is the distributed store's own side:
its statements, its lanes, its faults; the statements that spread the tables are held as text.
"""

from __future__ import annotations

import asyncio
from importlib import import_module

import asyncpg
import pytest
from sqlalchemy import bindparam, select

from counterfoil.basis import Refused
from counterfoil.store import Repeated, Require, Scope, Stale, metadata
from counterfoil.store.engines.distributed import ANCHOR, spreading
from counterfoil.store.lanes import LANES
from counterfoil.store.steps import STEPS
from tests.store.house import assert_log_whole, fact, moving, new_id, opened, sale, sale_of, selling

for area in ("store", "evidence", "people", "factors", "providers", "payments", "records", "second_person", "removal"):
    import_module(f"counterfoil.{area}.tables")

TABLES = list(metadata.tables.values())


async def spread(address: str) -> None:
    """Note the migrations as spread, so that a start finds nothing to do."""
    async with opened(address):
        pass
    connection = await asyncpg.connect(address)
    await connection.execute("UPDATE schema_version SET distributed_at = applied_at")
    await connection.close()


def names(texts: list[str]) -> list[str]:
    return [text.split("'")[1] for text in texts]


def test_tables_of_merchants_are_spread_and_the_others_are_copied():
    texts = spreading(TABLES)
    copied = {name for name, text in zip(names(texts), texts, strict=True) if "create_reference_table" in text}
    assert copied == {table.name for table in TABLES if table.info["scope"] is Scope.EVERYWHERE}
    assert {"installation", "merchant", "schema_version"} <= copied
    assert len(texts) == len(TABLES)


def test_every_merchants_rows_lie_together():
    spread_ones = [text for text in spreading(TABLES) if "create_distributed_table" in text]
    assert spread_ones[0] == f"SELECT create_distributed_table('{ANCHOR}', 'merchant_id', colocate_with => 'none')"
    assert all(text.endswith(f"'merchant_id', colocate_with => '{ANCHOR}')") for text in spread_ones[1:])


def test_a_parent_is_spread_before_its_children():
    order = names(spreading(TABLES))
    for table in TABLES:
        for key in table.foreign_keys:
            assert order.index(key.column.table.name) < order.index(table.name)


def test_what_is_there_already_is_not_spread_again():
    assert spreading(()) == []


async def test_a_distributed_store_on_sqlite_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        async with opened(f"sqlite://{tmp_path}/one.db", distributed=True):
            pass
    assert refused.value.kind.code == "CF-6021"


async def test_a_database_without_citus_is_refused_with_its_own_words(postgres_address):
    with pytest.raises(Refused) as refused:
        async with opened(postgres_address, distributed=True):
            pass
    assert refused.value.kind.code == "CF-6022"
    assert "citus" in refused.value.fill["why"]
    async with opened(postgres_address) as store:
        assert (await store.commit(selling())).positions == (0,)


async def test_a_spread_database_whose_settings_deny_it_is_refused(postgres_address):
    await spread(postgres_address)
    with pytest.raises(Refused) as refused:
        async with opened(postgres_address):
            pass
    assert refused.value.kind.code == "CF-6024"


async def test_a_second_start_finds_nothing_to_spread(postgres_address):
    await spread(postgres_address)
    for _ in range(2):
        async with opened(postgres_address, distributed=True) as store:
            await store.commit(selling())
    connection = await asyncpg.connect(postgres_address)
    assert await connection.fetchval("SELECT count(*) FROM schema_version WHERE distributed_at = applied_at") == 1
    await connection.close()


async def test_a_batch_holds_one_merchant_and_every_merchant_gets_through(postgres_address):
    await spread(postgres_address)
    seen: list[set[int]] = []

    async def note(batch, _tx):
        seen.append({member.change.merchant_id for member in batch.members})

    async with opened(postgres_address, distributed=True, steps=(note, *STEPS)) as store:
        sales = [selling(merchant) for merchant in range(1, 3 * LANES) for _ in range(6)]
        await asyncio.gather(*map(store.commit, sales))
        assert {len(merchants) for merchants in seen} == {1}
        assert store.counted["changes"] == len(sales)
        assert store.counted["batches"] < len(sales)
        assert (store.queued, len(store.waits)) == (0, len(sales))
        assert [await assert_log_whole(store, merchant) for merchant in range(1, 3 * LANES)] == [6] * (3 * LANES - 1)


async def test_losers_lose_and_requires_hold_as_on_one_node(postgres_address):
    await spread(postgres_address)
    async with opened(postgres_address, distributed=True) as store:
        change = selling()
        await store.commit(change)
        before = await sale_of(store, change)
        with pytest.raises(Repeated):
            await store.commit(selling(sale_id=before["id"]))
        await store.commit(moving(before, "captured"))
        with pytest.raises(Stale):
            await store.commit(moving(before, "voided"))
        relied = Require(sale, {"id": before["id"]}, 2)
        await store.commit(selling(requires=(relied,)))
        with pytest.raises(Stale):
            await store.commit(selling(requires=(Require(sale, {"id": before["id"]}, 1),)))
        with pytest.raises(Stale):
            await store.commit(selling(requires=(Require(sale, {"id": new_id()}, 1),)))
        assert await assert_log_whole(store, 1) == 3


TRUTH = select(sale.c.id).where(sale.c.merchant_id == bindparam("merchant_id"), sale.c.id == bindparam("id"))


async def test_an_error_of_the_commit_itself_is_looked_into_not_believed(postgres_address):
    """Citus may answer a COMMIT with an error though the node kept it; a deferred constraint makes one that is true."""
    await spread(postgres_address)
    async with opened(postgres_address, distributed=True) as store:
        connection = await asyncpg.connect(postgres_address)
        await connection.execute("ALTER TABLE sale ADD UNIQUE (merchant_id, order_no) DEFERRABLE INITIALLY DEFERRED")
        await connection.close()
        first, second = (selling(facts=(fact("sent"),)) for _ in range(2))
        for change in (first, second):
            change.inserts[0].row["order_no"] = "7"
        await store.commit(first)
        with pytest.raises(Exception, match="CF-6104"):
            await store.commit(second)
        assert store.counted["unknown"] == 3
        assert store.counted["poison"] == 0
        assert await sale_of(store, second) is None
        assert await assert_log_whole(store, 1) == 1


async def test_a_rush_of_one_merchant_delays_another_of_its_lane_by_two_batches_at_most(postgres_address):
    await spread(postgres_address)
    async with opened(postgres_address, distributed=True, queue_max=100_000) as store:
        rush = [asyncio.create_task(store.commit(selling())) for _ in range(2_000)]
        await asyncio.wait(rush, return_when=asyncio.FIRST_COMPLETED)
        before = store.counted["batches"]
        await store.commit(selling(merchant_id=1 + LANES))
        # The one under way, the one whose turn is next, and its own.
        assert store.counted["batches"] - before <= 3
        assert not all(task.done() for task in rush)
        await asyncio.gather(*rush)
        assert await assert_log_whole(store, 1) == len(rush)
