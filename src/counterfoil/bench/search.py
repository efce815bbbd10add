"""``bench search``: how long a page of records takes, by the size of the database and by what is asked.

The reference is one payment read by its key, in the same rounds: what any read costs on this engine at this moment.
The records are loaded without a log, since no log of ten million entries could be written for a measurement.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from counterfoil.app import stop_the_process
from counterfoil.basis import Board, Clock, Ids, Secret, SystemEntropy
from counterfoil.bench.cluster import Cluster, running_cluster
from counterfoil.bench.machine import machine
from counterfoil.bench.made_records import MadeRecords
from counterfoil.bench.questions import DAY_QUESTIONS, QUESTIONS, Question
from counterfoil.bench.report import Report
from counterfoil.bench.rounds import Contestant, OnProgress, Taken, rows_of, take_turns
from counterfoil.evidence import MerkleLog
from counterfoil.payments import load
from counterfoil.records import DaysAsked, Exports, Find, Means, business_days, find
from counterfoil.store import open_store

ASKS: Final = 100
DEEP_PAGES: Final = 20
_MERCHANTS_READ: Final = 10


async def measure_search(
    folder: Path, clock: Clock, on_progress: OnProgress, sizes: tuple[int, ...], engines: tuple[str, ...] = ("sqlite",)
) -> Report:
    """Load each of ``sizes`` into a database of its own on each of ``engines`` and ask every question of each.

    Raises Refused CF-7201 where PostgreSQL is asked for and is not there.
    """
    async with AsyncExitStack() as open_:
        made = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-bench-", dir=folder)))
        made.chmod(0o755)  # noqa: ASYNC240 - at once; PostgreSQL's user, who is not root, enters here
        found = machine(made, clock)
        contestants: list[Contestant] = []
        for engine in engines:
            cluster = await open_.enter_async_context(running_cluster(made)) if engine == "postgresql" else None
            for size in sizes:
                asker = await _loaded(_Place(made, cluster, clock, on_progress), size, open_)
                contestants += await asker.contestants(len(contestants))
        rounds = await take_turns(contestants, 0, on_progress)
        return Report(title="Search", machine=found, rows=tuple(rows_of(contestants, rounds)), notes=_NOTES)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where databases are made, on SQLite where there is no cluster."""

    folder: Path
    cluster: Cluster | None
    clock: Clock
    on_progress: OnProgress


async def _loaded(place: _Place, size: int, open_: AsyncExitStack) -> _Asker:
    made, clock, name = MadeRecords(size), place.clock, f"records_{size}"
    address = await place.cluster.fresh(name) if place.cluster else f"sqlite://{place.folder}/{name}.db"
    await made.load(address, clock, place.on_progress)
    if place.cluster:
        await place.cluster.vacuum(name)
    ids = Ids(clock, SystemEntropy())
    store = await open_.enter_async_context(
        open_store(address, log=MerkleLog(), clock=clock, ids=ids, fail_stop=stop_the_process)
    )
    exports = Exports(Board(place.folder / "processes", ids.uuid()), clock, ids)
    means = Means(store=store, clock=clock, ids=ids, seal_key=Secret(bytes(32)), exports=exports)
    return _Asker(means, made, random.Random(made.seed))


@dataclass(frozen=True, slots=True)
class _Asker:
    """One size: its records, and how they are asked."""

    means: Means
    made: MadeRecords
    draw: random.Random

    async def contestants(self, first: int) -> list[Contestant]:
        """The reference, every question, and a page far down; ``first`` is the index of the reference."""
        ids = await self._some_ids()
        size, engine = self.made.count, self.means.store.engine_name
        runs: list[tuple[str, Callable[[float], Awaitable[Taken]]]] = [
            (name, partial(self._pages, question)) for name, question in QUESTIONS.items()
        ]
        runs += [(name, partial(self._days, question)) for name, question in DAY_QUESTIONS.items()]
        runs.append((f"page {DEEP_PAGES}", self._deep_pages))
        reference = Contestant(
            name="one by its key", engine=engine, records=size, run=partial(self._keys, ids), timed=True
        )
        return [
            reference,
            *(
                Contestant(name=name, engine=engine, records=size, run=run, against=first, timed=True)
                for name, run in runs
            ),
        ]

    async def _pages(self, question: Question, _seconds: float) -> Taken:
        return await self._timed(partial(find, self.means, *asked) for asked in self._asked(question))

    async def _days(self, question: Callable[[MadeRecords, random.Random, int], DaysAsked], _seconds: float) -> Taken:
        merchants = [self.made.some_merchant(self.draw) for _ in range(ASKS)]
        asked = [(merchant, question(self.made, self.draw, merchant)) for merchant in merchants]
        return await self._timed(partial(business_days, self.means, *each) for each in asked)

    async def _keys(self, ids: list[tuple[int, str]], _seconds: float) -> Taken:
        return await self._timed(partial(load, self.means.store, *self.draw.choice(ids)) for _ in range(ASKS))

    async def _deep_pages(self, _seconds: float) -> Taken:
        """The last of so many pages, each asked after the one before."""
        last = [await self._far_down() for _ in range(ASKS // DEEP_PAGES)]
        return await self._timed(partial(find, self.means, merchant, asked) for merchant, asked in last)

    async def _far_down(self) -> tuple[int, Find]:
        merchant, asked = self.made.some_merchant(self.draw), Find()
        for _ in range(DEEP_PAGES - 1):
            page = await find(self.means, merchant, asked)
            if page.next is None:
                break
            asked = replace(asked, after=page.next)
        return merchant, asked

    async def _timed(self, works: Iterator[Callable[[], Awaitable[object]]]) -> Taken:
        clock, taken = self.means.clock, Taken()
        for work in works:
            began = clock.monotonic()
            await work()
            taken.took.append(clock.monotonic() - began)
        taken.count, taken.seconds = len(taken.took), sum(taken.took)
        return taken

    def _asked(self, question: Question) -> Iterator[tuple[int, Find]]:
        for _ in range(ASKS):
            merchant = self.made.some_merchant(self.draw)
            yield merchant, question(self.made, self.draw, merchant)

    async def _some_ids(self) -> list[tuple[int, str]]:
        merchants = [self.made.some_merchant(self.draw) for _ in range(_MERCHANTS_READ)]
        return [(each, one.id) for each in merchants for one in (await find(self.means, each, Find())).items]


_NOTES: Final = (
    "Pages of 50; 1,000 merchants of very different sizes over two years, asked as often as they have payments.",
    "For a page at most 1,500 entries of an index are looked at; it may then be short and says from where to go on.",
    "The records were loaded without a log.",
    "Day totals: the sums of every business day of two years, of all shops of a merchant or of one.",
)
