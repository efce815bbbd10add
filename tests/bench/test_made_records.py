"""Records are loaded fast because the indexes are made afterwards; nothing of that shows in the database."""

from __future__ import annotations

from pathlib import Path

import apsw
import asyncpg

from counterfoil.basis import SystemClock
from counterfoil.bench.made_records import MadeRecords
from counterfoil.payments.tables import payment
from tests.store.house import opened
from tests.store.test_schema import POSTGRES_SCHEMA

COUNT = 6000


async def load(address, told=lambda _done, _of: None):
    await MadeRecords(COUNT).load(address, SystemClock(), told)


def on_sqlite(address, *texts):
    connection = apsw.Connection(address.removeprefix("sqlite://"), vfs="cksmvfs")
    rows = [connection.execute(text).fetchall() for text in texts]
    connection.close()
    return rows


async def on_postgresql(address, *queries):
    connection = await asyncpg.connect(address)
    rows = [[tuple(row) for row in await connection.fetch(text, *values)] for text, *values in queries]
    await connection.close()
    return rows


async def schema_of(address):
    if address.startswith("sqlite"):
        return on_sqlite(address, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")
    return await on_postgresql(address, *((text, "public") for text in POSTGRES_SCHEMA))


async def test_the_schema_after_loading_is_the_one_before(store_address):
    async with opened(store_address, with_tables=False):
        pass
    before = await schema_of(store_address)
    await load(store_address)
    assert await schema_of(store_address) == before


async def test_a_loaded_file_is_whole_and_is_kept_as_one_in_service(tmp_path: Path):
    address = f"sqlite://{tmp_path}/counterfoil.db"
    await load(address)
    whole, orphans, journal, count = on_sqlite(
        address,
        "PRAGMA integrity_check",
        "PRAGMA foreign_key_check",
        "PRAGMA journal_mode",
        "SELECT count(*) FROM payment INDEXED BY payment_by_time",
    )
    assert (whole, orphans, journal, count) == ([("ok",)], [], [("wal",)], [(COUNT,)])


async def test_rows_loaded_into_postgresql_keep_their_foreign_keys(postgres_address):
    await load(postgres_address)
    orphans = (
        "SELECT count(*) FROM payment p LEFT JOIN terminal t ON (t.merchant_id, t.id) = (p.merchant_id, p.terminal_id) "
        "WHERE t.id IS NULL"
    )
    (count,), (missing,) = await on_postgresql(postgres_address, ("SELECT count(*) FROM payment",), (orphans,))
    assert (count, missing) == ((COUNT,), (0,))


async def test_loading_tells_how_far_it_is_also_while_indexes_are_made(store_address):
    told = []
    await load(store_address, lambda done, of: told.append((done, of)))
    of_payments = [done for done, of in told if of == 2 * COUNT]
    assert of_payments == sorted(of_payments)
    assert of_payments[-1] == 2 * COUNT
    assert len([done for done in of_payments if done > COUNT]) == len(payment.indexes)
