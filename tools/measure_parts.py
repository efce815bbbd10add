"""Where a payment's processor time goes: each part run by itself, on SQLite, in one thread; microseconds a payment.

    PYTHONPATH=src python tools/measure_parts.py

A part's figure is the least of many rounds of 256 payments, by this thread's own processor clock, so that the machine's
other work is not in it. What is not here (the event loop, tasks, the wake-ups between threads, the kernel's part of a
commit, the server's HTTP) is what the whole costs beyond the sum: see docs/performance.md.
"""

# ruff: noqa: D102, SLF001, T201 - a script that looks inside and prints
from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import msgspec
from starlette.datastructures import Headers

from counterfoil.bench.house import House, open_house
from counterfoil.doors.api.endpoint import encode
from counterfoil.doors.api.payment import shown
from counterfoil.doors.api.strict import read_body
from counterfoil.doors.api.take import Take
from counterfoil.evidence import MerkleLog
from counterfoil.payments import Payment, answer_change, as_committed, place_of, route_for, take_change
from counterfoil.providers import Charge
from counterfoil.store import Change, Committed, Entry, Head, Leaf
from counterfoil.store.batch import Batch
from counterfoil.store.engines.sqlite import SqliteTransaction
from counterfoil.store.ready import ready
from counterfoil.store.steps import STEPS_OF_ONE_WRITER, Rows, Transaction, run_steps

PAYMENTS = 256
ROUNDS = 16
T = TypeVar("T")


class Clocked:
    """Adds up what each part took."""

    def __init__(self) -> None:
        self.round: dict[str, float] = {}
        self.least: dict[str, float] = {}

    def run(self, part: str, work: Callable[[], T]) -> T:
        """Run ``work`` as ``part``."""
        begun = time.thread_time()
        try:
            return work()
        finally:
            self.add(part, time.thread_time() - begun)

    def add(self, part: str, seconds: float) -> None:
        """Count what was measured elsewhere."""
        self.round[part] = self.round.get(part, 0.0) + seconds

    def end_round(self) -> None:
        """Keep the least of each part."""
        for part, seconds in self.round.items():
            self.least[part] = min(self.least.get(part, seconds), seconds)
        self.round = {}


class ClockedLog(MerkleLog):
    """The log, timed."""

    def __init__(self, clocked: Clocked) -> None:
        self._clocked = clocked

    def append(self, head: Head, entries: Sequence[Entry]) -> tuple[Head, Sequence[Sequence[Leaf]]]:
        return self._clocked.run("encode and hash", lambda: super(ClockedLog, self).append(head, entries))


class ClockedTransaction:
    """The transaction, timed."""

    def __init__(self, tx: Transaction, clocked: Clocked) -> None:
        self._tx = tx
        self._clocked = clocked

    async def lock_heads(self, merchants: Sequence[int]) -> Rows:
        return await self._tx.lock_heads(merchants)

    async def many(self, *asked: Any) -> Any:
        return await self._timed(self._tx.many(*asked))

    async def look_up(self, *asked: Any) -> Any:
        return await self._timed(self._tx.look_up(*asked))

    async def claim(self, *asked: Any) -> Any:
        return await self._timed(self._tx.claim(*asked))

    async def guard(self, *asked: Any) -> Any:
        return await self._timed(self._tx.guard(*asked))

    async def append(self, *asked: Any) -> Any:
        return await self._timed(self._tx.append(*asked))

    async def _timed(self, work: Awaitable[Any]) -> Any:
        begun = time.thread_time()
        found = await work
        self._clocked.add("SQL", time.thread_time() - begun)
        return found


def commit(house: House, changes: Sequence[Change], clocked: Clocked) -> dict[str, Committed]:
    """Commit them as one batch on this thread."""
    committer = house.app.store._committer
    made = clocked.run("make ready", lambda: [ready(change) for change in changes])
    batch = Batch(made, ClockedLog(clocked), committer._known_heads)

    async def body(tx: SqliteTransaction) -> None:
        await run_steps(batch, ClockedTransaction(tx, clocked), STEPS_OF_ONE_WRITER)

    before = {part: clocked.round.get(part, 0.0) for part in ("SQL", "encode and hash")}
    begun = time.thread_time()
    committer._engine._transact(body)
    whole = time.thread_time() - begun
    inside = sum(clocked.round.get(part, 0.0) - spent for part, spent in before.items())
    clocked.add("steps of the batch, begin and commit", whole - inside)
    return clocked.run("answer the callers", batch.committed)


async def one_round(house: House, clocked: Clocked) -> None:
    """256 payments, part by part."""
    means = house.app.payments
    asks = [(at, house.ask(at, 3800)) for at, _ in zip(house.counters * 7, range(PAYMENTS), strict=False)]
    raws = [
        msgspec.json.encode(
            {
                "id": ask.id,
                "shop_id": ask.shop_id,
                "terminal_id": ask.terminal_id,
                "method": "qr",
                "entry": "consumer_code",
                "amount_minor": 3800,
                "currency": "CNY",
                "auth_code": "134567890123456789",
            }
        )
        for _, ask in asks
    ]
    headers = Headers({"content-type": "application/json"})
    clocked.run("parse the request", lambda: [read_body(raw, headers, Take) for raw in raws])
    places = [await place_of(means, at.actor.merchant_id, ask.terminal_id) for at, ask in asks]
    routes = [await route_for(means, at.actor.merchant_id, "qr", "consumer_code", "wechat") for at, _ in asks]
    intents = clocked.run(
        "decide the intent",
        lambda: [
            take_change(means, at.actor, ask, place, route)
            for (at, ask), place, route in zip(asks, places, routes, strict=True)
        ],
    )
    told = commit(house, intents, clocked)
    sent = clocked.run(
        "the payment as committed", lambda: [as_committed(None, each, told[each.change_id]) for each in intents]
    )
    outcomes = [await outcome_of(house, payment) for payment in sent]
    answers = clocked.run(
        "decide the outcome",
        lambda: [
            answer_change(means, payment, route, outcome, called=True)
            for payment, route, outcome in zip(sent, routes, outcomes, strict=True)
        ],
    )
    told = commit(house, answers, clocked)
    done = clocked.run(
        "the payment as committed",
        lambda: [as_committed(p, each, told[each.change_id]) for p, each in zip(sent, answers, strict=True)],
    )
    call: Any = SimpleNamespace(app=house.app, language="en")
    clocked.run("write the answer", lambda: [encode(shown(call, payment)) for payment in done])
    clocked.end_round()


async def outcome_of(house: House, payment: Payment) -> Any:
    """What the instant provider says."""
    charge = Charge(
        order_no=payment.order_no,
        amount=payment.amount,
        entry=payment.entry,
        auth_code=None,
        subject=payment.order_no,
        asked_at=payment.taken_at,
    )
    return (await house.app.accounts.connector(payment.row).charge(charge)).outcome


async def main() -> None:
    """Print a table of a document."""
    clocked = Clocked()
    with tempfile.TemporaryDirectory() as folder:
        async with open_house(Path(folder) / "data") as house:
            for _ in range(ROUNDS):
                await one_round(house, clocked)
    print("| part | µs a payment |\n| --- | ---: |")
    for part, seconds in clocked.least.items():
        print(f"| {part} | {seconds / PAYMENTS * 1e6:.1f} |")
    print(f"| sum | {sum(clocked.least.values()) / PAYMENTS * 1e6:.1f} |")


if __name__ == "__main__":
    asyncio.run(main())
