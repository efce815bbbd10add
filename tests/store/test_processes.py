"""Four processes on one PostgreSQL: the logs have no gap and their heads are what the leaves give."""

import asyncio
import os
import sys
from pathlib import Path

from tests.store.house import TALLY, assert_log_whole, opened, sale_of, selling
from tests.store.house import moving as next_change

PROCESSES = 4
MERCHANTS = 10
CALLERS = 64


async def pay(address, count):
    """What one process does: ``count`` Changes of the shape of a payment, an insert and then a guarded update."""
    async with opened(address) as store:
        payments = iter(range(count // 2))

        async def caller():
            for number in payments:
                change = selling(number % MERCHANTS + 1)
                await store.commit(change)
                await store.commit(next_change(await sale_of(store, change), "captured"))

        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        return store.counted["again"]


async def test_four_processes_leave_gap_free_logs_and_true_roots(postgres_address, long):
    changes = 20_000 if long else 3_000
    async with opened(postgres_address) as store:
        here = Path(__file__).parents[2]
        paths = os.pathsep.join([str(here), str(here / "src")])
        code = "import asyncio, sys; from tests.store.test_processes import pay; "
        code += "print(asyncio.run(pay(sys.argv[1], int(sys.argv[2]))))"
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                code,
                postgres_address,
                str(changes // PROCESSES),
                env={**os.environ, "PYTHONPATH": paths},
                stdout=asyncio.subprocess.PIPE,
            )
            for _ in range(PROCESSES)
        ]
        ended = await asyncio.gather(*(process.communicate() for process in processes))
        assert [process.returncode for process in processes] == [0] * PROCESSES
        assert [int(out) for out, _ in ended] == [0] * PROCESSES, "nobody met a deadlock"
        sizes = [await assert_log_whole(store, merchant) for merchant in range(1, MERCHANTS + 1)]
        assert sum(sizes) == changes
        totals = [(await store.fetch_one(TALLY, {"merchant_id": merchant}))["count"] for merchant in range(1, 11)]
        assert sum(totals) == changes // 2
