"""One merchant's rush is not another's wait; the queue is bounded, and its last places are for who has little in it."""

from __future__ import annotations

import asyncio
import logging
import mmap
from pathlib import Path

import pytest

from counterfoil.basis import Trouble
from counterfoil.store import Committed
from counterfoil.store.committer import QUEUE_MAX
from tests.store.house import SALES, TALLY, assert_log_whole, opened, selling

LOG = logging.getLogger(__name__)
RUSH = 10_000
MERCHANTS = 50
GROWN_MIB_MAX = 60


async def test_a_merchant_with_ten_thousand_waiting_delays_another_by_two_batches_at_most(store_address):
    async with opened(store_address, queue_max=2 * RUSH) as store:
        rush = [asyncio.create_task(store.commit(selling())) for _ in range(RUSH)]
        await asyncio.wait(rush, return_when=asyncio.FIRST_COMPLETED)
        assert store.queued > RUSH // 2
        before = store.counted["batches"]
        await store.commit(selling(merchant_id=2))
        assert store.counted["batches"] - before <= 2
        assert not all(task.done() for task in rush)
        for task in rush:
            task.cancel()
        await asyncio.gather(*rush, return_exceptions=True)


async def test_the_last_places_of_the_queue_are_for_who_has_little_in_it(store_address):
    async with opened(store_address, queue_max=800) as store:
        rush = asyncio.gather(*(store.commit(selling()) for _ in range(1000)), return_exceptions=True)
        await asyncio.sleep(0)
        assert store.queued == 700
        others = await asyncio.gather(*(store.commit(selling(merchant_id=number)) for number in (2, 3, 4)))
        assert len(others) == 3
        refused = [each for each in await rush if isinstance(each, Trouble)]
        assert {each.kind.code for each in refused} == {"CF-6101"}
        assert len(refused) == 300
        assert await assert_log_whole(store, 1) == 700


async def test_each_of_a_hundred_thousand_at_once_is_answered_and_nothing_piles_up(store_address, *, long):
    callers = 100_000 if long else RUSH
    async with opened(store_address) as store:
        changes = [selling(merchant_id=nth % MERCHANTS + 1) for nth in range(callers)]
        before, begun = resident_mib(), asyncio.get_running_loop().time()
        tasks = [asyncio.create_task(store.commit(change)) for change in changes]
        most, grown = 0, 0
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0.01)
            most, grown = max(most, store.queued), max(grown, resident_mib() - before)
        took = asyncio.get_running_loop().time() - begun
        LOG.info("%d at once: %.1f s, %.0f MiB more at most", callers, took, grown)
        ends = [task.exception() or task.result() for task in tasks]
        done = {change.inserts[0].row["id"] for change, end in zip(changes, ends, strict=True) if committed(end)}
        assert {end.kind.code for end in ends if not committed(end)} == {"CF-6101"}
        assert most <= QUEUE_MAX
        assert len(done) >= QUEUE_MAX - QUEUE_MAX // 8
        await assert_kept_once(store, done)
        # A caller and the refusal that it keeps take some 3 KiB; what waits is bounded by the queue.
        assert grown < GROWN_MIB_MAX + callers * 3 / 1024


def committed(end):
    return isinstance(end, Committed)


async def assert_kept_once(store, done):
    """What was answered as done, each once, in rows, sums and logs; and nothing of what was refused."""
    numbers = range(1, MERCHANTS + 1)
    rows = [row for number in numbers for row in await store.fetch(SALES, {"merchant_id": number})]
    sums = [row for number in numbers for row in await store.fetch(TALLY, {"merchant_id": number})]
    assert sorted(row["id"] for row in rows) == sorted(done)
    assert sum(row["count"] for row in sums) == len(done)
    assert sum([await assert_log_whole(store, number) for number in numbers]) == len(done)


def resident_mib():
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * mmap.PAGESIZE / 2**20


async def test_every_wait_for_a_commit_is_counted(store_address):
    async with opened(store_address) as store:
        assert list(store.waits) == []
        await asyncio.gather(*(store.commit(selling()) for _ in range(20)))
        assert len(store.waits) == 20
        assert all(seconds > 0 for seconds in store.waits)
        with pytest.raises(AttributeError):
            store.waits = ()
