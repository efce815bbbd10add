"""Two real processes that may sign: one does; stopped or killed, it is replaced; who wakes up late writes nothing."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from sqlalchemy import select, text

from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.payments import take
from counterfoil.testing.house import MERCHANT, open_house
from tests.payments.books import assert_evidence_holds
from tests.resilience.trading import OURS

SIGNING = Path(__file__).with_name("signing.py")
TURNS = 4
TURNS_LONG = 60
READY_SECONDS = 120
LOOKS_MAX = 1000
# The transactions that wrote the checkpoints, in the order in which they first wrote.
WRITTEN = (
    select(evidence_checkpoint.c.size)
    .where(evidence_checkpoint.c.merchant_id == MERCHANT)
    .order_by(text("xmin::text::bigint"))
)


class Process:
    """A signer, and what it said it wrote: sizes, each with the version of the duty it held."""

    def __init__(self, process):
        self.process = process
        self.wrote: dict[int, int] = {}

    async def hear(self):
        while line := await self.process.stdout.readline():
            size, version = line.split()
            self.wrote[int(size)] = int(version)

    def tell(self, number):
        os.kill(self.process.pid, number)


async def begun(data, address):
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SIGNING), str(data), address, stdout=pipe, env={**os.environ, **OURS}
    )
    assert await asyncio.wait_for(process.stdout.readline(), READY_SECONDS) == b"ready\n"
    return Process(process)


async def signed_by(house, who):
    """Let the log grow until ``who`` signs of it."""
    before = len(who.wrote)
    for _ in range(LOOKS_MAX):
        await take(house.app.payments, house.actor(), house.cash_payment(100))
        if len(who.wrote) > before:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody signed")


async def test_a_signer_that_was_stopped_or_killed_is_replaced_and_never_writes_again(tmp_path, postgres_address, long):
    luck = random.Random(20261125)
    async with open_house(tmp_path, database=postgres_address) as house:
        both = [await begun(house.app.data, postgres_address) for _ in range(2)]
        hearing = [asyncio.create_task(each.hear()) for each in both]
        try:
            first, second = both
            while not first.wrote and not second.wrote:
                await take(house.app.payments, house.actor(), house.cash_payment(100))
            if second.wrote:
                first, second = second, first
            for _ in range(TURNS_LONG if long else TURNS):
                # At any moment: before it looks, while it signs, within the commit.
                await asyncio.sleep(luck.uniform(0, 0.05))
                first.tell(signal.SIGSTOP)
                await signed_by(house, second)
                first.tell(signal.SIGCONT)
                first, second = second, first
            first.tell(signal.SIGKILL)
            await signed_by(house, second)
        finally:
            for each in both:
                if each.process.returncode is None:
                    each.process.kill()
            await asyncio.gather(*hearing, *(each.process.wait() for each in both))
        await assert_in_turns(house, both)
        await assert_evidence_holds(house)


async def assert_in_turns(house, both):
    """In the order of their transactions the checkpoints belong to ever newer turns, and so grow."""
    sizes = [row["size"] for row in await house.app.store.fetch(WRITTEN)]
    turns = {size: version for each in both for size, version in each.wrote.items()}
    # What was durable when its signer was killed was not said any more.
    said = [size for size in sizes if size in turns]
    assert len(sizes) - len(said) <= 1 + len(both)
    assert said == sorted(said)
    assert [turns[size] for size in said] == sorted(turns[size] for size in said)
    assert len({turns[size] for size in said}) > TURNS
