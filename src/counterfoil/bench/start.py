"""``bench start`` and ``bench memory``: how long until the program answers, and how much memory it takes."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from counterfoil.basis import Clock
from counterfoil.bench.acts import take_for
from counterfoil.bench.faults import DID_NOT_RUN
from counterfoil.bench.house import open_house
from counterfoil.bench.machine import machine
from counterfoil.bench.made_records import MadeRecords
from counterfoil.bench.report import Report, Row
from counterfoil.bench.rounds import ROUNDS, Contestant, OnProgress, Taken, rows_of, take_turns

PROGRAM: Final = (sys.executable, "-m", "counterfoil")
HELP: Final = (*PROGRAM, "--help")
PLAIN: Final = (sys.executable, "-c", "pass")
CALLERS: Final = 256
_READY: Final = b'"ready":true'


async def measure_start(
    folder: Path, clock: Clock, on_progress: OnProgress, sizes: tuple[int, ...] = (), *, rounds: int = ROUNDS
) -> Report:
    """From the start of the process to its first word, also on stores of ``sizes`` records.

    Raises Refused CF-7203 where it does not come.
    """
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-", dir=folder) as made:
        place = Path(made)
        found = machine(place, clock)
        contestants = [
            Contestant(name="python -c pass", engine="python", run=partial(_to_the_end, clock, PLAIN), timed=True),
            Contestant(name="--help", engine="python", run=partial(_to_the_end, clock, HELP), against=0, timed=True),
            Contestant(
                name="serve, empty store",
                engine="sqlite",
                run=partial(_until_ready, clock, place),
                against=0,
                timed=True,
            ),
            *[await _on_records(place, clock, on_progress, size) for size in sizes],
        ]
        taken = await take_turns(contestants, 0, on_progress, rounds)
        return Report(title="Start", machine=found, rows=tuple(rows_of(contestants, taken)), notes=_NOTES)


async def _on_records(place: Path, clock: Clock, on_progress: OnProgress, size: int) -> Contestant:
    """A store of so many records, loaded now; its first start, which makes keys, is not measured."""
    data = place / str(size) / "data"
    data.mkdir(parents=True)
    await MadeRecords(size).load(f"sqlite://{data}/counterfoil.db", clock, on_progress)
    async with serving(data):
        pass
    run = partial(_until_ready_on, data, clock)
    return Contestant(name="serve", engine="sqlite", records=size, run=run, against=0, timed=True)


async def measure_memory(folder: Path, clock: Clock, on_progress: OnProgress, seconds: float) -> Report:
    """Memory of the server just started, and of one that has taken payments from 256 callers for ``seconds``."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-", dir=folder) as made:
        place = Path(made)
        found = machine(place, clock)
        async with serving(place / "idle") as process:
            idle = memory_mib(process.pid)
        on_progress(1, 2)
        async with open_house(place / "house") as house:
            taken = await take_for(house, CALLERS, seconds)
            busy = memory_mib(os.getpid())
        on_progress(2, 2)
        rows = (
            Row(name="idle", engine="sqlite", mib=idle),
            Row(name="taking payments", engine="sqlite", callers=CALLERS, records=taken.count, mib=busy),
        )
        return Report(title="Memory", machine=found, rows=rows, notes=_NOTES_MEMORY)


def memory_mib(pid: int) -> float:
    """What a process holds, in MiB: its own pages and its share of those it holds together with others (PSS)."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    line = next(line for line in told.splitlines() if line.startswith("Pss:"))
    return round(int(line.split()[1]) / 1024, 1)


@asynccontextmanager
async def serving(data: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """``counterfoil serve`` on a fresh folder, ready; ended with the block."""
    async with AsyncExitStack() as closing:
        process = await asyncio.create_subprocess_exec(
            *(*PROGRAM, "serve", "--data", str(data), "--port", "0", "--json"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        closing.push_async_callback(_end, process)
        said = await process.stdout.readline() if process.stdout is not None else b""
        if _READY not in said:
            raise DID_NOT_RUN(why="counterfoil serve")
        yield process


async def _until_ready(clock: Clock, place: Path, _seconds: float) -> Taken:
    """An empty store is made at this start, as it is at the first start of an installation."""
    return await _until_ready_on(Path(tempfile.mkdtemp(dir=place)) / "data", clock, 0)


async def _until_ready_on(data: Path, clock: Clock, _seconds: float) -> Taken:
    begun = clock.monotonic()
    async with serving(data):
        seconds = clock.monotonic() - begun
    return Taken(count=1, seconds=seconds, took=[seconds])


async def _to_the_end(clock: Clock, command: tuple[str, ...], _seconds: float) -> Taken:
    begun = clock.monotonic()
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait() != 0:
        raise DID_NOT_RUN(why=" ".join(command[1:]))
    seconds = clock.monotonic() - begun
    return Taken(count=1, seconds=seconds, took=[seconds])


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()


_NOTES: Final = (
    (
        "From the start of the process: `--help` to its end, `serve` to the line that says it is ready, with a store "
        "made then or with one of so many records."
    ),
)
_NOTES_MEMORY: Final = (
    (
        "MiB of the process (PSS). `taking payments` is this measuring process itself: the same app with its callers "
        "inside it, after the payments named under records."
    ),
)
