"""Writing without a pause: the write-ahead log and the memory stay within their bounds. A minute with --long."""

from __future__ import annotations

import asyncio
import os

from counterfoil.bench.acts import take_for
from counterfoil.bench.house import open_house
from counterfoil.bench.start import memory_mib

MIB = 2**20


async def test_the_wal_and_the_memory_stay_bounded_under_steady_writes(tmp_path, long):
    most = 0
    async with open_house(tmp_path / "data") as house:
        taking = asyncio.create_task(take_for(house, 64, 60 if long else 2))
        while not taking.done():
            await asyncio.wait({taking}, timeout=0.5)
            most = max(most, (tmp_path / "data" / "counterfoil.db-wal").stat().st_size)
        assert (await taking).count > 100
        assert most < 256 * MIB
        assert memory_mib(os.getpid()) < 400
