"""``bench payments``: durable payments a second, straight into the act and through the API, beside pgbench's TPC-B."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from counterfoil.basis import Clock
from counterfoil.bench.acts import take_for
from counterfoil.bench.api import Callers, calling, served
from counterfoil.bench.cluster import CLIENTS, Cluster, running_cluster
from counterfoil.bench.house import open_house
from counterfoil.bench.inserts import BATCH, PostgresInserts, SqliteInserts
from counterfoil.bench.machine import machine
from counterfoil.bench.report import Report
from counterfoil.bench.rounds import ROUNDS, Contestant, OnProgress, Taken, rows_of, take_turns
from counterfoil.bench.serving import Serving

ENGINES: Final = ("sqlite", "postgresql")
CALLERS: Final = (1, 32, 256, 1024)
# pgbench waits for its own rows where it has fewer branches than clients.
SCALE: Final = 50
SCALE_QUICK: Final = CLIENTS
# Cleaning up takes some of the 45 seconds.
WITHIN_SECONDS: Final = 41.0
SECONDS_LEAST: Final = 0.2
_WARM_SECONDS: Final = 0.5
_PGBENCH_SECONDS: Final = 1.2
_BETWEEN_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsPlan:
    """What to measure: ``callers`` at once, for ``seconds`` a turn, beside a pgbench of ``scale`` branches.

    ``plain``: also bare rows into the engines. ``within``: turns are made shorter, so that all ends in so many seconds
    where the machine lets it.
    """

    folder: Path
    clock: Clock
    serving: Serving
    engines: tuple[str, ...] = ENGINES
    callers: tuple[int, ...] = CALLERS
    seconds: float = 2.0
    scale: int = SCALE
    plain: bool = True
    within: float | None = None

    def quick(self) -> PaymentsPlan:
        """The same with 256 callers only, within 45 seconds."""
        return replace(self, callers=(256,), seconds=1.0, scale=SCALE_QUICK, plain=False, within=WITHIN_SECONDS)

    def turn_seconds(self, spent: float, turns: int) -> float:
        """How long a turn may last where ``turns`` of them are still to come in each round."""
        if self.within is None:
            return self.seconds
        left = (self.within - spent) / ROUNDS - _PGBENCH_SECONDS
        return max(SECONDS_LEAST, min(self.seconds, left / turns - _BETWEEN_SECONDS))


async def measure_payments(plan: PaymentsPlan, on_progress: OnProgress) -> Report:
    """Run it. Raises Refused CF-7201 without PostgreSQL, CF-7203 where something of it did not run."""
    begun = plan.clock.monotonic()
    async with AsyncExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="counterfoil-bench-", dir=plan.folder)))
        folder.chmod(0o755)  # noqa: ASYNC240 - at once; PostgreSQL's user, who is not root, enters here
        found = machine(folder, plan.clock)
        cluster = await closing.enter_async_context(running_cluster(folder))
        await cluster.fill(plan.scale)
        callers = await closing.enter_async_context(calling())
        contestants = [Contestant(name="pgbench TPC-B", engine="postgresql", callers=CLIENTS, run=cluster.tpc_b)]
        for engine in plan.engines:
            contestants += await _of_engine(plan, engine, cluster, callers, folder / engine, closing)
        seconds = plan.turn_seconds(plan.clock.monotonic() - begun, len(contestants) - 1)
        made = await take_turns(contestants, seconds, on_progress)
        return Report(
            title="Payments",
            machine=found,
            rows=tuple(rows_of(contestants, made)),
            notes=(*_NOTES, *_spent(contestants, made)),
        )


async def _of_engine(
    plan: PaymentsPlan, engine: str, cluster: Cluster, callers: Callers, folder: Path, closing: AsyncExitStack
) -> list[Contestant]:
    folder.mkdir()  # noqa: ASYNC240 - at once
    database = await cluster.fresh("counterfoil") if engine == "postgresql" else None
    house = await closing.enter_async_context(open_house(folder / "data", database))
    address = await closing.enter_async_context(served(house, plan.serving, folder))
    await take_for(house, 32, _WARM_SECONDS)
    made = [
        Contestant(name="act", engine=engine, callers=many, run=partial(take_for, house, many), against=0)
        for many in plan.callers
    ]
    made += [
        Contestant(
            name="api", engine=engine, callers=many, run=partial(callers.take_for, house, address, many), against=0
        )
        for many in plan.callers
    ]
    return made if not plan.plain else made + await _plain(plan, engine, cluster, folder, closing)


async def _plain(
    plan: PaymentsPlan, engine: str, cluster: Cluster, folder: Path, closing: AsyncExitStack
) -> list[Contestant]:
    inserts: SqliteInserts | PostgresInserts
    if engine == "sqlite":
        inserts = SqliteInserts(folder / "plain.db", plan.clock)
    else:
        inserts = await PostgresInserts.open(await cluster.fresh("plain"), plan.clock)
    closing.push_async_callback(inserts.close)
    return [
        Contestant(
            name=f"plain rows, {rows} a commit", engine=engine, run=partial(inserts.insert_for, rows=rows), against=0
        )
        for rows in (1, BATCH)
    ]


_NOTES: Final = (
    (
        "A payment is the real one: the intent and the outcome, two durable commits, one inserted and updated row with "
        "all its indexes, two leaves in the merchant's log, day totals, the id as idempotency key; 10 merchants, 4 "
        "terminals each. The provider answers at once, in this process, through the seam every connector stands at."
    ),
    (
        "`act`: callers in the server's process. `api`: over HTTP and loopback from a process of its own, which shares "
        "the machine's cores with the server and the database."
    ),
    f"`pgbench TPC-B`: {CLIENTS} clients, prepared statements, fsync on, on the same disk, in the same rounds.",
)


def _spent(contestants: Sequence[Contestant], made: Sequence[Sequence[Taken]]) -> list[str]:
    """What a payment costs this process, which moves less with the neighbours than the rate does."""
    return [
        f"`{who.name}`, {who.engine}, {who.callers:,} callers: {_micros(rounds):,.0f} µs of processor time a payment "
        "in the server's process."
        for who, rounds in zip(contestants, made, strict=True)
        if any(taken.cpu_seconds for taken in rounds) and who.callers is not None
    ]


def _micros(rounds: Sequence[Taken]) -> float:
    return median(taken.cpu_seconds / taken.count for taken in rounds) * 1_000_000
