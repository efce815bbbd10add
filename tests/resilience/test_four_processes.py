"""Four processes on one PostgreSQL, ten merchants: no payment is lost, no log has a gap, every root comes out equal."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

import counterfoil
from counterfoil.evidence import Against, registry, verify
from counterfoil.payments import DayTotalsFold
from counterfoil.payments.tables import payment
from counterfoil.store.tables import evidence_head, evidence_leaf
from counterfoil.testing.house import furnish, open_house

PROCESSES = 4
MERCHANTS = 10
PAYMENTS = 1200
PAYMENTS_LONG = 20_000
WORKER = Path(__file__).with_name("four.py")

COUNTED = select(payment.c.merchant_id, func.count().label("count")).group_by(payment.c.merchant_id)
LEAVES = select(
    evidence_leaf.c.merchant_id,
    func.count().label("count"),
    func.min(evidence_leaf.c.position).label("first"),
    func.max(evidence_leaf.c.position).label("last"),
).group_by(evidence_leaf.c.merchant_id)
HEADS = select(evidence_head.c.merchant_id, evidence_head.c.size)


@pytest.mark.timeout(600)
async def test_four_processes_leave_no_gap_and_lose_nothing(tmp_path, postgres_address, long):
    total = PAYMENTS_LONG if long else PAYMENTS
    async with open_house(tmp_path, database=postgres_address) as house:
        await furnish(house.app, range(1, MERCHANTS + 1))
        workers = [
            await started(house.app.data, postgres_address, total // PROCESSES, seed) for seed in range(PROCESSES)
        ]
        ended = [(await worker.communicate(), worker.returncode) for worker in workers]
        assert [code for _, code in ended] == [0] * PROCESSES, ended
        store = house.app.store
        assert sum(row["count"] for row in await store.fetch(COUNTED)) == total
        sizes = {row["merchant_id"]: row["size"] for row in await store.fetch(HEADS)}
        for row in await store.fetch(LEAVES):
            assert (row["first"], row["last"], row["count"]) == (0, row["count"] - 1, sizes[row["merchant_id"]])
        await house.app.signer.sign_all()
        now = house.app.clock.now()
        against = Against(house.app.data, house.app.log_key.public_key, registry(), now, (DayTotalsFold(store),))
        report = await verify(store, against, on_progress=lambda _done, _all: None, all_=True)
        assert report.sound, report.findings
        assert report.leaves == sum(sizes.values())


async def started(data, address, count, seed):
    paths = os.pathsep.join((str(Path(counterfoil.__file__).parents[1]), os.environ.get("PYTHONPATH", "")))
    arguments = [str(WORKER), str(data), address, str(MERCHANTS), str(count), str(seed)]
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stderr=pipe, stdout=pipe, env={**os.environ, "PYTHONPATH": paths}
    )
