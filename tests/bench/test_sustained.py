"""Writing without a pause: the write-ahead log and the memory stay within their bounds. A minute with --long."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

MIB = 2**20
# In a process of its own, because the memory is that of the process.
WRITING = """
import asyncio, json, os, sys
from pathlib import Path
from counterfoil.bench.acts import take_for
from counterfoil.bench.house import open_house
from counterfoil.bench.start import memory_mib

async def main(folder, seconds):
    most = 0
    async with open_house(folder) as house:
        taking = asyncio.create_task(take_for(house, 64, seconds))
        while not taking.done():
            await asyncio.wait({taking}, timeout=0.25)
            most = max(most, (folder / "counterfoil.db-wal").stat().st_size)
        taken = await taking
        print(json.dumps({"count": taken.count, "wal": most, "mib": memory_mib(os.getpid())}))

asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2])))
"""


def test_the_wal_and_the_memory_stay_bounded_under_steady_writes(tmp_path, long):
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", WRITING, str(tmp_path / "data"), "60" if long else "2"],
        env={"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["count"] > 100
    assert told["wal"] < 256 * MIB
    assert told["mib"] < 400
