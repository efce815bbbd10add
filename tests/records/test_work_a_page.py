"""What a page costs: whatever is asked, a bounded number of entries and rows is read, of this merchant alone.

The statements are those ``find`` really sends; each is put once more to the engine, which tells what it touched.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from typing import Any

import apsw
import asyncpg
import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from counterfoil.basis import Ids, Secret, SystemClock, SystemEntropy
from counterfoil.bench.made_records import MadeRecords
from counterfoil.bench.questions import QUESTIONS
from counterfoil.evidence import MerkleLog
from counterfoil.records import Find, Means, find
from counterfoil.store import Reader, open_store
from counterfoil.store.engines.reading import Compiled

COUNT = 8_000
LARGEST = 1
BUDGET = 100
NOBODY = "00000000-0000-7000-8000-000000000000"
ASKED = 5
# A page's rows and their legs, and what a number finds in each column it can stand in.
ROWS_MAX = BUDGET + 4 * 51
# Of SQLite's machine: the dearest question takes 14,000; reading all entries of the merchant, 80,000 and more.
STEPS_MAX = 20_000


class HalfOfOne(MadeRecords):
    """Half of all payments are the largest merchant's."""

    def some_merchant(self, draw):
        return LARGEST if draw.random() < 0.5 else super().some_merchant(draw)


@dataclass
class Noting:
    """The store, and what it was asked."""

    store: Reader
    asked: list[tuple[Any, Any]] = field(default_factory=list)

    async def fetch(self, statement, params):
        self.asked.append((statement, params))
        return await self.store.fetch(statement, params)


@pytest.fixture
async def large(store_address):
    """Records of many merchants; the largest of them has four thousand."""
    made, clock = HalfOfOne(COUNT), SystemClock()
    await made.load(store_address, clock, lambda _done, _of: None)
    if store_address.startswith("postgresql"):
        async with AsyncExitStack() as open_:
            connection = await asyncpg.connect(store_address)
            open_.push_async_callback(connection.close)
            await connection.execute("VACUUM ANALYZE")
    ids = Ids(clock, SystemEntropy())
    async with open_store(store_address, log=MerkleLog(), clock=clock, ids=ids, fail_stop=pytest.fail) as store:
        noting = Noting(store)
        yield made, Means(store=noting, clock=clock, ids=ids, seal_key=Secret(bytes(32)), exports=None), noting


async def test_a_page_reads_no_more_than_its_budget_whatever_is_asked(large, store_address):
    made, means, noting = large
    draw = random.Random(11)
    for name, question in QUESTIONS.items():
        for _ in range(ASKED):
            await cost_of(means, noting, question(made, draw, LARGEST), store_address, name)


async def test_a_page_far_down_costs_what_the_first_does(large, store_address):
    _, means, noting = large
    asked = Find()
    for nth in range(12):
        page = await cost_of(means, noting, asked, store_address, f"page {nth + 1}")
        asked = replace(asked, after=page.next)
    assert len(page.items) == asked.limit


async def test_a_page_that_read_the_whole_merchant_would_be_seen(large, store_address):
    _, means, noting = large
    page = await find(means, LARGEST, Find(operator_id=NOBODY), budget=COUNT)
    assert not page.items
    count, most = await touched_by(noting, store_address)
    assert count > most


async def cost_of(means, noting, asked, address, name):
    """Ask, then hold what each of its statements touches against the bound."""
    noting.asked.clear()
    page = await find(means, LARGEST, asked, budget=BUDGET)
    count, most = await touched_by(noting, address)
    assert count <= most, f"{name}: {count} for {asked}"
    return page


async def touched_by(noting, address):
    return await COUNTS[address.split(":")[0]](address, noting.asked)


async def steps_on_sqlite(address, asked):
    compiled, steps = Compiled(sqlite.dialect(paramstyle="qmark")), []
    with closing(apsw.Connection(address.removeprefix("sqlite://"), vfs="cksmvfs")) as db:
        db.trace_v2(apsw.SQLITE_TRACE_PROFILE, lambda told: steps.append(told["stmt_status"]))
        for statement, params in asked:
            list(db.execute(*compiled.text(statement, params)))
        db.trace_v2(0, None)
    return sum(one["SQLITE_STMTSTATUS_VM_STEP"] for one in steps), STEPS_MAX


async def rows_on_postgresql(address, asked):
    compiled, rows = Compiled(PGDialect_asyncpg()), 0
    connection = await asyncpg.connect(address)
    try:
        # A table of a few rows is read whole whatever its indexes, unless that is forbidden.
        await connection.execute("SET enable_seqscan = off")
        for statement, params in asked:
            text, values = compiled.text(statement, params)
            told = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", *values)
            rows += sum(touched(node) for node in nodes_of(json.loads(told)[0]["Plan"]))
    finally:
        await connection.close()
    return rows, ROWS_MAX


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def touched(node: dict[str, Any]) -> float:
    """What a node reads of a table or an index; a bitmap's rows are read by the node above it."""
    if "Relation Name" not in node:
        return 0
    assert node["Node Type"] != "Seq Scan", node
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return sum(node.get(name, 0) for name in names) * node["Actual Loops"]


COUNTS = {"sqlite": steps_on_sqlite, "postgresql": rows_on_postgresql}
